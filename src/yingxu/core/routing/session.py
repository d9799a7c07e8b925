"""A day of decisions: each new problem starts from the plan of the last one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from yingxu.core.routing.plan import Plan, Stop

if TYPE_CHECKING:
    from yingxu.core.routing.problem import Problem


def carried_routes(before: Plan, problem: Problem) -> list[list[Stop]]:
    """Routes of an earlier plan in terms of a new problem: what is gone is left out, breaks taken are counted off."""
    order_at = {o.id: i for i, o in enumerate(problem.orders)}
    worker_at = {w.id: k for k, w in enumerate(problem.workers)}
    out: list[list[Stop]] = [[] for _ in problem.workers]
    for k, stops in enumerate(before.routes):
        was = before.problem.workers[k]
        new = worker_at.get(was.id)
        if new is None:
            continue
        taken = len(was.breaks) - len(problem.workers[new].breaks)
        for is_break, i, _ in stops:
            if is_break:
                if i >= taken and taken >= 0:
                    out[new].append((True, i - taken))
            elif (at := order_at.get(before.problem.orders[i].id)) is not None:
                out[new].append((False, at))
    return out


def stops_of(plan: Plan) -> Sequence[Sequence[Stop]]:
    """Routes of a plan without their times, as a start for another search of the same problem."""
    return [[(is_break, i) for is_break, i, _ in stops] for stops in plan.routes]
