"""Refusals of surveys, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.voice.refusals.surveys import SurveyNotOpen

SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    SurveyNotOpen: lambda r: (
        _("This survey takes answers from %(from)s to %(to)s, and none beside that.")
        % {"from": r.opens_on, "to": r.closes_on}
    ),
}
