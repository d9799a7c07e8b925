"""Hourly demand with holidays: a level that wanders, times what kind of day it is, times the day's own shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from yingxu.core.forecast.daily import DAYS_IN_WEEK, DISCOUNTS, MIN_DAYS, gamma_quantile, weekday_factors

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOURS_IN_DAY = 24
HOURS_IN_WEEK = 168
#: Shapes of days forget slower than the level: half of a day's weight is left after ten weeks.
_SHAPE_DISCOUNT = 0.99
#: A weekday's own shape counts against the shape of its group as soon as it holds so many days' requests.
_SHAPE_PRIOR_DAYS = 3.0
#: A holiday's own factor counts against Sunday's as soon as so many holidays were seen.
_HOLIDAY_PRIOR_DAYS = 2.0
_SUNDAY, _HOLIDAY, _MADE_UP = 6, 7, 8
_N_CLASSES = 9


class DayKind(IntEnum):
    """What a day is besides its weekday."""

    ORDINARY = 0
    #: A statutory day off.
    OFF = 1
    #: A working day made up for one (调休).
    MADE_UP = 2


@dataclass(frozen=True, slots=True)
class HourlyForecast:
    """Expected requests by hour. Arrays hold one entry an hour ahead.

    ``low`` and ``high`` are whole counts that bound the count of a single hour with at least the stated coverage.
    """

    mean: Floats
    low: Floats
    high: Floats
    dispersion: float
    discount: float


@dataclass(frozen=True, slots=True)
class Contest:
    """The forecast against last week's numbers, on weeks that it had not seen.

    ``mae`` and ``naive_mae`` are mean absolute errors in requests an hour; ``coverage`` is the share of hours inside
    the interval; ``n_hours`` were judged.
    """

    n_weeks: int
    n_hours: int
    mae: float
    naive_mae: float
    rmse: float
    naive_rmse: float
    coverage: float


def forecast_hourly(
    counts: Ints | Floats,
    *,
    first_weekday: int,
    kinds: Sequence[DayKind],
    ahead: Sequence[DayKind],
    coverage: float = 0.9,
) -> HourlyForecast:
    """Forecast hourly counts for the days ``ahead``.

    The level is the gamma-Poisson filter of :func:`~yingxu.core.forecast.daily.forecast_daily` (Harvey & Fernandes
    1989) over whole days; a day's factor is its weekday's, a statutory day off has one of its own (drawn to Sunday's
    by two days' weight), a made-up working day that of the mean working day. Within a day the shares of the
    hours are those
    of its weekday, drawn to those of its group (working days, days off) by three days' weight; both forget by 1 % a
    day. The interval is a gamma distribution whose spread is that of the past hours' errors.

    Parameters
    ----------
    counts : requests an hour, whole days in order, midnight first.
    first_weekday : weekday of the first day, 0 is Monday.
    kinds : of each past day. ahead : of each day to forecast.
    coverage : of the interval of a single hour.

    Raises
    ------
    ValueError : fewer than ``MIN_DAYS`` days, not whole days, kinds that do not fit, a negative count, nothing ahead.
    """
    y = np.asarray(counts, dtype=np.float64)
    if y.size % HOURS_IN_DAY or y.size < MIN_DAYS * HOURS_IN_DAY or (y < 0).any() or not len(ahead):
        raise ValueError(f"an hourly forecast needs {MIN_DAYS} whole days of counts of zero or more and a day ahead")
    by_day = y.reshape(-1, HOURS_IN_DAY)
    if len(kinds) != len(by_day):
        raise ValueError(f"{len(kinds)} kinds of days for {len(by_day)} days")
    classes = _classes(first_weekday, kinds)
    coming = _classes((first_weekday + len(by_day)) % DAYS_IN_WEEK, ahead)
    factor = _factors(by_day.sum(axis=1), classes, first_weekday)
    shapes = _shapes(by_day, classes)
    level, fitted, discount = _level(by_day.sum(axis=1), factor[classes])

    expected = fitted[:, None] * shapes[classes]
    judged = expected[DAYS_IN_WEEK:]
    error = (by_day[DAYS_IN_WEEK:] - judged) ** 2 / np.maximum(judged, 0.05)
    free = max(error.size - _N_CLASSES - HOURS_IN_DAY, 1)
    dispersion = max(1.0, float(error.sum()) / free)

    mean = (level * factor[coming][:, None] * shapes[coming]).ravel()
    far = np.repeat(np.arange(len(ahead)), HOURS_IN_DAY)
    variance = np.maximum(mean, 0.02) * dispersion * (1 + far * (1 - discount) ** 2)
    tail = (1 - coverage) / 2
    return HourlyForecast(
        mean=mean,
        low=np.floor(gamma_quantile(tail, mean, variance, floor=0.02)),
        high=np.ceil(gamma_quantile(1 - tail, mean, variance, floor=0.02)),
        dispersion=dispersion,
        discount=discount,
    )


def _classes(first_weekday: int, kinds: Sequence[DayKind]) -> Ints:
    weekday = (first_weekday + np.arange(len(kinds))) % DAYS_IN_WEEK
    kind = np.asarray(kinds, dtype=np.int64)
    return np.where(kind == DayKind.OFF, _HOLIDAY, np.where(kind == DayKind.MADE_UP, _MADE_UP, weekday))


def _factors(days: Floats, classes: Ints, first_weekday: int) -> Floats:
    """Return the factor of each class of days; weekdays from what the days would have been without holidays."""
    weekday = (first_weekday + np.arange(days.size)) % DAYS_IN_WEEK
    plain = days.copy()
    special = classes >= _HOLIDAY
    for at in np.flatnonzero(special):  # a special day is replaced by its nearest ordinary neighbours of that weekday
        same = np.flatnonzero((weekday == weekday[at]) & ~special)
        if same.size:
            plain[at] = days[same[np.argsort(np.abs(same - at))[:2]]].mean()
    weekly = weekday_factors(plain, first_weekday)
    factor = np.ones(_N_CLASSES)
    factor[:DAYS_IN_WEEK] = weekly
    factor[_MADE_UP] = weekly[:5].mean()
    window = np.convolve(np.pad(plain, 3, mode="edge"), np.full(DAYS_IN_WEEK, 1 / DAYS_IN_WEEK), mode="valid")
    off = classes == _HOLIDAY
    seen, usual = float(days[off].sum()), float(window[off].sum())
    typical = max(float(plain.mean()), 1e-9)
    prior = _HOLIDAY_PRIOR_DAYS * typical
    factor[_HOLIDAY] = (seen + prior * weekly[_SUNDAY]) / (usual + prior)
    return factor


def _shapes(by_day: Floats, classes: Ints) -> Floats:
    """Return the shares of the 24 hours for each class of days, rows that sum to 1."""
    age = np.arange(len(by_day))[::-1]
    weighed = by_day * (_SHAPE_DISCOUNT**age)[:, None]
    overall = weighed.sum(axis=0) + 1.0 / HOURS_IN_DAY
    overall /= overall.sum()
    own = np.zeros((_N_CLASSES, HOURS_IN_DAY))
    np.add.at(own, classes, weighed)
    a_day = max(float(by_day.sum(axis=1).mean()), 1.0)
    work, rest = np.array([0, 1, 2, 3, 4, _MADE_UP]), np.array([5, _SUNDAY, _HOLIDAY])
    shapes = np.empty_like(own)
    for group in (work, rest):
        common = own[group].sum(axis=0) + overall * a_day
        common /= common.sum()
        for one in group:
            mixed = own[one] + common * _SHAPE_PRIOR_DAYS * a_day
            shapes[one] = mixed / mixed.sum()
    return shapes


def _level(days: Floats, exposure: Floats) -> tuple[float, Floats, float]:
    """Return the present level, the one-step forecasts of the past days, and the discount that did best."""
    amount, weight = np.zeros(DISCOUNTS.size), np.zeros(DISCOUNTS.size)
    squares = np.zeros(DISCOUNTS.size)
    fitted = np.zeros((days.size, DISCOUNTS.size))
    for day in range(days.size):
        if day:
            fitted[day] = amount / weight * exposure[day]
        if day >= DAYS_IN_WEEK:
            squares += (days[day] - fitted[day]) ** 2
        amount = amount * DISCOUNTS + days[day]
        weight = weight * DISCOUNTS + exposure[day]
    best = int(np.argmin(squares))
    return float(amount[best] / weight[best]), fitted[:, best], float(DISCOUNTS[best])


def seasonal_naive(counts: Ints | Floats, *, horizon_days: int) -> Floats:
    """Return last week's numbers again, hour by hour: what a forecast must beat."""
    week = np.asarray(counts, dtype=np.float64)[-HOURS_IN_WEEK:]
    return np.resize(week, horizon_days * HOURS_IN_DAY)


def contest(
    counts: Ints | Floats,
    *,
    first_weekday: int,
    kinds: Sequence[DayKind],
    weeks: int = 4,
    coverage: float = 0.9,
) -> Contest | None:
    """Hold the last weeks back, one after the other, and forecast each from what came before it.

    Returns None where the past is too short to hold even one week back.
    """
    y = np.asarray(counts, dtype=np.float64)
    n_days = y.size // HOURS_IN_DAY
    weeks = min(weeks, (n_days - MIN_DAYS) // DAYS_IN_WEEK)
    if weeks < 1:
        return None
    ours, naive, inside = [], [], []
    for back in range(weeks, 0, -1):
        origin = n_days - back * DAYS_IN_WEEK
        past, truth = y[: origin * HOURS_IN_DAY], y[origin * HOURS_IN_DAY : (origin + DAYS_IN_WEEK) * HOURS_IN_DAY]
        forecast = forecast_hourly(
            past,
            first_weekday=first_weekday,
            kinds=kinds[:origin],
            ahead=kinds[origin : origin + DAYS_IN_WEEK],
            coverage=coverage,
        )
        ours.append(forecast.mean - truth)
        naive.append(seasonal_naive(past, horizon_days=DAYS_IN_WEEK) - truth)
        inside.append((forecast.low <= truth) & (truth <= forecast.high))
    mine, theirs = np.concatenate(ours), np.concatenate(naive)
    return Contest(
        n_weeks=weeks,
        n_hours=mine.size,
        mae=float(np.abs(mine).mean()),
        naive_mae=float(np.abs(theirs).mean()),
        rmse=float(np.sqrt((mine**2).mean())),
        naive_rmse=float(np.sqrt((theirs**2).mean())),
        coverage=float(np.concatenate(inside).mean()),
    )
