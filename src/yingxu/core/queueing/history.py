"""A team's own past as a model: how often it is asked, how long it takes, how many hands are there.

Times are local clock readings in seconds since 1970-01-01 00:00 on that clock, so that hours of the week are the
site's. Nothing here is fitted to a family of distributions: durations are the ones that were seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from yingxu.core.queueing.arrivals import rates_by_hour_of_week
from yingxu.core.queueing.specs import DAY_S, FORMAT, HOURS_OF_DAY, HOURS_OF_WEEK

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: Fewer arrivals, handled jobs or days than these say nothing about hours of a week.
LEAST_ARRIVALS, LEAST_HANDLED, LEAST_DAYS = 100, 50, 14
#: A worker who touches nothing for so long has gone home.
GONE_HOME_S = 5 * 3600
#: Longer than this on one job is a job left open, not work.
LONGEST_S = 24 * 3600
#: As many durations are carried into the model as tell the distribution.
MOST_VALUES = 1_000
_HOURS_MONDAY_TO_EPOCH = 3 * HOURS_OF_DAY
PRIORITIES = (1, 2, 3, 4)


class TooLittle(ValueError):
    """The past is too short to speak for a week: what there is of what is needed."""

    def __init__(self, what: str, n: int, needed: int) -> None:
        super().__init__(f"{what}: {n} of {needed}")
        self.what = what
        self.n = n
        self.needed = needed


@dataclass(frozen=True, slots=True)
class Worked:
    """Jobs of a site in a window, one entry each; -1 where something did not happen.

    Attributes
    ----------
    opened_s, accepted_s, arrived_s, finished_s : array of int
        Local clock, seconds.
    paused_s : array of int
        Seconds on site in which the work stood still.
    priority : array of int
        1 to 4.
    worker : array of int
        Who did it, any numbering.
    is_meant : array of bool
        Whether the job is of the line that is asked about; the others show whom the hands are shared with.
    """

    opened_s: Ints
    accepted_s: Ints
    arrived_s: Ints
    finished_s: Ints
    paused_s: Ints
    priority: Ints
    worker: Ints
    is_meant: Flags

    @property
    def days(self) -> float:
        """Days from the first opening to the last."""
        return float(self.opened_s.max() - self.opened_s.min()) / DAY_S if len(self.opened_s) else 0.0


def demand_model(worked: Worked) -> tuple[tuple[float, ...], dict[int, float]]:
    """Return arrivals by hour of the week, Monday first, and the share of each priority.

    Raises
    ------
    TooLittle : fewer than ``LEAST_ARRIVALS`` of the line, or fewer than ``LEAST_DAYS`` days.
    """
    n = int(worked.is_meant.sum())
    if n < LEAST_ARRIVALS:
        raise TooLittle("arrivals", n, LEAST_ARRIVALS)
    if worked.days < LEAST_DAYS - 1:
        raise TooLittle("days", int(worked.days), LEAST_DAYS)
    rates = rates_by_hour_of_week(worked.opened_s, worked.is_meant)
    found = worked.priority[worked.is_meant]
    return rates, {level: float((found == level).mean()) for level in PRIORITIES}


def handling(worked: Worked) -> tuple[Floats, Floats]:
    """Return seconds on site (pauses left out) and seconds on the way, of the line's handled jobs, unordered.

    Raises
    ------
    TooLittle : fewer than ``LEAST_HANDLED`` jobs with an arrival and an end.
    """
    done = worked.is_meant & (worked.finished_s >= 0) & (worked.accepted_s >= 0)
    there = np.where(worked.arrived_s >= 0, worked.arrived_s, worked.accepted_s)
    on_site = worked.finished_s - there - worked.paused_s
    fits = done & (on_site > 0) & (on_site <= LONGEST_S)
    n = int(fits.sum())
    if n < LEAST_HANDLED:
        raise TooLittle("handled", n, LEAST_HANDLED)
    way = (worked.arrived_s - worked.accepted_s)[fits & (worked.arrived_s >= 0)]
    way = way[(way >= 0) & (way <= LONGEST_S)]
    return on_site[fits].astype(np.float64), way.astype(np.float64)


def hands_by_hour_of_week(worked: Worked) -> Floats:
    """Return how many of the line's hands were at work in each hour of the week, Monday first, on the mean.

    A worker counts from the first acceptance to the last end of a shift (a gap of five hours ends one), by the share
    of his or her work that was the line's. Who was on duty and was sent nowhere is not seen: hours in which somebody
    was sent at all hold one at least.
    """
    seen = (worked.accepted_s >= 0) & (worked.finished_s > worked.accepted_s) & (worked.worker >= 0)
    total = np.zeros(HOURS_OF_WEEK)
    for worker in np.unique(worked.worker[seen & worked.is_meant]):
        mine = np.flatnonzero(seen & (worked.worker == worker))
        mine = mine[np.argsort(worked.accepted_s[mine], kind="stable")]
        spent = np.minimum(worked.finished_s[mine] - worked.accepted_s[mine], LONGEST_S)
        share = float(spent[worked.is_meant[mine]].sum()) / max(float(spent.sum()), 1.0)
        for begin, end in _shifts(worked.accepted_s[mine], worked.accepted_s[mine] + spent):
            _add_span(total, begin, end, share)
    weeks = max(worked.days / 7, 1.0)
    hands = total / weeks
    sent = worked.accepted_s[seen & worked.is_meant] // 3600 + _HOURS_MONDAY_TO_EPOCH
    was_sent = np.bincount(sent % HOURS_OF_WEEK, minlength=HOURS_OF_WEEK) > 0
    of_day = was_sent.reshape(-1, HOURS_OF_DAY).any(axis=0)
    return np.maximum(hands, np.tile(of_day, HOURS_OF_WEEK // HOURS_OF_DAY).astype(np.float64))


def _shifts(begins: Ints, ends: Ints) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        if spans and begin - spans[-1][1] <= GONE_HOME_S:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((begin, end))
    return spans


def _add_span(total: Floats, begin: int, end: int, share: float) -> None:
    """Add a presence to the hours of the week that it touches, each by the part of it."""
    for hour in range(begin // 3600, (end - 1) // 3600 + 1):
        part = (min(end, (hour + 1) * 3600) - max(begin, hour * 3600)) / 3600
        total[(hour + _HOURS_MONDAY_TO_EPOCH) % HOURS_OF_WEEK] += share * part


def values_of(seconds: Floats) -> list[float]:
    """Return at most ``MOST_VALUES`` durations that have the sample's quantiles, whole seconds, ascending."""
    ordered = np.sort(seconds)
    if len(ordered) > MOST_VALUES:
        ordered = np.quantile(ordered, (np.arange(MOST_VALUES) + 0.5) / MOST_VALUES)
    return [float(max(1.0, round(value))) for value in ordered]


def spec_of(
    *,
    per_hour: tuple[float, ...],
    shares: dict[int, float],
    service: dict[str, Any],
    travel: dict[str, Any] | None,
    staff: tuple[int, ...],
    priority: int,
    limit_s: int,
    percentile: float,
    until_end: bool,
    days: int,
    replications: int,
    open_min: tuple[tuple[int, int], ...] = (),
) -> dict[str, Any]:
    """Return the ``simulation-spec/1`` of a promise to one priority among the others, which go first or wait.

    The shares of priorities that never came are left out; the priority that is asked about is always there.
    ``open_min``: minutes of the week in which the promise's clock runs; empty: around the clock.
    """
    found = {level: share for level, share in shares.items() if share > 0 or level == priority}
    total = sum(found.values())
    if total <= 0:
        found, total = {priority: 1.0}, 1.0
    if found[priority] <= 0:  # it has not come yet: one in a hundred stands for it
        found[priority] = total / 99
        total += found[priority]
    return {
        "format": FORMAT,
        "days": days,
        "warm_up_days": 7,
        "replications": replications,
        "arrivals": {"per_hour": [round(rate, 6) for rate in per_hour]},
        "service_s": service,
        "travel_s": travel,
        "servers": {"by_hour": list(staff)},
        "priorities": [
            {"share": share / total, "respond_s": limit_s, "counted": level == priority}
            for level, share in sorted(found.items())
        ],
        "patience_s": None,
        "promise": {
            "respond_s": limit_s,
            "percentile": percentile,
            "until_end": until_end,
            **({"open_min": [list(span) for span in open_min]} if open_min else {}),
        },
    }
