"""From what the house knows to the engine's problem, and from the engine's plan to proposals. Pure.

Walking times are the house's estimates (a minute on one floor, the wait for a lift and eight seconds a floor, five
minutes from building to building), corrected by the ways that its people walked (``core.routing.walking``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from yingxu.core.routing.problem import PROBLEM_FORMAT, Order, Problem, read_problem
from yingxu.core.routing.walking import HERE_S, Spot, Ways, map_s
from yingxu.dispatch.queries import JobNow, Needs, Situation, Walk, WorkerNow

#: Weight of a minute by urgency, as the dispatch contract's generator has it.
WEIGHTS = {1: 27, 2: 9, 3: 3, 4: 1}
#: Somebody without hours on record is counted on for so long.
_OPEN_END = timedelta(hours=8)

Grounds = Mapping[int, Spot]


def matrix_of(spots: Sequence[Spot | None], ways: Ways | None = None) -> npt.NDArray[np.int64]:
    """Return walking seconds between distinct spots, as learnt from ``ways``."""
    n = len(spots)
    table = np.full((n, n), HERE_S, dtype=np.int64)
    seconds = map_s if ways is None or ways.is_by_map else ways.seconds
    for i in range(n):
        for j in range(i, n):
            if spots[i] is not None or i != j:
                table[i, j] = table[j, i] = seconds(spots[i], spots[j])
    return table


@dataclass(frozen=True)
class Ground:
    """Where places lie as the engine counts them: distinct spots, and the seconds from one to another."""

    spots: Mapping[int, int]
    matrix: npt.NDArray[np.int64]

    @classmethod
    def of(
        cls, grounds: Grounds, walked: Sequence[Walk] = (), said: Mapping[frozenset[Spot], int] | None = None
    ) -> Ground:
        """Return it, walking times corrected by what was walked and said; what lies nowhere is the first spot."""
        distinct = list(dict.fromkeys(grounds.values()))
        index = {where: k + 1 for k, where in enumerate(distinct)}
        known = [one for one in walked if one.begin in grounds and one.end in grounds]
        ways = Ways([(grounds[one.begin], grounds[one.end], one.seconds) for one in known], map_s, said)
        return cls({key: index[where] for key, where in grounds.items()}, matrix_of([None, *distinct], ways))

    def spot(self, place_id: int | None) -> int:
        """Return the spot of a place."""
        return self.spots.get(place_id, 0) if place_id is not None else 0


@dataclass(frozen=True)
class Posed:
    """A problem with the people and jobs behind its ids, and who lacks what for which kind of job."""

    problem: Problem
    jobs: Mapping[str, JobNow]
    workers: Mapping[str, WorkerNow]
    now: Situation
    ground: Ground
    lacking: dict[Needs, dict[int, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """The moment from which the problem counts its seconds."""
        return self.now.at

    def lacks(self, needs: Needs) -> Mapping[int, tuple[str, ...]]:
        """Return what everybody present lacks for such a job; many jobs ask for the same."""
        return _lacks(self.now, needs, self.lacking)

    def s(self, moment: datetime) -> int:
        """Return a moment on the problem's axis."""
        return int((moment - self.at).total_seconds())


def _lacks(
    now: Situation, needs: Needs, known: dict[Needs, dict[int, tuple[str, ...]]]
) -> Mapping[int, tuple[str, ...]]:
    found = known.get(needs)
    if found is None:
        found = known[needs] = {w.key: w.can.lacks(needs, at=now.at) for w in now.workers}
    return found


@dataclass(frozen=True)
class Able:
    """Who may go: as the accountable person, and beside. ``crew`` is how many are planned; fewer when too few can."""

    first: frozenset[int]
    beside: frozenset[int]
    crew: int


def able(posed: Posed, job: JobNow) -> Able:
    """Return who may go to a waiting job. Who refused it is asked again only when all others have refused as often.

    A job that takes several is planned for its accountable person alone when nobody can go along: somebody who comes
    at once is better than two who come late, and the desk is told how many are missing.
    """
    fit = frozenset(key for key, missing in posed.lacks(job.needs).items() if not missing)
    first = job.may_ask(fit)
    if job.mate_needs is None:
        return Able(first, frozenset(), 1)
    beside = frozenset(key for key, missing in posed.lacks(job.mate_needs).items() if not missing) - job.no_mates
    n_beside = len(beside) if first - beside else max(0, len(beside) - 1)
    return Able(first, beside, min(job.crew, 1 + n_beside) if first else 1)


def is_planned(now: Situation, job: JobNow) -> bool:
    """Tell whether the planner places this waiting job: a pool keeps its ordinary jobs for ten minutes."""
    if now.mode(job.needs.line_code).mode != "claim" or job.priority < 3:
        return True
    return job.opened_at + POOL_FIRST <= now.at


#: So long an ordinary job of a claiming line waits for a volunteer before somebody is proposed.
POOL_FIRST = timedelta(minutes=10)


def pose(now: Situation, ground: Ground, lately: Sequence[Needs] = ()) -> Posed:
    """Return the problem: waiting jobs with what they ask, people with what they bring, promised jobs locked to them.

    Whoever lacks something for a job is excluded from it; skills of the contract stand for who may do what, so that
    certificates, clearances and parties count like skills. A job for several has a role for each: a made-up skill that
    those have who may fill it. Somebody's live proposal is preferred: a plan that was shown does not jump for a few
    minutes' gain. Who could do what was asked ``lately`` has a made-up skill for each kind of it: so it may come again.
    """
    waiting = [job for job in now.waiting if is_planned(now, job)]
    empty = read_problem({"format": PROBLEM_FORMAT, "id": "-", "now": 0, "workers": [], "orders": []}, matrix=_NOWHERE)
    posed = Posed(
        empty, {str(j.key): j for j in (*waiting, *now.held)}, {str(w.key): w for w in now.workers}, now, ground
    )
    present = {w.key for w in now.workers}
    held: dict[int, list[JobNow]] = {}
    for job in now.held:
        for key in (job.worker_id or 0, *job.mates):
            held.setdefault(key, []).append(job)
    skills: dict[int, dict[str, int]] = {w.key: {} for w in now.workers}
    for turn, needs in enumerate(lately):
        for key, missing in posed.lacks(needs).items():
            if not missing:
                skills[key][kind(turn)] = 1
    orders = [
        _locked(posed, job, [key for key in job.mates if key in present], skills)
        for job in now.held
        if job.state in _AHEAD and job.worker_id in present
    ]
    orders += [_waiting(posed, job, skills) for job in waiting]
    people = [_worker(w, held.get(w.key, []), posed, skills[w.key]) for w in now.workers]
    document = {"format": PROBLEM_FORMAT, "id": f"site-{now.site_id}", "now": 0, "workers": people, "orders": orders}
    return replace(posed, problem=read_problem(document, matrix=ground.matrix))


_NOWHERE = np.zeros((1, 1), dtype=np.int64)


def kind(turn: int) -> str:
    """Return the made-up skill of those who could do one kind of what was asked lately."""
    return f"kind:{turn}"


def role(job: JobNow, r: int) -> str:
    """Return the made-up skill of one role of a job for several; all beside the accountable person share one."""
    return f"{job.key}:{min(r, 1)}"


def _locked(posed: Posed, job: JobNow, mates: Sequence[int], skills: dict[int, dict[str, int]]) -> dict[str, Any]:
    """What was promised already: in the hands of whom it was promised to, and of those who go along."""
    hands = [job.worker_id or 0, *mates]
    order = _order(posed, job)
    order["locked"] = {"workers": [str(key) for key in hands]}
    if mates:
        order["roles"] = [{"skills": {role(job, r): 1}} for r in range(len(hands))]
        for r, key in enumerate(hands):
            skills[key][role(job, r)] = 1
    return order


def _waiting(posed: Posed, job: JobNow, skills: dict[int, dict[str, int]]) -> dict[str, Any]:
    who = able(posed, job)
    order = _order(posed, job)
    if who.crew > 1:
        order["roles"] = [{"skills": {role(job, r): 1}} for r in range(who.crew)]
        for r, group in enumerate((who.first, who.beside)):
            for key in group:
                skills[key][role(job, r)] = 1
    else:
        order["excluded"] = [str(w.key) for w in posed.now.workers if w.key not in who.first]
    if posed.now.proposed.get(job.key) in who.first:
        order["preferred"] = [str(posed.now.proposed[job.key])]
    return order


#: Promised and not begun: planned, but only in these hands.
_AHEAD = frozenset({"dispatched", "accepted", "en_route"})


def _worker(w: WorkerNow, held: Sequence[JobNow], posed: Posed, skills: Mapping[str, int]) -> dict[str, Any]:
    """A person as the engine sees one: free when the job in hand should end, there where it is."""
    at = posed.at
    busy = [job for job in held if job.state not in _AHEAD]
    free = at
    place = w.place_id
    for job in busy:
        began = job.begun_at or at
        free = max(free, began + timedelta(minutes=job.minutes), at + timedelta(minutes=2))
        place = job.place_id
    gate = w.can.fitness.standing(at)
    ends = gate.duty_to if gate.is_gated(at) and gate.duty_to else at + _OPEN_END
    ahead_s = sum(job.minutes * 60 + 600 for job in held if job.state in _AHEAD)
    must_s = posed.s(free) + ahead_s
    breaks = [
        {
            "earliest": max(0, posed.s(begin)),
            "latest": max(0, posed.s(begin)) + 1800,
            "duration": posed.s(end) - max(0, posed.s(begin)),
        }
        for begin, end in (gate.breaks if gate.is_gated(at) else ())
        if posed.s(end) > 0
    ]
    return {
        "id": str(w.key),
        "skills": skills,
        "location": posed.ground.spot(place),
        "free_at": posed.s(free),
        "shift_start": 0,
        "shift_end": posed.s(ends),
        # what was promised already is kept; nothing new is planned beyond the duty, because its length is a lock
        "max_overtime": max(0, must_s - posed.s(ends)) + sum(pause["duration"] for pause in breaks) if ahead_s else 0,
        "load": w.load_min * 60,
        "breaks": breaks,
    }


def _order(posed: Posed, job: JobNow) -> dict[str, Any]:
    return {
        "id": str(job.key),
        "location": posed.ground.spot(job.place_id),
        "roles": [{"skills": {}}],
        "class": job.priority,
        "weight": WEIGHTS[job.priority],
        "released": min(0, posed.s(job.opened_at)),
        "respond_by": posed.s(job.respond_by),
        "resolve_by": posed.s(job.resolve_by),
        "duration": max(60, job.minutes * 60),
    }


def with_order(posed: Posed, job: JobNow, excluded: frozenset[int]) -> Posed:
    """Return the problem with one more job for one person at its end; everything else keeps its place in it."""
    problem, said = posed.problem, _order(posed, job)
    order = Order(
        id=said["id"],
        location=said["location"],
        roles=({},),
        weight=float(said["weight"]),
        released=said["released"],
        ready_s=max(problem.now, said["released"]),
        respond_by=said["respond_by"],
        resolve_by=said["resolve_by"],
        duration=said["duration"],
        appointment=None,
        after=(),
        preferred=frozenset(),
        names_preferred=False,
        excluded=excluded,
        locked=None,
        locked_first=False,
        class_=str(job.priority),
    )
    return replace(
        posed,
        problem=replace(problem, orders=(*problem.orders, order)),
        jobs={**posed.jobs, said["id"]: job},
    )


def barred(posed: Posed, job: JobNow) -> list[dict[str, Any]]:
    """Return who of the line's people cannot go and by which rule, the rule first: the same rule once."""
    found: dict[str, list[str]] = {}
    lacks = posed.lacks(job.needs)
    for w in posed.now.workers:
        missing = lacks[w.key]
        if missing and job.needs.line_code in w.can.line_codes:
            found.setdefault(missing[0], []).append(w.name)
    refused = {one.worker_id for one in job.refusals}
    for w in posed.now.workers:
        if w.key in refused:
            found.setdefault("not_accepted", []).append(w.name)
    return [{"rule": rule, "names": names[:5], "n": len(names)} for rule, names in sorted(found.items())]


def critical_before(posed: Posed, job: JobNow, worker: WorkerNow) -> str:
    """Return the number of a critical job that waits and that this worker could do; empty: none (decision 16)."""
    if job.priority < 3:
        return ""
    for other in posed.now.waiting:
        if other.priority == 1 and not posed.lacks(other.needs)[worker.key]:
            return other.number
    return ""
