"""What the next days and hours will bring, each with an interval, and whether that beats last week's numbers."""

from yingxu.core.forecast.daily import DISCOUNTS, MIN_DAYS, DailyForecast, forecast_daily, weekday_factors
from yingxu.core.forecast.hourly import (
    Contest,
    DayKind,
    HourlyForecast,
    contest,
    forecast_hourly,
    seasonal_naive,
)

__all__ = [
    "DISCOUNTS",
    "MIN_DAYS",
    "Contest",
    "DailyForecast",
    "DayKind",
    "HourlyForecast",
    "contest",
    "forecast_daily",
    "forecast_hourly",
    "seasonal_naive",
    "weekday_factors",
]
