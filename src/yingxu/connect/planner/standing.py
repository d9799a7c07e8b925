"""The plan that stands, and where one more job fits into it best: the first answer, within milliseconds. Pure.

Nothing is searched here: the job is put at every position of those who may go, the rest held still. A search of the
whole plan follows in the background and writes what it found better.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from yingxu.connect.planner.comparing import Only, holds
from yingxu.connect.planner.problem import Posed, able, with_order
from yingxu.connect.planner.saying import OTHERS, proposal, way_told
from yingxu.core.routing.explain import Option, options
from yingxu.core.routing.plan import Plan
from yingxu.dispatch.actions import NewProposal
from yingxu.dispatch.queries import JobNow

#: With more people than twice this, only those who look best are compared position by position: so many who could be
#: there first, and so many who are through with their own first.
FEW = 15

Timed = tuple[bool, int, int]


@dataclass(frozen=True)
class Standing:
    """A plan with the problem that it answers."""

    posed: Posed
    plan: Plan

    def with_one_more(self, job: JobNow) -> tuple[Standing, NewProposal]:
        """Return the plan with one more waiting job in it, and what to propose for that job.

        A job for several gets its accountable person first and then, one by one, who costs least beside.
        """
        who = able(self.posed, job)
        posed = with_order(self.posed, job, frozenset(self._positions(self._others(who.first | who.beside))))
        i = len(posed.problem.orders) - 1
        plan = Plan(posed.problem, self.plan.routes, (*self.plan.unassigned, i), self.plan.parts)
        hold = holds(plan)
        ways = options(plan, i, Only(self._few(plan, i, who.first)), hold)
        if not ways:
            return Standing(posed, plan), proposal(posed, job, {})
        lead, taken, beside = ways[0], {ways[0].worker}, list[Option]()
        for _ in range(who.crew - 1):
            free = [k for k in self._few(plan, i, who.beside) if k not in taken]
            found = options(plan, i, Only(free), hold)
            if not found:
                break
            beside.append(found[0])
            taken.add(found[0].worker)
        start = max(way.start_s for way in (lead, *beside))
        routes = list(plan.routes)
        for way in (lead, *beside):
            routes[way.worker] = with_stop(routes[way.worker], i, way)
        orders = posed.problem.orders
        if beside:  # the roles are fixed with the people: until the next whole plan nobody else is asked
            orders = (*orders[:-1], replace(orders[-1], roles=({},) * len(taken)))
        problem = replace(posed.problem, orders=orders)
        told: dict[str, Any] = {"chosen": {**way_told(problem, lead), "start": start}}
        others = [way for way in ways[1:] if way.worker not in taken]
        if others:
            told["runner_up"] = way_told(problem, others[0])
            told["others"] = [way_told(problem, way) for way in others[1 : 1 + OTHERS]]
        posed = replace(posed, problem=problem)
        said = proposal(posed, job, told, mates=[problem.workers[way.worker].id for way in beside])
        return Standing(posed, Plan(problem, tuple(routes), self.plan.unassigned, self.plan.parts)), said

    def _positions(self, keys: Collection[int]) -> list[int]:
        return [k for k, w in enumerate(self.posed.problem.workers) if int(w.id) in keys]

    def _others(self, keys: Collection[int]) -> set[int]:
        return {w.key for w in self.posed.now.workers} - set(keys)

    def _few(self, plan: Plan, i: int, keys: Collection[int]) -> list[int]:
        """Who is worth comparing: everybody, or with many people those who are near or free soonest."""
        found = self._positions(keys)
        if len(found) <= 2 * FEW:
            return found
        problem, o = plan.problem, plan.problem.orders[i]
        soon: list[tuple[int, int]] = []
        late: list[tuple[int, int]] = []
        for k in found:
            w, stops = problem.workers[k], [stop for stop in plan.routes[k] if not stop[0]]
            soon.append((w.ready_s + int(problem.matrix[w.location, o.location]), k))
            if stops:
                last = problem.orders[stops[-1][1]]
                late.append((stops[-1][2] + last.duration + int(problem.matrix[last.location, o.location]), k))
            else:
                late.append(soon[-1])
        return sorted({k for _, k in (*sorted(soon)[:FEW], *sorted(late)[:FEW])})


def with_stop(stops: Sequence[Timed], i: int, way: Option) -> tuple[Timed, ...]:
    """Return a route with one more order where ``way`` puts it; those after it are as late as the way says."""
    place = next(
        (p for p, (is_break, j, at) in enumerate(stops) if not is_break and (j in way.delays or at >= way.start_s)),
        len(stops),
    )
    after = tuple((is_break, j, at if is_break else at + way.delays.get(j, 0)) for is_break, j, at in stops[place:])
    return (*stops[:place], (False, i, way.start_s), *after)
