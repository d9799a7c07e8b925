"""Past days played once more under a rule of sending: discrete events.

Jobs come when they came, hands are there when they were; who goes where is decided whenever somebody is free or
something comes. Comparing rules over the same draws is :mod:`yingxu.core.forecast.whatif`'s.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from yingxu.core.forecast.legs import BUILDING_S, START_S, Point, by_distance_s

#: fifo: in the order of asking; priority: most urgent class first, the oldest within; nearest: most urgent class first,
#: the nearest within; match: free hands and waiting jobs matched at the least total cost each time somebody is free;
#: reserve: as nearest, but the last free hand of a kind waits for something urgent until half of an ordinary promise is
#: used up; preempt: as nearest, and a critical job that finds nobody calls the nearest hand away from an ordinary one,
#: which waits for the rest of its work.
POLICIES = ("fifo", "priority", "nearest", "match", "reserve", "preempt")
#: What a minute past the limit weighs against a minute of walking, by class.
_WEIGHTS = {1: 60.0, 2: 12.0, 3: 3.0, 4: 1.0}
#: Beyond so many waiting jobs the matching looks at the most urgent ones only.
_LOOK = 60


@dataclass(frozen=True, slots=True)
class PastJob:
    """A job as it was asked for. ``limit_s``: promised time until somebody is there; 0: none. ``skill``: index."""

    asked_s: float
    priority: int
    skill: int
    place: Point
    limit_s: float


@dataclass(frozen=True, slots=True)
class Hand:
    """A worker's presence: from, until (nothing new is begun after), and what he or she can do."""

    from_s: float
    to_s: float
    skills: frozenset[int]
    place: Point


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one replication of one policy came to, by class: cases, kept; waits in seconds; jobs that nobody reached."""

    n: dict[int, int]
    kept: dict[int, int]
    mean_wait_s: float
    n_unreached: int
    walked_s: float


def walk_s(begin: Point, end: Point) -> float:
    """Return the way between two places in seconds: a minute within a floor, storeys and buildings as legs."""
    return 60.0 + by_distance_s(begin, end) - START_S


@dataclass(frozen=True, slots=True)
class Moment:
    """What whoever sends knows when somebody is free and something waits. Jobs and hands by their position.

    ``busy``: hand -> (job, when he or she is there); how long the work takes nobody knows before.
    """

    at: float
    free: Sequence[int]
    waiting: Sequence[int]
    where: Sequence[Point]
    busy: Mapping[int, tuple[int, float]]


#: Returns who is sent where, (hand, job), of those free and waiting.
Decide = Callable[[Moment], Sequence[tuple[int, int]]]


def run(jobs: Sequence[PastJob], hands: Sequence[Hand], work_s: Sequence[float], *, policy: str | Decide) -> Outcome:
    """Play the days once. ``work_s``: seconds of work of each job. Ties fall by the given order, so it repeats.

    Raises
    ------
    ValueError : the policy is neither one of :data:`POLICIES` nor a function that decides.
    """
    if isinstance(policy, str) and policy not in POLICIES:
        raise ValueError(policy)
    events: list[tuple[float, int]] = [(job.asked_s, key) for key, job in enumerate(jobs)]
    events += [(hand.from_s, len(jobs) + key) for key, hand in enumerate(hands)]
    if policy == "reserve":  # who was kept back is looked at again when half of the promise is used up
        events += [(_patient_until(job), -1) for job in jobs]
    heapq.heapify(events)
    left_s = list(work_s)
    busy: dict[int, tuple[int, float]] = {}
    until: dict[int, float] = {}
    where = [hand.place for hand in hands]
    free: set[int] = set()
    waiting: list[int] = []
    arrived: dict[int, float] = {}
    walked = 0.0
    while events:
        at = events[0][0]
        while events and events[0][0] == at:  # what happens at one moment is decided together
            key = heapq.heappop(events)[1]
            hand = key - len(jobs)
            if key < 0:
                continue
            if key < len(jobs):
                waiting.append(key)
            elif until.get(hand, at) == at:  # else he or she was called away from that job
                free.add(hand)
                until.pop(hand, None)
                busy.pop(hand, None)
        free = {hand for hand in free if hands[hand].to_s > at}
        sent = list(_decided(jobs, hands, where, sorted(free), waiting, busy, at=at, policy=policy))
        if policy == "preempt":
            sent += _called_away(jobs, hands, where, waiting, busy, sent, at=at)
        for hand, job in sent:
            before = busy.pop(hand, None)
            if before is not None:  # called away: what is left of that job waits again
                other, there_at = before
                waiting.append(other)
                left_s[other] = max(60.0, left_s[other] - max(0.0, at - there_at))
                if there_at > at:
                    arrived.pop(other, None)
            way = walk_s(where[hand], jobs[job].place)
            free.discard(hand)
            waiting.remove(job)
            walked, where[hand] = walked + way, jobs[job].place
            arrived.setdefault(job, at + way)
            busy[hand], until[hand] = (job, at + way), at + way + left_s[job]
            heapq.heappush(events, (until[hand], len(jobs) + hand))
    return _counted(jobs, arrived, walked)


def _patient_until(job: PastJob) -> float:
    return job.asked_s + 0.5 * (job.limit_s or 86_400.0)


def _decided(
    jobs: Sequence[PastJob],
    hands: Sequence[Hand],
    where: Sequence[Point],
    free: list[int],
    waiting: list[int],
    busy: Mapping[int, tuple[int, float]],
    *,
    at: float,
    policy: str | Decide,
) -> Sequence[tuple[int, int]]:
    if not isinstance(policy, str):
        return policy(Moment(at, free, list(waiting), where, busy)) if free and waiting else ()
    if policy != "reserve":
        return _sent(jobs, hands, where, free, waiting, at=at, policy="nearest" if policy == "preempt" else policy)
    sent = []
    left = list(free)
    for hand, job in _sent(jobs, hands, where, free, waiting, at=at, policy="nearest"):
        one = jobs[job]
        others = [other for other in left if other != hand and one.skill in hands[other].skills]
        away = any(one.skill in hands[other].skills for other in busy)
        if one.priority >= 3 and not others and away and at < _patient_until(one):
            continue  # the last of a kind: the others are away, so something urgent would find nobody
        sent.append((hand, job))
        left.remove(hand)
    return sent


def _called_away(
    jobs: Sequence[PastJob],
    hands: Sequence[Hand],
    where: Sequence[Point],
    waiting: Sequence[int],
    busy: Mapping[int, tuple[int, float]],
    sent: Sequence[tuple[int, int]],
    *,
    at: float,
) -> list[tuple[int, int]]:
    """Return who is called away from an ordinary job (3 or 4) to a critical one that nobody free was sent to."""
    taken, going = {hand for hand, _ in sent}, {job for _, job in sent}
    found: list[tuple[int, int]] = []
    for job in sorted(key for key in waiting if jobs[key].priority == 1 and key not in going):
        able = [
            (walk_s(where[hand], jobs[job].place), hand)
            for hand, (other, _) in busy.items()
            if hand not in taken
            and jobs[other].priority >= 3
            and jobs[job].skill in hands[hand].skills
            and hands[hand].to_s > at
        ]
        if able:
            hand = min(able)[1]
            found.append((hand, job))
            taken.add(hand)
    return found


def _sent(
    jobs: Sequence[PastJob],
    hands: Sequence[Hand],
    where: Sequence[Point],
    free: list[int],
    waiting: list[int],
    *,
    at: float,
    policy: str,
) -> list[tuple[int, int]]:
    """Return who is sent where at this moment. No ordinary job goes before a critical one that the same hand can do."""
    if not free or not waiting:
        return []
    if policy == "match":
        return _matched(jobs, hands, where, free, waiting, at=at)
    order = sorted(waiting, key=lambda job: (jobs[job].priority if policy != "fifo" else 0, jobs[job].asked_s, job))
    left, found = list(free), []
    if policy == "nearest":
        while left:
            able = [
                (jobs[job].priority, walk_s(where[hand], jobs[job].place), jobs[job].asked_s, job, hand)
                for job in order
                for hand in left
                if jobs[job].skill in hands[hand].skills
            ]
            if not able:
                break
            *_, job, hand = min(able)
            found.append((hand, job))
            left.remove(hand)
            order.remove(job)
        return found
    for job in order:
        able_hands = [hand for hand in left if jobs[job].skill in hands[hand].skills]
        if able_hands:
            found.append((able_hands[0], job))
            left.remove(able_hands[0])
    return found


def _matched(
    jobs: Sequence[PastJob],
    hands: Sequence[Hand],
    where: Sequence[Point],
    free: list[int],
    waiting: list[int],
    *,
    at: float,
) -> list[tuple[int, int]]:
    """Return the matching of least cost (Jonker & Volgenant 1987, as SciPy has it), critical jobs before all others."""
    found: list[tuple[int, int]] = []
    left = list(free)
    for some in ([job for job in waiting if jobs[job].priority == 1], [j for j in waiting if jobs[j].priority > 1]):
        some = sorted(some, key=lambda job: (jobs[job].priority, jobs[job].asked_s + jobs[job].limit_s, job))[:_LOOK]
        if not some or not left:
            continue
        never = 1e9
        costs = np.full((len(left), len(some)), never)
        for row, hand in enumerate(left):
            for column, job in enumerate(some):
                if jobs[job].skill in hands[hand].skills:
                    costs[row, column] = _cost(jobs[job], walk_s(where[hand], jobs[job].place), at=at)
        rows, columns = linear_sum_assignment(costs)
        pairs = [(left[r], some[c]) for r, c in zip(rows, columns, strict=True) if costs[r, c] < never]
        found += pairs
        left = [hand for hand in left if hand not in {hand for hand, _ in pairs}]
    return found


def _cost(job: PastJob, way_s: float, *, at: float) -> float:
    """Return what sending now costs less what leaving it would: the way, and how pressing the promise is (s)."""
    limit_s = job.limit_s or 86_400.0
    left_s = job.asked_s + limit_s - at - way_s
    pressing = 1.0 / (1.0 + max(0.0, left_s) / (0.25 * limit_s))
    return way_s - _WEIGHTS.get(job.priority, 1.0) * BUILDING_S * pressing


def _counted(jobs: Sequence[PastJob], arrived: dict[int, float], walked_s: float) -> Outcome:
    n: dict[int, int] = {}
    kept: dict[int, int] = {}
    waits = []
    for key, job in enumerate(jobs):
        reached = arrived.get(key)
        if reached is not None:
            waits.append(reached - job.asked_s)
        if job.limit_s > 0:
            n[job.priority] = n.get(job.priority, 0) + 1
            kept[job.priority] = kept.get(job.priority, 0) + (
                reached is not None and reached <= job.asked_s + job.limit_s
            )
    return Outcome(n, kept, float(np.mean(waits)) if waits else 0.0, len(jobs) - len(arrived), walked_s)
