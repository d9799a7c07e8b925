"""Refusals of those who go along on a job that takes several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.dispatch import refusals as dispatch
from yingxu.ground.refusals import Refusal

SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    dispatch.NotGoingAlong: lambda r: (
        _("%(number)s does not ask you to go along now: it was answered already, or the job went back.")
        % {"number": r.number}
    ),
}
