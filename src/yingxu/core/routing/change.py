"""Putting tasks in and taking them out, with everything that must follow; taking a whole change back."""

from __future__ import annotations

from yingxu.core.routing.arrays import (
    N_BANK,
    N_MOVED,
    N_PENDING,
    PART,
    ROLE,
    SAVED_TOTAL,
    TOTAL,
    Arrays,
    State,
)
from yingxu.core.routing.crew import place_crew
from yingxu.core.routing.held import held
from yingxu.core.routing.insertion import INF, place_break, place_order
from yingxu.core.routing.jit import kernel
from yingxu.core.routing.timing import find, forget_touched, mark, pref_penalty, restore_routes, save_route


@kernel
def bank(s: State, i: int) -> None:
    """Put an order among the unassigned."""
    if s.bank_at[i] < 0:
        s.bank_at[i] = s.cnt[N_BANK]
        s.bank[s.cnt[N_BANK]] = i
        s.cnt[N_BANK] += 1


@kernel
def unbank(s: State, i: int) -> None:
    """Take an order from the unassigned."""
    x = s.bank_at[i]
    if x >= 0:
        s.cnt[N_BANK] -= 1
        last = s.bank[s.cnt[N_BANK]]
        s.bank[x] = last
        s.bank_at[last] = x
        s.bank_at[i] = -1


@kernel
def begin(s: State) -> None:
    """Start a change that can be taken back."""
    s.num[SAVED_TOTAL] = s.num[TOTAL]


@kernel
def note(s: State, i: int) -> None:
    """Remember that this change moves task ``i``."""
    if not s.moved_mark[i]:
        s.moved_mark[i] = 1
        s.moved[s.cnt[N_MOVED]] = i
        s.cnt[N_MOVED] += 1


@kernel
def keep(s: State) -> None:
    """End a change and keep it."""
    forget_touched(s)
    for x in range(s.cnt[N_MOVED]):
        s.moved_mark[s.moved[x]] = 0
    s.cnt[N_MOVED] = 0


@kernel
def take_back(a: Arrays, s: State) -> None:
    """End a change and restore everything as it was at ``begin``."""
    for x in range(s.cnt[N_PENDING]):
        s.pending_pos[s.pending[x]] = -1
        s.dirty[s.pending[x]] = False
    s.cnt[N_PENDING] = 0
    for x in range(s.cnt[N_MOVED]):
        i = s.moved[x]
        for r in range(a.n_roles[i]):
            s.who[i, r] = -1
        s.cost[i] = a.unassigned[i]
        s.penalty[i] = 0.0
    restore_routes(s)
    for x in range(s.cnt[N_MOVED]):
        i = s.moved[x]
        if s.who[i, 0] < 0:
            bank(s, i)
        else:
            unbank(s, i)
            s.penalty[i] = pref_penalty(a, s, i)
    s.num[TOTAL] = s.num[SAVED_TOTAL]
    keep(s)


@kernel
def _take_out(a: Arrays, s: State, i: int) -> None:
    note(s, i)
    for r in range(a.n_roles[i]):
        k = s.who[i, r]
        save_route(s, k)
        p = find(s, k, i)
        o = s.off[k]
        for q in range(o + p, o + s.size[k] - 1):
            s.seq[q] = s.seq[q + 1]
            s.pos[q, ROLE] = s.pos[q + 1, ROLE]
        s.size[k] -= 1
        s.dirty[k] = True
        mark(s, k, p)
        s.who[i, r] = -1
        s.last[i, r] = k
    if a.place[i] >= 0:  # what a late break costs is in its route
        s.num[TOTAL] += a.unassigned[i] - s.cost[i] - s.penalty[i]
    s.cost[i] = a.unassigned[i]
    s.penalty[i] = 0.0
    bank(s, i)


@kernel
def _is_mine(a: Arrays, s: State, i: int) -> bool:
    """Whether order ``i`` and all that would come out with it are on this search's own routes."""
    s.stack[0] = i
    n = 1
    while n > 0:
        n -= 1
        j = s.stack[n]
        for r in range(a.n_roles[j]):
            if s.who[j, r] >= 0 and not s.mine[s.who[j, r]]:
                return False
        for x in range(a.succ_ptr[j], a.succ_ptr[j + 1]):
            if s.who[a.succ[x], 0] >= 0:
                s.stack[n] = a.succ[x]
                n += 1
    return True


@kernel
def remove(a: Arrays, s: State, i: int) -> None:
    """Take a task out, and with an order whatever follows it. Times are stale until ``settle``."""
    if s.who[i, 0] < 0 or a.fixed[i] or (s.cnt[PART] >= 0 and not _is_mine(a, s, i)):
        return
    s.stack[0] = i
    n = 1
    while n > 0:
        n -= 1
        j = s.stack[n]
        if s.who[j, 0] < 0 or a.fixed[j]:
            continue
        _take_out(a, s, j)
        for x in range(a.succ_ptr[j], a.succ_ptr[j + 1]):
            if s.who[a.succ[x], 0] >= 0:
                s.stack[n] = a.succ[x]
                n += 1


@kernel
def insert(a: Arrays, s: State, i: int) -> None:
    """Put a task where ``s.chosen`` says. Times are stale until ``settle``."""
    note(s, i)
    for r in range(a.n_roles[i]):
        k, p = s.chosen[2 * r], s.chosen[2 * r + 1]
        save_route(s, k)
        o = s.off[k]
        for q in range(o + s.size[k], o + p, -1):
            s.seq[q] = s.seq[q - 1]
            s.pos[q, ROLE] = s.pos[q - 1, ROLE]
        s.size[k] += 1
        s.seq[o + p] = i
        s.pos[o + p, ROLE] = r
        s.who[i, r] = k
        s.arrive[i, r] = -INF
        s.dirty[k] = True
        mark(s, k, p)
    s.start[i] = -INF
    s.penalty[i] = pref_penalty(a, s, i)
    s.num[TOTAL] += s.penalty[i]
    unbank(s, i)


@kernel
def choose(a: Arrays, s: State, i: int, blink: float, tried: int) -> float:
    """``cheapest`` for callers that are not compiled."""
    return cheapest(held(a), held(s), i, blink, tried)


@kernel
def cheapest(a: Arrays, s: State, i: int, blink: float, tried: int) -> float:
    """Find the cheapest place of task ``i``; ``INF`` when it has none, or follows an order that is not placed."""
    if a.place[i] < 0:
        return place_break(a, s, i)
    for x in range(a.pred_ptr[i], a.pred_ptr[i + 1]):
        if s.who[a.pred[x], 0] < 0:
            return INF
    if a.n_roles[i] == 1:
        return place_order(a, s, i, blink, tried)
    if a.n_roles[i] == 0:
        return INF
    return place_crew(a, s, i, blink, tried)
