"""Rows -> core values: stored calendars as :class:`yingxu.core.hours.Calendar`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from yingxu.core.hours import Calendar, Edition, Period

_SATURDAY = 5
#: A make-up day takes Monday's hours.
_AS_MONDAY = 0

Definition = Mapping[str, Any]


def _periods(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((text.partition("-")[0].strip(), text.partition("-")[2].strip()) for text in texts)


def week_of(definition: Definition) -> dict[int, tuple[tuple[str, str], ...]]:
    """Return a stored definition's week: weekday number to periods."""
    weekday, weekend = _periods(definition["weekday"]), _periods(definition["weekend"])
    own = {int(day): _periods(texts) for day, texts in definition.get("days", {}).items()}
    return {day: own.get(day, weekday if day < _SATURDAY else weekend) for day in range(7)}


def exceptions_of(definition: Definition) -> dict[date, tuple[Period, ...]]:
    """Return a stored definition's single days with their own periods."""
    given = definition.get("exceptions", {})
    return {date.fromisoformat(on): tuple(Period(*pair) for pair in _periods(texts)) for on, texts in given.items()}


def calendar_of(
    zone: str, editions: Iterable[tuple[date, Definition]], holidays: Iterable[tuple[date, bool]]
) -> Calendar:
    """Return a core calendar of stored editions and the site's holidays; the first edition counts since ever.

    Holidays and exceptions count by the edition in force on their date, so that an edit leaves the days before it as
    they were. An exception goes before a holiday; a make-up day takes Monday's hours.
    """
    stored = sorted(editions, key=lambda pair: pair[0])
    starts = [from_on for from_on, _ in stored]
    closed: set[date] = set()
    made_up: dict[date, int] = {}
    special: dict[date, tuple[Period, ...]] = {}
    for on, is_off_day in holidays:
        if not stored[_in_force(starts, on)][1].get("follows_holidays"):
            continue
        if is_off_day:
            closed.add(on)
        else:
            made_up[on] = _AS_MONDAY
    for place, (_, definition) in enumerate(stored):
        for on, periods in exceptions_of(definition).items():
            if _in_force(starts, on) == place:
                closed.discard(on)
                made_up.pop(on, None)
                special[on] = periods
    return Calendar(
        zone=zone,
        editions=tuple(
            Edition.of(week_of(definition), effective_on=None if place == 0 else from_on)
            for place, (from_on, definition) in enumerate(stored)
        ),
        closed_on=frozenset(closed),
        make_up=tuple(sorted(made_up.items())),
        special=tuple(sorted(special.items())),
    )


def _in_force(starts: Sequence[date], on: date) -> int:
    return max(0, bisect_right(starts, on) - 1)
