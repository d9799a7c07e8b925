"""Rows -> core values: stored calendars as :class:`yingxu.core.hours.Calendar`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from yingxu.core.hours import Calendar, Edition

_SATURDAY = 5


def week_of(definition: dict[str, Any]) -> dict[int, tuple[tuple[str, str], ...]]:
    """Return a stored definition's week: weekday number to periods."""

    def periods(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
        return tuple((text.split("-")[0], text.split("-")[1]) for text in texts)

    weekday, weekend = periods(definition["weekday"]), periods(definition["weekend"])
    own = {int(day): periods(texts) for day, texts in definition.get("days", {}).items()}
    return {day: own.get(day, weekday if day < _SATURDAY else weekend) for day in range(7)}


def calendar_of(
    zone: str, editions: Iterable[tuple[date, dict[str, Any]]], holidays: Iterable[tuple[date, bool]]
) -> Calendar:
    """Return a core calendar of stored editions (oldest first) and the site's holidays.

    A day off closes the calendar if its last edition follows holidays; a make-up day takes Monday's hours.
    """
    stored = sorted(editions, key=lambda pair: pair[0])
    closed: set[date] = set()
    made_up: list[tuple[date, int]] = []
    if stored[-1][1].get("follows_holidays"):
        for on, is_off_day in holidays:
            if is_off_day:
                closed.add(on)
            else:
                made_up.append((on, 0))
    return Calendar(
        zone=zone,
        editions=tuple(
            Edition.of(week_of(definition), effective_on=None if place == 0 else from_on)
            for place, (from_on, definition) in enumerate(stored)
        ),
        closed_on=frozenset(closed),
        make_up=tuple(sorted(made_up)),
    )
