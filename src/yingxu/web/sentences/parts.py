"""Refusals of stores, parts and costs, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.web.templatetags.yingxu import is_english, state_word
from yingxu.work import refusals


def _part(refusal: Any) -> str:
    return str((is_english() and refusal.part_en) or refusal.part)


def _unit(refusal: Any) -> str:
    return str((is_english() and refusal.unit_en) or refusal.unit)


def _not_enough(refusal: refusals.NotEnough) -> str:
    values = {"part": _part(refusal), "free": refusal.free, "wanted": refusal.wanted, "unit": _unit(refusal)}
    if refusal.why == "reserved":
        return (
            _("%(part)s: only %(free)s %(unit)s are free, the rest is kept for other jobs. Ask the store for more.")
            % values
        )
    if refusal.why == "expired":
        return _("%(part)s: only %(free)s %(unit)s may still be used, the rest has expired.") % values
    return _("%(part)s: only %(free)s %(unit)s are there, not %(wanted)s. Ask the store for more.") % values


SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    refusals.NotEnough: _not_enough,
    refusals.MoreThanIssued: lambda r: (
        _("The job has %(n)s of %(part)s; no more can come back.") % {"n": r.issued, "part": _part(r)}
    ),
    refusals.InStore: lambda r: (
        _("The store has %(n)s %(unit)s of %(part)s free: take them, nothing is lacking.")
        % {"n": r.free, "unit": _unit(r), "part": _part(r)}
    ),
    refusals.AlreadyAsked: lambda r: _("The job waits for %(part)s already.") % {"part": _part(r)},
    refusals.ShortageSettled: lambda r: _("This shortage is settled already."),
    refusals.NotAtThisJob: lambda r: (
        _("Job %(number)s is “%(state)s”: parts move for jobs that somebody has in hand.")
        % {"number": r.number, "state": state_word(r.state)}
    ),
    refusals.CodeTaken: lambda r: _("The code %(name)s is taken already.") % {"name": r.name},
    refusals.StockTakeOpen: lambda r: _("This store is being counted already; go on with that count."),
    refusals.StockTakeEnded: lambda r: _("This count has ended. Begin a new one."),
    refusals.CountBelowReserved: lambda r: (
        _("%(n)s of %(part)s are kept for jobs, more than were counted. Let some go first.")
        % {"n": r.reserved, "part": _part(r)}
    ),
    refusals.SecondPersonNeeded: lambda r: _("Who began or counted does not settle: ask another person."),
    refusals.BillIsStruck: lambda r: _("This bill is struck already."),
}
