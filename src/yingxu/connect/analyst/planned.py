"""The planner as a rule of sending: what it would have decided on past days, with a budget that repeats. Pure.

At each moment that somebody is free and something waits, everything known is planned (``core.routing``), starting from
the plan of the moment before; who is free goes to the first stop of his or her route. Iterations instead of seconds, so
that the answer is the same on every machine. It does not look ahead, and knows work times only as the mean of a line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from yingxu.core.forecast.legs import Point
from yingxu.core.forecast.whatif import Hand, Moment, PastJob, walk_s
from yingxu.core.routing.engine import Budget, solve
from yingxu.core.routing.plan import Plan
from yingxu.core.routing.problem import DEFAULT_OBJECTIVE, Order, Problem, Worker
from yingxu.core.routing.session import carried_routes

#: Iterations of the search for each decision, and so many jobs at most, the most urgent ones.
ITERATIONS, LOOK = 400, 60
#: Weight of a minute by urgency, as the resident planner has it.
_WEIGHTS = {1: 27.0, 2: 9.0, 3: 3.0, 4: 1.0}
_DAY_S = 86_400.0


class ByPlanner:
    """Decides as the planner would. One for each replication: it remembers its last plan.

    Parameters
    ----------
    expected_s : line's skill -> mean seconds of work, as far as anybody knew before.
    """

    def __init__(
        self, jobs: Sequence[PastJob], hands: Sequence[Hand], expected_s: Mapping[int, float], *, seed: int = 1
    ) -> None:
        self._jobs, self._hands, self._seed = jobs, hands, seed
        self._expected_s = [max(60, round(expected_s.get(job.skill, 1800.0))) for job in jobs]
        self._before: Plan | None = None

    def __call__(self, now: Moment) -> list[tuple[int, int]]:
        """Return who is sent where now."""
        jobs = self._jobs
        look = sorted(now.waiting, key=lambda job: (jobs[job].priority, jobs[job].asked_s, job))[:LOOK]
        asked = {jobs[job].skill for job in look}
        able = set(now.free) | set(now.busy)
        there = [hand for hand in sorted(able) if self._hands[hand].to_s > now.at and self._hands[hand].skills & asked]
        if not there:
            return []
        problem = self._problem(now, look, there)
        warm = carried_routes(self._before, problem) if self._before is not None else None
        plan = solve(problem, Budget(iterations=ITERATIONS), seed=self._seed, warm=warm).plan
        self._before = plan
        free = set(now.free)
        sent = []
        for hand, stops in zip(there, plan.routes, strict=True):
            first = next((look[i] for is_break, i, _ in stops if not is_break), None)
            if first is not None and hand in free:
                sent.append((hand, first))
        return self._critical_first(now, sent)

    def _critical_first(self, now: Moment, sent: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Nothing ordinary goes before a critical job that nobody was sent to and the same person could do."""
        jobs, going = self._jobs, {job for _, job in sent}
        open_skills = {jobs[job].skill for job in now.waiting if jobs[job].priority == 1 and job not in going}
        return [
            (hand, job) for hand, job in sent if jobs[job].priority < 3 or not open_skills & self._hands[hand].skills
        ]

    def _problem(self, now: Moment, look: Sequence[int], there: Sequence[int]) -> Problem:
        at = int(now.at)
        places: dict[Point, int] = {}
        for point in (*(self._jobs[job].place for job in look), *(now.where[hand] for hand in there)):
            places.setdefault(point, len(places))
        spots = list(places)
        matrix = np.array([[round(walk_s(a, b)) for b in spots] for a in spots], dtype=np.int64)
        orders = tuple(self._order(job, at, places, there) for job in look)
        workers = tuple(self._worker(hand, now, at, places) for hand in there)
        objective = {**DEFAULT_OBJECTIVE, "overtime": 0.0}  # the days' rule: what is begun in time is ended
        return Problem("what-if", at, matrix, workers, orders, objective, max(one.limit_s for one in workers))

    def _order(self, job: int, at: int, places: Mapping[Point, int], there: Sequence[int]) -> Order:
        one = self._jobs[job]
        due = int(one.asked_s + (one.limit_s or _DAY_S))
        return Order(
            id=str(job),
            location=places[one.place],
            roles=({},),
            weight=_WEIGHTS.get(one.priority, 1.0),
            released=min(at, int(one.asked_s)),
            ready_s=at,
            respond_by=due,
            resolve_by=due + self._expected_s[job],
            duration=self._expected_s[job],
            appointment=None,
            after=(),
            preferred=frozenset(),
            names_preferred=False,
            excluded=frozenset(k for k, hand in enumerate(there) if one.skill not in self._hands[hand].skills),
            locked=None,
            locked_first=False,
            class_=str(one.priority),
        )

    def _worker(self, hand: int, now: Moment, at: int, places: Mapping[Point, int]) -> Worker:
        ready = at
        if hand in now.busy:
            job, there_at = now.busy[hand]
            ready = max(at + 120, round(there_at) + self._expected_s[job])
        ends = int(self._hands[hand].to_s)
        longest = max(self._expected_s) if self._expected_s else 0
        return Worker(
            id=str(hand),
            skills={},
            location=places[now.where[hand]],
            ready_s=ready,
            shift_end=ends,
            limit_s=max(ends, ready) + longest + 3600,
            load_s=0.0,
            breaks=(),
        )
