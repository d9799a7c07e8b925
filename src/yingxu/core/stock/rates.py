"""What holds by effective date: the newest row that had begun on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

Value = TypeVar("Value")


def in_force(rows: Sequence[tuple[date, Value]], on: date) -> Value | None:
    """Return the value in force on a day.

    Parameters
    ----------
    rows : (first day, value), in the order in which they were set.
    on : the day.

    Returns
    -------
    Value or None
        Of the rows that had begun, the one with the latest first day; of several for one day, the one set last. None
        before the first.
    """
    best: tuple[date, Value] | None = None
    for from_on, value in rows:
        if from_on <= on and (best is None or from_on >= best[0]):
            best = (from_on, value)
    return best[1] if best is not None else None
