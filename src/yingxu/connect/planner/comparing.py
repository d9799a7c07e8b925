"""What the engine's comparison of ways to do one job is told: who may go, what jobs for several hold still. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from yingxu.core.routing.eligible import Eligibility
from yingxu.core.routing.plan import Plan


class Only(Eligibility):
    """These workers and nobody else, for every role."""

    def __init__(self, workers: Sequence[int]) -> None:
        self._workers = tuple(workers)

    def role(self, i: int, r: int) -> tuple[int, ...]:
        """Return them."""
        return self._workers


def holds(plan: Plan, without: int | None = None) -> dict[int, int]:
    """Return the planned starts of jobs for several: nobody of theirs begins one earlier."""
    orders = plan.problem.orders
    return {
        i: at
        for stops in plan.routes
        for is_break, i, at in stops
        if not is_break and i != without and len(orders[i].roles) > 1
    }
