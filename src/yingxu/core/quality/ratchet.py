"""The ratchet: a target met three months running proposes a tighter one. It proposes; people decide.

The rule is ours; its parts are usual: a share is met with its Wilson interval in view (`yingxu.core.quality.share`),
and the new limit is one that each of the three months would have kept with the promised share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yingxu.core.quality.share import attainment

RULE = "three-months/1"
MONTHS = 3
#: Fewer in a month say nothing about the month.
LEAST_A_MONTH = 20
#: One step takes a quarter at most and a tenth at least; less is not worth a new edition.
MOST_STEP, LEAST_STEP = 0.25, 0.10
#: Shares that a promise may rise to when its limit cannot fall.
NOTCHES = (0.80, 0.85, 0.90, 0.95, 0.98, 0.99)


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one promise: seconds used of each promise that was due, kept or not, ascending or not."""

    code: str
    used_s: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What a month shows against the target: share kept with its interval, and the time of the promised share."""

    code: str
    n: int
    n_kept: int
    share: float
    low: float
    high: float
    reached_s: int


@dataclass(frozen=True, slots=True)
class Tighter:
    """The tighter promise that is proposed, and the months behind it."""

    limit_s: int
    percentile: float
    months: tuple[MonthFigures, ...]


def tighter(months: Sequence[Month], *, limit_s: int, percentile: float) -> Tighter | None:
    """Return the tighter promise that three months running allow, or None.

    Each month needs ``LEAST_A_MONTH`` cases and a share at or above the target. The limit falls to the longest of
    the three months' times within which the promised share was reached, rounded up to what people say, by a
    quarter at most. Where that is less than a tenth, the share rises one notch if every month kept it.

    Parameters
    ----------
    months : the last three, oldest first; ``used_s`` in seconds of service time.
    limit_s : the promised limit. percentile : the promised share, in (0, 1).
    """
    if len(months) != MONTHS or any(len(month.used_s) < LEAST_A_MONTH for month in months):
        return None
    figures = tuple(_figures(month, limit_s, percentile) for month in months)
    if any(month.share < percentile for month in figures):
        return None
    needed_s = max(month.reached_s for month in figures)
    floor_s = math.ceil(limit_s * (1 - MOST_STEP))
    new_s = said_limit(max(needed_s, floor_s))
    if new_s <= limit_s * (1 - LEAST_STEP):
        return Tighter(new_s, percentile, figures)
    notch = next((notch for notch in NOTCHES if notch > percentile + 1e-9), None)
    if notch is not None and all(month.share >= notch for month in figures):
        return Tighter(limit_s, notch, figures)
    return None


def _figures(month: Month, limit_s: int, percentile: float) -> MonthFigures:
    used = np.sort(np.asarray(month.used_s, dtype=np.int64))
    n_kept = int((used <= limit_s).sum())
    share = attainment(n_kept, len(used))
    reached = int(used[math.ceil(percentile * len(used) - 1e-9) - 1])
    return MonthFigures(month.code, len(used), n_kept, share.share or 0.0, share.low or 0.0, share.high or 0.0, reached)


def said_limit(seconds: int) -> int:
    """Return the limit rounded up to what people say: minutes to a quarter of an hour, then five, then half hours."""
    for below_s, step_s in ((900, 60), (3_600, 300), (14_400, 900), (86_400, 1_800)):
        if seconds <= below_s:
            return math.ceil(seconds / step_s) * step_s
    return math.ceil(seconds / 3_600) * 3_600
