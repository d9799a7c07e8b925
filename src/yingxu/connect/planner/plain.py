"""The plan without the engine: what was shown to the desk stands, the rest by the priority queue. Pure.

A planner that takes over, or whose kernels are not compiled, has no plan to start from. By the queue alone every
proposal on the desk would jump the moment a planner died.
"""

from __future__ import annotations

from dataclasses import replace

from yingxu.connect.planner.problem import Posed
from yingxu.core.routing.fallback import fallback_plan
from yingxu.core.routing.plan import Plan


def plain(posed: Posed) -> Plan:
    """Return the queue's plan, jobs shown for somebody kept in these hands as far as they have time for them."""
    problem = posed.problem
    place = {w.id: k for k, w in enumerate(problem.workers)}
    everybody = frozenset(place.values())
    shown = {
        i: place[str(who)]
        for i, order in enumerate(problem.orders)
        if len(order.roles) == 1
        and order.locked is None
        and (who := posed.now.proposed.get(int(order.id))) is not None
        and str(who) in place
        and place[str(who)] not in order.excluded
    }
    if not shown:
        return fallback_plan(problem)
    free = fallback_plan(problem)
    for last in (False, False, True):
        held = tuple(
            replace(order, excluded=everybody - {shown[i]}) if i in shown else order
            for i, order in enumerate(problem.orders)
        )
        plan = fallback_plan(replace(problem, orders=held))
        # whoever it was shown for has no time any longer: another may have
        lost = {i for i in plan.unassigned if i in shown and i not in free.unassigned}
        if not lost or last:
            return Plan(problem, plan.routes, plan.unassigned, plan.parts)
        shown = {i: k for i, k in shown.items() if i not in lost}
    return free
