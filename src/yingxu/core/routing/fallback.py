"""A dispatcher without compiled kernels: a queue by urgency, each order appended where it costs least.

It answers at once while the kernels are not compiled, and it is the priority queue that the engine is measured against.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping

from yingxu.core.routing.eligible import Eligibility, ancestors, obliged, unassigned_cost
from yingxu.core.routing.plan import Plan, Stop, repaired_plan
from yingxu.core.routing.problem import Order, Problem


class _Tour:
    """A worker's route as it grows at its end."""

    __slots__ = ("breaks", "clock", "place", "stops")

    def __init__(self, clock: int, place: int) -> None:
        self.clock, self.place, self.breaks = clock, place, 0
        self.stops: list[Stop] = []


def _arrival(problem: Problem, k: int, tour: _Tour, o: Order, ready: int, *, rested: bool) -> tuple[int, int]:
    """(start, breaks taken before it) of an order appended to a tour: a break goes first when it is due."""
    t, b = tour.clock, tour.breaks
    hop = int(problem.matrix[tour.place, o.location])
    pauses = problem.workers[k].breaks
    while rested and b < len(pauses):
        pause = pauses[b]
        if t < pause.earliest and max(ready, t + hop) + o.duration <= pause.latest:
            break
        t = max(t, pause.earliest) + pause.duration
        b += 1
    return max(ready, t + hop), b


def _late_cost(problem: Problem, o: Order, start: int) -> float:
    c = problem.objective
    cost = c["respond"] * max(0, start - o.respond_by) + c["wait"] * (start - o.released)
    cost += c["resolve"] * max(0, start + o.duration - o.resolve_by)
    if o.appointment is not None:
        cost += c["appointment"] * max(0, start - o.appointment)
    return o.weight * cost / 60.0


def queue_order(problem: Problem, ahead: Mapping[int, int] | None = None) -> list[int]:
    """Orders as a priority queue serves them: obliged, then by weight and due time, none before what it follows.

    ``ahead``: orders that go before others of their kind, those with the larger number first.
    """
    must = obliged(problem)
    first = {
        j
        for i, o in enumerate(problem.orders)
        if o.locked is not None and o.locked_first
        for j in (i, *ancestors(problem, i))
    }
    pushed = ahead or {}
    waits = [len(o.after) for o in problem.orders]
    followers: dict[int, list[int]] = {}
    for i, o in enumerate(problem.orders):
        for p in o.after:
            followers.setdefault(p, []).append(i)

    def key(i: int) -> tuple[bool, bool, int, float, int, int]:
        o = problem.orders[i]
        return i not in first, i not in must, -pushed.get(i, 0), -o.weight, o.respond_by, i

    heap = [key(i) for i, n in enumerate(waits) if n == 0]
    heapq.heapify(heap)
    out = []
    while heap:
        i = heapq.heappop(heap)[-1]
        out.append(i)
        for j in followers.get(i, ()):
            waits[j] -= 1
            if waits[j] == 0:
                heapq.heappush(heap, key(j))
    return out


class _Dispatcher:
    """Serves orders one after the other, each by whoever can begin soonest."""

    def __init__(self, problem: Problem, eligible: Eligibility, must: frozenset[int]) -> None:
        self.problem, self._eligible, self._must = problem, eligible, must
        self.tours = [_Tour(w.ready_s, w.location) for w in problem.workers]
        self.ends: dict[int, int] = {}

    def serve(self, i: int, *, rested: bool = True) -> bool:
        """Place order ``i`` if it can be; ``rested``: breaks that are due go first."""
        problem, o = self.problem, self.problem.orders[i]
        if not o.roles or any(p not in self.ends for p in o.after):
            return False
        ready = max([o.ready_s, *(self.ends[p] for p in o.after)])
        crew: list[tuple[int, int]] = []
        for r in range(len(o.roles)):
            best: tuple[int, int, int, int] | None = None
            for k in self._eligible.role(i, r):
                if any(k == other for other, _ in crew):
                    continue
                start, b = _arrival(problem, k, self.tours[k], o, ready, rested=rested)
                if start + o.duration > problem.workers[k].limit_s:
                    continue
                rank = (start, -self.tours[k].clock, k, b)
                if best is None or rank < best:
                    best = rank
            if best is None:
                return False
            ready = max(ready, best[0])
            crew.append((best[2], best[3]))
        if any(ready + o.duration > problem.workers[k].limit_s for k, _ in crew):
            return False
        if i not in self._must and _late_cost(problem, o, ready) > unassigned_cost(problem, i):
            return False
        for k, b in crew:
            tour = self.tours[k]
            tour.stops += [(True, x) for x in range(tour.breaks, b)]
            tour.breaks = b
            tour.stops.append((False, i))
            tour.clock, tour.place = ready + o.duration, o.location
        self.ends[i] = ready + o.duration
        return True


#: How often what is locked is served anew, in another sequence, until all of it has found its place.
_TURNS = 100


def _locks_kept(problem: Problem, eligible: Eligibility, must: frozenset[int]) -> _Dispatcher:
    """Serve what must be placed; what found no time goes further ahead the next time, and breaks wait if they must.

    Joslin & Clements (1999), "Squeaky Wheel Optimization", JAIR 10: 353-373. Deviation: no order is ever moved back.
    """
    ahead: dict[int, int] = {}
    for turn in range(_TURNS):
        tried = _Dispatcher(problem, eligible, must)
        sequence = [i for i in queue_order(problem, ahead) if i in must]
        lost = [i for i in sequence if not tried.serve(i, rested=turn % 2 == 0)]
        if not lost:
            break
        for i in lost:
            for j in (i, *ancestors(problem, i)):
                ahead[j] = ahead.get(j, 0) + 1
    return tried


def fallback_routes(problem: Problem) -> list[list[Stop]]:
    """Routes of the priority queue, breaks included."""
    eligible, must = Eligibility(problem), obliged(problem)
    day = _locks_kept(problem, eligible, must)
    for i in queue_order(problem):
        if i not in must:
            day.serve(i)
    for k, tour in enumerate(day.tours):
        tour.stops += [(True, x) for x in range(tour.breaks, len(problem.workers[k].breaks))]
    return [tour.stops for tour in day.tours]


def fallback_plan(problem: Problem) -> Plan:
    """A feasible plan in plain Python: about a second for 5,000 orders and 300 workers."""
    return repaired_plan(problem, fallback_routes(problem))
