"""What a run of the event loop amounts to: counts by hour, waits, busy time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from yingxu.core.queueing.draws import Jobs
from yingxu.core.queueing.service_week import WEEK_MIN, WEEK_S, open_marks
from yingxu.core.queueing.specs import DAY_S, HOUR_S, HOURS_OF_DAY, SimulationSpec

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Sums of seconds are exact to well below this; a job that needs all of its time is kept.
_TOLERANCE_S = 1e-6


@dataclass(frozen=True, slots=True)
class Tally:
    """One run, counted over its measured days.

    Attributes
    ----------
    jobs, kept : array of int, shape (measured hours,)
        Counted jobs by hour of arrival, and those of them served (or done) within their limit.
    queue : array of float, shape (measured hours,)
        Mean number of all classes waiting during each hour (from arrival until service starts or the asker gives up).
    missed : array of int, shape (classes, hours of the period)
        Jobs that were not kept, by class and hour of arrival.
    waits_s : array of float
        Wait of each served counted job, seconds in which the promise's clock runs.
    busy_s : float
        Server time spent on the way and at work within the measured days, seconds.
    n_abandoned : int
        Askers that gave up.
    n_events : int
        Arrivals, starts, ends and abandonments, warm-up included.
    """

    jobs: Ints
    kept: Ints
    queue: Floats
    missed: Ints
    waits_s: Floats
    busy_s: float
    n_abandoned: int
    n_events: int


def tally_run(spec: SimulationSpec, jobs: Jobs, sent_s: Floats, *, first_day: int, days: int) -> Tally:
    """Count a run of which ``days`` days from ``first_day`` on are measured."""
    n_hours = days * HOURS_OF_DAY
    n_jobs = np.zeros(n_hours, dtype=np.int64)
    kept = np.zeros(n_hours, dtype=np.int64)
    queue_s = np.zeros(n_hours)
    missed = np.zeros((len(spec.classes), spec.period_h), dtype=np.int64)
    waits_s = np.empty(len(sent_s))
    limits_s = np.array([one.respond_s for one in spec.classes])
    counted = np.array([one.is_counted for one in spec.classes], dtype=np.bool_)
    after_s = jobs.service_s if spec.is_until_end else np.zeros(len(sent_s))
    n_served, n_measured_abandoned, n_abandoned, busy_s = count_jobs(
        jobs.arrive_s,
        jobs.class_index,
        jobs.travel_s,
        jobs.service_s,
        jobs.patience_s,
        sent_s,
        limits_s,
        counted,
        after_s,
        first_day * DAY_S,
        n_jobs,
        kept,
        queue_s,
        missed,
        waits_s,
        open_marks(spec.open_min),
    )
    n_events = 3 * len(sent_s) - n_abandoned
    queue = queue_s / HOUR_S
    return Tally(n_jobs, kept, queue, missed, waits_s[:n_served], busy_s, n_measured_abandoned, n_events)


@njit(cache=True, nogil=True)
def open_before(instant_s: float, marks: Floats) -> float:
    """Return the open seconds in [0, ``instant_s``), counted from a Monday 00:00."""
    weeks = instant_s // WEEK_S
    rest_s = instant_s - weeks * WEEK_S
    minute = min(int(rest_s // 60.0), WEEK_MIN - 1)
    part = (rest_s - minute * 60.0) / 60.0
    return float(weeks * marks[-1] + marks[minute] + (marks[minute + 1] - marks[minute]) * part)


@njit(cache=True, nogil=True)
def open_between(from_s: float, spent_s: float, marks: Floats) -> float:
    """Return the seconds of ``spent_s`` after ``from_s`` in which the clock runs."""
    if len(marks) == 1:
        return spent_s
    return float(open_before(from_s + spent_s, marks) - open_before(from_s, marks))


@njit(cache=True, nogil=True)
def count_jobs(
    arrive_s: Floats,
    class_index: Ints,
    travel_s: Floats,
    service_s: Floats,
    patience_s: Floats,
    sent_s: Floats,
    limits_s: Floats,
    counted: npt.NDArray[np.bool_],
    after_s: Floats,
    window_start_s: float,
    jobs: Ints,
    kept: Ints,
    queue_s: Floats,
    missed: Ints,
    waits_s: Floats,
    open_s: Floats,
) -> tuple[int, int, int, float]:
    """Fill the arrays of :class:`Tally`; return served and abandoned in the window, abandoned in all, busy seconds.

    ``open_s``: from :func:`~yingxu.core.queueing.service_week.open_marks`; waits and limits count while it is open.
    """
    n_hours = len(jobs)
    period = missed.shape[1]
    window_end_s = window_start_s + n_hours * HOUR_S
    first_hour = int(window_start_s // HOUR_S)
    whole_hours = np.zeros(n_hours + 1)  # differences: a long wait costs no more than a short one
    n_served = 0
    n_measured_abandoned = 0
    n_abandoned = 0
    busy_s = 0.0
    for at in range(len(arrive_s)):
        arrive = arrive_s[at]
        gave_up = np.isnan(sent_s[at])
        if gave_up:
            wait = patience_s[at]
            n_abandoned += 1
        else:
            wait = (sent_s[at] - arrive) + travel_s[at]
            started = max(sent_s[at], window_start_s)
            ended = min(sent_s[at] + travel_s[at] + service_s[at], window_end_s)
            if ended > started:
                busy_s += ended - started
        if window_start_s <= arrive < window_end_s and counted[class_index[at]]:
            hour = int((arrive - window_start_s) // HOUR_S)
            jobs[hour] += 1
            if not gave_up:
                waits_s[n_served] = open_between(arrive, wait, open_s)
                n_served += 1
            else:
                n_measured_abandoned += 1
            used_s = np.inf if gave_up else open_between(arrive, wait + after_s[at], open_s)
            if used_s <= limits_s[class_index[at]] + _TOLERANCE_S:
                kept[hour] += 1
            else:
                missed[class_index[at], (first_hour + hour) % period] += 1
        since = max(arrive, window_start_s) - window_start_s
        until = min(arrive + wait, window_end_s) - window_start_s
        if until > since:
            first = int(since // HOUR_S)
            last = int(until // HOUR_S)
            if first == last:
                queue_s[first] += until - since
            else:
                queue_s[first] += (first + 1) * HOUR_S - since
                whole_hours[first + 1] += HOUR_S
                whole_hours[last] -= HOUR_S
                if last < n_hours:
                    queue_s[last] += until - last * HOUR_S
    running = 0.0
    for hour in range(n_hours):
        running += whole_hours[hour]
        queue_s[hour] += running
    return n_served, n_measured_abandoned, n_abandoned, busy_s
