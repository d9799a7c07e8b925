"""The least staff by hour that keeps the promise in every hour.

The formula of :mod:`~yingxu.core.queueing.offered_load` proposes; simulation disposes. Hours that miss the percentile
get servers, then servers are taken away wherever every hour still keeps it, all on the same jobs (common random
numbers); at last the result is held against a larger sample of other jobs, with a margin for chance, and mended there.
The idea of repairing a formula's schedule by simulation is Feldman, Mandelbaum, Massey, Whitt, "Staffing of
time-varying queues to achieve time-stable performance", Management Science 54 (2008); the moves are ours.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yingxu.core.queueing.draws import Jobs, draw_jobs
from yingxu.core.queueing.events import dispatch_times, send_order
from yingxu.core.queueing.offered_load import staff_by_formula
from yingxu.core.queueing.results import StaffNeeded, StopAfter
from yingxu.core.queueing.specs import HOURS_OF_DAY, SimulationSpec, team_table
from yingxu.core.queueing.tallies import Tally, tally_run

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_WARM_UP_DAYS = 7
#: The search's samples have streams of their own: replications of the measurement count up from 0.
_ROUGH_SAMPLE, _FINE_SAMPLE = 1_000_001, 1_000_002
_ROUGH_JOBS, _FINE_JOBS = 120_000, 1_000_000
_ROUGH_MOST_DAYS, _FINE_MOST_DAYS = 2_000, 28_000
_ROUGH_FEWEST_DAYS, _FINE_FEWEST_DAYS = 56, 140
#: An hour is safe when it would still be met in 4,000 other days: three standard errors of the difference.
_RERUN_DAYS = 4_000
_SAFE_ERRORS = 3.0
#: Fractions of a large team taken at once before its servers are taken singly.
_STRIDES = (0.05, 0.02)


@dataclass(frozen=True, slots=True)
class _Sample:
    """Jobs to try staffings on, and what unlimited staff would make of them."""

    spec: SimulationSpec
    jobs: Jobs
    days: int
    serves: Flags
    order: Ints
    unlimited: Floats
    unlimited_share: float | None


@dataclass(frozen=True, slots=True)
class _Trial:
    """One staffing on one sample: share kept by hour of the period (NaN without jobs) and what it must reach."""

    share: Floats
    required: Floats
    missed: Ints
    attainment: float | None

    @property
    def failing(self) -> Flags:
        return self.share < self.required


def find_staff(spec: SimulationSpec, *, seed: int = 0, stop: StopAfter) -> StaffNeeded:
    """Return the least staff found whose attainment meets the percentile in every hour of arrival.

    Parameters
    ----------
    spec : SimulationSpec
        Its own staff decides only how a class that several teams may serve is divided at the start.
    seed : int
        0 or more; the same seed returns the same staff.
    stop : StopAfter
        Budget.
    """
    if not any(spec.per_hour):
        nothing = tuple((0,) * spec.period_h for _ in spec.teams)
        return StaffNeeded((0,) * spec.period_h, None, nothing)
    rough = _sample(spec, seed, _ROUGH_SAMPLE, _days_for(spec, _ROUGH_JOBS, _ROUGH_FEWEST_DAYS, _ROUGH_MOST_DAYS))
    start = staff_by_formula(spec)
    if start is None:
        return StaffNeeded(None, rough.unlimited_share, None)
    staff = _with_everyone_served(rough, start)
    staff, _ = _add_until_kept(rough, staff, errors=0.0)
    staff = _take_away(rough, staff, stop)
    fine = _sample(spec, seed, _FINE_SAMPLE, _days_for(spec, _FINE_JOBS, _FINE_FEWEST_DAYS, _FINE_MOST_DAYS))
    staff, trial = _add_until_kept(fine, staff, errors=_SAFE_ERRORS)
    return StaffNeeded(
        by_hour=tuple(int(n) for n in staff.sum(axis=0)),
        attainment=trial.attainment,
        by_team=tuple(tuple(int(n) for n in row) for row in staff),
    )


def _days_for(spec: SimulationSpec, n_jobs: int, fewest: int, most: int) -> int:
    """Return whole weeks, in days, that hold about so many jobs."""
    return 7 * round(min(most, max(fewest, n_jobs / spec.per_day)) / 7)


def _sample(spec: SimulationSpec, seed: int, stream: int, days: int) -> _Sample:
    jobs = draw_jobs(spec, days=_WARM_UP_DAYS + days + 1, seed=seed, replication=stream)
    serves = team_table(spec)
    tally = tally_run(spec, jobs, jobs.arrive_s, first_day=_WARM_UP_DAYS, days=days)
    kept, n = _by_period(tally.kept, spec.period_h), _by_period(tally.jobs, spec.period_h)
    return _Sample(spec, jobs, days, serves, send_order(serves), _share(kept, n), _overall(kept, n))


def _by_period(counts: Ints, period_h: int) -> Ints:
    """Return measured hours as rows of one period each, hour of the period by column (the warm-up is whole weeks)."""
    return counts.reshape(-1, period_h)


def _share(kept: Ints, n: Ints) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.asarray(kept.sum(axis=0) / n.sum(axis=0))


def _overall(kept: Ints, n: Ints) -> float | None:
    return float(kept.sum() / n.sum()) if n.any() else None


def _try(sample: _Sample, staff: Ints, errors: float) -> _Trial:
    spec = sample.spec
    sent_s = dispatch_times(sample.jobs, staff, sample.serves)
    tally: Tally = tally_run(spec, sample.jobs, sent_s, first_day=_WARM_UP_DAYS, days=sample.days)
    kept, n = _by_period(tally.kept, spec.period_h), _by_period(tally.jobs, spec.period_h)
    share = _share(kept, n)
    required = np.full(spec.period_h, spec.percentile)
    if errors > 0:
        with np.errstate(invalid="ignore"):
            spread = np.nan_to_num((kept - share * n).std(axis=0, ddof=1) / n.mean(axis=0))
        periods = _RERUN_DAYS * HOURS_OF_DAY / spec.period_h
        required += errors * spread * math.sqrt(1 / len(n) + 1 / periods)
    # No staff does better than unlimited staff does on the same jobs.
    required = np.minimum(required, np.maximum(spec.percentile, sample.unlimited))
    required = np.minimum(required, np.nan_to_num(sample.unlimited))
    return _Trial(share, required, tally.missed, _overall(kept, n))


def _with_everyone_served(sample: _Sample, staff: Ints) -> Ints:
    """Give one server in the busiest hour to each class that nobody would ever serve."""
    staff = staff.copy()
    busiest = int(np.argmax(sample.spec.per_hour))
    for class_index in range(len(sample.spec.classes)):
        able = [team for team in sample.order if sample.serves[team, class_index]]
        if able and not staff[able].any():
            staff[able[0], busiest] = 1
    return staff


def _add_until_kept(sample: _Sample, staff: Ints, errors: float) -> tuple[Ints, _Trial]:
    """Add servers in each hour that misses, to the team that its most missed class goes to, until none misses."""
    staff = staff.copy()
    while True:
        trial = _try(sample, staff, errors)
        failing = np.flatnonzero(trial.failing)
        if len(failing) == 0:
            return staff, trial
        for hour in failing:
            worst = int(np.argmax(trial.missed[:, hour]))
            team = next(team for team in sample.order if sample.serves[team, worst])
            staff[team, hour] += max(1, round(0.02 * float(staff[team, hour])))


def _take_away(sample: _Sample, staff: Ints, stop: StopAfter) -> Ints:
    """Take servers away while every hour is kept: many at once first, then one by one.

    Moving servers between hours to save more is left out on purpose: since a shift's end does not interrupt a job, it
    finds rosters of one crowded hour followed by an empty one that live on overtime.
    """
    budget = iter(range(stop.evaluations))
    for fraction in _STRIDES:
        if round(fraction * float(staff.max())) > 1:
            staff = _take_many(sample, staff, budget, fraction)
    return _take_one_by_one(sample, _take_many(sample, staff, budget, 0.0), budget)


def _take_many(sample: _Sample, staff: Ints, budget: Iterator[int], fraction: float) -> Ints:
    """Take one, or this fraction, from many hours at once, far enough apart to be judged singly.

    Hours that miss get the nearest removal back; an hour whose removal was taken back is not tried again here.
    """
    period = sample.spec.period_h
    spacing = _spacing_h(sample.spec)
    stride = np.maximum(1, np.round(fraction * staff)).astype(np.int64)
    untried = np.ones(staff.shape, dtype=np.bool_)
    before = -1
    while before != staff.sum():
        before = staff.sum()
        for team, offset in itertools.product(range(len(staff)), range(spacing)):
            takeable = untried & (staff >= stride)
            removed = {hour for hour in range(offset, period, spacing) if takeable[team, hour]}
            while removed:
                fewer = staff.copy()
                fewer[team, sorted(removed)] -= stride[team, sorted(removed)]
                misses = _misses(sample, fewer, budget)
                if misses is None:
                    return staff
                if len(misses) == 0:
                    staff = fewer
                    break
                returned = {min(removed, key=lambda h: (_hours_apart(h, miss, period), h)) for miss in misses}
                untried[team, sorted(returned)] = False
                removed -= returned
    return staff


def _take_one_by_one(sample: _Sample, staff: Ints, budget: Iterator[int]) -> Ints:
    """Take one from each hour in turn, round after round, until a whole round finds none that can go."""
    before = -1
    while before != staff.sum():
        before = staff.sum()
        for team, hour in zip(*np.nonzero(staff), strict=True):
            fewer = staff.copy()
            fewer[team, hour] -= 1
            misses = _misses(sample, fewer, budget)
            if misses is None:
                return staff
            if len(misses) == 0:
                staff = fewer
    return staff


def _misses(sample: _Sample, staff: Ints, budget: Iterator[int]) -> list[int] | None:
    """Return the hours that miss with this staff (all of them when a class is never served); None without budget."""
    if not _everyone_served(sample, staff):
        return list(range(sample.spec.period_h))
    if next(budget, None) is None:
        return None
    return [int(hour) for hour in np.flatnonzero(_try(sample, staff, errors=0.0).failing)]


def _everyone_served(sample: _Sample, staff: Ints) -> bool:
    return all(
        staff[sample.serves[:, class_index]].any()
        for class_index, one in enumerate(sample.spec.classes)
        if one.share > 0
    )


def _hours_apart(one: int, other: int, period: int) -> int:
    return min((one - other) % period, (other - one) % period)


def _spacing_h(spec: SimulationSpec) -> int:
    """Return how far apart removals must be to be told from one another: as long as a missing server is felt."""
    felt_s = max(one.respond_s for one in spec.classes) + spec.service.mean_s
    return min(6, 2 + math.ceil(felt_s / 3600))
