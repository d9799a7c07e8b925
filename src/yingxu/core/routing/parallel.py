"""Two searches at once: each on its own half of the workers, put together again and again with other halves.

A half may move only orders that are wholly on its own routes, but it times all routes, so that it sees what a change
does to crews and followers elsewhere. Small problems, and any with much time, are searched twice whole instead, and
the better plan goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from yingxu.core.routing.adopt import lay_out, rows_of
from yingxu.core.routing.arrays import BEST_TOTAL, N_EVAL, N_ITER, PART, TOTAL, Arrays, State, empty_state
from yingxu.core.routing.sisr import remember, retime_all

#: From this many orders on, halves; below, two whole searches.
HALVES_FROM = 250

#: And up to so many seconds an order: who has more time loses more by the moves between halves than a second thread
#: brings (1000 orders, 10 s: 1.3 to 2.9 % dearer than one thread's whole search, three instances).
HALVES_UNTIL_S = 0.0025

#: Search one state until a moment (seconds of the caller's clock).
Leg = Callable[[State, float], None]


def copied(s: State, seed: int) -> State:
    """A state of its own with another stream of random numbers."""
    new = State._make(x.copy() for x in s)
    new.rng[0] ^= np.uint64((seed + 1) * 0x9E3779B97F4A7C15 % 2**64)
    return new


def merged(a: Arrays, parts: Sequence[State], seed: int) -> State | None:
    """The halves' own routes in one state; nothing when together they cannot be kept."""
    s = empty_state(a, seed)
    lay_out(a, s, *rows_of(a, parts))
    return s if retime_all(a, s) else None


def search_in_parallel(a: Arrays, s: State, leg: Leg, clock: Callable[[], float], until: float, seed: int) -> State:
    """Search with two threads until ``until``; the returned state holds the best plan found as its best."""
    rng = np.random.default_rng(seed)
    begun = clock()
    halves = a.n >= HALVES_FROM and a.m >= 8 and until - begun < HALVES_UNTIL_S * a.n
    # putting halves together costs about as much as placing each order once more
    rounds = int(max(2, min(12, (until - begun) / (4e-5 * a.n)))) if halves else 3
    best = s
    with ThreadPoolExecutor(2) as pool:
        for turn in range(rounds):
            if clock() >= until:
                break
            stop = begun + (until - begun) * (turn + 1) / rounds
            two = [s, copied(s, seed + turn)]
            if halves:
                first = rng.permutation(a.m) < a.m // 2
                for part, state in enumerate(two):
                    state.mine[: a.m] = first if part == 0 else ~first
                    state.cnt[PART] = part
            spent = two[1].cnt[[N_EVAL, N_ITER]].copy()
            list(pool.map(leg, two, (stop, stop)))
            for state in two:
                if state.num[BEST_TOTAL] < best.num[BEST_TOTAL] or state is best:
                    best = state
            spent = two[0].cnt[[N_EVAL, N_ITER]] + two[1].cnt[[N_EVAL, N_ITER]] - spent
            whole = merged(a, two, seed + 100 * turn) if halves else None
            better = min(two, key=lambda x: float(x.num[TOTAL]))
            s = better if whole is None or whole.num[TOTAL] > better.num[TOTAL] else whole
            if s is whole:
                remember(a, s)
            s.mine[:] = True
            s.cnt[PART] = -1
            s.cnt[[N_EVAL, N_ITER]] = spent
            if s.num[BEST_TOTAL] > best.num[BEST_TOTAL]:
                s.num[BEST_TOTAL] = best.num[BEST_TOTAL]
                s.best_size[:], s.best_seq[:], s.best_role[:] = best.best_size, best.best_seq, best.best_role
            best = s
    return s
