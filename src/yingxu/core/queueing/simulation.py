"""The final answer to "can we keep it?": independent replications, with an interval over them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from yingxu.core.queueing.draws import draw_jobs
from yingxu.core.queueing.events import dispatch_times
from yingxu.core.queueing.intervals import wilson
from yingxu.core.queueing.results import Attainment, HourFigures, SimulationResult, StopAfter, WaitFigures
from yingxu.core.queueing.specs import HOUR_S, HOURS_OF_DAY, SimulationSpec, team_table
from yingxu.core.queueing.staffing import find_staff
from yingxu.core.queueing.tallies import Tally, tally_run

#: Jobs keep arriving after the last measured day, so that its last jobs have the company that they would have.
_COOL_DOWN_DAYS = 1
_BATCHES = 20

#: Called with (replications done, replications in all).
Progress = Callable[[int, int], None]


def simulate(
    spec: SimulationSpec, *, seed: int = 0, stop: StopAfter | None = None, progress: Progress | None = None
) -> SimulationResult:
    """Return the measured promise and the least staff that keeps it. The same arguments return the same answer.

    Parameters
    ----------
    spec : SimulationSpec
        From :func:`~yingxu.core.queueing.specs.read_spec`.
    seed : int
        0 or more.
    stop : StopAfter, optional
        Budget of the staffing search.
    progress : callable, optional
        Told after each replication.
    """
    return replace(
        measure_promise(spec, seed=seed, progress=progress),
        staff_needed=find_staff(spec, seed=seed, stop=stop or StopAfter()),
    )


def measure_promise(spec: SimulationSpec, *, seed: int = 0, progress: Progress | None = None) -> SimulationResult:
    """Return :func:`simulate` without its search for staff."""
    tallies = []
    for replication in range(spec.replications):
        tallies.append(_run(spec, seed, replication))
        if progress is not None:
            progress(replication + 1, spec.replications)
    n_jobs = sum(int(one.jobs.sum()) for one in tallies)
    n_abandoned = sum(one.n_abandoned for one in tallies)
    return SimulationResult(
        attainment=_attainment(tallies),
        wait_s=_wait_figures(np.concatenate([one.waits_s for one in tallies])),
        utilisation=_utilisation(spec, tallies),
        by_hour=_by_hour(spec, tallies),
        abandoned_share=n_abandoned / n_jobs if n_jobs else None,
        n_events=sum(one.n_events for one in tallies),
    )


def _run(spec: SimulationSpec, seed: int, replication: int) -> Tally:
    days = spec.warm_up_days + spec.days + _COOL_DOWN_DAYS
    jobs = draw_jobs(spec, days=days, seed=seed, replication=replication)
    staff = np.array([team.by_hour for team in spec.teams], dtype=np.int64)
    sent_s = dispatch_times(jobs, staff, team_table(spec))
    return tally_run(spec, jobs, sent_s, first_day=spec.warm_up_days, days=spec.days)


def _attainment(tallies: list[Tally]) -> Attainment:
    """Return the pooled share; its interval is Student's t over replications, never narrower than Wilson's.

    A single replication is cut into batches of whole days (batch means: Law, *Simulation Modeling and Analysis*,
    ch. 9). Deviation: Wilson's interval bounds it from within, because replications that all kept everything have no
    spread and still leave doubt.
    """
    if len(tallies) == 1:
        days = len(tallies[0].jobs) // HOURS_OF_DAY
        edges = np.linspace(0, days, min(days, _BATCHES) + 1).astype(np.int64)[:-1] * HOURS_OF_DAY
        n = np.add.reduceat(tallies[0].jobs, edges)
        kept = np.add.reduceat(tallies[0].kept, edges)
    else:
        n = np.array([one.jobs.sum() for one in tallies])
        kept = np.array([one.kept.sum() for one in tallies])
    n, kept = n[n > 0], kept[n > 0]
    if len(n) == 0:
        return Attainment(None, None, None, 0)
    total = int(n.sum())
    share = float(kept.sum()) / total
    low, high = wilson(share, total)
    if len(n) > 1:
        # Ratio estimator: residuals weigh each replication by its number of jobs.
        residual = (kept - share * n) / n.mean()
        half = float(stdtrit(len(n) - 1, 0.975)) * float(residual.std(ddof=1)) / len(n) ** 0.5
        low, high = min(low, share - half), max(high, share + half)
    return Attainment(share, max(0.0, low), min(1.0, high), total)


def _wait_figures(waits_s: npt.NDArray[np.float64]) -> WaitFigures:
    if len(waits_s) == 0:
        return WaitFigures(None, None, None, None)
    p50, p90, p95 = (float(one) for one in np.quantile(waits_s, (0.5, 0.9, 0.95), method="linear"))
    return WaitFigures(float(waits_s.mean()), p50, p90, p95)


def _measured_hours(spec: SimulationSpec) -> npt.NDArray[np.int64]:
    """Return the hour of the period of each measured hour."""
    first = spec.warm_up_days * HOURS_OF_DAY
    return (first + np.arange(spec.days * HOURS_OF_DAY)) % spec.period_h


def _utilisation(spec: SimulationSpec, tallies: list[Tally]) -> float | None:
    staff = np.sum([team.by_hour for team in spec.teams], axis=0)
    staffed_s = float(staff[_measured_hours(spec)].sum()) * HOUR_S * len(tallies)
    return sum(one.busy_s for one in tallies) / staffed_s if staffed_s > 0 else None


def _by_hour(spec: SimulationSpec, tallies: list[Tally]) -> tuple[HourFigures, ...]:
    hours = _measured_hours(spec)
    seen = np.bincount(hours, minlength=spec.period_h) * len(tallies)
    jobs = np.bincount(hours, np.sum([one.jobs for one in tallies], axis=0), spec.period_h)
    kept = np.bincount(hours, np.sum([one.kept for one in tallies], axis=0), spec.period_h)
    queue = np.bincount(hours, np.sum([one.queue for one in tallies], axis=0), spec.period_h)
    return tuple(
        HourFigures(
            share=float(kept[hour] / jobs[hour]) if jobs[hour] else None,
            queue=float(queue[hour] / seen[hour]) if seen[hour] else None,
        )
        for hour in range(spec.period_h)
    )
