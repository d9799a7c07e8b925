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


class Resident:
    """A plan held ready in the search's own form, to say at once who would do one more order best."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        from yingxu.core.routing.adopt import adopted_state
        from yingxu.core.routing.arrays import compile_arrays

        self.problem, self._arrays = problem, compile_arrays(problem)
        self._state = adopted_state(problem, self._arrays, 0, carried_routes(plan, problem))

    def best(self, order: str) -> tuple[tuple[str, ...], float] | None:
        """The workers (one per role) who would do unassigned ``order`` at the least added cost, and that cost.

        Nothing when nobody can. The plan stays as it is.

        Raises
        ------
        KeyError
            When the problem has no such order.
        """
        from yingxu.core.routing.change import choose
        from yingxu.core.routing.insertion import INF
        from yingxu.core.routing.sisr import EVERYBODY

        at = {o.id: i for i, o in enumerate(self.problem.orders)}[order]
        cost = choose(self._arrays, self._state, at, 0.0, EVERYBODY)
        if cost >= INF:
            return None
        roles = len(self.problem.orders[at].roles)
        return tuple(self.problem.workers[int(self._state.chosen[2 * r])].id for r in range(roles)), float(cost)


def stops_of(plan: Plan) -> Sequence[Sequence[Stop]]:
    """Routes of a plan without their times, as a start for another search of the same problem."""
    return [[(is_break, i) for is_break, i, _ in stops] for stops in plan.routes]
