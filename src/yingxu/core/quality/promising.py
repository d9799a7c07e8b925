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


def promise_for(took_s: Floats, age_s: Floats, *, percentile: float, at_least: int = 1) -> Promise | None:
    """Return the shortest spoken time that at least ``percentile`` of the requests would have kept, or None.

    A time is judged on the requests that are at least that old, finished or not: younger ones could not yet have broken
    it, and counting only the quick ones among them would flatter it (a cohort of equal chance, as in survival
    analysis with a fixed follow-up). None when no time up to the longest seen is kept by enough, or when fewer than
    ``at_least`` requests are old enough.

    Parameters
    ----------
    took_s : seconds that each request took; NaN while it is open. age_s : seconds since each was opened, same order.
    percentile : share in 0..1, exclusive of 0.
    """
    done = took_s[~np.isnan(took_s)]
    if not done.size:
        return None
    longest = float(done.max()) / 60
    least = float(np.sort(done)[max(0, math.ceil(percentile * 0.5 * done.size) - 1)]) / 60
    minutes = spoken(least)
    while True:
        old_enough = age_s >= minutes * 60
        n = int(old_enough.sum())
        if n < max(1, at_least):
            return None
        kept = int((took_s[old_enough] <= minutes * 60).sum())
        if kept / n >= percentile:
            return Promise(minutes, kept / n, n)
        if minutes >= longest:
            return None
        minutes = spoken(minutes + 0.01)
