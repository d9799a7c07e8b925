"""From a log to the figures of the report: promises, response, lines, repeats, what could be promised."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingxu.connect.assess.demand import demand_of
from yingxu.connect.assess.log import Labels, ServiceLog
from yingxu.connect.assess.zone import DAY_S, MISSING
from yingxu.core.quality.promising import promise_for
from yingxu.core.quality.repeat import busiest_windows
from yingxu.core.quality.share import attainment

Report = dict[str, Any]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

NO_PROMISE, KEPT, BROKEN, RUNNING, RUNNING_LATE = range(-1, 4)
REPEAT_WITHIN_DAYS = 30
REPEATS_SHOWN = 100
PROMISE_PERCENTILE = 0.9
#: Fewer requests than this carry no promise: nine of ten cannot be told from luck.
MIN_FOR_PROMISE = 20


def promise_states(log: ServiceLog, now_s: int) -> NDArray[np.int8]:
    """Return per case where its promise stands: kept, broken, running, running late, or none.

    By its target and times; in a log without any target by the log's own flag.
    """
    is_closed = log.closed_s != MISSING
    if log.has_targets:
        has = log.target_s != MISSING
        good = np.where(is_closed, log.closed_s, now_s) <= log.target_s
    else:
        has, good = log.flag >= 0, log.flag == 1
        if (log.closed_s == MISSING).all():
            is_closed = np.ones(len(log), dtype=bool)  # a log that never states closings states results only
    states = np.where(is_closed, np.where(good, KEPT, BROKEN), np.where(good, RUNNING, RUNNING_LATE))
    return np.where(has, states, NO_PROMISE).astype(np.int8)


def share_of(kept: int, due: int) -> Report:
    """Return a share with its 95 % interval as the report writes it."""
    found = attainment(kept, due)
    if not due:
        return {"share": None, "low": None, "high": None, "n": 0}
    return {"share": kept / due, "low": found.low, "high": found.high, "n": due}


def promises_of(states: NDArray[np.int8]) -> Report:
    """Return how many promises stand where, and the attainment."""
    n = {name: int((states == state).sum()) for name, state in _NAMES.items()}
    due = n["kept"] + n["broken"] + n["running_late"]
    return {"with_target": sum(n.values()), **n, "attainment": share_of(n["kept"], due)}


_NAMES = {"kept": KEPT, "broken": BROKEN, "running": RUNNING, "running_late": RUNNING_LATE}


def response_seconds(log: ServiceLog) -> tuple[Floats, str]:
    """Return per case the seconds to the first action, or to closing in a log without first actions; NaN where unknown.

    A time before the opening is no duration; such cases are counted among the reasons and left out here.
    """
    basis = "first_action" if (log.first_action_s != MISSING).any() else "closed"
    until = log.first_action_s if basis == "first_action" else log.closed_s
    return _seconds_between(log.opened_s, until), basis


def _seconds_between(start_s: NDArray[np.int64], end_s: NDArray[np.int64]) -> Floats:
    known = (end_s != MISSING) & (end_s >= start_s)
    return np.where(known, (end_s - np.where(known, start_s, 0)).astype(np.float64), np.nan)


def durations_of(seconds: Floats) -> Report:
    """Return count, median, 90th percentile (linear interpolation) and mean of the known durations."""
    known = seconds[~np.isnan(seconds)]
    if not known.size:
        return {"n": 0, "median_s": None, "p90_s": None, "mean_s": None}
    median, p90 = np.quantile(known, [0.5, 0.9])
    return {"n": int(known.size), "median_s": float(median), "p90_s": float(p90), "mean_s": float(known.mean())}


def groups_of(labels: Labels, name_of_all: str, name_of_none: str) -> list[tuple[str, str, Mask]]:
    """Return (code, name, which cases) per value; without any value one group of all."""
    if not labels.n_stated:
        return [("", name_of_all, np.ones(labels.codes.size, dtype=bool))]
    groups = [(value, value, labels.codes == code) for code, value in enumerate(labels.values)]
    groups.append(("", name_of_none, labels.codes < 0))
    return [group for group in groups if group[2].any()]


def lines_of(groups: list[tuple[str, str, Mask]], states: NDArray[np.int8], seconds: Floats) -> list[Report]:
    """Return the figures per line, the largest gap first; a line without judged promises has no gap and no rank."""
    lines: list[Report] = []
    for code, name, among in groups:
        own = promises_of(states[among])
        kept_share, n = own["attainment"], int(among.sum())
        times = durations_of(seconds[among])
        is_judged = kept_share["n"] > 0
        lines.append(
            {
                "code": code,
                "name": name,
                "n": n,
                "kept": own["kept"],
                "broken": own["broken"],
                "running": own["running"],
                "running_late": own["running_late"],
                "attainment": kept_share,
                "median_s": times["median_s"],
                "p90_s": times["p90_s"],
                "gap": (1 - kept_share["share"]) * n if is_judged else None,
                "gap_low": (1 - kept_share["high"]) * n if is_judged else None,
                "gap_high": (1 - kept_share["low"]) * n if is_judged else None,
                "gap_rank": None,
            }
        )
    lines.sort(key=lambda line: (line["gap"] is None, -(line["gap"] or 0.0), -line["n"], line["code"]))
    for rank, line in enumerate((line for line in lines if line["gap"] is not None), start=1):
        line["gap_rank"] = rank
    return lines


def suggestions_of(groups: list[tuple[str, str, Mask]], log: ServiceLog, now_s: int) -> list[Report]:
    """Return per line the time that nine of ten would have kept; not for lines too small or too much still open."""
    by_closing = bool((log.closed_s != MISSING).any())
    until = log.closed_s if by_closing else log.first_action_s
    took = _seconds_between(log.opened_s, until)
    if log.is_days_only or "closed" in log.by_day:
        took += DAY_S - 1  # a date covers its whole day: promise what surely held, not midnight to midnight
    age = np.maximum(now_s - log.opened_s, 0).astype(np.float64)
    is_judged = ~np.isnan(took) | (until == MISSING)  # a time before the opening says nothing about speed
    found = []
    for code, name, among in groups:
        own = among & is_judged
        promise = promise_for(took[own], age[own], percentile=PROMISE_PERCENTILE, at_least=MIN_FOR_PROMISE)
        if promise is not None:
            found.append(
                {
                    "code": code,
                    "name": name,
                    "percentile": PROMISE_PERCENTILE,
                    "minutes": promise.minutes,
                    "would_have_kept": promise.would_have_kept,
                    "n": promise.n,
                    "basis": "closed" if by_closing else "first_action",
                }
            )
    return found


def repeats_of(log: ServiceLog) -> list[Report]:
    """Return the places where one line was asked for three times or more within thirty days, the most first."""
    n_lines = len(log.line.values) + 1
    place = log.place.codes.astype(np.int64)
    group = np.where(place >= 0, place * n_lines + (log.line.codes + 1), -1)
    found = busiest_windows(group, log.opened_s, within_s=REPEAT_WITHIN_DAYS * DAY_S)
    return [
        {
            "place": log.place.values[one // n_lines],
            "line": log.line.values[one % n_lines - 1] if one % n_lines else "",
            "n": n,
            "within_days": REPEAT_WITHIN_DAYS,
            "from": log.zone.iso(int(log.opened_s[first]))[:10],
        }
        for one, n, first in found[:REPEATS_SHOWN]
    ]


def rows_of(log: ServiceLog) -> Report:
    """Return how many rows were read, used and rejected, and why; noted reasons are of rows that were used."""
    rows: Report = {
        "read": log.rows_read,
        "used": log.rows_used,
        "rejected": log.rows_read - log.rows_used,
        "reasons": [
            {"reason": one.code, "n": one.n, "first_row": one.first_row, "rejected": one.is_rejecting}
            for one in log.problems
        ],
    }
    if log.is_event_log:
        rows["cases"] = len(log)
    return rows


def measure(log: ServiceLog, *, now_s: int, name_of_all: str, name_of_none: str) -> Report:
    """Return the figures of ``service-assessment/1`` except the sentences of drift, which depend on the language."""
    states = promise_states(log, now_s)
    seconds, basis = response_seconds(log)
    groups = groups_of(log.line, name_of_all, name_of_none)
    return {
        "format": "service-assessment/1",
        "source": {
            "name": log.name,
            "timezone": log.zone.name,
            "now": log.zone.iso(now_s),
            "columns": log.columns,
            "found_by": log.found_by,
            "counted_by": "target" if log.has_targets else "flag" if (log.flag >= 0).any() else None,
            "response_basis": basis,
        },
        "rows": rows_of(log),
        "period": {"from": log.zone.iso(int(log.opened_s.min())), "to": log.zone.iso(int(log.opened_s.max()))},
        "promises": promises_of(states),
        "response": durations_of(seconds),
        "lines": lines_of(groups, states, seconds),
        "demand": demand_of(log),
        "repeat": repeats_of(log),
        "suggested_promises": suggestions_of(groups, log, now_s),
    }
