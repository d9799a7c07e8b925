"""Exact timing of routes: as early as possible, crews together, predecessors first.

A change marks positions as pending; ``settle`` walks from there and follows what a changed start moves on other routes,
until nothing moves. The result is the least solution of the start-time equations, so it does not depend on the
sequence of the walk. Contradictory sequences (a crew before another on one route and after it on a second) would grow
without bound; growth past the end of time marks the state as broken, and the caller takes its change back.
"""

from __future__ import annotations

from yingxu.core.routing.arrays import (
    APPOINT_AT,
    APPOINT_W,
    ARR,
    BROKEN,
    COST,
    DUR,
    EARLY,
    END,
    END_OF_TIME,
    FAIR_C,
    FLOOR,
    FREE,
    HOP,
    LEAVE,
    LIMIT,
    LOAD,
    N_PENDING,
    N_TOUCHED,
    OVERTIME_C,
    POS_COLUMNS,
    PREFERRED_C,
    RATE,
    READY,
    RELEASED,
    RESOLVE_AT,
    RESOLVE_W,
    RESPOND_AT,
    RESPOND_W,
    ROLE,
    START,
    STEEP,
    TOTAL,
    TRAVEL_C,
    TYPICAL,
    WAIT_W,
    Arrays,
    State,
)
from yingxu.core.routing.jit import inlined, kernel


@inlined
def start_cost(a: Arrays, i: int, s: float) -> float:
    """Cost of task ``i`` starting at ``s``: piecewise linear and convex in ``s``."""
    t = a.task
    c = t[i, WAIT_W] * (s - t[i, RELEASED])
    if s > t[i, RESPOND_AT]:
        c += t[i, RESPOND_W] * (s - t[i, RESPOND_AT])
    if s > t[i, RESOLVE_AT]:
        c += t[i, RESOLVE_W] * (s - t[i, RESOLVE_AT])
    if s > t[i, APPOINT_AT]:
        c += t[i, APPOINT_W] * (s - t[i, APPOINT_AT])
    return c


@inlined
def start_rate(a: Arrays, i: int, s: float) -> float:
    """Marginal cost per second of a later start (right derivative of ``start_cost``)."""
    t = a.task
    c = t[i, WAIT_W]
    if s >= t[i, RESPOND_AT]:
        c += t[i, RESPOND_W]
    if s >= t[i, RESOLVE_AT]:
        c += t[i, RESOLVE_W]
    if s >= t[i, APPOINT_AT]:
        c += t[i, APPOINT_W]
    return c


@kernel
def pref_penalty(a: Arrays, s: State, i: int) -> float:
    """Charge of an order whose crew has none of its preferred workers."""
    if a.pref_ptr[i] == a.pref_ptr[i + 1]:
        return 0.0
    for x in range(a.pref_ptr[i], a.pref_ptr[i + 1]):
        for r in range(a.n_roles[i]):
            if s.who[i, r] == a.pref[x]:
                return 0.0
    return float(a.coef[PREFERRED_C])


@kernel
def find(s: State, k: int, i: int) -> int:
    """Position of task ``i`` on route ``k``; -1 when it is not there."""
    o = s.off[k]
    for p in range(s.size[k]):
        if s.seq[o + p] == i:
            return p
    return -1


@kernel
def save_route(s: State, k: int) -> None:
    """Keep the route as it is, the first time that this change touches it."""
    if s.touch_mark[k]:
        return
    s.touch_mark[k] = 1
    s.touched[s.cnt[N_TOUCHED]] = k
    s.cnt[N_TOUCHED] += 1
    n = s.size[k]
    s.saved_size[k] = n
    for q in range(s.off[k], s.off[k] + n):
        s.saved_seq[q] = s.seq[q]
        s.saved_place[q] = s.leave_place[q]
        for c in range(POS_COLUMNS):
            s.saved_pos[q, c] = s.pos[q, c]
    s.saved_route[k, 0] = s.route_cost[k]
    s.saved_route[k, 1] = s.route_load[k]
    s.saved_route[k, 2] = s.worked[k]
    s.saved_route[k, 3] = s.low[k]


@kernel
def restore_routes(s: State) -> None:
    """Put every touched route back as it was saved."""
    for x in range(s.cnt[N_TOUCHED]):
        k = s.touched[x]
        n = s.saved_size[k]
        s.size[k] = n
        for q in range(s.off[k], s.off[k] + n):
            i = s.saved_seq[q]
            s.seq[q] = i
            s.leave_place[q] = s.saved_place[q]
            for c in range(POS_COLUMNS):
                s.pos[q, c] = s.saved_pos[q, c]
            r = int(s.pos[q, ROLE])
            s.who[i, r] = k
            s.arrive[i, r] = s.pos[q, ARR]
            s.start[i] = s.pos[q, START]
            s.cost[i] = s.pos[q, COST]
        s.route_cost[k] = s.saved_route[k, 0]
        s.route_load[k] = s.saved_route[k, 1]
        s.worked[k] = s.saved_route[k, 2]
        s.low[k] = int(s.saved_route[k, 3])


@kernel
def forget_touched(s: State) -> None:
    """End the change: what is now is what counts."""
    for x in range(s.cnt[N_TOUCHED]):
        s.touch_mark[s.touched[x]] = 0
    s.cnt[N_TOUCHED] = 0


@kernel
def mark(s: State, k: int, p: int) -> None:
    """Ask for the route to be timed again from position ``p`` on."""
    if s.pending_pos[k] < 0:
        s.pending[s.cnt[N_PENDING]] = k
        s.cnt[N_PENDING] += 1
        s.pending_pos[k] = s.pending_to[k] = p
    else:
        s.pending_pos[k] = min(p, s.pending_pos[k])
        s.pending_to[k] = max(p, s.pending_to[k])


@kernel
def _moved(a: Arrays, s: State, i: int, k: int) -> None:
    """The start of coupled task ``i`` moved on route ``k``: its crew and its followers must be looked at."""
    for r in range(a.n_roles[i]):
        other = s.who[i, r]
        if other >= 0 and other != k:
            p = find(s, other, i)
            if p >= 0:
                mark(s, other, p)
    for x in range(a.succ_ptr[i], a.succ_ptr[i + 1]):
        j = a.succ[x]
        for r in range(a.n_roles[j]):
            other = s.who[j, r]
            if other >= 0:
                p = find(s, other, j)
                if p >= 0:
                    mark(s, other, p)


@kernel
def earliest(a: Arrays, s: State, i: int) -> float:
    """Earliest start that the order's own data and its predecessors allow."""
    t = float(a.task[i, READY])
    for x in range(a.pred_ptr[i], a.pred_ptr[i + 1]):
        j = a.pred[x]
        t = max(t, s.start[j] + a.task[j, DUR])
    return t


@kernel
def settle(a: Arrays, s: State) -> bool:
    """Time everything pending, then cost the touched routes. False when the sequences cannot be kept."""
    late = 2.0 * a.coef[END_OF_TIME] - min(0.0, a.coef[END_OF_TIME]) + 1e6
    good = True
    work = 0
    while s.cnt[N_PENDING] > 0:
        s.cnt[N_PENDING] -= 1
        k = s.pending[s.cnt[N_PENDING]]
        p, to = s.pending_pos[k], s.pending_to[k]
        s.pending_pos[k] = -1
        if not good:
            s.dirty[k] = False
            continue
        save_route(s, k)
        s.touch_mark[k] = 2  # to be costed again
        o, n = s.off[k], s.size[k]
        t = a.worker[k, FREE] if p == 0 else s.pos[o + p - 1, LEAVE]
        place = a.worker_place[k] if p == 0 else s.leave_place[o + p - 1]
        again = s.dirty[k]
        s.dirty[k] = False
        for q in range(o + p, o + n):
            i = s.seq[q]
            here = a.place[i]
            if here >= 0:
                hop = a.matrix[place, here]
                s.pos[q, HOP] = hop
                t += hop
                place = here
            early = a.task[i, READY]
            start = max(t, early)
            if a.coupled[i]:
                mine = int(s.pos[q, ROLE])
                s.arrive[i, mine] = t
                early = earliest(a, s, i)
                for r in range(a.n_roles[i]):
                    if r != mine:
                        early = max(early, s.arrive[i, r])
                start = max(t, early)
                if start != s.start[i]:
                    s.start[i] = start
                    _moved(a, s, i, k)
            s.pos[q, ARR] = t
            s.pos[q, EARLY] = early
            same = start == s.pos[q, START] and s.leave_place[q] == place
            s.pos[q, START] = start
            s.start[i] = start
            t = start + a.task[i, DUR]
            s.pos[q, LEAVE] = t
            s.leave_place[q] = place
            work += 1
            if start > late or work > 200000 + 40 * a.n:
                good = False
                break
            if same and not again and q >= o + to:
                break
    if good:
        for x in range(s.cnt[N_TOUCHED]):
            k = s.touched[x]
            if s.touch_mark[k] == 2:
                s.touch_mark[k] = 1
                if not _cost_route(a, s, k):
                    good = False
    if not good:
        s.cnt[BROKEN] += 1
    return good


@kernel
def _cost_route(a: Arrays, s: State, k: int) -> bool:
    """Cost one timed route and refresh its caches; False when it ends after shift and overtime."""
    o, n = s.off[k], s.size[k]
    load, hops, breaks, worked, last = 0.0, 0.0, 0.0, -1e300, -1
    low = 0
    for q in range(o, o + n):
        i = s.seq[q]
        here = a.place[i]
        start = s.pos[q, START]
        if here >= 0:
            hops += s.pos[q, HOP]
            load += a.task[i, DUR]
            worked = start + a.task[i, DUR]
            last = q
            if i == a.pinned[k]:
                low = q - o + 1
            c = start_cost(a, i, start)
            s.num[TOTAL] += c - s.cost[i]
            s.cost[i] = c
            s.pos[q, COST] = c
    for q in range(o, o + n):
        i = s.seq[q]
        if a.place[i] < 0:
            # a break after the last order is late by when work ended; a day without work has no late break
            c = 0.0
            if q < last:
                c = start_cost(a, i, s.pos[q, START])
            elif last >= 0:
                c = start_cost(a, i, worked)
            breaks += c
            s.cost[i] = c
            s.pos[q, COST] = c
    over = max(0.0, worked - a.worker[k, END])
    # a delay of x costs at least rate · x, and at least floor + steep · x: the lines that touch the true (convex) cost
    # at no delay and at a typical one
    rate = a.coef[OVERTIME_C] if worked >= a.worker[k, END] else 0.0
    typical = a.coef[TYPICAL]
    floor, steep = 0.0, 0.0
    if worked + typical > a.worker[k, END]:
        floor, steep = a.coef[OVERTIME_C] * (worked - a.worker[k, END] - over), a.coef[OVERTIME_C]
    for q in range(o + n - 1, o - 1, -1):
        i, start = s.seq[q], s.pos[q, START]
        slack = s.pos[q, EARLY] - s.pos[q, ARR]
        if slack <= 0.0:
            slack = 0.0
        delay = typical - slack
        if delay <= 0.0:
            floor, steep = 0.0, 0.0
        elif q <= last:
            if rate * delay > floor + steep * delay:
                floor, steep = 0.0, rate
            grows = start_rate(a, i, start + delay)
            floor += start_cost(a, i, start + delay) - s.pos[q, COST] - grows * typical - steep * slack
            steep += grows
        if slack > 0.0:
            rate = 0.0
        else:
            rate += start_rate(a, i, start)
        s.pos[q, RATE], s.pos[q, FLOOR], s.pos[q, STEEP] = rate, floor, steep
    s.worked[k] = worked
    s.low[k] = low
    s.route_load[k] = a.worker[k, LOAD] + load + hops
    c = a.coef[TRAVEL_C] * hops + a.coef[OVERTIME_C] * over + a.coef[FAIR_C] * s.route_load[k] ** 2 + breaks
    s.num[TOTAL] += c - s.route_cost[k]
    s.route_cost[k] = c
    return worked <= a.worker[k, LIMIT]
