"""From routes to a timed plan, its cost and its document: plain Python on the problem's own whole numbers.

This is the engine's own judge. It owes nothing to the kernels, so a fault there cannot leave as an infeasible answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yingxu.core.routing.eligible import manned, unassigned_cost
from yingxu.core.routing.problem import SOLUTION_FORMAT, Problem

#: A stop of a route: (is it a break, index of the order or of the worker's break).
Stop = tuple[bool, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """Timed routes: per worker a list of (is break, index, start in seconds), and what is left out."""

    problem: Problem
    routes: tuple[tuple[tuple[bool, int, int], ...], ...]
    unassigned: tuple[int, ...]
    parts: Mapping[str, float]

    @property
    def cost(self) -> float:
        """Total in weighted minutes."""
        return sum(self.parts.values())

    def document(self) -> dict[str, Any]:
        """The plan as ``dispatch-solution/1``."""
        p = self.problem
        return {
            "format": SOLUTION_FORMAT,
            "problem": p.id,
            "routes": [
                {
                    "worker": p.workers[k].id,
                    "stops": [
                        {"break" if b else "order": i if b else p.orders[i].id, "start": at} for b, i, at in stops
                    ],
                }
                for k, stops in enumerate(self.routes)
                if stops
            ],
            "unassigned": [p.orders[i].id for i in self.unassigned],
        }


class Contradiction(Exception):
    """Routes that no timing can satisfy; ``order`` is one that must give way."""

    def __init__(self, order: int, why: str) -> None:
        super().__init__(why)
        self.order = order


def _times(problem: Problem, routes: Sequence[Sequence[Stop]]) -> dict[int, int]:
    """Earliest common start of every order (seconds), or ``Contradiction`` when crews or followers wait in a circle."""
    mat = problem.matrix
    members: dict[int, int] = {}
    for route in routes:
        for is_break, i in route:
            if not is_break:
                members[i] = members.get(i, 0) + 1
    clock = [w.ready_s for w in problem.workers]
    place = [w.location for w in problem.workers]
    head = [0] * len(routes)
    start: dict[int, int] = {}
    arrived: dict[int, list[tuple[int, int]]] = {}
    waiting: dict[int, list[int]] = {}
    queue = list(range(len(routes)))
    while queue:
        k = queue.pop()
        while head[k] < len(routes[k]):
            is_break, i = routes[k][head[k]]
            if is_break:
                pause = problem.workers[k].breaks[i]
                clock[k] = max(clock[k], pause.earliest) + pause.duration
                head[k] += 1
                continue
            order = problem.orders[i]
            blocked = next((p for p in order.after if p not in start), None)
            if blocked is not None:
                waiting.setdefault(blocked, []).append(k)
                break
            here = arrived.setdefault(i, [])
            if all(other != k for other, _ in here):
                here.append((k, clock[k] + int(mat[place[k], order.location])))
            if len(here) < members[i]:
                break
            begin = max([order.ready_s, *(t for _, t in here)])
            begin = max([begin, *(start[p] + problem.orders[p].duration for p in order.after)])
            start[i] = begin
            for other, _ in here:
                clock[other], place[other] = begin + order.duration, order.location
                head[other] += 1
                if other != k:
                    queue.append(other)
            queue.extend(waiting.pop(i, ()))
    for k, route in enumerate(routes):
        if head[k] < len(route):
            raise Contradiction(route[head[k]][1], "crews or followers wait for each other in a circle")
    return start


def _judge(problem: Problem, routes: Sequence[Sequence[Stop]], start: Mapping[int, int]) -> None:
    """Raise ``Contradiction`` for the first order that breaks a hard rule."""
    crew: dict[int, list[int]] = {}
    for k, route in enumerate(routes):
        first = True
        for is_break, i in route:
            if is_break:
                continue
            order, worker = problem.orders[i], problem.workers[k]
            if k in crew.get(i, ()) or k in order.excluded:
                raise Contradiction(i, "worker twice or excluded")
            if start[i] + order.duration > worker.limit_s:
                raise Contradiction(i, "ends after shift and overtime")
            pin = order.locked is not None and order.locked_first
            if pin and not first:
                raise Contradiction(i, "locked as first")
            crew.setdefault(i, []).append(k)
            first = False
    for i, who in crew.items():
        order = problem.orders[i]
        if manned(problem, order.roles, who) is None:
            raise Contradiction(i, "the crew does not fill the roles")
        if order.locked is not None and set(order.locked) != set(who):
            raise Contradiction(i, "locked to others")
        if any(p not in crew for p in order.after):
            raise Contradiction(i, "follows an order that is not placed")


def timed_plan(problem: Problem, routes: Sequence[Sequence[Stop]]) -> Plan:
    """Time routes as early as possible, judge them by every hard rule and cost them.

    Raises
    ------
    Contradiction
        When the routes cannot be kept; it names an order to take out.
    """
    start = _times(problem, routes)
    _judge(problem, routes, start)
    c = problem.objective
    mat = problem.matrix
    parts = dict.fromkeys(
        (
            "respond",
            "resolve",
            "wait",
            "appointment",
            "travel",
            "overtime",
            "break_late",
            "fairness",
            "preferred",
            "unassigned",
        ),
        0.0,
    )
    timed: list[tuple[tuple[bool, int, int], ...]] = []
    crew: dict[int, set[int]] = {}
    for k, route in enumerate(routes):
        w = problem.workers[k]
        stops: list[tuple[bool, int, int]] = []
        last = max((x for x, (is_break, _) in enumerate(route) if not is_break), default=-1)
        t, place, worked, load = w.ready_s, w.location, w.ready_s, w.load_s
        for x, (is_break, i) in enumerate(route):
            if is_break:
                pause = w.breaks[i]
                at = max(t, pause.earliest)
                if x < last:
                    parts["break_late"] += c["break_late"] * max(0, at - pause.latest) / 60.0
                elif at > pause.latest:
                    break  # a break after the last order need not be listed; listed late, it would cost
                stops.append((True, i, at))
                t = at + pause.duration
                continue
            o = problem.orders[i]
            hop = int(mat[place, o.location])
            parts["travel"] += c["travel"] * hop / 60.0
            load += hop + o.duration
            stops.append((False, i, start[i]))
            worked = t = start[i] + o.duration
            place = o.location
            crew.setdefault(i, set()).add(k)
        if last >= 0:
            listed = sum(is_break for is_break, _, _ in stops)
            for pause in w.breaks[listed:]:
                parts["break_late"] += c["break_late"] * max(0, worked - pause.latest) / 60.0
            parts["overtime"] += c["overtime"] * max(0, worked - w.shift_end) / 60.0
        parts["fairness"] += c["fairness"] * (load / 60.0) ** 2 / 480.0
        timed.append(tuple(stops))
    left = []
    for i, o in enumerate(problem.orders):
        at_s = start.get(i)
        if at_s is None:
            left.append(i)
            parts["unassigned"] += unassigned_cost(problem, i)
            continue
        parts["respond"] += c["respond"] * o.weight * max(0, at_s - o.respond_by) / 60.0
        parts["resolve"] += c["resolve"] * o.weight * max(0, at_s + o.duration - o.resolve_by) / 60.0
        parts["wait"] += c["wait"] * o.weight * (at_s - o.released) / 60.0
        if o.appointment is not None:
            parts["appointment"] += c["appointment"] * o.weight * max(0, at_s - o.appointment) / 60.0
        if o.names_preferred and not o.preferred & crew[i]:
            parts["preferred"] += c["preferred"]
    return Plan(problem, tuple(timed), tuple(left), parts)


def repaired_plan(problem: Problem, routes: Sequence[Sequence[Stop]]) -> Plan:
    """Like ``timed_plan``, taking out whatever breaks a rule, until the rest stands."""
    work = [list(route) for route in routes]
    while True:
        try:
            return timed_plan(problem, work)
        except Contradiction as fault:
            gone = {fault.order}
            while True:
                more = {i for i, o in enumerate(problem.orders) if i not in gone and gone.intersection(o.after)}
                if not more:
                    break
                gone |= more
            work = [[stop for stop in route if stop[0] or stop[1] not in gone] for route in work]
