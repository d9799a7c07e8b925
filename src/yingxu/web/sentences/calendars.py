"""Refusals of the service hours, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.standards import refusals as standards

Sentence = Callable[[Any], str]


def _on(refusal: standards.BadHours) -> str:
    """Return the day that a refusal speaks of."""
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    if refusal.on.isdigit() and len(refusal.on) == 1:
        return names[int(refusal.on) % 7]
    return refusal.on or _("the week")


def _bad_hours(refusal: standards.BadHours) -> str:
    values = {"on": _on(refusal), "first": refusal.first, "second": refusal.second}
    said = {
        "hours.period.overlap": _("Periods overlap (%(on)s): %(first)s and %(second)s."),
        "hours.calendar.never_open": _("There is no open hour in the week: a promise would never come due."),
        "hours.period.empty": _("%(first)s opens and closes at the same minute; a whole day is 00:00-24:00."),
        "hours.calendar.date_said_twice": _("The date %(on)s is named twice."),
    }.get(refusal.problem, _("“%(first)s” is no period; write it like 08:00-12:00."))
    return said % values


def _planned(refusal: standards.AlreadyPlanned) -> str:
    if refusal.kind == "calendar":
        return _("The code %(on)s is taken.") % {"on": refusal.on}
    if refusal.kind == "holiday":
        return _("%(on)s is a day off or a made-up day already.") % {"on": refusal.on}
    return _("Another change takes effect on %(on)s already; withdraw it, or choose another date.") % {"on": refusal.on}


def _unknown_set(refusal: standards.UnknownHolidaySet) -> str:
    values = {"year": refusal.year, "known": refusal.known}
    if refusal.known:
        return _("The holidays of %(year)s are not known; known are %(known)s.") % values
    return _("There are no holidays of that name.")


SENTENCES: dict[type[Refusal], Sentence] = {
    standards.BadHours: _bad_hours,
    standards.EffectiveInPast: lambda r: (
        _("%(on)s is over (today is %(today)s); what was promised then stays. Choose today or later.")
        % {"on": r.from_on, "today": r.today}
    ),
    standards.AlreadyPlanned: _planned,
    standards.NothingToWithdraw: lambda r: (
        _("%(on)s has come: what holds already cannot be withdrawn. Make a new change instead.") % {"on": r.on}
    ),
    standards.UnknownHolidaySet: _unknown_set,
}
