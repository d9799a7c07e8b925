"""Refusals of improvement projects, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.improve import refusals as improve

SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    improve.EvidenceMissing: lambda r: (
        _(
            "“%(title)s” rests on no evidence of demand yet. Link a request, a voice, a finding or a figure that shows "
            "who needs it; then it can be approved."
        )
        % {"title": r.title}
    ),
    improve.ProjectNotThere: lambda r: _("The project has moved on meanwhile. Look at it again."),
    improve.EvidenceThere: lambda r: _("This stands with the project as evidence already."),
}
