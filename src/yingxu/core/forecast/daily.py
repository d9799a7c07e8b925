"""Daily demand: what the next days will bring, with an honest interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DAYS_IN_WEEK = 7
#: Fewer days than two whole weeks cannot tell a weekday from chance.
MIN_DAYS = 14
#: Memory of the level per day; the one that predicts the past best is taken.
DISCOUNTS = np.array([0.80, 0.86, 0.90, 0.93, 0.95, 0.97, 0.985, 0.995])


@dataclass(frozen=True)
class DailyForecast:
    """Expected counts a day. All arrays have one entry per day ahead, in requests a day.

    ``low`` and ``high`` bound the count of a single day with the stated coverage, not its mean.
    """

    mean: Floats
    low: Floats
    high: Floats
    weekday_factor: Floats
    discount: float
    dispersion: float


def weekday_factors(counts: Floats, first_weekday: int) -> Floats:
    """Return how each weekday compares with its own week, Monday first; their mean is 1.

    Ratio to moving average (Hyndman & Athanasopoulos, *Forecasting: Principles and Practice*, ch. 3, classical
    multiplicative decomposition). Deviation: sums of days over sums of trend, not means of daily ratios, so that
    days without requests need no special case; each factor is drawn to 1 by the weight of one average day.

    Parameters
    ----------
    counts : array of requests a day, in calendar order, at least ``MIN_DAYS`` long.
    first_weekday : weekday of ``counts[0]``, 0 is Monday.
    """
    trend = np.convolve(counts, np.full(DAYS_IN_WEEK, 1 / DAYS_IN_WEEK), mode="valid")
    inner = counts[3:-3]
    weekday = (first_weekday + 3 + np.arange(inner.size)) % DAYS_IN_WEEK
    seen = np.bincount(weekday, weights=inner, minlength=DAYS_IN_WEEK)
    expected = np.bincount(weekday, weights=trend, minlength=DAYS_IN_WEEK)
    typical = max(float(trend.mean()), 1e-9)
    factors = (seen + typical) / (expected + typical)
    return np.asarray(factors / factors.mean(), dtype=np.float64)


def forecast_daily(
    counts: NDArray[np.int64] | Floats, *, first_weekday: int, horizon: int = 14, coverage: float = 0.95
) -> DailyForecast:
    """Forecast daily counts with weekday seasonality; holidays are not modelled.

    A level that forgets by a daily discount, ``level = sum(d**age * y) / sum(d**age * f)``: the gamma-Poisson filter of
    Harvey & Fernandes (1989), "Time series models for count or qualitative observations", *JBES* 7(4), eq. 2.6–2.9.
    Deviations: weekday factors ``f`` enter as exposure; the discount is the one of `DISCOUNTS` with the least squared
    one-step error; the spread of a day is estimated from those errors (it covers more than Poisson chance), grows with
    the horizon as for exponential smoothing, ``1 + (h - 1) * (1 - d)**2``, and is drawn as a gamma distribution.

    Parameters
    ----------
    counts : requests a day in calendar order without holes.
    first_weekday : weekday of the first day, 0 is Monday.
    horizon : days ahead. coverage : of the interval of a single day.

    Raises
    ------
    ValueError : fewer than ``MIN_DAYS`` days, a negative count, or a horizon below one.
    """
    y = np.asarray(counts, dtype=np.float64)
    if y.size < MIN_DAYS or horizon < 1 or (y < 0).any():
        raise ValueError(f"a forecast needs {MIN_DAYS} days of counts of zero or more and a horizon of at least 1 day")
    factor = weekday_factors(y, first_weekday)
    exposure = factor[(first_weekday + np.arange(y.size)) % DAYS_IN_WEEK]

    burn_in = DAYS_IN_WEEK
    amount = np.zeros(DISCOUNTS.size)
    weight = np.zeros(DISCOUNTS.size)
    squares = np.zeros(DISCOUNTS.size)
    pearson = np.zeros(DISCOUNTS.size)
    for day in range(y.size):
        if day >= burn_in:
            expected = amount / weight * exposure[day]
            error = (y[day] - expected) ** 2
            squares += error
            pearson += error / np.maximum(expected, 0.1)
        amount = amount * DISCOUNTS + y[day]
        weight = weight * DISCOUNTS + exposure[day]
    best = int(np.argmin(squares))
    judged = y.size - burn_in
    free = max(judged - DAYS_IN_WEEK, 1)  # seven fitted factors
    dispersion = max(1.0, float(pearson[best]) / free)

    ahead = np.arange(horizon)
    mean = amount[best] / weight[best] * factor[(first_weekday + y.size + ahead) % DAYS_IN_WEEK]
    variance = np.maximum(mean, 0.1) * dispersion * (1 + ahead * (1 - DISCOUNTS[best]) ** 2)
    tail = (1 - coverage) / 2
    return DailyForecast(
        mean=mean,
        low=gamma_quantile(tail, mean, variance),
        high=gamma_quantile(1 - tail, mean, variance),
        weekday_factor=factor,
        discount=float(DISCOUNTS[best]),
        dispersion=dispersion,
    )


def gamma_quantile(probability: float, mean: Floats, variance: Floats, *, floor: float = 0.1) -> Floats:
    """Return the quantile of the gamma distribution with this variance and this mean, which is ``floor`` at least."""
    floored = np.maximum(mean, floor)
    from scipy.special import gammaincinv  # here: a web process reads this shelf and never loads scipy

    return np.asarray(gammaincinv(floored**2 / variance, probability) * variance / floored, dtype=np.float64)
