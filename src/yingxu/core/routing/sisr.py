"""Ruin and recreate: take a few related tasks out, put each back where it costs least, keep it or not by annealing.

After Christiaens & Vanden Berghe (2020), "Slack Induction by String Removals for Vehicle Routing Problems".
Deviations: few removals (about four), neighbours by sampling instead of distance lists (the trade of an order says more
than its place), exact re-evaluation of everything that a change delays, orders may stay unassigned at a price, crews
and followers come out together, breaks are tasks like others.
"""

from __future__ import annotations

import math

from yingxu.core.routing.arrays import (
    BEST_TOTAL,
    N_BANK,
    N_ITER,
    N_MOVED,
    PART,
    ROLE,
    SAVED_TOTAL,
    TOTAL,
    Arrays,
    Ints,
    State,
)
from yingxu.core.routing.chance import below, uniform
from yingxu.core.routing.change import begin, cheapest, insert, keep, note, remove, take_back
from yingxu.core.routing.held import held
from yingxu.core.routing.insertion import INF, ceiling
from yingxu.core.routing.jit import kernel
from yingxu.core.routing.moves import move_inside
from yingxu.core.routing.timing import find, mark, settle

#: How often a change also tries one unassigned order.
BANK_SHARE = 0.3

#: Share of changes inside one route, when routes are long (40 orders and more; none at 12).
INSIDE = 0.4

#: No limit to the workers tried for an order.
EVERYBODY = 1 << 40


@kernel
def remember(a: Arrays, s: State) -> None:
    """Keep the present routes as the best."""
    s.num[BEST_TOTAL] = s.num[TOTAL]
    for k in range(a.m):
        s.best_size[k] = s.size[k]
        for q in range(s.off[k], s.off[k] + s.size[k]):
            s.best_seq[q] = s.seq[q]
            s.best_role[q] = int(s.pos[q, ROLE])


@kernel
def _string(a: Arrays, s: State, i: int, length: int) -> None:
    """Take out ``length`` neighbours on the route of order ``i``, itself among them."""
    k = s.who[i, below(s, a.n_roles[i])]
    p = find(s, k, i)
    p = max(0, min(p - below(s, length), s.size[k] - length))
    for _ in range(length):
        if p >= s.size[k]:
            break
        j = s.seq[s.off[k] + p]
        before = s.size[k]
        remove(a, s, j)
        if s.size[k] == before:
            p += 1


@kernel
def _related(a: Arrays, s: State, i: int) -> int:
    """An assigned order like ``i``: the nearest in time and place of a few drawn from its trade."""
    g = a.group[i]
    lo, hi = a.group_ptr[g], a.group_ptr[g + 1]
    best, found = INF, -1
    for _ in range(6):
        j = a.group_order[lo + below(s, hi - lo)] if uniform(s) < 0.8 else below(s, a.n)
        if s.who[j, 0] < 0 or j == i:
            continue
        d = abs(s.start[i] - s.start[j]) * 0.25 + a.matrix[a.place[i], a.place[j]]
        if d < best:
            best, found = d, j
    return found


@kernel
def _make_room(a: Arrays, s: State, i: int) -> None:
    """Take a string out of the route of one worker who could do unassigned order ``i``, and try it again too."""
    if a.place[i] < 0 or a.n_roles[i] == 0 or (s.cnt[PART] >= 0 and i % 2 != s.cnt[PART]):
        return
    lo, hi = a.role_lo[i, 0], a.role_hi[i, 0]
    if hi <= lo:
        return
    note(s, i)
    k = a.role_worker[lo + below(s, hi - lo)]
    p = below(s, max(1, s.size[k]))
    for _ in range(1 + below(s, 6)):
        if p >= s.size[k]:
            break
        before = s.size[k]
        remove(a, s, s.seq[s.off[k] + p])
        if s.size[k] == before:
            p += 1


@kernel
def ruin(a: Arrays, s: State, n_remove: int) -> None:
    """Take out about ``n_remove`` tasks: short strings on the routes of related orders."""
    i = below(s, a.n)
    j = below(s, a.n)
    if s.who[j, 0] >= 0 and (s.who[i, 0] < 0 or s.cost[j] > s.cost[i]) and uniform(s) < 0.5:
        i = j  # what is dear has more to gain
    if s.cnt[N_BANK] > 0 and (s.who[i, 0] < 0 or uniform(s) < BANK_SHARE / 5):
        _make_room(a, s, s.bank[below(s, s.cnt[N_BANK])])
        return
    target = 1 + below(s, 2 * n_remove - 1)
    seed = i
    tries = 0
    while s.cnt[N_MOVED] < target and tries < 2 * target:
        tries += 1
        if s.who[i, 0] >= 0:
            room = target - s.cnt[N_MOVED]
            _string(a, s, i, 1 + below(s, min(room, 4)) if uniform(s) < 0.5 else 1)
        j = _related(a, s, seed)
        if j < 0:
            j = below(s, a.n)
        i = j


@kernel
def _sort_key(a: Arrays, s: State, i: int, mode: int) -> float:
    t = a.task
    if a.place[i] < 0:
        return 1e15 if mode != 3 else uniform(s)
    if mode == 0:
        return min(t[i, 2], t[i, 4])
    if mode == 1:
        return -t[i, 9] * 1e6 + t[i, 2] * 1e-3
    if mode == 2:
        return -t[i, 9] / max(1.0, t[i, 1])
    return uniform(s)


@kernel
def recreate(a: Arrays, s: State, blink: float, tried: int) -> bool:
    """Put moved and (a few) unassigned orders back in, each where it costs least; False when a sequence broke."""
    count = s.cnt[N_MOVED]
    n = 0
    half = len(s.chosen) - len(s.moved)
    for x in range(count):
        s.chosen[half + n] = s.moved[x]
        n += 1
    for _ in range(1 if s.cnt[N_BANK] > 0 and uniform(s) < BANK_SHARE else 0):
        i = s.bank[below(s, s.cnt[N_BANK])]
        if not s.moved_mark[i] and (s.cnt[PART] < 0 or i % 2 == s.cnt[PART]):
            seen = False
            for x in range(n):
                if s.chosen[half + x] == i:
                    seen = True
            if not seen and n < len(s.moved) - 1:
                s.chosen[half + n] = i
                n += 1
    u = uniform(s)
    mode = 3
    if u < 0.3:
        mode = 0
    elif u < 0.5:
        mode = 1
    elif u < 0.65:
        mode = 2
    for x in range(n):
        s.scratch[32 + x] = _sort_key(a, s, s.chosen[half + x], mode)
    for x in range(1, n):
        i, key = s.chosen[half + x], s.scratch[32 + x]
        y = x
        while y > 0 and s.scratch[32 + y - 1] > key:
            s.scratch[32 + y] = s.scratch[32 + y - 1]
            s.chosen[half + y] = s.chosen[half + y - 1]
            y -= 1
        s.scratch[32 + y] = key
        s.chosen[half + y] = i
    # an order that follows another of the list waits for it: a second round places it
    for _ in range(2):
        for x in range(n):
            i = s.chosen[half + x]
            if s.who[i, 0] >= 0:
                continue
            c = cheapest(a, s, i, blink, tried)
            if a.place[i] < 0:
                if c >= INF:
                    return False
            elif c >= ceiling(a, i):
                continue
            insert(a, s, i)
            if not settle(a, s):
                return False
    return True


@kernel
def search(
    a: Arrays, s: State, iterations: int, hot: float, cold: float, n_remove: int, blink: float, tried: int
) -> None:
    """Run ``iterations`` of ruin and recreate, the temperature falling from ``hot`` to ``cold`` (weighted minutes)."""
    _search(held(a), held(s), iterations, hot, cold, n_remove, blink, tried)


@kernel
def _search(
    a: Arrays, s: State, iterations: int, hot: float, cold: float, n_remove: int, blink: float, tried: int
) -> None:
    if a.n == 0 or a.m == 0:
        return
    # the longer the routes, the more of the changes are inside one
    inside = min(INSIDE, max(0.0, INSIDE * (a.n / a.m - 12.0) / 28.0))
    for it in range(iterations):
        s.cnt[N_ITER] += 1
        temperature = hot * (cold / hot) ** (it / iterations)
        begin(s)
        if inside > 0.0 and uniform(s) < inside:
            if not move_inside(a, s):
                continue
            good = settle(a, s)
        else:
            ruin(a, s, n_remove)
            good = settle(a, s)
            if good:
                good = recreate(a, s, blink, tried)
        now, was = s.num[TOTAL], s.num[SAVED_TOTAL]
        if good and now < was - temperature * math.log(max(1e-300, uniform(s))):
            keep(s)
            if now < s.num[BEST_TOTAL] - 1e-7:
                remember(a, s)
        else:
            take_back(a, s)


@kernel
def construct(a: Arrays, s: State, sequence: Ints) -> None:
    """Place the orders of ``sequence`` one by one where each costs least at its turn."""
    _construct(held(a), held(s), sequence)


@kernel
def _construct(a: Arrays, s: State, sequence: Ints) -> None:
    for x in range(len(sequence)):
        i = sequence[x]
        if s.who[i, 0] >= 0:
            continue
        begin(s)
        c = cheapest(a, s, i, 0.0, EVERYBODY)
        if c < ceiling(a, i):
            insert(a, s, i)
            if settle(a, s):
                keep(s)
            else:
                take_back(a, s)


@kernel
def retime_all(a: Arrays, s: State) -> bool:
    """Time every route as it stands."""
    return _retime_all(held(a), held(s))


@kernel
def _retime_all(a: Arrays, s: State) -> bool:
    for k in range(a.m):
        s.dirty[k] = True
        mark(s, k, 0)
    good = settle(a, s)
    keep(s)
    return good
