"""Who may do what, and what must be done: skills and levels, exclusions, locks, and what leaving an order out costs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from yingxu.core.routing.problem import NoFeasiblePlan, Problem, called


def meets(skills: Any, role: Any) -> bool:
    """Whether a worker's levels fill a role: every named skill at the least level named."""
    return all(skills.get(skill, 0) >= level for skill, level in role.items())


def manned(problem: Problem, roles: Sequence[Mapping[str, float]], who: Sequence[int]) -> tuple[int, ...] | None:
    """Return who of ``who`` fills which role, one each, all of them used; nothing when they cannot.

    Augmenting paths (Kuhn 1955): trying every order of a crew of nine would take minutes.
    """
    if len(who) != len(roles):
        return None
    holder: dict[int, int] = {}

    def found(r: int, asked: set[int]) -> bool:
        for k in who:
            if k not in asked and meets(problem.workers[k].skills, roles[r]):
                asked.add(k)
                if k not in holder or found(holder[k], asked):
                    holder[k] = r
                    return True
        return False

    if not all(found(r, set()) for r in range(len(roles))):
        return None
    return tuple(sorted(holder, key=holder.__getitem__))


def unassigned_cost(problem: Problem, i: int) -> float:
    """Cost in weighted minutes of leaving order ``i`` out: late as if begun at the horizon, plus the fixed part."""
    c, o, hz = problem.objective, problem.orders[i], problem.horizon_s
    late = c["respond"] * max(0, hz - o.respond_by) + c["wait"] * max(0, hz - o.released)
    late += c["resolve"] * max(0, hz + o.duration - o.resolve_by)
    if o.appointment is not None:
        late += c["appointment"] * max(0, hz - o.appointment)
    return o.weight * (c["unassigned"] + late / 60.0)


class Eligibility:
    """Who can fill each role; orders with the same demands share one list.

    Raises
    ------
    NoFeasiblePlan
        When a lock contradicts skills, exclusions, another lock, or an ``after`` that can never be met.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._by_role: dict[tuple[tuple[str, float], ...], tuple[int, ...]] = {}
        self._locked = {i: self._match(i) for i, o in enumerate(problem.orders) if o.locked is not None}
        self._barred: dict[int, set[int]] = {}
        first: dict[int, int] = {}
        for i, o in enumerate(problem.orders):
            if o.locked is None or not o.locked_first:
                continue
            for k in o.locked:
                if k in first:
                    both = f"{called(problem.orders[first[k]].id)} and {called(o.id)}"
                    raise NoFeasiblePlan(
                        f"orders {both} are both locked as first of {called(problem.workers[k].id)}; unlock one of them"
                    )
                first[k] = i
            for p in ancestors(problem, i):  # it precedes what is locked as first, so it is done by others
                self._barred.setdefault(p, set()).update(o.locked)

    def holders(self, role: Any) -> tuple[int, ...]:
        """Workers that meet the role's skill levels, in the problem's sequence."""
        key = tuple(sorted(role.items()))
        found = self._by_role.get(key)
        if found is None:
            found = tuple(k for k, w in enumerate(self.problem.workers) if meets(w.skills, role))
            self._by_role[key] = found
        return found

    def role(self, i: int, r: int) -> tuple[int, ...]:
        """Workers that may fill role ``r`` of order ``i``, exclusions and locks counted."""
        if i in self.problem.impossible:
            return ()
        if i in self._locked:
            return (self._locked[i][r],)
        found = self.holders(self.problem.orders[i].roles[r])
        no = self.problem.orders[i].excluded
        if i in self._barred:
            no = no | self._barred[i]
        return tuple(k for k in found if k not in no) if no else found

    def _match(self, i: int) -> tuple[int, ...]:
        """Which locked worker fills which role."""
        o, workers = self.problem.orders[i], self.problem.workers
        assert o.locked is not None
        told = f"order {called(o.id)} is locked"
        for k in o.locked:
            if k in o.excluded:
                raise NoFeasiblePlan(f"{told} to {called(workers[k].id)}, whom it excludes; drop one of the two")
            if o.ready_s + o.duration > workers[k].limit_s or workers[k].ready_s + o.duration > workers[k].limit_s:
                raise NoFeasiblePlan(
                    f"{told} to {called(workers[k].id)}, whose shift and overtime are over too early; unlock it"
                )
        if i in self.problem.impossible:
            raise NoFeasiblePlan(f"{told}, but follows itself through 'after'; mend the cycle")

        found = manned(self.problem, o.roles, o.locked)
        if found is None:
            names = ", ".join(called(workers[k].id) for k in o.locked[:5])
            raise NoFeasiblePlan(f"{told} to {names}, who lack a skill that it needs; unlock it")
        return found


def ancestors(problem: Problem, i: int) -> frozenset[int]:
    """Orders that must end before order ``i`` starts, near and far."""
    todo, found = [i], set()
    while todo:
        for p in problem.orders[todo.pop()].after:
            if p not in found:
                found.add(p)
                todo.append(p)
    return frozenset(found)


def obliged(problem: Problem) -> frozenset[int]:
    """Orders that must be placed: the locked ones, and all that they follow."""
    locked = [i for i, o in enumerate(problem.orders) if o.locked is not None]
    return frozenset(locked).union(*(ancestors(problem, i) for i in locked))


#: What a plan may cost at most, before what a lock is worth in the search could drown in it.
_MOST_COST = 2.5e8


def eased(problem: Problem) -> tuple[Problem, float]:
    """Return the problem with its coefficients scaled down together, and the factor; itself where nothing is dear.

    A search that must place what is locked gives it a price beyond all others. With weights of a thousand million and
    the like no price is beyond the others any more; the same plans are best at any scale, so the scale gives way. The
    factor is a power of two: nothing is rounded.
    """
    if not any(o.locked is not None for o in problem.orders):
        return problem, 1.0
    c, most = problem.objective, sum(abs(unassigned_cost(problem, i)) for i in range(len(problem.orders)))
    most += abs(c["preferred"]) * len(problem.orders)
    for w in problem.workers:
        span, load = max(0, w.limit_s - w.ready_s) / 60.0, abs(w.load_s) / 60.0
        most += abs(c["travel"]) * span + abs(c["fairness"]) * (load + span) ** 2 / 480.0
        most += abs(c["overtime"]) * max(0, w.limit_s - w.shift_end) / 60.0
        most += abs(c["break_late"]) * sum(max(0, w.limit_s - b.latest) for b in w.breaks) / 60.0
    if most <= _MOST_COST:
        return problem, 1.0
    factor = 2.0 ** math.floor(math.log2(_MOST_COST / most))
    return replace(problem, objective={name: value * factor for name, value in c.items()}), factor
