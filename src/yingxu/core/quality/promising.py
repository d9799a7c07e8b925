"""What could honestly be promised: the time within which a stated share would have been kept."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MINUTES_IN_DAY = 1440
#: Times that people say: minutes and hours of a day; beyond it whole days, then weeks, then months of thirty days.
SPOKEN_MINUTES = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 360, 480, 600, 720, 960, 1440, 2160)


@dataclass(frozen=True)
class Promise:
    """``minutes`` within which ``would_have_kept`` (0..1) of ``n`` judged requests were done."""

    minutes: int
    would_have_kept: float
    n: int


def spoken(minutes: float) -> int:
    """Return the least time, in minutes, that people would say and that is not shorter.

    Raises ValueError for a negative or unlimited time.
    """
    if not math.isfinite(minutes) or minutes < 0:
        raise ValueError("a time to be said must be finite and not negative")
    for known in SPOKEN_MINUTES:
        if minutes <= known:
            return known
    days = math.ceil(minutes / MINUTES_IN_DAY)
    if days > 14:
        days = math.ceil(days / 7) * 7
    if days > 84:
        days = math.ceil(minutes / MINUTES_IN_DAY / 30) * 30
    return days * MINUTES_IN_DAY


def promise_for(done_s: Floats, open_s: Floats, *, percentile: float) -> Promise | None:
    """Return the shortest spoken time that at least ``percentile`` of the requests would have kept, or None.

    An open request that is already older than the time counts as not kept; a younger one is not judged. None when even
    the longest time seen among the finished ones is not enough, because too many are still open.

    Parameters
    ----------
    done_s : seconds that each finished request took, not negative. open_s : age of each open one in seconds.
    percentile : share in 0..1, exclusive of 0.
    """
    if not done_s.size:
        return None
    done = np.sort(done_s)
    aged = np.sort(open_s)
    index = min(done.size - 1, max(0, math.ceil(percentile * done.size) - 1))
    while index < done.size:
        minutes = spoken(float(done[index]) / 60)
        kept = int(np.searchsorted(done, minutes * 60, side="right"))
        late_open = aged.size - int(np.searchsorted(aged, minutes * 60, side="right"))
        judged = done.size + late_open
        if kept / judged >= percentile:
            return Promise(minutes, kept / judged, judged)
        if kept >= done.size:
            return None
        index = kept
    return None
