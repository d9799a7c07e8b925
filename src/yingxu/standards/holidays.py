"""Statutory days off and make-up working days (调休) by country and year, as rows that a site takes over.

Mainland China: announced each year by the General Office of the State Council; 2017-2024 from the library's table,
other years from the package ``chinesecalendar`` (its own reading of the same notices).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from yingxu.standards import library
from yingxu.standards.refusals import UnknownHolidaySet

#: Names of holiday sets.
SETS = ("cn",)


@dataclass(frozen=True)
class Day:
    """A day off, or a working day made up for one."""

    on: date
    name: str
    is_off_day: bool


@cache
def _china() -> dict[date, Day]:
    import chinese_calendar
    from chinese_calendar import constants

    known = {
        on: Day(on, row["name"], row["is_off_day"] == "1")
        for row in library.rows("holidays_cn")
        for on in (date.fromisoformat(row["date"]),)
    }
    for days, is_off_day in ((constants.holidays, True), (constants.workdays, False)):
        for on, name in days.items():
            known.setdefault(on, Day(on, chinese_calendar.Holiday(name).chinese, is_off_day))
    return known


@cache
def years(name: str) -> tuple[int, ...]:
    """Return the years that a set knows, rising; none for an unknown set."""
    return tuple(sorted({on.year for on in _china()})) if name in SETS else ()


@cache
def days_of(name: str, year: int) -> tuple[Day, ...]:
    """Return a set's days of a year, rising. Refuses: UnknownHolidaySet (no such set, or not that year)."""
    if year not in years(name):
        known = years(name)
        raise UnknownHolidaySet(name=name, year=year, known=f"{known[0]}-{known[-1]}" if known else "")
    return tuple(day for on, day in sorted(_china().items()) if on.year == year)
