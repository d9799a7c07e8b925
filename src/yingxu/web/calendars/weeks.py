"""A calendar as people read it: four weeks of days with their hours, and what a limit becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from yingxu.core.hours import Calendar, HoursRefusal, advance
from yingxu.standards.queries import HolidayRow

WEEKS = 4


@dataclass(frozen=True)
class Day:
    """One day of the preview."""

    on: date
    said: str
    note: str
    tone: str
    is_today: bool


def weekday_names() -> tuple[str, ...]:
    """Return the days of the week, Monday first."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def weeks(
    calendar: Calendar, today: date, *, days_off: Iterable[HolidayRow], changes_on: Iterable[date] = ()
) -> tuple[tuple[Day, ...], ...]:
    """Return the coming four weeks, from the Monday of this one."""
    monday = today - timedelta(days=today.weekday())
    named = {row.on: row for row in days_off}
    changes = frozenset(changes_on)
    special = dict(calendar.special)
    off = calendar.closed_on
    made_up = dict(calendar.make_up)

    def day(on: date) -> Day:
        said = "\n".join(str(period).replace("-", "\u2013") for period in calendar.periods_on(on))
        note, tone = "", ""
        if on in special:
            note, tone = _("exception"), "warn"
        elif on in off:
            note, tone = named[on].name if on in named else _("day off"), "muted"
        elif on in made_up:
            note, tone = _("worked (made up)"), "warn"
        elif on in changes:
            note, tone = _("new hours"), "ok"
        return Day(on, said or _("closed"), note, tone if said or tone else "muted", on == today)

    return tuple(tuple(day(monday + timedelta(days=7 * week + n)) for n in range(7)) for week in range(WEEKS))


@dataclass(frozen=True)
class Due:
    """What a limit becomes: from when, how long, by when."""

    from_at: datetime
    limit_s: int
    due_at: datetime | None


def due(calendar: Calendar, from_at: datetime, limit_s: int) -> Due:
    """Return when a limit is used up; none when it never is."""
    try:
        return Due(from_at, limit_s, advance(calendar, from_at, timedelta(seconds=limit_s)))
    except HoursRefusal:
        return Due(from_at, limit_s, None)


def week_said(definition: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return a stored week as (days, hours) rows."""
    own = definition.get("days", {})
    names = weekday_names()
    rows = [
        (_("Monday to Friday"), _hours(definition["weekday"])),
        (_("Saturday and Sunday"), _hours(definition["weekend"])),
    ]
    rows += [(names[int(day)], _hours(texts)) for day, texts in sorted(own.items())]
    rows += [(on, _hours(texts)) for on, texts in sorted(definition.get("exceptions", {}).items())]
    return tuple(rows)


def _hours(texts: Iterable[str]) -> str:
    return _(", ").join(text.replace("-", "\u2013") for text in texts) or _("closed")
