"""The hourly forecast against the seasonal naive, on weeks held back from public service logs."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from yingxu.connect.assess.reading import read_log
from yingxu.core.forecast import DayKind, contest

LOGS = (
    "nyc311_hour/nyc311_20220501.csv.gz",
    "service_log_boston311/boston311_2011_jul_oct.csv.gz",
    "service_log_itsm_uci/incident_events_to_2016_04.csv.gz",
)
SHARED = Path(os.environ.get("YINGXU_SHARED", Path(__file__).resolve().parent.parent.parent / "shared")) / "data"
WEEKS = 4
#: Days off inside the logs' spans, which the forecast may know beforehand as a site's calendar does.
DAYS_OFF = {date(2011, 7, 4), date(2011, 9, 5), date(2011, 10, 10), date(2016, 3, 25), date(2016, 3, 28)}
_EPOCH = date(1970, 1, 1)


def hourly(path: Path) -> tuple[np.ndarray, date]:
    """Return whole days of counts by local hour, and the first day."""
    opened = np.asarray(read_log(path).opened_local_s)
    hours = opened // 3600
    first, last = int(hours.min() // 24) + 1, max(int(hours.max() // 24), int(hours.min() // 24) + 1)
    inside = hours[(hours >= first * 24) & (hours < last * 24)] - first * 24
    return np.bincount(inside, minlength=(last - first) * 24), _EPOCH + timedelta(days=first)


def run() -> None:
    """Print one row a log; a log shorter than three weeks is named and left out."""
    print("log                       days  weeks   MAE  naive  better  RMSE  naive  inside 90 %")
    for name in LOGS:
        path = SHARED / name
        if not path.exists():
            print(f"{name.split('/')[0]:25} no data at {path}; set YINGXU_SHARED")
            continue
        counts, first = hourly(path)
        days = len(counts) // 24
        kinds = [DayKind.OFF if first + timedelta(days=at) in DAYS_OFF else DayKind.ORDINARY for at in range(days)]
        found = contest(counts, first_weekday=first.weekday(), kinds=kinds, weeks=WEEKS)
        if found is None:
            print(f"{name.split('/')[0]:25} {days:4}  too short to hold a week back")
            continue
        better = 1 - found.mae / found.naive_mae
        print(
            f"{name.split('/')[0]:25} {days:4} {found.n_weeks:6} {found.mae:5.2f} {found.naive_mae:6.2f} {better:6.1%} "
            f"{found.rmse:6.2f} {found.naive_rmse:6.2f} {found.coverage:8.1%}"
        )


if __name__ == "__main__":
    run()
