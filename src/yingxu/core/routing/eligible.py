"""Who may do what, and what must be done: skills and levels, exclusions, locks, and what leaving an order out costs."""

from __future__ import annotations

from typing import Any

from yingxu.core.routing.problem import NoFeasiblePlan, Problem


def meets(skills: Any, role: Any) -> bool:
    """Whether a worker's levels fill a role: every named skill at the least level named."""
    return all(skills.get(skill, 0) >= level for skill, level in role.items())


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
                    other = problem.orders[first[k]].id
                    raise NoFeasiblePlan(
                        f"orders {other} and {o.id} are both locked as first of {problem.workers[k].id}"
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
        for k in o.locked:
            if k in o.excluded:
                raise NoFeasiblePlan(
                    f"order {o.id} is locked to {workers[k].id}, whom it excludes; drop one of the two"
                )
            if o.ready_s + o.duration > workers[k].limit_s or workers[k].ready_s + o.duration > workers[k].limit_s:
                raise NoFeasiblePlan(
                    f"order {o.id} is locked to {workers[k].id}, whose shift and overtime are over too early; unlock it"
                )
        if i in self.problem.impossible:
            raise NoFeasiblePlan(f"order {o.id} is locked, but follows itself through 'after'; mend the cycle")

        def fill(r: int, used: tuple[int, ...]) -> tuple[int, ...] | None:
            if r == len(o.roles):
                return used
            for k in o.locked or ():
                if k not in used and meets(workers[k].skills, o.roles[r]):
                    found = fill(r + 1, (*used, k))
                    if found is not None:
                        return found
            return None

        found = fill(0, ())
        if found is None:
            names = ", ".join(workers[k].id for k in o.locked)
            raise NoFeasiblePlan(f"order {o.id} is locked to {names}, who lack a skill that it needs; unlock it")
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
