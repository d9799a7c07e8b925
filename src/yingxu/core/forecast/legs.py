"""How long a leg of transport takes: learnt from the legs that were walked, nearest kin first.

First what somebody said who knows: a bridge that is closed since yesterday is in no history. Then the median of the
same pair of places; with too few, of the same pair of floors, then of the same pair of buildings;
with too few of those, what distance says: a start, the storeys, a change of building. Medians, because one stretcher
that waited an hour for a lift says nothing of the way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

#: Fewer legs than this say nothing of their own pair.
LEAST = 5
#: Seconds where nothing was learnt: to begin and end, a storey by lift, from one building to another. House estimates.
START_S, STOREY_S, BUILDING_S = 180.0, 15.0, 240.0


@dataclass(frozen=True, slots=True)
class Point:
    """An end of a leg. ``floor`` counts storeys; keys are any identities that compare."""

    place: Hashable
    building: Hashable
    floor: int = 0


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg that was walked, in seconds from taking the load to giving it."""

    begin: Point
    end: Point
    seconds: float


@dataclass(frozen=True, slots=True)
class Expected:
    """What a leg takes. ``basis``: said, places, floors, buildings, distance; ``n`` legs behind it.

    ``low_s`` to ``high_s``: the middle half of those legs (quartiles); None where nothing was learnt of just these.
    """

    seconds: float
    basis: str
    n: int
    low_s: float | None = None
    high_s: float | None = None


class Standards:
    """Standard times of legs. Symmetric: there and back are one pair.

    Parameters
    ----------
    legs : the legs walked, seconds above zero; others are left out.
    least : legs that a pair must have to speak for itself.
    said : seconds on foot between two (building, floor), above what was learnt; taking and giving comes to it.
    """

    def __init__(
        self,
        legs: Iterable[Leg],
        *,
        least: int = LEAST,
        said: Mapping[frozenset[tuple[Hashable, int]], float] | None = None,
    ) -> None:
        self._said = dict(said or {})
        known: dict[tuple[str, frozenset[Hashable]], list[float]] = defaultdict(list)
        n, over = 0, []
        for leg in legs:
            if leg.seconds <= 0:
                continue
            n += 1
            for basis, pair in _pairs(leg.begin, leg.end):
                known[basis, pair].append(leg.seconds)
            over.append(leg.seconds / by_distance_s(leg.begin, leg.end))
        self._known = {key: _told(key[0], values) for key, values in known.items() if len(values) >= least}
        #: How much slower than the estimates this house is on the whole.
        self.pace = median(over) if len(over) >= least else 1.0
        self.n = n

    def expected(self, begin: Point, end: Point) -> Expected:
        """Return what the leg takes: as somebody said, else by the nearest kin that is known."""
        word = self._said.get(frozenset(((begin.building, begin.floor), (end.building, end.floor))))
        if word is not None and begin.place != end.place:
            return Expected(START_S + word, "said", 0)
        for basis, pair in _pairs(begin, end):
            found = self._known.get((basis, pair))
            if found is not None:
                return found
        return Expected(self.pace * by_distance_s(begin, end), "distance", self.n)


def _told(basis: str, seconds: Sequence[float]) -> Expected:
    low, middle, high = (
        quantiles(seconds, n=4, method="inclusive") if len(seconds) > 1 else (seconds[0], seconds[0], seconds[0])
    )
    return Expected(middle, basis, len(seconds), low, high)


def by_distance_s(begin: Point, end: Point) -> float:
    """Return what distance alone says, in seconds: storeys within a building; down, over and up between two."""
    if begin.building == end.building:
        return START_S + STOREY_S * abs(begin.floor - end.floor)
    return START_S + BUILDING_S + STOREY_S * (abs(begin.floor - 1) + abs(end.floor - 1))


def _pairs(begin: Point, end: Point) -> tuple[tuple[str, frozenset[Hashable]], ...]:
    return (
        ("places", frozenset((begin.place, end.place))),
        ("floors", frozenset(((begin.building, begin.floor), (end.building, end.floor)))),
        ("buildings", frozenset((begin.building, end.building))),
    )


def round_order(stops: Iterable[Point], *, start: Point, standards: Standards) -> list[int]:
    """Return the order of a round's stops, nearest next from ``start``; ties in the given order.

    Nearest neighbour: about a quarter over the best tour on random points (Johnson & McGeoch, *The traveling salesman
    problem: a case study in local optimization*, 1997); rounds of a dozen stops are seldom that far off.
    """
    left, at, order = dict(enumerate(stops)), start, []
    while left:
        key = min(left, key=lambda one: (standards.expected(at, left[one]).seconds, one))
        at = left.pop(key)
        order.append(key)
    return order
