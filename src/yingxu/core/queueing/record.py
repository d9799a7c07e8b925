"""Would the past have kept it? A promise held against what was really done, case by case.

Where a milestone is not a matter of hands alone (a word to the asker, made safe, found good) no queue is a model of it;
the site's own record is. Each case says how many seconds of the promise's own clock it took.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yingxu.core.queueing.history import TooLittle
from yingxu.core.queueing.intervals import wilson

#: Fewer cases than these, or fewer days from the first to the last, say nothing about a share. One in twenty is the
#: finest tail that twenty cases can show at all; two weeks hold every weekday twice.
LEAST_CASES, LEAST_SPAN_DAYS = 20, 13
_HOURS = 24


@dataclass(frozen=True, slots=True)
class Case:
    """One case of the past.

    Attributes
    ----------
    asked_s : int
        When it was asked for: local clock, seconds since 1970-01-01 00:00 on it.
    used_s : int
        Seconds of the promise's clock until the milestone was reached, or until the record ends.
    is_reached : bool
        Whether it was reached at all.
    """

    asked_s: int
    used_s: int
    is_reached: bool


@dataclass(frozen=True, slots=True)
class RecordHour:
    """One hour of the day of asking: cases, those that would have been kept, their share with its 95 % interval."""

    n: int
    kept: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class RecordAnswer:
    """What the record says of a promise.

    Attributes
    ----------
    n, kept : int
        Cases that tell, and those that would have met the limit.
    share, low, high : float or None
        The percentile that is really reached, with Wilson's 95 % interval; None without a case.
    n_open : int
        Cases left out: not reached yet, and still within the limit, so that nobody knows.
    median_s, reached_s : int or None
        Seconds within which half of the cases, and the promised share of them, were reached (nearest rank); None where
        fewer were reached at all.
    days : float
        From the first case to the last.
    by_hour : tuple of RecordHour
        24, local.
    weak_hours : tuple of int
        Hours whose own share is below the promise, most misses first.
    """

    n: int
    kept: int
    share: float | None
    low: float | None
    high: float | None
    n_open: int
    median_s: int | None
    reached_s: int | None
    days: float
    by_hour: tuple[RecordHour, ...]
    weak_hours: tuple[int, ...]


def held_against(cases: Sequence[Case], *, limit_s: int, percentile: float) -> RecordAnswer:
    """Return how the cases would have fared under a promise: reached within ``limit_s`` for a share of ``percentile``.

    A case that was not reached is missed once its clock is past the limit; before, it is left out and counted.
    """
    telling = [case for case in cases if case.is_reached or case.used_s > limit_s]
    n = [0] * _HOURS
    kept = [0] * _HOURS
    for case in telling:
        hour = case.asked_s // 3600 % _HOURS
        n[hour] += 1
        kept[hour] += case.is_reached and case.used_s <= limit_s
    took = sorted(case.used_s for case in telling if case.is_reached)
    asked = [case.asked_s for case in telling]
    whole = _share(sum(n), sum(kept))
    by_hour = tuple(_share(*pair) for pair in zip(n, kept, strict=True))
    weak = [hour for hour, one in enumerate(by_hour) if one.share is not None and one.share < percentile]
    return RecordAnswer(
        n=whole.n,
        kept=whole.kept,
        share=whole.share,
        low=whole.low,
        high=whole.high,
        n_open=len(cases) - len(telling),
        median_s=_ranked(took, len(telling), 0.5),
        reached_s=_ranked(took, len(telling), percentile),
        days=(max(asked) - min(asked)) / 86_400 if asked else 0.0,
        by_hour=by_hour,
        weak_hours=tuple(sorted(weak, key=lambda hour: (kept[hour] - n[hour], hour))),
    )


def require_enough(answer: RecordAnswer) -> None:
    """Refuse with :class:`TooLittle` a record too thin to speak: its cases, or its days."""
    if answer.n < LEAST_CASES:
        raise TooLittle("cases", answer.n, LEAST_CASES)
    if answer.days < LEAST_SPAN_DAYS:
        raise TooLittle("days", int(answer.days), LEAST_SPAN_DAYS + 1)


def is_enough(answer: RecordAnswer) -> bool:
    """Tell whether a record is thick enough to speak."""
    return answer.n >= LEAST_CASES and answer.days >= LEAST_SPAN_DAYS


def _share(n: int, kept: int) -> RecordHour:
    if n == 0:
        return RecordHour(0, 0, None, None, None)
    low, high = wilson(kept / n, n)
    return RecordHour(n, kept, kept / n, low, high)


def _ranked(took: Sequence[int], n: int, share: float) -> int | None:
    """Return the least time within which ``share`` of ``n`` cases were reached (nearest rank)."""
    rank = math.ceil(share * n - 1e-9)
    return took[rank - 1] if 0 < rank <= len(took) else None
