"""The week in which a promise's clock runs: minutes open and closed, Monday first, and the seconds that count.

A calendar says its hours in whole minutes, so each minute is open or closed in whole and a table by minute is exact.
The week is an ordinary one: holidays, exceptions and clock changes are not in it.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from yingxu.core.hours import Calendar

Floats = npt.NDArray[np.float64]

DAY_MIN = 1_440
WEEK_MIN = 7 * DAY_MIN
WEEK_S = 60.0 * WEEK_MIN


def open_min_of(calendar: Calendar, on: date) -> tuple[tuple[int, int], ...]:
    """Return the open spans of the ordinary week in force on a day, minutes from Monday 00:00, rising and apart.

    Empty where it never closes. What runs over Sunday midnight is cut in two.
    """
    week = calendar.editions[0]
    for later in calendar.editions[1:]:
        if later.effective_on is not None and later.effective_on <= on:
            week = later
    is_open = np.zeros(WEEK_MIN, dtype=np.bool_)
    for weekday, periods in enumerate(week.days):
        for period in periods:
            is_open[np.arange(weekday * DAY_MIN + period.opens, weekday * DAY_MIN + period.ends) % WEEK_MIN] = True
    if is_open.all():
        return ()
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_open, [False])).astype(np.int8)))
    return tuple((int(first), int(after)) for first, after in edges.reshape(-1, 2))


def open_marks(open_min: tuple[tuple[int, int], ...]) -> Floats:
    """Return the open seconds before each minute of the week and at its end, ``WEEK_MIN + 1`` entries.

    Parameters
    ----------
    open_min : tuple of (int, int)
        Half-open spans of minutes from Monday 00:00. Empty: the clock runs always, and one entry is returned, by which
        :func:`open_between` knows it.
    """
    if not open_min:
        return np.zeros(1)
    is_open = np.zeros(WEEK_MIN)
    for first, after in open_min:
        is_open[first:after] = 1.0
    return np.concatenate(([0.0], np.cumsum(is_open) * 60.0))


def allowed_s(at_s: Floats, limit_s: float, marks: Floats) -> Floats:
    """Return how long after each of ``at_s`` (0 or more, below a week) ``limit_s`` open seconds have passed, seconds.

    With a week that is always open that is ``limit_s`` itself.
    """
    if len(marks) == 1:
        return np.full(len(at_s), limit_s)
    minute = np.minimum(at_s // 60, WEEK_MIN - 1).astype(np.int64)
    before = marks[minute] + (marks[minute + 1] - marks[minute]) * (at_s - minute * 60.0) / 60.0
    weeks, rest = np.divmod(before + limit_s, marks[-1])
    # the first minute by whose end so much has passed; time used up at a closing ends at that closing
    full = rest <= 0
    rest, weeks = np.where(full, marks[-1], rest), np.where(full, weeks - 1, weeks)
    last = np.searchsorted(marks, rest - 1e-9, side="left")
    due_s = last * 60.0 - (marks[last] - rest) + weeks * WEEK_S
    return np.asarray(np.maximum(due_s - at_s, 0.0))
