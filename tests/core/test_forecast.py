"""Laws of the demand forecast, and a contest with the seasonal naive."""

import numpy as np
import pytest

from yingxu.core.forecast import MIN_DAYS, DayKind, contest, forecast_daily, forecast_hourly, weekday_factors

WEEK = np.array([1.3, 1.2, 1.1, 1.0, 1.1, 0.7, 0.6])


def demand(days: int, seed: int, per_day: float = 60.0) -> np.ndarray:
    draw = np.random.default_rng(seed)
    level = per_day * np.exp(np.cumsum(draw.normal(0, 0.01, days)))
    return draw.poisson(level * WEEK[np.arange(days) % 7])


def test_a_day_that_is_always_busier_is_forecast_busier():
    counts = np.tile([10, 10, 10, 10, 30, 10, 10], 8)
    ahead = forecast_daily(counts, first_weekday=0, horizon=7)
    assert ahead.mean.argmax() == 4
    assert ahead.mean[4] > 2 * ahead.mean[0]


def test_weekday_factors_follow_the_calendar_not_the_array():
    counts = np.tile([30, 10, 10, 10, 10, 10, 10], 8)
    assert weekday_factors(counts.astype(float), first_weekday=5).argmax() == 5


def test_it_beats_the_seasonal_naive_on_counts_with_a_wandering_level():
    ours, naive = [], []
    for seed in range(12):
        counts = demand(134, seed)
        past, future = counts[:120], counts[120:]
        ours.append(np.abs(forecast_daily(past, first_weekday=0).mean - future).mean())
        naive.append(np.abs(np.tile(past[-7:], 2) - future).mean())
    assert np.mean(ours) < 0.85 * np.mean(naive)


def test_the_interval_covers_about_what_it_says():
    inside = []
    for seed in range(40):
        counts = demand(134, 100 + seed)
        ahead = forecast_daily(counts[:120], first_weekday=0)
        inside.append((ahead.low <= counts[120:]) & (counts[120:] <= ahead.high))
    assert 0.90 <= np.mean(inside) <= 0.995


def test_intervals_are_ordered_and_never_negative_even_for_rare_requests():
    ahead = forecast_daily(np.r_[np.zeros(20), 1, np.zeros(9)], first_weekday=2, horizon=30)
    assert (ahead.low >= 0).all()
    assert (ahead.low <= ahead.high).all()
    assert np.isfinite(ahead.high).all()


def test_no_requests_at_all_is_a_forecast_of_none():
    assert forecast_daily(np.zeros(28), first_weekday=0).mean.max() == 0


@pytest.mark.parametrize(
    ("counts", "horizon"), [(np.ones(MIN_DAYS - 1), 7), (np.ones(30), 0), (np.r_[np.ones(20), -1.0], 3)]
)
def test_what_cannot_be_forecast_is_refused(counts, horizon):
    with pytest.raises(ValueError, match="forecast needs"):
        forecast_daily(counts, first_weekday=0, horizon=horizon)


SHAPE = np.array([1, 1, 1, 1, 1, 2, 4, 9, 14, 13, 12, 10, 7, 9, 10, 9, 8, 6, 4, 3, 3, 2, 2, 1.0])


def hourly_demand(days: int, seed: int, off=(), per_day: float = 120.0) -> np.ndarray:
    draw = np.random.default_rng(seed)
    level = per_day * np.exp(np.cumsum(draw.normal(0, 0.01, days)))
    day = level * WEEK[np.arange(days) % 7]
    day[list(off)] *= 0.35
    return draw.poisson(day[:, None] * SHAPE / SHAPE.sum()).ravel()


def test_the_hourly_forecast_beats_last_weeks_numbers_on_weeks_it_has_not_seen():
    found = contest(hourly_demand(112, 1), first_weekday=0, kinds=[DayKind.ORDINARY] * 112)
    assert found is not None
    assert found.mae < 0.8 * found.naive_mae
    assert 0.88 <= found.coverage <= 0.99
    assert (found.n_weeks, found.n_hours) == (4, 4 * 168)


def test_a_holiday_ahead_is_forecast_as_one_and_a_made_up_sunday_as_a_working_day():
    off = (33, 34, 35, 68, 69, 70)
    counts = hourly_demand(91, 2, off=off)
    kinds = [DayKind.OFF if at in off else DayKind.ORDINARY for at in range(91)]
    ahead = [DayKind.OFF] + [DayKind.ORDINARY] * 5 + [DayKind.MADE_UP]
    days = forecast_hourly(counts, first_weekday=0, kinds=kinds, ahead=ahead).mean.reshape(-1, 24).sum(axis=1)
    assert days[0] < 0.6 * days[1]
    assert days[6] > 0.9 * days[1:5].mean()


def test_the_hours_of_a_day_keep_their_shape():
    ahead = forecast_hourly(hourly_demand(56, 3), first_weekday=0, kinds=[0] * 56, ahead=[DayKind.ORDINARY])
    assert ahead.mean.argmax() in (8, 9)
    assert (ahead.low <= ahead.mean).all()
    assert (ahead.high >= ahead.mean).all()


@pytest.mark.parametrize("days", [0, 13])
def test_too_short_a_past_is_refused(days):
    with pytest.raises(ValueError, match="whole days"):
        forecast_hourly(np.ones(days * 24), first_weekday=0, kinds=[0] * days, ahead=[0])


def test_kinds_must_fit_the_days_and_a_short_past_holds_no_contest():
    with pytest.raises(ValueError, match="kinds"):
        forecast_hourly(np.ones(480), first_weekday=0, kinds=[0], ahead=[0])
    assert contest(np.ones(480), first_weekday=0, kinds=[0] * 20) is None
    assert forecast_hourly(np.zeros(480), first_weekday=0, kinds=[0] * 20, ahead=[0]).mean.max() == 0
