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
from yingxu.web import words
from yingxu.work import refusals as work

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
    team.WeekTooLong: lambda r: (
        _(
            "%(person)s would be on duty %(hours)d hours within seven days; nobody works more than %(limit)d. "
            "Nothing was changed."
        )
        % {"person": r.person, "hours": r.hours, "limit": r.limit_h}
    ),
    team.DutyOver: lambda r: _("That duty has begun, is over or was changed meanwhile. Nothing was changed."),
    team.CertificateUndated: lambda r: (
        _("%(certificate)s ends by itself: correct the record and write its last day from the paper first.")
        % {"certificate": words.coded("certificates", r.certificate)}
    ),
    team.CertificateKnown: lambda r: (
        _("%(person)s's certificate %(number)s is on record already.") % {"person": r.person, "number": r.number}
    ),
    work.CertificateEnded: lambda r: (
        _(
            "This job is only for holders of a valid certificate, and now: %(lack)s. Give it back, so that somebody "
            "else is sent; renew the certificate."
        )
        % {"lack": words.lacking((f"certificate:{r.certificate}:{r.state}",))}
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
