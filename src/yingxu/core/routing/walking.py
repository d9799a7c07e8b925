"""How long the way from one spot to another takes: the map's estimate, corrected by the ways that were walked.

A house is faster or slower than its map says, some buildings more than others, some floors more than others. The
logarithm of walked over map time is taken as normal around the mean of its group (pair of floors within pair of
buildings within house), and each group's mean is drawn towards the group above it: the credibility estimate of Buhlmann
(1967), "Experience rating and credibility", ASTIN Bulletin 4: (n mean + k prior) / (n + k). Deviations: k is fixed, not
estimated; a single way counts for at most a factor of four, because somebody stopped on the way says nothing of it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

#: A spot: (building by any key, floor). None: nobody knows where.
Spot = tuple[Any, int | None]
#: Seconds between two spots by the map.
MapTime = Callable[[Spot | None, Spot | None], float]

#: Where a person is whom nobody saw arrive anywhere, and a job whose place is not known.
_UNKNOWN_S = 240
_FLOOR_S, _LIFT_S, _LEVEL_S, _BUILDING_S = 60, 45, 8, 300
#: From one place to another of the same spot.
HERE_S = 20


def walk_s(a: Spot | None, b: Spot | None) -> int:
    """Return the seconds to walk between two places given as (building, floor): the house's estimates."""
    if a is None or b is None:
        return _UNKNOWN_S
    if a[0] != b[0]:
        return _BUILDING_S + sum(_LIFT_S + _LEVEL_S * abs(floor - 1) for _, floor in (a, b) if floor not in (None, 1))
    if a[1] is None or b[1] is None or a[1] == b[1]:
        return _FLOOR_S
    return _FLOOR_S + _LIFT_S + _LEVEL_S * abs(a[1] - b[1])


def map_s(a: Spot | None, b: Spot | None) -> int:
    """Return the seconds of a way by the map: within one spot, between two."""
    return HERE_S if a == b and a is not None else walk_s(a, b)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What is known of the way between two spots; seconds. ``n``: ways walked just here, there and back.

    ``low_s`` to ``high_s``: where two thirds of single ways lie (one standard deviation of the logarithm); None: fewer
    than three.
    """

    begin: Spot
    end: Spot
    n: int
    map_s: float
    learnt_s: int
    low_s: float | None
    high_s: float | None


#: So many ways speak as loud as what is known of the group above (k of the credibility estimate).
PRIOR_WAYS = 8.0
#: A single way is at most so many times longer or shorter than the map says.
MOST_FACTOR = 4.0


class Ways:
    """Walking times of one house. Symmetric: there and back are one pair.

    Parameters
    ----------
    walked : (from, to, seconds from setting out to arriving); seconds not above zero are left out.
    map_s : seconds by the map, above zero.
    said : seconds that somebody said of a pair of spots; they stand above what was learnt.
    """

    def __init__(
        self,
        walked: Iterable[tuple[Spot, Spot, float]],
        map_s: MapTime,
        said: Mapping[frozenset[Spot], int] | None = None,
    ) -> None:
        self._map_s = map_s
        self._said = dict(said or {})
        squares: dict[Hashable, float] = defaultdict(float)
        sums: dict[Hashable, float] = defaultdict(float)
        counts: dict[Hashable, int] = defaultdict(int)
        bound = math.log(MOST_FACTOR)
        for begin, end, seconds in walked:
            if seconds <= 0:
                continue
            off = min(bound, max(-bound, math.log(seconds) - math.log(map_s(begin, end))))
            for group in _groups(begin, end):
                sums[group] += off
                squares[group] += off * off
                counts[group] += 1
        self._sums, self._squares, self._counts = sums, squares, counts
        #: Ways that were learnt from.
        self.n = counts.get(_HOUSE, 0)

    def factor(self, begin: Spot | None, end: Spot | None) -> float:
        """Return how many times the map's estimate the way takes; where nothing was walked, what the house does."""
        if begin is None or end is None:
            return 1.0
        mean = 0.0
        for group in _groups(begin, end):
            n = self._counts.get(group, 0)
            mean = (self._sums.get(group, 0.0) + PRIOR_WAYS * mean) / (n + PRIOR_WAYS)
        return math.exp(mean)

    def seconds(self, begin: Spot | None, end: Spot | None) -> int:
        """Return the whole seconds that the way takes: as somebody said, else as learnt."""
        if self._said and begin is not None and end is not None:
            said = self._said.get(frozenset((begin, end)))
            if said is not None:
                return max(1, said)
        return self.learnt_s(begin, end)

    def learnt_s(self, begin: Spot | None, end: Spot | None) -> int:
        """Return the whole seconds as learnt, whatever somebody said."""
        return max(1, round(self._map_s(begin, end) * self.factor(begin, end)))

    @property
    def is_by_map(self) -> bool:
        """Whether nothing corrects the map."""
        return not self.n and not self._said

    def known(self, begin: Spot, end: Spot) -> Learnt:
        """Return what is known of one way."""
        group = _groups(begin, end)[-1]
        n, by_map = self._counts.get(group, 0), self._map_s(begin, end)
        low = high = None
        if n >= _LEAST_FOR_SPREAD:
            mean = self._sums[group] / n
            off = math.sqrt(max(0.0, (self._squares[group] - n * mean * mean) / (n - 1)))
            low, high = by_map * math.exp(mean - off), by_map * math.exp(mean + off)
        return Learnt(begin, end, n, by_map, self.learnt_s(begin, end), low, high)


_LEAST_FOR_SPREAD = 3
_HOUSE: Hashable = "house"


def _groups(begin: Spot, end: Spot) -> tuple[Hashable, ...]:
    """The groups of a way, the widest first."""
    return _HOUSE, frozenset((begin[0], end[0])), frozenset((begin, end))
