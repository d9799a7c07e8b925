"""Where one task would cost least: exact re-evaluation of the rest of the route, with a bound that skips most of it."""

from __future__ import annotations

import numpy as np

from yingxu.core.routing.arrays import (
    APPOINT_AT,
    APPOINT_W,
    ARR,
    COST,
    DUR,
    EARLY,
    END,
    FAIR_C,
    FLOOR,
    FREE,
    HOP,
    LEAVE,
    LIMIT,
    N_EVAL,
    OVERTIME_C,
    PREFERRED_C,
    RATE,
    READY,
    RELEASED,
    RESOLVE_AT,
    RESOLVE_W,
    RESPOND_AT,
    RESPOND_W,
    START,
    STEEP,
    TRAVEL_C,
    WAIT_W,
    Arrays,
    State,
)
from yingxu.core.routing.chance import below, uniform
from yingxu.core.routing.jit import inlined, kernel
from yingxu.core.routing.timing import earliest, find, start_cost

INF = 1e300

#: Indices are unsigned in the innermost loops: a signed one may count from the end, and is asked each time.
ONE = np.uintp(1)


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


@kernel
def _others_cost(a: Arrays, s: State, k: int, p: int, t: float, place: int) -> float:
    """What crews and followers on other routes pay when route ``k`` goes on at position ``p`` at time ``t``."""
    o, n = s.off[k], s.size[k]
    c = 0.0
    spot = np.uintp(place)
    for q in range(o + p, o + n):
        j = s.seq[q]
        here = a.place[j]
        if here >= 0:
            t += a.matrix[spot, np.uintp(here)]
            spot = np.uintp(here)
        begin = max(t, s.pos[q, EARLY])
        if begin == s.pos[q, START]:
            if here >= 0:
                break
        elif begin > s.pos[q, START] and a.coupled[j]:
            c += side_cost(a, s, j, k, begin)
        t = begin + a.task[j, DUR]
    return c


@inlined
def suffix_cost(
    a: Arrays, s: State, k: int, p: int, t: float, place: int, before: int, load: float, worked: float, budget: float
) -> float:
    """Change of cost when route ``k`` goes on at position ``p`` at time ``t`` from ``place`` instead of ``before``.

    ``load`` are the seconds of work and travel that the change itself adds, ``worked`` when it ends work if nothing
    follows. Stops with ``INF`` once ``budget`` is spent: what follows can only add, as long as times move later.
    Other routes are looked at last, for the few places that are worth it.
    """
    o, n = s.off[k], s.size[k]
    c = 0.0
    joined, absorbed, others = False, False, False
    spot, begun = np.uintp(place), t
    for x in range(o + p, o + n):
        q = np.uintp(x)
        j = np.uintp(s.seq[q])
        here = a.place[j]
        if here >= 0:
            hop = a.matrix[spot, np.uintp(here)]
            if not joined:
                joined = True
                load += hop - a.matrix[np.uintp(before), np.uintp(here)]
            t += hop
            spot = np.uintp(here)
        begin, was_at = max(t, s.pos[q, EARLY]), s.pos[q, START]
        if begin == was_at:
            if here >= 0:
                absorbed = True
                break
        else:
            c += start_cost(a, j, begin) - s.pos[q, COST]
            if c > budget:
                return INF
            others = others or (begin > was_at and a.coupled[j])
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
    c += a.coef[FAIR_C] * ((total + load) ** 2 - total**2) + a.coef[TRAVEL_C] * load
    if others and c <= budget:
        c += _others_cost(a, s, k, p, begun, place)
    return c


@inlined
def _start_cost(
    s: float,
    released: float,
    wait_w: float,
    respond_at: float,
    respond_w: float,
    resolve_at: float,
    resolve_w: float,
    appoint_at: float,
    appoint_w: float,
) -> float:
    """``timing.start_cost`` of an order whose row is at hand."""
    c = wait_w * (s - released)
    if s > respond_at:
        c += respond_w * (s - respond_at)
    if s > resolve_at:
        c += resolve_w * (s - resolve_at)
    if s > appoint_at:
        c += appoint_w * (s - appoint_at)
    return c


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
    row, at = a.task, np.uintp(i)
    # kept in locals: the compiler would read them again after every random number that is stored
    dur, respond_at, respond_w = row[at, DUR], row[at, RESPOND_AT], row[at, RESPOND_W]
    resolve_at, resolve_w = row[at, RESOLVE_AT], row[at, RESOLVE_W]
    appoint_at, appoint_w = row[at, APPOINT_AT], row[at, APPOINT_W]
    released, wait_w = row[at, RELEASED], row[at, WAIT_W]
    best, best_p, best_start = bound, -1, 0.0
    fair, total = a.coef[FAIR_C], s.route_load[k]
    # what the day's load costs at least when the order's own work is added to it
    share = fair * dur * (2.0 * total + dur)
    first = _start_cost(ready, released, wait_w, respond_at, respond_w, resolve_at, resolve_w, appoint_at, appoint_w)
    if first + share >= best:
        return best, best_p, best_start
    o, n = s.off[k], s.size[k]
    here = np.uintp(a.place[at])
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
    travel = a.coef[TRAVEL_C]
    scanned = 0
    for p in range(low, high + 1):
        scanned += 1
        q = np.uintp(o + p)
        if p > 0:
            t, place = s.pos[q - ONE, LEAVE], s.leave_place[q - ONE]
        hop = a.back[here, np.uintp(place)]
        start = max(t + hop, ready)
        end = start + dur
        if end > limit:
            if t + dur > limit:
                break
            continue
        own = share + slope * (start - ready)
        own += _start_cost(start, released, wait_w, respond_at, respond_w, resolve_at, resolve_w, appoint_at, appoint_w)
        if leads:
            own += follow_cost(a, s, i, end)
        if own >= best:
            soonest = max(t, ready)
            least = share + _start_cost(
                soonest, released, wait_w, respond_at, respond_w, resolve_at, resolve_w, appoint_at, appoint_w
            )
            if least >= best:
                break
            continue
        # before the rest of the route is walked: what the delay costs there at least, and what the longer way adds
        # to the day's load
        if p < n and s.seq[q] < a.n:
            onward = a.matrix[here, np.uintp(s.leave_place[q])]
            later = end + onward - s.pos[q, ARR]
            if later >= 0.0:
                way = hop + onward - s.pos[q, HOP]
                least = max(s.pos[q, RATE] * later, s.pos[q, FLOOR] + s.pos[q, STEEP] * later)
                least += own + way * (travel + fair * (2.0 * (total + dur) + way))
                if least >= best:
                    continue
        if blink > 0.0 and uniform(s) < blink:
            continue
        c = own - share - travel * dur
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
    # who had it last comes first: a good bound at once leaves little to look at elsewhere
    last = s.last[i, 0]
    for x in range(-1, min(tried, hi - lo)):
        y = turn + x
        k = last if x < 0 else a.role_worker[y if y < hi else y - (hi - lo)]
        if k < 0 or not s.mine[k] or (x >= 0 and k == last):
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
