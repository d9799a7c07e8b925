"""Weeks unlike the others: control charts of attainment and volume, overall and for the main lines.

Charts and rules: `yingxu.core.quality.spc` (Montgomery; Nelson 1984; Laney 2002).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingxu.connect.assess.demand import EPOCH_WEEKDAY, busy_stretch, date_of, day_numbers
from yingxu.connect.assess.log import ServiceLog
from yingxu.connect.assess.measure import BROKEN, KEPT, RUNNING, RUNNING_LATE
from yingxu.connect.assess.phrases import Voice
from yingxu.core.quality.spc import MIN_POINTS, Chart, fractions, individuals, nelson

Mask = NDArray[np.bool_]

MAIN_LINES = 6
#: A weekly share of fewer promises says little; such lines are charted by volume only.
MIN_JUDGED_A_WEEK = 5
#: Weeks with more than this share still running would look better than they are: the quick ones finish first.
MAX_RUNNING_SHARE = 0.1


@dataclass(frozen=True)
class WeeklySeries:
    """One charted series: ``weeks`` are the Mondays (days since 1970), one per point."""

    key: str
    title: str
    is_share: bool
    weeks: NDArray[np.int64]
    chart: Chart


def weekly_series(
    log: ServiceLog, states: NDArray[np.int8], groups: list[tuple[str, str, Mask]], voice: Voice
) -> list[WeeklySeries]:
    """Return the charts of whole weeks: everything first, then the main lines; none with too few weeks."""
    days = day_numbers(log)
    first, last = busy_stretch(days)
    monday = days - (days + EPOCH_WEEKDAY) % 7
    start = first + (-(first + EPOCH_WEEKDAY)) % 7
    end = last + 1 - (last + 1 + EPOCH_WEEKDAY) % 7  # the Monday after the last whole week
    n_weeks = (end - start) // 7
    if n_weeks < MIN_POINTS:
        return []
    within = (monday >= start) & (monday < end)
    week = np.where(within, (monday - start) // 7, 0)
    weeks = start + 7 * np.arange(n_weeks)
    main = sorted((group for group in groups if group[0]), key=lambda group: -int(group[2].sum()))[:MAIN_LINES]
    everyone = ("", voice("all_lines"), np.ones(days.size, dtype=bool))
    found = []
    for code, name, among in [everyone, *main]:
        share = _share_series(states, among & within, week, n_weeks)
        if share is not None:
            chosen, chart = share
            found.append(WeeklySeries(f"attainment:{code}", name, True, weeks[chosen], chart))
        volume = np.bincount(week[among & within], minlength=n_weeks).astype(np.float64)
        found.append(WeeklySeries(f"volume:{code}", name, False, weeks, individuals(volume)))
    return found


def _share_series(
    states: NDArray[np.int8], among: Mask, week: NDArray[np.int64], n_weeks: int
) -> tuple[NDArray[np.int64], Chart] | None:
    def per_week(*wanted: int) -> NDArray[np.float64]:
        return np.bincount(week[among & np.isin(states, wanted)], minlength=n_weeks).astype(np.float64)

    kept, due, running = per_week(KEPT), per_week(KEPT, BROKEN, RUNNING_LATE), per_week(RUNNING)
    chosen = np.flatnonzero((due > 0) & (running <= MAX_RUNNING_SHARE * (due + running)))
    if chosen.size < MIN_POINTS or due[chosen].mean() < MIN_JUDGED_A_WEEK:
        return None
    return chosen, fractions(kept[chosen], due[chosen], widen=True)


def drift_of(series: list[WeeklySeries], voice: Voice) -> list[dict[str, Any]]:
    """Return the signals with a plain sentence each, in order of time."""
    found = [
        {
            "series": one.key,
            "at": date_of(int(one.weeks[signal.at])),
            "rule": f"nelson-{signal.rule}",
            "since": date_of(int(one.weeks[signal.since])),
            "is_high": signal.is_high,
            "is_trial": one.chart.is_trial,
            "sentence": _sentence(one, signal.rule, signal.at, signal.since, signal.is_high, voice),
        }
        for one in series
        for signal in nelson(one.chart)
    ]
    return sorted(found, key=lambda one: (one["at"], one["series"], one["rule"]))


def _sentence(one: WeeklySeries, rule: int, at: int, since: int, is_high: bool, voice: Voice) -> str:
    def say(value: float) -> str:
        return voice.percent(value) if one.is_share else voice.number(value)

    chart = one.chart
    return voice(
        f"drift_{rule}_{'high' if is_high else 'low'}",
        what=voice("drift_share" if one.is_share else "drift_volume", line=one.title),
        week=date_of(int(one.weeks[at])),
        since=date_of(int(one.weeks[since])),
        value=say(float(chart.values[at])),
        start=say(float(chart.values[since])),
        limit=say(float(chart.high[at] if is_high else chart.low[at])),
        mean=say(float(chart.centre[at])),
    )
