"""From what the house knows to the engine's problem, and from the engine's plan to proposals. Pure.

Walking times are the house's estimates until they are learnt from history: a minute on one floor, the wait for a lift
and eight seconds a floor, five minutes from building to building.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from yingxu.core.routing.problem import PROBLEM_FORMAT, Problem, read_problem
from yingxu.dispatch.queries.situation import JobNow, Situation, WorkerNow

#: Weight of a minute by urgency, as the dispatch contract's generator has it.
WEIGHTS = {1: 27, 2: 9, 3: 3, 4: 1}
#: Where a person is whom nobody saw arrive anywhere, and a job whose place is not known.
_UNKNOWN_S = 240
_FLOOR_S, _LIFT_S, _LEVEL_S, _BUILDING_S = 60, 45, 8, 300
#: Somebody without hours on record is counted on for so long.
_OPEN_END = timedelta(hours=8)

Grounds = Mapping[int, tuple[int, int | None]]


def walk_s(a: tuple[int, int | None] | None, b: tuple[int, int | None] | None) -> int:
    """Return the seconds to walk between two places given as (building, floor)."""
    if a is None or b is None:
        return _UNKNOWN_S
    if a[0] != b[0]:
        return _BUILDING_S + sum(_LIFT_S + _LEVEL_S * abs(floor - 1) for _, floor in (a, b) if floor not in (None, 1))
    if a[1] is None or b[1] is None or a[1] == b[1]:
        return _FLOOR_S
    return _FLOOR_S + _LIFT_S + _LEVEL_S * abs(a[1] - b[1])


def matrix_of(spots: Sequence[tuple[int, int | None] | None]) -> npt.NDArray[np.int64]:
    """Return walking seconds between distinct spots."""
    n = len(spots)
    table = np.zeros((n, n), dtype=np.int64)
    for i in range(n):
        for j in range(i + 1, n):
            table[i, j] = table[j, i] = walk_s(spots[i], spots[j])
    np.fill_diagonal(table, 20)
    return table


@dataclass(frozen=True)
class Posed:
    """A problem with the people and jobs behind its ids."""

    problem: Problem
    jobs: Mapping[str, JobNow]
    workers: Mapping[str, WorkerNow]
    at: datetime


def is_planned(now: Situation, job: JobNow) -> bool:
    """Tell whether the planner places this waiting job: a pool keeps its ordinary jobs for ten minutes."""
    if now.mode(job.needs.line_code).mode != "claim" or job.priority < 3:
        return True
    return job.opened_at + POOL_FIRST <= now.at


#: So long an ordinary job of a claiming line waits for a volunteer before somebody is proposed.
POOL_FIRST = timedelta(minutes=10)


def pose(now: Situation, grounds: Grounds) -> Posed:
    """Return the problem: waiting jobs with what they ask, people with what they bring, promised jobs locked to them.

    Whoever lacks something for a job is excluded from it; skills of the contract stand for who may do what, so that
    certificates, clearances and parties count like skills. Somebody's live proposal is preferred: a plan that was shown
    does not jump for a few minutes' gain.
    """
    at = now.at
    spots: list[tuple[int, int | None] | None] = [None]
    index: dict[tuple[int, int | None] | None, int] = {None: 0}

    def spot(place_id: int | None) -> int:
        where = grounds.get(place_id) if place_id is not None else None
        if where not in index:
            index[where] = len(spots)
            spots.append(where)
        return index[where]

    def s(moment: datetime) -> int:
        return int((moment - at).total_seconds())

    held: dict[int, list[JobNow]] = {}
    for job in now.held:
        held.setdefault(job.worker_id or 0, []).append(job)
    waiting = [job for job in now.waiting if is_planned(now, job)]
    fit = {job.key: {w.key for w in now.workers if not w.can.lacks(job.needs, at=at)} for job in waiting}
    people: list[dict[str, Any]] = []
    orders: list[dict[str, Any]] = []
    for w in now.workers:
        people.append(_worker(w, held.get(w.key, []), at, spot, s))
        orders += [_order(job, spot, s, locked=str(w.key)) for job in held.get(w.key, []) if job.state in _AHEAD]
    for job in waiting:
        fresh = fit[job.key] - job.refused_by
        able = fresh or fit[job.key]
        order = _order(job, spot, s)
        order["excluded"] = [str(key) for key in (w.key for w in now.workers) if key not in able]
        if now.proposed.get(job.key) in able:
            order["preferred"] = [str(now.proposed[job.key])]
        orders.append(order)
    document = {"format": PROBLEM_FORMAT, "id": f"site-{now.site_id}", "now": 0, "workers": people, "orders": orders}
    problem = read_problem(document, matrix=matrix_of(spots))
    return Posed(problem, {str(j.key): j for j in (*waiting, *now.held)}, {str(w.key): w for w in now.workers}, at)


#: Promised and not begun: planned, but only in these hands.
_AHEAD = frozenset({"dispatched", "accepted", "en_route"})


def _worker(w: WorkerNow, held: Sequence[JobNow], at: datetime, spot: Any, s: Any) -> dict[str, Any]:
    """A person as the engine sees one: free when the job in hand should end, there where it is."""
    busy = [job for job in held if job.state not in _AHEAD]
    free = at
    place = w.place_id
    for job in busy:
        began = job.begun_at or at
        free = max(free, began + timedelta(minutes=job.minutes), at + timedelta(minutes=2))
        place = job.place_id
    gate = w.can.fitness
    ends = gate.duty_to if gate.is_gated(at) and gate.duty_to else at + _OPEN_END
    ahead_s = sum(job.minutes * 60 + 600 for job in held if job.state in _AHEAD)
    must_s = s(free) + ahead_s
    breaks = [
        {"earliest": max(0, s(begin)), "latest": max(0, s(begin)) + 1800, "duration": s(end) - max(0, s(begin))}
        for begin, end in (gate.breaks if gate.is_gated(at) else ())
        if s(end) > 0
    ]
    return {
        "id": str(w.key),
        "skills": {},
        "location": spot(place),
        "free_at": s(free),
        "shift_start": 0,
        "shift_end": s(ends),
        # what was promised already is kept; nothing new is planned beyond the duty, because its length is a lock
        "max_overtime": max(0, must_s - s(ends)) + sum(pause["duration"] for pause in breaks) if ahead_s else 0,
        "load": w.load_min * 60,
        "breaks": breaks,
    }


def _order(job: JobNow, spot: Any, s: Any, *, locked: str = "") -> dict[str, Any]:
    order: dict[str, Any] = {
        "id": str(job.key),
        "location": spot(job.place_id),
        "roles": [{"skills": {}}],
        "class": job.priority,
        "weight": WEIGHTS[job.priority],
        "released": min(0, s(job.opened_at)),
        "respond_by": s(job.respond_by),
        "resolve_by": s(job.resolve_by),
        "duration": max(60, job.minutes * 60),
    }
    if locked:
        order["locked"] = {"workers": [locked]}
    return order


def barred(now: Situation, job: JobNow) -> list[dict[str, Any]]:
    """Return who of the line's people cannot go and by which rule, the rule first: the same rule once."""
    found: dict[str, list[str]] = {}
    for w in now.workers:
        missing = w.can.lacks(job.needs, at=now.at)
        if missing and job.needs.line_code in w.can.line_codes:
            found.setdefault(missing[0], []).append(w.name)
    for w in now.workers:
        if w.key in job.refused_by:
            found.setdefault("not_accepted", []).append(w.name)
    return [{"rule": rule, "names": names[:5], "n": len(names)} for rule, names in sorted(found.items())]


def critical_before(now: Situation, job: JobNow, worker: WorkerNow) -> str:
    """Return the number of a critical job that waits and that this worker could do; empty: none (decision 16)."""
    if job.priority < 3:
        return ""
    for other in now.waiting:
        if other.priority == 1 and not worker.can.lacks(other.needs, at=now.at):
            return other.number
    return ""
