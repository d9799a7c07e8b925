"""When an occasion comes: pure, by days of the site. A day that a year lacks (29 February) is its month's last day."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

#: Days of a holiday that no notice has fixed yet: days before its day, days in all (domain: 春节 7 to 8, 国庆 7).
_EXPECTED = {"春节": (1, 8), "国庆节": (0, 7), "劳动节": (0, 5), "元旦": (0, 1)}
_FIXED = {"国庆节": "10-01", "劳动节": "05-01", "元旦": "01-01"}


@dataclass(frozen=True)
class When:
    """How an occasion comes again, as its row says."""

    repeats: str
    from_md: str = ""
    to_md: str = ""
    from_on: date | None = None
    to_on: date | None = None
    every_months: int | None = None
    holiday: str = ""


@dataclass(frozen=True)
class Turn:
    """One coming: first and last day, both inclusive. ``is_expected``: no notice has fixed the days yet."""

    key: str
    begins_on: date
    ends_on: date
    is_expected: bool = False


def month_day(year: int, said: str) -> date:
    """Return ``MM-DD`` of a year; the month's last day where the year lacks it. Raises ValueError."""
    month, _dash, day = said.partition("-")
    if not (month.isdigit() and day.isdigit()) or not 1 <= int(day) <= 31:
        raise ValueError(said)
    if int(day) > monthrange(2024, int(month) if 1 <= int(month) <= 12 else 0)[1]:
        raise ValueError(said)
    return date(year, int(month), min(int(day), monthrange(year, int(month))[1]))


def turns(when: When, *, since: date, until: date, days_off: Mapping[date, str] | None = None) -> tuple[Turn, ...]:
    """Return the turns that are not over at ``since`` and begin by ``until``, in order.

    ``days_off``: the site's days off with their names, for the holidays.
    """
    found = sorted(_all(when, since, until, days_off or {}), key=lambda turn: turn.begins_on)
    return tuple(turn for turn in found if turn.ends_on >= since and turn.begins_on <= until)


def _all(when: When, since: date, until: date, days_off: Mapping[date, str]) -> Iterator[Turn]:
    years = range(since.year - 1, until.year + 1)
    if when.repeats == "once":
        if when.from_on is not None:
            yield Turn("once", when.from_on, when.to_on or when.from_on)
    elif when.repeats == "yearly":
        wraps = when.to_md < when.from_md
        for year in years:
            ends_on = month_day(year + 1 if wraps else year, when.to_md)
            yield Turn(str(year), month_day(year, when.from_md), ends_on)
    elif when.repeats == "months" and when.from_on is not None:
        n = 0
        while (on := _months_after(when.from_on, n * (when.every_months or 12))) <= until:
            yield Turn(f"{on:%Y-%m}", on, on)
            n += 1
    elif when.repeats == "holiday":
        for year in years:
            turn = _holiday(when.holiday, year, days_off)
            if turn is not None:
                yield turn


def _months_after(on: date, months: int) -> date:
    years, month = divmod(on.month - 1 + months, 12)
    return date(on.year + years, month + 1, min(on.day, monthrange(on.year + years, month + 1)[1]))


def _holiday(name: str, year: int, days_off: Mapping[date, str]) -> Turn | None:
    """Return the holidays of a year: as its notice says, else where they are to be expected."""
    known = sorted(on for on, said in days_off.items() if on.year == year and said == name)
    if known:
        return Turn(str(year), known[0], known[-1])
    on = lunar_new_years().get(year) if name == "春节" else None
    if name in _FIXED:
        on = month_day(year, _FIXED[name])
    if on is None:
        return None
    before, n = _EXPECTED[name]
    first = on - timedelta(days=before)
    return Turn(str(year), first, first + timedelta(days=n - 1), is_expected=True)


@cache
def lunar_new_years() -> Mapping[int, date]:
    """Return the first day of the lunar year by solar year, where the table has it."""
    days = (date.fromisoformat(row["date"]) for row in library("lunar_new_years"))
    return {on.year: on for on in days}


@cache
def library(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one of the room's own tables (``occasions``, ``preparations``, ``lunar_new_years``)."""
    text = (resources.files("yingxu.upkeep") / "library" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def due_of(turn: Turn, *, ready_days: int, today: date) -> date:
    """Return the day by which something is to be ready; never a day that has passed when it is first asked for."""
    return max(turn.begins_on - timedelta(days=ready_days), today)


def opened(upcoming: Iterable[Turn], *, lead_days: int, today: date) -> tuple[Turn, ...]:
    """Return the turns for which it is time to prepare: the lead has begun, and they are not over."""
    return tuple(turn for turn in upcoming if turn.begins_on - timedelta(days=lead_days) <= today <= turn.ends_on)
