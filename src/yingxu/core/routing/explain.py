"""Why this worker: best and runner-up split by cost term, whom the order delays, who could not and by which rule.

Plain Python on the finished plan. An order is lifted out of its route and put at every position of every worker who may
do it; the comparison holds the rest of the plan still, and does not follow delays to the routes of crews and followers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yingxu.core.routing.eligible import Eligibility, meets
from yingxu.core.routing.plan import Plan
from yingxu.core.routing.problem import Order, Pause, Problem

#: A stop of a route: (is it a break, index).
_Stop = tuple[bool, int]


@dataclass(frozen=True, slots=True)
class Option:
    """One way to do an order: by whom, when, what it adds to the plan by term, and whom it delays (seconds)."""

    worker: int
    start_s: int
    parts: Mapping[str, float]
    delays: Mapping[int, int]

    @property
    def cost(self) -> float:
        """Weighted minutes that doing it this way adds."""
        return sum(self.parts.values())


def _order_parts(problem: Problem, o: Order, start: int) -> dict[str, float]:
    c = problem.objective
    parts = {
        "respond": c["respond"] * o.weight * max(0, start - o.respond_by) / 60.0,
        "resolve": c["resolve"] * o.weight * max(0, start + o.duration - o.resolve_by) / 60.0,
        "wait": c["wait"] * o.weight * (start - o.released) / 60.0,
    }
    if o.appointment is not None:
        parts["appointment"] = c["appointment"] * o.weight * max(0, start - o.appointment) / 60.0
    return parts


def _late_rests(pauses: Sequence[Pause], worked: int) -> int:
    """Seconds that breaks left for after the last order are late: one that cannot begin in time counts from there."""
    t = worked
    for x, pause in enumerate(pauses):
        at = max(t, pause.earliest)
        if at > pause.latest:
            return sum(max(0, worked - rest.latest) for rest in pauses[x:])
        t = at + pause.duration
    return 0


def _run(
    problem: Problem, k: int, route: Sequence[_Stop], hold: Mapping[int, int]
) -> tuple[dict[str, float], dict[int, int]] | None:
    """Cost by term and starts of one route alone; ``hold`` is what crews and predecessors allow at the earliest."""
    w, c = problem.workers[k], problem.objective
    parts: dict[str, float] = {}
    starts: dict[int, int] = {}
    t, place, worked, load, pending = w.ready_s, w.location, None, w.load_s, list[int]()
    n_taken = 0
    for is_break, i in route:
        if is_break:
            at = max(t, w.breaks[i].earliest)
            pending.append(max(0, at - w.breaks[i].latest))
            t = at + w.breaks[i].duration
            continue
        o = problem.orders[i]
        hop = int(problem.matrix[place, o.location])
        start = max(t + hop, o.ready_s, hold.get(i, o.ready_s))
        starts[i] = start
        for term, value in _order_parts(problem, o, start).items():
            parts[term] = parts.get(term, 0.0) + value
        parts["travel"] = parts.get("travel", 0.0) + c["travel"] * hop / 60.0
        parts["break_late"] = parts.get("break_late", 0.0) + c["break_late"] * sum(pending) / 60.0
        load, n_taken, pending, place = load + hop + o.duration, n_taken + len(pending), [], o.location
        worked = t = start + o.duration
    if worked is not None:
        if worked > w.limit_s:
            return None
        parts["overtime"] = c["overtime"] * max(0, worked - w.shift_end) / 60.0
        parts["break_late"] += c["break_late"] * _late_rests(w.breaks[n_taken:], worked) / 60.0
    parts["fairness"] = c["fairness"] * (load / 60.0) ** 2 / 480.0
    return parts, starts


def _holds(plan: Plan) -> dict[int, int]:
    """Starts of coupled orders as planned: their crews and predecessors do not let them begin earlier."""
    problem = plan.problem
    return {
        i: at
        for stops in plan.routes
        for is_break, i, at in stops
        if not is_break and (len(problem.orders[i].roles) > 1 or problem.orders[i].after)
    }


def options(plan: Plan, i: int, eligible: Eligibility, hold: Mapping[int, int]) -> list[Option]:
    """Ways to do one-role order ``i``, cheapest first, one per worker who may do it and has the time."""
    problem, o = plan.problem, plan.problem.orders[i]
    found = []
    for k in eligible.role(i, 0):
        route = [(b, x) for b, x, _ in plan.routes[k] if b or x != i]
        base = _run(problem, k, route, hold)
        if base is None:
            continue
        best: Option | None = None
        for p in range(len(route) + 1):
            # an order locked as first stays before every other
            if p < len(route) and not route[p][0] and problem.orders[route[p][1]].locked_first:
                continue
            trial = _run(problem, k, [*route[:p], (False, i), *route[p:]], hold)
            if trial is None:
                continue
            parts = {term: value - base[0].get(term, 0.0) for term, value in trial[0].items()}
            if o.names_preferred and k not in o.preferred:
                parts["preferred"] = problem.objective["preferred"]
            if best is None or sum(parts.values()) < best.cost:
                delays = {j: trial[1][j] - at for j, at in base[1].items() if trial[1][j] > at}
                best = Option(k, trial[1][i], parts, delays)
        if best is not None:
            found.append(best)
    found.sort(key=lambda option: (option.cost, option.worker))
    return found


def refusals(problem: Problem, i: int, r: int) -> dict[str, list[str]]:
    """Who may not fill role ``r`` of order ``i``, by the first rule that forbids it.

    Codes: ``excluded``, ``locked_to_others``, ``skill_missing``, ``level_too_low``, ``shift_over``.
    """
    o, found = problem.orders[i], dict[str, list[str]]()
    for k, w in enumerate(problem.workers):
        role = o.roles[r]
        if k in o.excluded:
            rule = "excluded"
        elif o.locked is not None and k not in o.locked:
            rule = "locked_to_others"
        elif any(level > 0 and skill not in w.skills for skill, level in role.items()):
            rule = "skill_missing"
        elif not meets(w.skills, role):
            rule = "level_too_low"
        elif max(w.ready_s, o.ready_s) + o.duration > w.limit_s:
            rule = "shift_over"
        else:
            continue
        found.setdefault(rule, []).append(w.id)
    return found


def _told(problem: Problem, option: Option) -> dict[str, Any]:
    dear = sorted(option.delays.items(), key=lambda item: -problem.orders[item[0]].weight * item[1])
    return {
        "worker": problem.workers[option.worker].id,
        "start": option.start_s,
        "cost": round(option.cost, 4),
        "parts": {term: round(value, 4) for term, value in option.parts.items() if abs(value) >= 5e-5},
        "delays": [{"order": problem.orders[j].id, "seconds": late} for j, late in dear[:5]],
    }


#: How many orders are explained when none are named.
MOST = 200


def _next_orders(plan: Plan) -> list[int]:
    """The orders that a dispatcher asks about first: those left out, then by start."""
    begins = {i: at for stops in plan.routes for is_break, i, at in stops if not is_break}
    return [*plan.unassigned, *sorted(begins, key=lambda i: (begins[i], i))][:MOST]


def explain(plan: Plan, orders: Sequence[int] | None = None, *, n_others: int = 0) -> dict[str, Any]:
    """Return the ``explain`` block of a solution: per order its options and refusals.

    Parameters
    ----------
    plan
        The finished plan.
    orders
        Which orders to explain; by default those left out and those that start first, ``MOST`` in all.
    n_others
        So many further ways, cheapest first, are told as ``others`` beside the runner-up; none by default.
    """
    problem = plan.problem
    eligible, hold = Eligibility(problem), _holds(plan)
    by: dict[int, list[str]] = {}
    for k, stops in enumerate(plan.routes):
        for is_break, i, _ in stops:
            if not is_break:
                by.setdefault(i, []).append(problem.workers[k].id)
    told: dict[str, Any] = {}
    for i in orders if orders is not None else _next_orders(plan):
        o = problem.orders[i]
        entry: dict[str, Any] = {"workers": by.get(i, [])}
        if len(o.roles) == 1 and i not in problem.impossible:
            free = {j: at for j, at in hold.items() if j != i}
            ways = options(plan, i, eligible, free)
            chosen = next((way for way in ways if problem.workers[way.worker].id in entry["workers"]), None)
            if chosen is not None:
                entry["chosen"] = _told(problem, chosen)
            others = [way for way in ways if way is not chosen]
            if others:
                entry["runner_up"] = _told(problem, others[0])
                if n_others and others[1:]:
                    entry["others"] = [_told(problem, way) for way in others[1 : 1 + n_others]]
        entry["not_eligible"] = [refusals(problem, i, r) for r in range(len(o.roles))]
        if i in problem.impossible:
            entry["why_left_out"] = "follows_itself"
        elif not entry["workers"]:
            waits = [problem.orders[p].id for p in o.after if p not in by]
            entry["why_left_out"] = "follows_unassigned" if waits else "no_time_or_too_dear"
        told[o.id] = entry
    return {"plan": {term: round(value, 4) for term, value in plan.parts.items()}, "orders": told}
