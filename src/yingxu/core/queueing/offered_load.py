"""The instant answer to "can we keep it?": modified offered load and Erlang C, hour by hour, without simulating.

Source: Jennings, Mandelbaum, Massey, Whitt, "Server staffing to meet time-varying demand", Management Science 42
(1996): the load that an unlimited team would carry, ``m(t) = E[integral of lambda over (t - S, t]]``, is put into
the stationary formula of its moment.

Deviations: a job occupies its server for travel and service together; the tail of the wait is scaled by (1 + cv^2) / 2
for times that are not exponential (Allen and Cunneen); each urgency class has an exponential tail with its own mean
(Kella and Yechiali); with patience all classes share one Erlang A queue; a class that several teams may serve is
divided between them by their size, each team being a queue of its own; where the promise's clock stands still at times
(``open_min``), the limit is the time on the wall that its open seconds take from the middle of each quarter of an hour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yingxu.core.queueing.durations import middle_shares
from yingxu.core.queueing.erlang import served_within
from yingxu.core.queueing.service_week import allowed_s, open_marks
from yingxu.core.queueing.specs import HOUR_S, SimulationSpec, team_table

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_POINTS_PER_HOUR = 4
_STEP_S = HOUR_S / _POINTS_PER_HOUR
_TRAVEL_POINTS = 32
_SERVICE_POINTS = 256
_WAY_POINTS_UNTIL_END, _WORK_POINTS_UNTIL_END = 8, 32


@dataclass(frozen=True, slots=True)
class HourAnswer:
    """One hour of the day or week.

    Attributes
    ----------
    share : float or None
        Expected share kept of what arrives in the hour; None when nothing arrives.
    load_erlangs : float
        Mean number of servers that an unlimited team would have busy.
    servers : int
        Servers on duty.
    servers_needed : int or None
        Least servers by the formula; None when no number is enough.
    """

    share: float | None
    load_erlangs: float
    servers: int
    servers_needed: int | None


@dataclass(frozen=True, slots=True)
class KeepAnswer:
    """The instant answer. A formula's figure, not a measurement: it has no interval.

    Attributes
    ----------
    keeps : bool
        Whether ``share`` reaches ``percentile``.
    share : float or None
        Expected share kept, over all arrivals; None when nothing arrives.
    percentile : float
        What was promised.
    by_hour : tuple of HourAnswer
        24 or 168 (Monday first).
    weak_hours : tuple of int
        Hours whose own share is below the percentile.
    overloaded_hours : tuple of int
        Hours whose load is at or above the servers on duty: a queue grows, and only the simulation says how far.
    """

    keeps: bool
    share: float | None
    percentile: float
    by_hour: tuple[HourAnswer, ...]
    weak_hours: tuple[int, ...]
    overloaded_hours: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _TeamQueue:
    """One team as a queue of its own: erlangs by quarter of an hour, and its classes' shares of what it gets.

    ``part`` is its share of all jobs, ``counted_part`` that of the counted ones.
    """

    load: Floats
    class_shares: Floats
    part: float
    counted_part: float


def can_we_keep_it(spec: SimulationSpec) -> KeepAnswer:
    """Return the instant answer, in some milliseconds."""
    rates = np.asarray(spec.per_hour)
    kept = np.zeros(spec.period_h)
    needed = np.zeros(spec.period_h, dtype=np.int64)
    possible = True
    for team, queue in zip(spec.teams, _team_queues(spec), strict=True):
        share, least = _answer_team(spec, queue, np.asarray(team.by_hour))
        kept += queue.counted_part * share
        if least is None:
            possible = False
        else:
            needed += least
    load = offered_load(spec).reshape(spec.period_h, _POINTS_PER_HOUR).mean(axis=1)
    staff = np.sum([team.by_hour for team in spec.teams], axis=0)
    total = float(rates.sum())
    overall = float((kept * rates).sum() / total) if total > 0 else None
    busy_hours = [hour for hour in range(spec.period_h) if rates[hour] > 0]
    return KeepAnswer(
        keeps=overall is None or overall >= spec.percentile,
        share=overall,
        percentile=spec.percentile,
        by_hour=tuple(
            HourAnswer(
                share=float(kept[hour]) if rates[hour] > 0 else None,
                load_erlangs=float(load[hour]),
                servers=int(staff[hour]),
                servers_needed=int(needed[hour]) if possible else None,
            )
            for hour in range(spec.period_h)
        ),
        weak_hours=tuple(hour for hour in busy_hours if kept[hour] < spec.percentile),
        overloaded_hours=tuple(hour for hour in busy_hours if load[hour] >= staff[hour]),
    )


def staff_by_formula(spec: SimulationSpec) -> Ints | None:
    """Return the least staff of each team (row) and hour (column) by the formula; None when no number is enough."""
    rows = []
    for team, queue in zip(spec.teams, _team_queues(spec), strict=True):
        _, least = _answer_team(spec, queue, np.asarray(team.by_hour))
        if least is None:
            return None
        rows.append(least)
    return np.array(rows, dtype=np.int64)


def offered_load(spec: SimulationSpec) -> Floats:
    """Return the erlangs that an unlimited team would carry in the middle of each quarter of an hour of the period.

    Rates repeat for ever before. The time on a job enters by 256 service and 32 travel quantiles, scaled to its mean.
    """
    n = spec.period_h * _POINTS_PER_HOUR
    rate = np.repeat(np.asarray(spec.per_hour), _POINTS_PER_HOUR) / HOUR_S
    occupied = np.sort(
        (spec.service.quantile_s(middle_shares(_SERVICE_POINTS))[:, None] + _travel_points(spec)[None, :]).ravel()
    )
    # Mean of min(S, x) at each step; its increments weigh the rate that many steps ago.
    steps = np.arange(int(occupied[-1] // _STEP_S) + 2) * _STEP_S
    below = np.searchsorted(occupied, steps, side="right")
    sums = np.concatenate(([0.0], np.cumsum(occupied)))
    mean_of_min = (sums[below] + (len(occupied) - below) * steps) / len(occupied)
    weights = np.bincount(np.arange(len(steps) - 1) % n, np.diff(mean_of_min), n)
    weights *= _mean_s(spec) / weights.sum()
    at_edges = np.fft.irfft(np.fft.rfft(rate) * np.fft.rfft(weights), n)
    return np.maximum(0.0, (at_edges + np.roll(at_edges, 1)) / 2)


def _mean_s(spec: SimulationSpec) -> float:
    return spec.service.mean_s + (spec.travel.mean_s if spec.travel is not None else 0.0)


def _travel_points(spec: SimulationSpec) -> Floats:
    return spec.travel.quantile_s(middle_shares(_TRAVEL_POINTS)) if spec.travel is not None else np.zeros(1)


def _leading_points(spec: SimulationSpec) -> Floats:
    """Return quantiles of what is spent of the limit besides waiting for a server: the way, and work up to its end."""
    travel = _travel_points(spec)
    if not spec.is_until_end:
        return travel
    few = travel[:: max(1, len(travel) // _WAY_POINTS_UNTIL_END)]
    work = spec.service.quantile_s(middle_shares(_WORK_POINTS_UNTIL_END))
    return np.asarray((few[:, None] + work[None, :]).ravel())


def _counted_shares(spec: SimulationSpec, queue: _TeamQueue) -> Floats:
    """Return each class's share of the counted jobs that the team gets; zeros where it gets none of them."""
    shares = queue.class_shares * np.array([one.is_counted for one in spec.classes])
    total = float(shares.sum())
    return np.asarray(shares / total if total > 0 else shares)


def _team_queues(spec: SimulationSpec) -> list[_TeamQueue]:
    load = offered_load(spec)
    serves = team_table(spec)
    sizes = np.array([sum(team.by_hour) for team in spec.teams], dtype=np.float64)
    portions = serves * sizes[:, None]
    portions = portions / np.maximum(portions.sum(axis=0), 1e-12)
    got = portions * np.array([one.share for one in spec.classes])
    is_counted = np.array([one.is_counted for one in spec.classes])
    n_counted = max(float((got * is_counted).sum()), 1e-12)
    queues = []
    for row in got:
        part = float(row.sum())
        counted_part = float((row * is_counted).sum()) / n_counted
        queues.append(_TeamQueue(load * part, row / part if part > 0 else row, part, counted_part))
    return queues


def _answer_team(spec: SimulationSpec, queue: _TeamQueue, staff: Ints) -> tuple[Floats, Ints | None]:
    """Return the share kept by hour with this staff, and the least staff by hour (None when no number is enough)."""
    arrives = np.asarray(spec.per_hour) * queue.part > 0
    leading = _leading_points(spec)[None, :]
    budgets_s = np.array([one.respond_s for one in spec.classes])[:, None] - leading
    counted = _counted_shares(spec, queue)
    reachable = float((counted[:, None] * (budgets_s >= 0)).sum() / budgets_s.shape[1])
    possible = reachable >= spec.percentile or not arrives.any() or not counted.any()
    if spec.patience is not None:
        share, least = _impatient_sweep(spec, queue, staff, budgets_s, arrives & possible)
    else:
        on_wall_s = [_allowed(spec, one.respond_s)[:, None] - leading for one in spec.classes]
        share, least = _patient_sweep(spec, queue, staff, on_wall_s, arrives & possible)
    return share, least if possible else None


def _allowed(spec: SimulationSpec, limit_s: float) -> Floats:
    """Return a limit as time on the wall, by quarter of an hour of the period; one entry where the clock runs always.

    What is asked while the clock stands still has until its limit after the next opening.
    """
    marks = open_marks(spec.open_min)
    n_points = spec.period_h * _POINTS_PER_HOUR if spec.open_min else 1
    return allowed_s((np.arange(n_points, dtype=np.float64) + 0.5) * _STEP_S, limit_s, marks)


def _most_servers(load: float) -> int:
    """Return a number beyond which waiting is negligible for any promise: load and twelve standard deviations."""
    return math.ceil(load + 12 * math.sqrt(load)) + 12


def _patient_sweep(
    spec: SimulationSpec, queue: _TeamQueue, staff: Ints, budgets_s: list[Floats], wanted: npt.NDArray[np.bool_]
) -> tuple[Floats, Ints]:
    """``budgets_s``: by class, what the wait may take, by quarter of an hour (or one row) and leading point."""
    mean_s = _mean_s(spec)
    travel_var = (spec.travel.cv * spec.travel.mean_s) ** 2 if spec.travel is not None else 0.0
    cv2 = (travel_var + (spec.service.cv * spec.service.mean_s) ** 2) / mean_s**2
    shape = (spec.period_h, _POINTS_PER_HOUR)
    counted = _counted_shares(spec, queue)
    answer = np.zeros(spec.period_h)
    least = np.zeros(spec.period_h, dtype=np.int64)
    open_hours = wanted.copy()
    blocked = np.ones(len(queue.load))
    last = max(int(staff.max()), _most_servers(float(queue.load.max())))
    for s in range(1, last + 1):
        blocked = queue.load * blocked / (s + queue.load * blocked)
        here = staff == s
        if not here.any() and not open_hours.any():
            continue
        waiting = np.where(queue.load < s, blocked / (1 - np.minimum(queue.load / s, 1) * (1 - blocked)), 1.0)
        share = np.zeros(len(queue.load))
        above = np.zeros(len(queue.load))
        for part, counts, budget_s in zip(queue.class_shares, counted, budgets_s, strict=True):
            upto = above + queue.load * part / s
            clear_rate = s * (1 - np.minimum(above, 1)) * (1 - np.minimum(upto, 1)) / mean_s * 2 / (1 + cv2)
            late = waiting[:, None] * np.exp(-clear_rate[:, None] * np.maximum(budget_s, 0))
            share += counts * np.where(budget_s >= 0, 1 - late, 0.0).mean(axis=1)
            above = upto
        by_hour = share.reshape(shape).mean(axis=1)
        answer[here] = by_hour[here]
        met = open_hours & (by_hour >= min(spec.percentile, 1 - 1e-9))
        least[met] = s
        open_hours &= ~met
    least[open_hours] = last
    return answer, least


def _impatient_sweep(
    spec: SimulationSpec, queue: _TeamQueue, staff: Ints, budgets_s: Floats, wanted: npt.NDArray[np.bool_]
) -> tuple[Floats, Ints]:
    assert spec.patience is not None
    patience = spec.patience
    counted = _counted_shares(spec, queue)
    mean_s = _mean_s(spec)
    known: dict[tuple[int, float], float] = {}

    def kept(s: int, load: float) -> float:
        if s == 0:
            return 0.0
        if (s, load) not in known:
            by_class = served_within(s, max(load, 1e-9), mean_s, patience.survival, budgets_s.ravel())
            known[s, load] = float(counted @ by_class.reshape(budgets_s.shape).mean(axis=1))
        return known[s, load]

    answer = np.zeros(spec.period_h)
    least = np.zeros(spec.period_h, dtype=np.int64)
    for hour, load in enumerate(queue.load.reshape(spec.period_h, _POINTS_PER_HOUR).mean(axis=1).round(9)):
        answer[hour] = kept(int(staff[hour]), float(load))
        if wanted[hour]:
            low, high = 0, _most_servers(float(load))
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if kept(middle, float(load)) >= spec.percentile else (middle, high)
            least[hour] = high
    return answer, least
