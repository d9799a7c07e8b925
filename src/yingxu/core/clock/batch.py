"""Clocks by the million: the same reading as `derive`, for one calendar, over arrays.

Covered are starts, limits, approved stopping pauses and reaching; the rarer events (changed terms, reopening,
withdrawal, corrections) go through `derive`. A law in the tests holds the two equal.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yingxu.core.clock.reading import STATE_NUMBER, State
from yingxu.core.clock.refusals import ArraysDisagree, LimitNotPositive
from yingxu.core.hours import CompiledCalendar

Seconds = NDArray[np.int64]
NONE_S = -1
_CHUNK = 1 << 16  # clocks at a time: the temporaries stay in the processor's cache


@dataclass(frozen=True, eq=False)
class Pauses:
    """Approved stopping pauses of a batch, ordered by clock, then by time; disjoint within a clock.

    Attributes
    ----------
    clock
        int64, index of the clock in the batch.
    from_s, to_s
        int64, epoch seconds [from_s, to_s); `to_s` -1 for a pause still on.
    """

    clock: NDArray[np.int64]
    from_s: Seconds
    to_s: Seconds


@dataclass(frozen=True, eq=False)
class BatchReading:
    """Readings in the order of the batch.

    Attributes
    ----------
    due_s
        int64, epoch seconds; -1 where no instant is due (waiting, held by a pause).
    state
        int8, position in `STATES`.
    elapsed_s
        int64, open seconds counted until reached or now.
    """

    due_s: Seconds
    state: NDArray[np.int8]
    elapsed_s: Seconds


def evaluate_batch(
    calendar: CompiledCalendar,
    start_s: Seconds,
    limit_s: Seconds,
    reached_s: Seconds,
    now_s: int,
    pauses: Pauses | None = None,
) -> BatchReading:
    """Read many clocks of one calendar at one instant.

    Parameters
    ----------
    calendar
        The compiled calendar; it is compiled further when the clocks reach beyond it.
    start_s, limit_s, reached_s
        int64 arrays of one length: epoch second of the start, open seconds promised, epoch second reached or -1.
    now_s
        Epoch second of the reading; what lies after it has not happened yet.
    pauses
        None where there are none.

    Raises
    ------
    ArraysDisagree
        Lengths differ, or pauses are out of order, overlap, or name no clock.
    LimitNotPositive
        Some limit is no time or less.
    BeyondHorizon
        Some instant lies outside the years 1900 to 2999.
    """
    n_clocks = len(start_s)
    if not n_clocks == len(limit_s) == len(reached_s):
        raise ArraysDisagree("clocks")
    due_s, elapsed_s = np.empty(n_clocks, np.int64), np.empty(n_clocks, np.int64)
    state = np.empty(n_clocks, np.int8)
    if not n_clocks:
        return BatchReading(due_s, state, elapsed_s)
    if (least := int(limit_s.min())) <= 0:
        raise LimitNotPositive(least)
    if pauses is not None:
        _check(pauses, n_clocks)
    last_s = max(int(start_s.max()), int(reached_s.max()), now_s)
    longest_s = int(limit_s.max())
    # Whatever is paused away lies before now, so due times lie within the longest limit of the last instant.
    known = calendar.reaching(min(int(start_s.min()), now_s), 0).reaching(last_s, longest_s)
    for low in range(0, n_clocks, _CHUNK):
        part = slice(low, min(low + _CHUNK, n_clocks))
        due_s[part], state[part], elapsed_s[part] = _read(
            known, start_s[part], limit_s[part], reached_s[part], now_s, _of_part(pauses, part)
        )
    return BatchReading(due_s, state, elapsed_s)


def _check(pauses: Pauses, n_clocks: int) -> None:
    clock, from_s, to_s = pauses.clock, pauses.from_s, pauses.to_s
    if not len(clock) == len(from_s) == len(to_s):
        raise ArraysDisagree("pauses")
    if len(clock) and (int(clock.min()) < 0 or int(clock.max()) >= n_clocks):
        raise ArraysDisagree("pause clocks")
    same = clock[1:] == clock[:-1]
    follows = (to_s[:-1] >= 0) & (from_s[1:] >= to_s[:-1])
    if np.any(clock[1:] < clock[:-1]) or np.any(same & ~follows) or np.any((to_s >= 0) & (to_s < from_s)):
        raise ArraysDisagree("pause order")


def _of_part(pauses: Pauses | None, part: slice) -> Pauses | None:
    if pauses is None:
        return None
    first, last = (int(each) for each in np.searchsorted(pauses.clock, [part.start, part.stop]))
    if first == last:
        return None
    return Pauses(pauses.clock[first:last] - part.start, pauses.from_s[first:last], pauses.to_s[first:last])


def _read(
    known: CompiledCalendar, start_s: Seconds, limit_s: Seconds, reached_s: Seconds, now_s: int, pauses: Pauses | None
) -> tuple[Seconds, NDArray[np.int8], Seconds]:
    """Work in open seconds: a pause moves the position that is due by the open seconds it took out."""
    has_started = start_s <= now_s
    is_reached = (reached_s >= 0) & (reached_s <= now_s) & (reached_s >= start_s)
    end_s = np.where(is_reached, reached_s, np.maximum(start_s, now_s))
    start, end = known.positions(start_s), known.positions(end_s)
    due = start + limit_s
    elapsed_s = end - start
    is_paused, is_held = np.zeros(len(start_s), bool), np.zeros(len(start_s), bool)
    if pauses is not None:
        _take_out(known, pauses, start_s, end_s, is_reached, due, elapsed_s, is_paused, is_held)
    due_s = known.instants(due)
    is_late = end_s > due_s
    number = STATE_NUMBER
    state = np.where(is_late, number[State.LATE], number[State.RUNNING]).astype(np.int8)
    state[is_paused & (is_held | ~is_late)] = number[State.PAUSED]
    state[is_reached] = np.where(is_late[is_reached], number[State.BROKEN], number[State.KEPT])
    state[~has_started] = number[State.WAITING]
    due_s[is_held | ~has_started] = NONE_S
    return due_s, state, elapsed_s


def _take_out(
    known: CompiledCalendar,
    pauses: Pauses,
    start_s: Seconds,
    end_s: Seconds,
    is_reached: NDArray[np.bool_],
    due: Seconds,
    elapsed_s: Seconds,
    is_paused: NDArray[np.bool_],
    is_held: NDArray[np.bool_],
) -> None:
    """Move due positions and elapsed seconds by every pause, the first of each clock first."""
    clock = pauses.clock
    ends_s = end_s[clock]
    happened = (pauses.from_s >= start_s[clock]) & (pauses.from_s <= ends_s)
    is_open = ((pauses.to_s < 0) | (pauses.to_s > ends_s)) & ~is_reached[clock]
    from_s = np.minimum(np.maximum(pauses.from_s, start_s[clock]), ends_s)
    to_s = np.where(pauses.to_s < 0, ends_s, np.minimum(pauses.to_s, ends_s))
    stopped_from = known.positions(from_s)
    taken = np.where(happened, known.positions(np.maximum(to_s, from_s)) - stopped_from, 0)
    elapsed_s -= np.bincount(clock, weights=taken, minlength=len(elapsed_s)).astype(np.int64)  # exact below 2**53
    rank = np.arange(len(clock)) - np.searchsorted(clock, clock, side="left")
    for turn in range(int(rank.max()) + 1):
        now = np.flatnonzero((rank == turn) & happened)
        of = clock[now]
        counts = stopped_from[now] < due[of]  # a pause after the breach mends nothing
        due[of] += np.where(counts, taken[now], 0)
        is_paused[of] |= is_open[now]
        is_held[of] |= is_open[now] & counts
