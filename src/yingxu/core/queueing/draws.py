"""The random part of a simulation, drawn before it runs.

Every job gets its arrival, class, service, travel and patience from a stream of its own. So two policies that are tried
on the same seed meet the very same jobs (common random numbers), and any other simulator can be fed the same draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from yingxu.core.queueing.specs import HOUR_S, HOURS_OF_DAY, SimulationSpec

Floats = npt.NDArray[np.float64]

_ARRIVALS, _CLASSES, _SERVICE, _TRAVEL, _PATIENCE = range(5)


@dataclass(frozen=True, slots=True)
class Jobs:
    """Jobs in order of arrival; every array has one entry a job, times in seconds from the first midnight.

    ``patience_s`` is infinite for those who never give up; ``class_index`` counts the specification's classes.
    """

    arrive_s: Floats
    class_index: npt.NDArray[np.int64]
    service_s: Floats
    travel_s: Floats
    patience_s: Floats


def draw_jobs(spec: SimulationSpec, *, days: int, seed: int, replication: int) -> Jobs:
    """Return the jobs of ``days`` days. The same arguments return the same jobs.

    Arrivals are a Poisson process with a rate that is constant within each hour, by inversion of its cumulative
    rate (Çinlar, *Introduction to Stochastic Processes*, ch. 4.7): unit-rate arrivals, stretched.
    """
    arrive_s = _arrivals(spec.per_hour, days, _stream(seed, replication, _ARRIVALS))
    n = len(arrive_s)
    class_index = np.zeros(n, dtype=np.int64)
    if len(spec.classes) > 1:
        edges = np.cumsum([one.share for one in spec.classes])[:-1]
        class_index = np.searchsorted(edges, _stream(seed, replication, _CLASSES).random(n), side="right")
    travel_s = np.zeros(n)
    if spec.travel is not None:
        travel_s = spec.travel.draw(_stream(seed, replication, _TRAVEL), n)
    patience_s = np.full(n, np.inf)
    if spec.patience is not None:
        patience_s = spec.patience.draw(_stream(seed, replication, _PATIENCE), n)
    service_s = spec.service.draw(_stream(seed, replication, _SERVICE), n)
    return Jobs(arrive_s, class_index.astype(np.int64), service_s, travel_s, patience_s)


def _stream(seed: int, replication: int, purpose: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(replication, purpose))))


def _arrivals(per_hour: tuple[float, ...], days: int, rng: np.random.Generator) -> Floats:
    hours = days * HOURS_OF_DAY
    rates = np.resize(np.asarray(per_hour, dtype=np.float64), hours)
    cumulative = np.concatenate(([0.0], np.cumsum(rates)))
    total = cumulative[-1]
    marks = np.cumsum(rng.standard_exponential(int(total + 6 * total**0.5) + 20))
    while marks[-1] < total:
        more = np.cumsum(rng.standard_exponential(int(total**0.5) + 20))
        marks = np.concatenate((marks, marks[-1] + more))
    return stretch(marks[marks < total], rates, cumulative)


@njit(cache=True, nogil=True)
def stretch(marks: Floats, rates: Floats, cumulative: Floats) -> Floats:
    """Return the times, seconds, at which the cumulative rate reaches each mark. ``marks`` ascend, below the total."""
    times = np.empty(len(marks))
    hour = 0
    for at in range(len(marks)):
        while cumulative[hour + 1] <= marks[at]:
            hour += 1
        times[at] = (hour + (marks[at] - cumulative[hour]) / rates[hour]) * HOUR_S
    return times
