"""When people ask: by hour, by weekday, and in the next days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingxu.connect.assess.log import ServiceLog
from yingxu.connect.assess.zone import DAY_S
from yingxu.core.forecast import MIN_DAYS, forecast_daily

Ints = NDArray[np.int64]

EPOCH = dt.date(1970, 1, 1)
EPOCH_WEEKDAY = EPOCH.weekday()
HORIZON_DAYS = 14
#: After so many days without any request a log has stopped; what lies beyond is a stray date, not demand.
SILENT_DAYS = 28


def day_numbers(log: ServiceLog) -> Ints:
    """Return the local day of each opening, as days since 1970."""
    return log.opened_local_s // DAY_S


def busy_stretch(days: Ints) -> tuple[int, int]:
    """Return first and last day of the stretch with most requests that has no silence of ``SILENT_DAYS``."""
    ordered = np.sort(days)
    cuts = np.flatnonzero(np.diff(ordered) > SILENT_DAYS) + 1
    bounds = np.r_[0, cuts, ordered.size]
    longest = int(np.argmax(np.diff(bounds)))
    return int(ordered[bounds[longest]]), int(ordered[bounds[longest + 1] - 1])


def date_of(day: int) -> str:
    """Return a day number as ISO date."""
    return (EPOCH + dt.timedelta(days=day)).isoformat()


def demand_of(log: ServiceLog) -> dict[str, Any]:
    """Return requests a day, their shares by hour and weekday, and the forecast of the next fourteen days."""
    days = day_numbers(log)
    hour = log.opened_local_s % DAY_S // 3600
    weekday = (days + EPOCH_WEEKDAY) % 7
    n = len(log)
    return {
        "per_day": n / int(days.max() - days.min() + 1),
        "by_hour": (np.bincount(hour, minlength=24) / n).tolist(),
        "by_weekday": (np.bincount(weekday, minlength=7) / n).tolist(),
        "forecast": forecast_of(log, days),
    }


def forecast_of(log: ServiceLog, days: Ints) -> list[dict[str, Any]]:
    """Return the forecast after the last day of the log; empty with fewer than two whole weeks of it."""
    first, last = busy_stretch(days)
    ahead_from = last + 1
    own = log.opened_local_s[(days >= first) & (days <= last)]
    if int(own.max()) % DAY_S < 18 * 3600 and not log.is_days_only:
        last -= 1  # the export was made during its last day, which is not a whole one
    if last - first + 1 < MIN_DAYS:
        return []
    counts = np.bincount(days[(days >= first) & (days <= last)] - first, minlength=last - first + 1)
    skipped = ahead_from - last - 1
    found = forecast_daily(counts, first_weekday=(first + EPOCH_WEEKDAY) % 7, horizon=HORIZON_DAYS + skipped)
    return [
        {
            "on": date_of(last + 1 + step),
            "mean": float(found.mean[step]),
            "low": float(found.low[step]),
            "high": float(found.high[step]),
        }
        for step in range(skipped, HORIZON_DAYS + skipped)
    ]
