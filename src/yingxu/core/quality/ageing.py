"""Ageing of open orders (积压, domain §6.9): how old the open ones are, what came and went, how hands were used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

#: Upper ends of the age classes in days; the last class has none: < 1, 1–3, 3–7, > 7.
CLASS_DAYS = (1, 3, 7)


@dataclass(frozen=True, slots=True)
class Ages:
    """Open orders by age.

    Attributes
    ----------
    n
        Open orders.
    by_class
        How many are younger than one day, 1 to under 3, 3 to 7, and older than 7 days. A week to the second is not yet
        "older than seven days".
    median_h
        Median age in hours; None without an open order.
    """

    n: int
    by_class: tuple[int, int, int, int]
    median_h: float | None


def ages(opened: Iterable[datetime], *, at: datetime) -> Ages:
    """Return the ages at ``at`` of orders by the moments at which they were opened (aware).

    Ages are natural time, not service time: who waits waits at night too. One opened later than ``at`` is not counted.
    """
    found = [at - moment for moment in opened if moment <= at]
    one, three, seven = (timedelta(days=days) for days in CLASS_DAYS)
    by_class = (
        sum(age < one for age in found),
        sum(one <= age < three for age in found),
        sum(three <= age <= seven for age in found),
        sum(age > seven for age in found),
    )
    middle = median(age.total_seconds() for age in found) / 3600 if found else None
    return Ages(len(found), by_class, middle)


def throughput(n_closed: int, n_created: int) -> float | None:
    """Return closed ÷ created of a week: below one the backlog grows; None when nothing was created."""
    return n_closed / n_created if n_created else None


@dataclass(frozen=True, slots=True)
class Work:
    """One stretch of work of one person, within one shift: from when to when (aware, ordered)."""

    begin: datetime
    end: datetime


def utilisation(shift: Work, work: Sequence[Work]) -> float | None:
    """Return work minutes ÷ on-shift minutes of one person; two stretches at once count once; None of no shift.

    Work outside of the shift does not count into it.
    """
    whole = shift.end - shift.begin
    if whole <= timedelta():
        return None
    # summed as spans, which are whole microseconds: fractions of seconds would add up to a hair more than the shift
    busy, until = timedelta(), shift.begin
    for one in sorted(work, key=lambda stretch: stretch.begin):
        begin, end = max(one.begin, until), min(one.end, shift.end)
        if end > begin:
            busy += end - begin
            until = end
    return busy / whole
