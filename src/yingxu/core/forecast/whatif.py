"""The same days again under another rule of sending, or with other hands: discrete events, common random numbers.

Every policy meets the same jobs at the same moments with the same work times, drawn once for each replication, so that
a difference between two policies is theirs and not chance's (common random numbers: Law, *Simulation Modeling and
Analysis*, 5th ed., §11.2). Intervals of differences are paired Student intervals over replications.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from yingxu.core.forecast.playing import POLICIES, Decide, Hand, Moment, Outcome, PastJob, run, walk_s

__all__ = [
    "POLICIES",
    "Decide",
    "Hand",
    "Moment",
    "Outcome",
    "PastJob",
    "Scenario",
    "ScenarioResult",
    "Share",
    "compare",
    "run",
    "walk_s",
]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A rule of sending with its hands. ``policy``: its name, or what makes somebody who decides, anew for each time.

    ``replications``: so many of the first, for a rule that takes long; None: all.
    """

    name: str
    policy: str | Callable[[], Decide]
    hands: Sequence[Hand]
    replications: int | None = None


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
    replications: int


def compare(
    jobs: Sequence[PastJob],
    scenarios: Sequence[Scenario],
    seen_work_s: Sequence[float],
    *,
    seed: int,
    replications: int = 20,
    told: Callable[[int, int], None] | None = None,
) -> tuple[ScenarioResult, ...]:
    """Return every scenario over the same replications; differences are to the first one.

    Parameters
    ----------
    seen_work_s : seconds of work that were seen; each job draws one of them for each replication.
    told : hears after each replication how many scenarios with a decider of their own have run, and of how many.
    """
    rng = np.random.default_rng(seed)
    draws = rng.choice(np.asarray(seen_work_s, dtype=np.float64), size=(replications, len(jobs)))
    turns = [min(replications, one.replications or replications) for one in scenarios]
    slow = [not isinstance(one.policy, str) for one in scenarios]
    total, done = sum(n for n, is_slow in zip(turns, slow, strict=True) if is_slow), 0
    outcomes: list[list[Outcome]] = []
    for one, n, is_slow in zip(scenarios, turns, slow, strict=True):
        own: list[Outcome] = []
        for turn in range(n):
            own.append(
                run(jobs, one.hands, draws[turn], policy=one.policy if isinstance(one.policy, str) else one.policy())
            )
            done += is_slow
            if told is not None and is_slow:
                told(done, total)
        outcomes.append(own)
    classes = (0, *sorted({job.priority for job in jobs if job.limit_s > 0}))
    base = {level: _shares(outcomes[0], level) for level in classes}
    found = []
    for one, own in zip(scenarios, outcomes, strict=True):
        by_class = {}
        for level in classes:
            shares = _shares(own, level)
            middle, half = _interval(shares)
            difference, half_difference = _interval(shares - base[level][: len(shares)])
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
                len(own),
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
