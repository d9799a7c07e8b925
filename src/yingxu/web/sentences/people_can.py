"""Refusals of who can, and of claiming."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yingxu.dispatch import refusals as dispatch
from yingxu.ground.refusals import Refusal
from yingxu.team import refusals as team

Sentence = Callable[[Any], str]


def _rest(refusal: team.TooLittleRest) -> str:
    until = datetime.fromisoformat(refusal.since) if refusal.since else timezone.now()
    since = timezone.localtime(until).strftime("%m-%d %H:%M")
    said = _("%(person)s was on duty until %(since)s and rests %(hours)d hours first. Nothing was changed.")
    return said % {"person": refusal.person, "since": since, "hours": refusal.limit_h}


SENTENCES: dict[type[Refusal], Sentence] = {
    team.DutyTooLong: lambda r: (
        _("%(person)s: nobody is on duty longer than %(hours)d hours. Nothing was changed.")
        % {"person": r.person, "hours": r.limit_h}
    ),
    team.TooLittleRest: _rest,
    team.CertificateKnown: lambda r: (
        _("%(person)s's certificate %(number)s is on record already.") % {"person": r.person, "number": r.number}
    ),
    team.PapersMissing: lambda r: (
        _("Nobody of %(team)s could be sent: set today's duty first. Nothing was changed.") % {"team": r.team}
    ),
    dispatch.LeaseLost: lambda r: _("Another planner plans for this site now."),
    dispatch.NotForClaiming: lambda r: (
        _("%(number)s is not in the pool: somebody was faster, or the desk gives it out.") % {"number": r.number}
    ),
    dispatch.LetGoBefore: lambda r: (
        _("You let %(number)s go before. Somebody else takes it, or the desk sends you.") % {"number": r.number}
    ),
    dispatch.HoldsEnough: lambda r: (
        _("You hold %(held)d jobs; the limit here is %(limit)d. Finish one, then claim the next.")
        % {"held": r.held, "limit": r.limit}
    ),
}
