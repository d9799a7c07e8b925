"""Crews start together, so their workers are chosen together: by a few candidates for one role, then the others."""

from __future__ import annotations

from yingxu.core.routing.arrays import DUR, PREFERRED_C, RATE, TRAVEL_C, Arrays, State
from yingxu.core.routing.chance import below
from yingxu.core.routing.insertion import INF, follow_cost, scan_route, suffix_cost
from yingxu.core.routing.jit import inlined, kernel
from yingxu.core.routing.timing import earliest, start_cost

#: How many workers are tried for the first role of a crew.
TRIED = 3


@inlined
def _delay_rate(a: Arrays, s: State, k: int, p: int) -> float:
    """Marginal cost per second for route ``k`` of holding its worker at position ``p``."""
    return s.pos[s.off[k] + p, RATE] if p < s.size[k] else 0.0


@kernel
def _member_cost(a: Arrays, s: State, i: int, k: int, p: int, start: float) -> float:
    """What joining order ``i`` at position ``p``, begun at ``start``, changes on route ``k`` (less its own cost)."""
    o = s.off[k]
    place = a.worker_place[k] if p == 0 else s.leave_place[o + p - 1]
    here, dur = a.place[i], a.task[i, DUR]
    hop = a.matrix[place, here]
    end = start + dur
    c = suffix_cost(a, s, k, p, end, here, place, hop + dur, end, INF)
    return c - a.coef[TRAVEL_C] * dur


@kernel
def place_crew(a: Arrays, s: State, i: int, blink: float, tried: int) -> float:
    """Choose workers and positions of an order with roles; ``s.chosen`` receives (worker, position) by role.

    Every role leads in turn with its ``TRIED`` best workers; the other roles follow in sequence, each seeing the start
    reached so far and what a later start costs those already chosen. Returns the cost, ``INF`` when no crew was found.
    """
    n = a.n_roles[i]
    ready = earliest(a, s, i)
    w = 2 * n
    for x in range(w):
        s.chosen[x] = -1
    best = INF
    for lead in range(n):
        twin = False
        for r in range(lead):  # another role that the same people fill has led already
            if a.role_lo[i, r] == a.role_lo[i, lead] and a.role_hi[i, r] == a.role_hi[i, lead]:
                twin = True
        if twin:
            continue
        # s.scratch holds the best costs of the leading role, s.chosen[w:] their workers and positions
        for t in range(TRIED):
            s.scratch[t] = INF
        lo, hi = a.role_lo[i, lead], a.role_hi[i, lead]
        turn = lo + below(s, max(1, hi - lo))
        last = s.last[i, lead]
        for x in range(-1, min(tried, hi - lo)):
            y = turn + x
            k = last if x < 0 else a.role_worker[y if y < hi else y - (hi - lo)]
            if k < 0 or not s.mine[k] or (x >= 0 and k == last):
                continue
            c, p, start = scan_route(a, s, i, k, ready, 0.0, s.scratch[TRIED - 1], blink)
            if p < 0:
                continue
            t = TRIED - 1
            while t > 0 and s.scratch[t - 1] > c:
                s.scratch[t] = s.scratch[t - 1]
                s.scratch[TRIED + t] = s.scratch[TRIED + t - 1]
                s.chosen[2 * w + 2 * t] = s.chosen[2 * w + 2 * t - 2]
                s.chosen[2 * w + 2 * t + 1] = s.chosen[2 * w + 2 * t - 1]
                t -= 1
            s.scratch[t] = c
            s.scratch[TRIED + t] = start
            s.chosen[2 * w + 2 * t] = k
            s.chosen[2 * w + 2 * t + 1] = p
        for t in range(TRIED):
            if s.scratch[t] >= INF:
                break
            k, p, start = s.chosen[2 * w + 2 * t], s.chosen[2 * w + 2 * t + 1], s.scratch[TRIED + t]
            # what is left to the others of the crew and to the order's own lateness once this route has its share
            own = start_cost(a, i, start) + follow_cost(a, s, i, start + a.task[i, DUR])
            cost = _follow(a, s, i, lead, k, p, start, best - s.scratch[t] + own, blink, tried)
            if cost < best:
                best = cost
                for x in range(w):
                    s.chosen[x] = s.chosen[w + x]
    return best


@kernel
def _follow(
    a: Arrays, s: State, i: int, lead: int, k: int, p: int, start: float, bound: float, blink: float, tried: int
) -> float:
    """Complete a crew whose role ``lead`` is given; the crew goes to the second half of ``s.chosen``.

    Gives up with ``INF`` when no other member joins for less than ``bound``, the order's own lateness included.
    """
    n = a.n_roles[i]
    w = 2 * n
    for x in range(n):
        s.chosen[w + 2 * x] = -1
    s.chosen[w + 2 * lead], s.chosen[w + 2 * lead + 1] = k, p
    slope = _delay_rate(a, s, k, p)
    for r in range(n):
        if r == lead:
            continue
        best, best_k, best_p, best_start = bound, -1, -1, 0.0
        lo, hi = a.role_lo[i, r], a.role_hi[i, r]
        turn = lo + below(s, max(1, hi - lo))
        last = s.last[i, r]
        for x in range(-1, min(max(tried, n), hi - lo)):
            z = turn + x
            other = last if x < 0 else a.role_worker[z if z < hi else z - (hi - lo)]
            if other < 0 or (x >= 0 and other == last):
                continue
            taken = not s.mine[other]
            for y in range(n):
                if s.chosen[w + 2 * y] == other:
                    taken = True
            if taken:
                continue
            c, q, begin = scan_route(a, s, i, other, start, slope, best, blink)
            if q >= 0:
                best, best_k, best_p, best_start = c, other, q, begin
        if best_k < 0:
            return INF
        s.chosen[w + 2 * r], s.chosen[w + 2 * r + 1] = best_k, best_p
        start = max(start, best_start)
        slope += _delay_rate(a, s, best_k, best_p)
    cost = start_cost(a, i, start) + follow_cost(a, s, i, start + a.task[i, DUR])
    named = a.pref_ptr[i] < a.pref_ptr[i + 1]
    liked = False
    for r in range(n):
        cost += _member_cost(a, s, i, s.chosen[w + 2 * r], s.chosen[w + 2 * r + 1], start)
        if named:
            for z in range(a.pref_ptr[i], a.pref_ptr[i + 1]):
                if a.pref[z] == s.chosen[w + 2 * r]:
                    liked = True
    if named and not liked:
        cost += a.coef[PREFERRED_C]
    return cost
