"""Moves inside one route: a block to another position, two orders exchanged. Long routes need them beside insertion."""

from __future__ import annotations

from yingxu.core.routing.arrays import PART, ROLE, Arrays, State
from yingxu.core.routing.chance import below, uniform
from yingxu.core.routing.jit import kernel
from yingxu.core.routing.timing import find, mark, save_route

#: Longest block that is moved, and how far, in positions.
LONGEST, REACH = 8, 30


@kernel
def _exchange(s: State, p: int, q: int) -> None:
    s.seq[p], s.seq[q] = s.seq[q], s.seq[p]
    s.pos[p, ROLE], s.pos[q, ROLE] = s.pos[q, ROLE], s.pos[p, ROLE]


@kernel
def _reverse(s: State, p: int, q: int) -> None:
    while p < q:
        _exchange(s, p, q)
        p += 1
        q -= 1


@kernel
def move_inside(a: Arrays, s: State) -> bool:
    """Change the sequence of one route at random; False when nothing was changed. Times are stale until ``settle``."""
    i = below(s, a.n)
    k = s.who[i, 0]
    if k < 0 or a.fixed[i] or (s.cnt[PART] >= 0 and not s.mine[k]):
        return False
    o, n, low = s.off[k], s.size[k], s.low[k]
    p = find(s, k, i)
    if n - low < 3 or p < low:
        return False
    q = max(low, min(n - 1, p - REACH + below(s, 2 * REACH + 1)))
    if q == p:
        return False
    if uniform(s) < 0.35:
        if s.seq[o + q] >= a.n:
            return False
        save_route(s, k)
        _exchange(s, o + p, o + q)
    else:
        # the block is p … end, moved behind (or before) what lies between it and q: two reversals and one of the whole
        end = min(n - 1, p + below(s, LONGEST))
        if p < q <= end:
            return False
        for x in range(p, end + 1):
            if s.seq[o + x] >= a.n:
                return False
        save_route(s, k)
        lo, hi = (p, q) if q > p else (q, end)
        cut = end if q > p else p - 1
        _reverse(s, o + lo, o + cut)
        _reverse(s, o + cut + 1, o + hi)
        _reverse(s, o + lo, o + hi)
        p = lo
    s.dirty[k] = True
    mark(s, k, min(p, q))
    return True
