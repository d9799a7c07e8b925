"""Open time as an axis: epoch seconds on one side, open seconds on the other.

`position` maps an instant to the open seconds before it, `instant` maps back. Both are one binary search in
lists that are built by the year, when a question first touches that year.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from yingxu.core.hours.refusals import BeyondHorizon
from yingxu.core.hours.span import EPOCH

SECOND = timedelta(seconds=1)
FIRST_YEAR, LAST_YEAR = 1900, 2999
_FIRST_S = (datetime(FIRST_YEAR, 1, 4, tzinfo=UTC) - EPOCH) // SECOND
_LAST_S = (datetime(LAST_YEAR, 12, 28, tzinfo=UTC) - EPOCH) // SECOND
_NAIVE_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 -- arithmetic on wall times
_NO_TIME = timedelta()


@dataclass(frozen=True, slots=True)
class Openings:
    """Disjoint rising open intervals, epoch seconds, with the open seconds up to each closing.

    The first interval is an empty sentinel at `from_s`. Answers hold for instants in [from_s, to_s).
    """

    from_s: int
    to_s: int
    opens: list[int]
    closes: list[int]
    totals: list[int]


class Timeline(Protocol):
    """What clocks and measures ask of a calendar, in whole epoch seconds."""

    def elapsed_s(self, start_s: int, end_s: int) -> int:
        """Return the open seconds in [start_s, end_s)."""

    def advance_s(self, start_s: int, spent_s: int) -> int:
        """Return the first instant by which `spent_s` open seconds have passed since `start_s`."""

    def openings(self, from_s: int, to_s: int) -> Openings:
        """Return the openings over at least [from_s, to_s)."""


def within_horizon(instant_s: int) -> int:
    """Return the instant, or raise `BeyondHorizon` outside the years 1900 to 2999."""
    if not _FIRST_S <= instant_s < _LAST_S:
        raise BeyondHorizon(1970 + instant_s // 31_556_952)
    return instant_s


class Always:
    """Time that simply runs."""

    def elapsed_s(self, start_s: int, end_s: int) -> int:
        """Return the seconds between two instants."""
        return end_s - start_s

    def advance_s(self, start_s: int, spent_s: int) -> int:
        """Return the instant `spent_s` later."""
        return within_horizon(start_s + spent_s)

    def openings(self, from_s: int, to_s: int) -> Openings:
        """Return one opening that holds the whole range."""
        low, high = within_horizon(from_s) - 1, within_horizon(to_s) + 1
        return Openings(low, high, [low, low], [low, high], [0, high - low])


def wall_instant_s(wall: datetime, zone: ZoneInfo) -> int:
    """Return the epoch second of the first instant at which the wall clock of `zone` shows `wall` or later.

    Parameters
    ----------
    wall
        Naive local time. In a fold the first of the two; in a gap the moment of the jump.
    """
    aware = wall.replace(tzinfo=zone)
    offset = aware.utcoffset() or _NO_TIME
    instant_s = (wall - _NAIVE_EPOCH - offset) // SECOND
    later_offset = aware.replace(fold=1).utcoffset() or _NO_TIME
    if later_offset <= offset:
        return instant_s
    # A gap. PEP 495: fold=0 reads with the offset before it, fold=1 with the one after; the jump lies between.
    before_s, after_s = (wall - _NAIVE_EPOCH - later_offset) // SECOND, instant_s
    while after_s - before_s > 1:
        middle_s = (before_s + after_s) // 2
        if (EPOCH + timedelta(seconds=middle_s)).astimezone(zone).utcoffset() == offset:
            before_s = middle_s
        else:
            after_s = middle_s
    return after_s


class LazyTimeline:
    """Open time of a calendar that closes, known for a run of years that grows with the questions.

    Parameters
    ----------
    zone
        Whose wall time the periods are in.
    day
        Local date to its periods, minutes (opens, ends) from its midnight; `ends` may pass 1440.
    """

    def __init__(self, zone: ZoneInfo, day: Callable[[date], Iterable[tuple[int, int]]]) -> None:
        self._zone = zone
        self._day = day
        self._years: dict[int, list[tuple[int, int]]] = {}
        self._known = Openings(0, 0, [], [], [])  # replaced as a whole, so that threads see the old or the new one

    def elapsed_s(self, start_s: int, end_s: int) -> int:
        """Return the open seconds in [start_s, end_s)."""
        known = self.openings(start_s, end_s)
        return _position(known, end_s) - _position(known, start_s)

    def advance_s(self, start_s: int, spent_s: int) -> int:
        """Return the first instant by which `spent_s` open seconds have passed since `start_s`."""
        if spent_s == 0:
            return start_s
        known = self.openings(start_s, start_s + spent_s)
        target = _position(known, start_s) + spent_s
        reach_s = known.to_s
        while known.totals[-1] < target:
            reach_s += reach_s - known.from_s
            known = self.openings(known.from_s, min(reach_s, _LAST_S - 1))
            if reach_s >= _LAST_S and known.totals[-1] < target:
                raise BeyondHorizon(LAST_YEAR + 1)
            target = _position(known, start_s) + spent_s
        index = bisect_left(known.totals, target)
        return known.closes[index] - (known.totals[index] - target)

    def openings(self, from_s: int, to_s: int) -> Openings:
        """Return the openings over at least [from_s, to_s], from the years already known when they suffice."""
        known = self._known
        if known.from_s <= from_s and to_s < known.to_s:
            return known
        low, high = within_horizon(from_s), within_horizon(to_s)
        if known.to_s:
            low, high = min(low, known.from_s), max(high, known.to_s - 1)
        # A day in hand on both sides: local dates differ from UTC dates, and night shifts run over New Year.
        first = (EPOCH + timedelta(seconds=low, days=-3)).year
        last = (EPOCH + timedelta(seconds=high, days=3)).year
        self._known = known = self._build(first, last)
        return known

    def _build(self, first_year: int, last_year: int) -> Openings:
        from_s = (datetime(first_year, 1, 4, tzinfo=UTC) - EPOCH) // SECOND
        to_s = (datetime(last_year, 12, 28, tzinfo=UTC) - EPOCH) // SECOND
        opens, closes, totals = [from_s], [from_s], [0]
        for year in range(first_year, last_year + 1):
            for open_s, close_s in self._year(year):
                start_s, end_s = max(open_s, closes[-1]), min(close_s, to_s)
                if start_s >= end_s:  # skipped by a spring gap, or inside what is already open
                    continue
                if start_s == closes[-1] and len(opens) > 1:
                    closes[-1], totals[-1] = end_s, totals[-1] + end_s - start_s
                else:
                    opens.append(start_s)
                    closes.append(end_s)
                    totals.append(totals[-1] + end_s - start_s)
        return Openings(from_s, to_s, opens, closes, totals)

    def _year(self, year: int) -> list[tuple[int, int]]:
        if year not in self._years:
            intervals = []
            day = date(year, 1, 1)
            while day.year == year:
                midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- a wall time
                for opens, ends in self._day(day):
                    open_s = wall_instant_s(midnight + timedelta(minutes=opens), self._zone)
                    close_s = wall_instant_s(midnight + timedelta(minutes=ends), self._zone)
                    intervals.append((open_s, close_s))
                day += timedelta(days=1)
            self._years[year] = sorted(intervals)
        return self._years[year]


def _position(known: Openings, instant_s: int) -> int:
    index = bisect_right(known.opens, instant_s) - 1
    after_closing_s = known.closes[index] - instant_s
    return known.totals[index] - after_closing_s if after_closing_s > 0 else known.totals[index]
