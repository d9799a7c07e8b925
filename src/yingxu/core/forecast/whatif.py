"""The same days again under another rule of sending, or with other hands: discrete events, common random numbers.

Every policy meets the same jobs at the same moments with the same work times, drawn once for each replication, so that
a difference between two policies is theirs and not chance's (common random numbers: Law, *Simulation Modeling and
Analysis*, 5th ed., §11.2). Intervals of differences are paired Student intervals over replications.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.stats import t as student

from yingxu.core.forecast.legs import BUILDING_S, START_S, Point, by_distance_s

#: fifo: in the order of asking; priority: most urgent class first, the oldest within; nearest: most urgent class first,
#: the nearest within; match: free hands and waiting jobs matched at the least total cost each time somebody is free.
POLICIES = ("fifo", "priority", "nearest", "match")
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


def run(jobs: Sequence[PastJob], hands: Sequence[Hand], work_s: Sequence[float], *, policy: str) -> Outcome:
    """Play the days once. ``work_s``: seconds of work of each job. Ties fall by the given order, so it repeats.

    Raises
    ------
    ValueError : the policy is not one of :data:`POLICIES`.
    """
    if policy not in POLICIES:
        raise ValueError(policy)
    events: list[tuple[float, int]] = [(job.asked_s, key) for key, job in enumerate(jobs)]
    events += [(hand.from_s, len(jobs) + key) for key, hand in enumerate(hands)]
    heapq.heapify(events)
    where = [hand.place for hand in hands]
    free: set[int] = set()
    waiting: list[int] = []
    arrived: dict[int, float] = {}
    walked = 0.0
    while events:
        at = events[0][0]
        while events and events[0][0] == at:  # what happens at one moment is decided together
            key = heapq.heappop(events)[1]
            if key < len(jobs):
                waiting.append(key)
            else:
                free.add(key - len(jobs))
        free = {hand for hand in free if hands[hand].to_s > at}
        for hand, job in _sent(jobs, hands, where, sorted(free), waiting, at=at, policy=policy):
            way = walk_s(where[hand], jobs[job].place)
            free.discard(hand)
            waiting.remove(job)
            walked, where[hand] = walked + way, jobs[job].place
            arrived[job] = at + way
            heapq.heappush(events, (at + way + work_s[job], len(jobs) + hand))
    return _counted(jobs, arrived, walked)


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


@dataclass(frozen=True, slots=True)
class Scenario:
    """A rule of sending with its hands."""

    name: str
    policy: str
    hands: Sequence[Hand]


@dataclass(frozen=True, slots=True)
class Share:
    """A share over replications with its 95 % interval; the paired difference to the first scenario with its own."""

    share: float
    low: float
    high: float
    n: int
    difference: float
    difference_low: float
    difference_high: float


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What a scenario came to: promises kept overall (class 0) and by class, waits, ways, jobs nobody reached."""

    name: str
    by_class: dict[int, Share]
    mean_wait_s: float
    walked_h: float
    n_unreached: float


def compare(
    jobs: Sequence[PastJob],
    scenarios: Sequence[Scenario],
    seen_work_s: Sequence[float],
    *,
    seed: int,
    replications: int = 20,
) -> tuple[ScenarioResult, ...]:
    """Return every scenario over the same replications; differences are to the first one.

    Parameters
    ----------
    seen_work_s : seconds of work that were seen; each job draws one of them for each replication.
    """
    rng = np.random.default_rng(seed)
    draws = rng.choice(np.asarray(seen_work_s, dtype=np.float64), size=(replications, len(jobs)))
    outcomes = [
        [run(jobs, one.hands, draws[turn], policy=one.policy) for turn in range(replications)] for one in scenarios
    ]
    classes = (0, *sorted({job.priority for job in jobs if job.limit_s > 0}))
    base = {level: _shares(outcomes[0], level) for level in classes}
    found = []
    for one, own in zip(scenarios, outcomes, strict=True):
        by_class = {}
        for level in classes:
            shares = _shares(own, level)
            middle, half = _interval(shares)
            difference, half_difference = _interval(shares - base[level])
            by_class[level] = Share(
                middle,
                max(0.0, middle - half),
                min(1.0, middle + half),
                _n(own[0], level),
                difference,
                difference - half_difference,
                difference + half_difference,
            )
        found.append(
            ScenarioResult(
                one.name,
                by_class,
                float(np.mean([outcome.mean_wait_s for outcome in own])),
                float(np.mean([outcome.walked_s for outcome in own])) / 3600,
                float(np.mean([outcome.n_unreached for outcome in own])),
            )
        )
    return tuple(found)


def _n(outcome: Outcome, level: int) -> int:
    return sum(outcome.n.values()) if level == 0 else outcome.n.get(level, 0)


def _shares(outcomes: Sequence[Outcome], level: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    kept = [sum(one.kept.values()) if level == 0 else one.kept.get(level, 0) for one in outcomes]
    return np.array([k / max(1, _n(one, level)) for k, one in zip(kept, outcomes, strict=True)], dtype=np.float64)


def _interval(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, float]:
    """Return the mean and half of its 95 % Student interval."""
    if len(values) < 2:
        return float(values.mean()), 0.0
    half = float(student.ppf(0.975, len(values) - 1)) * float(values.std(ddof=1)) / float(np.sqrt(len(values)))
    return float(values.mean()), half
