"""The calendar for many at once: open intervals and their running totals as arrays, questions as binary searches."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yingxu.core.hours.calendar import Calendar
from yingxu.core.hours.refusals import TimeRunsBackwards
from yingxu.core.hours.timeline import within_horizon

Seconds = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CompiledCalendar:
    """A calendar over the instants [from_s, to_s), epoch seconds, for arrays.

    Attributes
    ----------
    opens_s, closes_s
        int64, one per opening, rising; the first is an empty sentinel at `from_s`.
    totals_s
        int64, open seconds from `from_s` up to each closing.
    """

    calendar: Calendar
    from_s: int
    to_s: int
    opens_s: Seconds
    closes_s: Seconds
    totals_s: Seconds

    @classmethod
    def over(cls, calendar: Calendar, from_s: int, to_s: int) -> "CompiledCalendar":
        """Compile a calendar over at least [from_s, to_s], epoch seconds. Raises `BeyondHorizon`."""
        known = calendar.timeline.openings(from_s, to_s)
        opens, closes, totals = (np.array(each, dtype=np.int64) for each in (known.opens, known.closes, known.totals))
        return cls(calendar, known.from_s, known.to_s, opens, closes, totals)

    def positions(self, instants_s: Seconds) -> Seconds:
        """Return the open seconds before each instant, counted from `from_s`; instants lie in [from_s, to_s)."""
        index = np.searchsorted(self.opens_s, instants_s, side="right") - 1
        after_closing_s = self.closes_s[index] - instants_s
        np.maximum(after_closing_s, 0, out=after_closing_s)
        positions_s: Seconds = self.totals_s[index] - after_closing_s
        return positions_s

    def instants(self, positions_s: Seconds) -> Seconds:
        """Return the first instant at which each open second count is reached; counts lie in 1..totals_s[-1]."""
        index = np.searchsorted(self.totals_s, positions_s, side="left")
        due_s: Seconds = (self.closes_s - self.totals_s)[index] + positions_s
        return due_s

    def reaching(self, start_s: int, spent_s: int) -> "CompiledCalendar":
        """Return this calendar, compiled far enough that `spent_s` open seconds from `start_s` end inside it.

        Raises
        ------
        BeyondHorizon
            They end after the year 2999.
        """
        end_s = self.calendar.timeline.advance_s(start_s, spent_s)
        if self.from_s <= start_s and end_s < self.to_s:
            return self
        return CompiledCalendar.over(
            self.calendar, min(start_s, self.from_s), max(within_horizon(end_s), self.to_s - 1)
        )

    def advance_batch(self, starts_s: Seconds, spent_s: Seconds) -> Seconds:
        """Return `advance` for every pair of start (epoch seconds) and open seconds to spend.

        Raises
        ------
        TimeRunsBackwards
            Some `spent_s` is negative.
        BeyondHorizon
            Some answer lies after the year 2999.
        """
        starts_s, spent_s = np.asarray(starts_s, np.int64), np.asarray(spent_s, np.int64)
        if not starts_s.size:
            return np.zeros(0, np.int64)
        if (least := int(spent_s.min())) < 0:
            raise TimeRunsBackwards(least)
        known = self.reaching(int(starts_s.min()), 0).reaching(int(starts_s.max()), int(spent_s.max()))
        due_s = known.instants(np.maximum(known.positions(starts_s) + spent_s, 1))
        return np.where(spent_s == 0, starts_s, due_s)

    def elapsed_batch(self, starts_s: Seconds, ends_s: Seconds) -> Seconds:
        """Return `elapsed` in open seconds for every pair of start and end, epoch seconds.

        Raises
        ------
        TimeRunsBackwards
            Some end is before its start.
        """
        starts_s, ends_s = np.asarray(starts_s, np.int64), np.asarray(ends_s, np.int64)
        if not starts_s.size:
            return np.zeros(0, np.int64)
        if (least := int((ends_s - starts_s).min())) < 0:
            raise TimeRunsBackwards(least)
        known = self.reaching(int(starts_s.min()), 0).reaching(int(ends_s.max()), 0)
        return known.positions(ends_s) - known.positions(starts_s)
