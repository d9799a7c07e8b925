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
from collections.abc import Callable, Hashable, Iterable
from typing import Any

#: A spot: (building by any key, floor). None: nobody knows where.
Spot = tuple[Any, int | None]
#: Seconds between two spots by the map.
MapTime = Callable[[Spot | None, Spot | None], float]

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
    """

    def __init__(self, walked: Iterable[tuple[Spot, Spot, float]], map_s: MapTime) -> None:
        self._map_s = map_s
        sums: dict[Hashable, float] = defaultdict(float)
        counts: dict[Hashable, int] = defaultdict(int)
        bound = math.log(MOST_FACTOR)
        for begin, end, seconds in walked:
            if seconds <= 0:
                continue
            off = min(bound, max(-bound, math.log(seconds) - math.log(map_s(begin, end))))
            for group in _groups(begin, end):
                sums[group] += off
                counts[group] += 1
        self._sums, self._counts = sums, counts
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
        """Return the whole seconds that the way takes."""
        return max(1, round(self._map_s(begin, end) * self.factor(begin, end)))


_HOUSE: Hashable = "house"


def _groups(begin: Spot, end: Spot) -> tuple[Hashable, ...]:
    """The groups of a way, the widest first."""
    return _HOUSE, frozenset((begin[0], end[0])), frozenset((begin, end))
