"""Where one task would cost least: exact re-evaluation of the rest of the route, with a bound that skips most of it."""

from __future__ import annotations

from yingxu.core.routing.arrays import (
    ARR,
    COST,
    DUR,
    EARLY,
    END,
    FAIR_C,
    FREE,
    HOP,
    LEAVE,
    LIMIT,
    N_EVAL,
    OVERTIME_C,
    PREFERRED_C,
    RATE,
    READY,
    START,
    TRAVEL_C,
    Arrays,
    State,
)
from yingxu.core.routing.chance import below, uniform
from yingxu.core.routing.jit import inlined, kernel
from yingxu.core.routing.timing import earliest, find, start_cost

INF = 1e300


@kernel
def side_cost(a: Arrays, s: State, i: int, k: int, start: float) -> float:
    """What a later start of coupled order ``i`` costs on other routes, of its crew and followers (one step deep)."""
    extra = 0.0
    for r in range(a.n_roles[i]):
        other = s.who[i, r]
        if other >= 0 and other != k:
            p = find(s, other, i)
            if p >= 0:
                extra += _walk(a, s, other, p + 1, start + a.task[i, DUR], a.place[i])
    for x in range(a.succ_ptr[i], a.succ_ptr[i + 1]):
        j = a.succ[x]
        begin = start + a.task[i, DUR]
        if s.who[j, 0] >= 0 and begin > s.start[j]:
            extra += start_cost(a, j, begin) - s.cost[j]
            for r in range(a.n_roles[j]):
                other = s.who[j, r]
                p = find(s, other, j)
                if p >= 0:
                    extra += _walk(a, s, other, p + 1, begin + a.task[j, DUR], a.place[j])
    return extra


@kernel
def _walk(a: Arrays, s: State, k: int, p: int, t: float, place: int) -> float:
    """Cost of route ``k`` going on at position ``p`` at the later time ``t`` (its sequence unchanged)."""
    o, n = s.off[k], s.size[k]
    c = 0.0
    worked = max(t, s.worked[k])
    for q in range(o + p, o + n):
        j = s.seq[q]
        here = a.place[j]
        if here >= 0:
            t += a.matrix[place, here]
            place = here
        begin = max(t, s.pos[q, EARLY])
        if begin <= s.pos[q, START]:
            return c
        c += start_cost(a, j, begin) - s.pos[q, COST]
        t = begin + a.task[j, DUR]
        if here >= 0:
            worked = t
    if worked > a.worker[k, LIMIT]:
        return INF
    over, was = max(0.0, worked - a.worker[k, END]), max(0.0, s.worked[k] - a.worker[k, END])
    return c + a.coef[OVERTIME_C] * (over - was)


@inlined
def suffix_cost(
    a: Arrays, s: State, k: int, p: int, t: float, place: int, before: int, load: float, worked: float, budget: float
) -> float:
    """Change of cost when route ``k`` goes on at position ``p`` at time ``t`` from ``place`` instead of ``before``.

    ``load`` are the seconds of work and travel that the change itself adds, ``worked`` when it ends work if nothing
    follows. Stops with ``INF`` once ``budget`` is spent: what follows can only add, as long as times move later.
    """
    o, n = s.off[k], s.size[k]
    c = 0.0
    joined, absorbed = False, False
    for q in range(o + p, o + n):
        j = s.seq[q]
        here = a.place[j]
        if here >= 0:
            hop = a.matrix[place, here]
            if not joined:
                joined = True
                load += hop - a.matrix[before, here]
            t += hop
            place = here
        begin = max(t, s.pos[q, EARLY])
        if begin == s.pos[q, START]:
            if here >= 0:
                absorbed = True
                break
        else:
            c += start_cost(a, j, begin) - s.pos[q, COST]
            if begin > s.pos[q, START] and a.coupled[j]:
                c += side_cost(a, s, j, k, begin)
            if c > budget:
                return INF
        t = begin + a.task[j, DUR]
        if here >= 0:
            worked = t
    if not absorbed:
        if worked > a.worker[k, LIMIT]:
            return INF
        over, was = max(0.0, worked - a.worker[k, END]), max(0.0, s.worked[k] - a.worker[k, END])
        c += a.coef[OVERTIME_C] * (over - was)
    # of load, what is not the order's own duration is travel; the caller charges that
    total = s.route_load[k]
    return c + a.coef[FAIR_C] * ((total + load) ** 2 - total**2) + a.coef[TRAVEL_C] * load


@inlined
def follow_cost(a: Arrays, s: State, i: int, end: float) -> float:
    """What the followers of order ``i`` cost at least when it ends at ``end``.

    Without it an order of little weight goes last, however urgent what follows it (weight is inherited).
    """
    c = 0.0
    for x in range(a.succ_ptr[i], a.succ_ptr[i + 1]):
        j = a.succ[x]
        c += start_cost(a, j, max(end, a.task[j, READY]))
        for y in range(a.succ_ptr[j], a.succ_ptr[j + 1]):
            c += start_cost(a, a.succ[y], max(end + a.task[j, DUR], a.task[a.succ[y], READY]))
    return c


@kernel
def ceiling(a: Arrays, i: int) -> float:
    """Cost above which order ``i`` is better left out, in the terms of ``choose``: its followers would be out too."""
    c = float(a.unassigned[i])
    for x in range(a.succ_ptr[i], a.succ_ptr[i + 1]):
        j = a.succ[x]
        c += a.unassigned[j]
        for y in range(a.succ_ptr[j], a.succ_ptr[j + 1]):
            c += a.unassigned[a.succ[y]]
    return c


@inlined
def scan_route(
    a: Arrays, s: State, i: int, k: int, ready: float, slope: float, bound: float, blink: float
) -> tuple[float, int, float]:
    """Best position of order ``i`` on route ``k``: (cost, position, start), or ``bound`` and -1 when none is below it.

    ``slope`` charges every second of start after ``ready`` for those who wait; each position is overlooked with
    probability ``blink`` (Christiaens & Vanden Berghe 2020, SISR).
    """
    o, n = s.off[k], s.size[k]
    here, dur = a.place[i], a.task[i, DUR]
    best, best_p, best_start = bound, -1, 0.0
    low = s.low[k]
    for x in range(a.pred_ptr[i], a.pred_ptr[i + 1]):
        low = max(low, find(s, k, a.pred[x]) + 1)
    limit = a.worker[k, LIMIT]
    leads = a.succ_ptr[i + 1] > a.succ_ptr[i]
    high = n
    if a.pinned[k] == i:
        # an order locked as first comes before every other; only breaks may stand before it
        high = 0
        while high < n and a.place[s.seq[o + high]] < 0:
            high += 1
    t = a.worker[k, FREE]
    place = a.worker_place[k]
    if low > 0:
        t, place = s.pos[o + low - 1, LEAVE], s.leave_place[o + low - 1]
    travel = a.coef[TRAVEL_C]
    scanned = 0
    for p in range(low, high + 1):
        scanned += 1
        if p > low:
            t, place = s.pos[o + p - 1, LEAVE], s.leave_place[o + p - 1]
        hop = a.back[here, place]
        start = max(t + hop, ready)
        end = start + dur
        if end > limit:
            if t + dur > limit:
                break
            continue
        own = start_cost(a, i, start) + slope * (start - ready)
        if leads:
            own += follow_cost(a, s, i, end)
        if own >= best:
            if start_cost(a, i, max(t, ready)) >= best:
                break
            continue
        if p < n and s.seq[o + p] < a.n:
            onward = a.matrix[here, s.leave_place[o + p]]
            later = end + onward - s.pos[o + p, ARR]
            if later >= 0.0:
                least = own + s.pos[o + p, RATE] * later
                least += travel * (hop + onward - s.pos[o + p, HOP])
                if least >= best:
                    continue
        if blink > 0.0 and uniform(s) < blink:
            continue
        c = own - travel * dur
        c += suffix_cost(a, s, k, p, end, here, place, hop + dur, end, best - c)
        if c < best:
            best, best_p, best_start = c, p, start
    s.cnt[N_EVAL] += scanned
    return best, best_p, best_start


@kernel
def place_order(a: Arrays, s: State, i: int, blink: float, tried: int) -> float:
    """Choose worker and position of a one-role order; ``s.chosen`` receives them. Returns the cost, ``INF`` if none."""
    ready = earliest(a, s, i)
    best = INF
    named = a.pref_ptr[i] < a.pref_ptr[i + 1]
    s.chosen[0] = -1
    lo, hi = a.role_lo[i, 0], a.role_hi[i, 0]
    if hi <= lo:
        return INF
    turn = lo + below(s, hi - lo)
    for x in range(min(tried, hi - lo)):
        y = turn + x
        k = a.role_worker[y if y < hi else y - (hi - lo)]
        if not s.mine[k]:
            continue
        extra = 0.0
        if named:
            extra = a.coef[PREFERRED_C]
            for z in range(a.pref_ptr[i], a.pref_ptr[i + 1]):
                if a.pref[z] == k:
                    extra = 0.0
        c, p, _ = scan_route(a, s, i, k, ready, 0.0, best - extra, blink)
        if p >= 0:
            best = c + extra
            s.chosen[0], s.chosen[1] = k, p
    return best


@kernel
def place_break(a: Arrays, s: State, i: int) -> float:
    """Choose the position of a break on its worker's route; it can always be taken after the last order."""
    k = a.role_worker[a.role_lo[i, 0]]
    o, n = s.off[k], s.size[k]
    low, high = 0, n
    for p in range(n):
        j = s.seq[o + p]
        if a.place[j] < 0:
            if j < i:
                low = p + 1
            elif j > i and high == n:
                high = p
    best, best_p = INF, high
    for p in range(low, high + 1):
        t = a.worker[k, FREE] if p == 0 else s.pos[o + p - 1, LEAVE]
        place = a.worker_place[k] if p == 0 else s.leave_place[o + p - 1]
        begin = max(t, a.task[i, 0])
        c = start_cost(a, i, begin)
        c += suffix_cost(a, s, k, p, begin + a.task[i, DUR], place, place, 0.0, s.worked[k], best - c)
        if c < best:
            best, best_p = c, p
    s.chosen[0], s.chosen[1] = k, best_p
    return best
