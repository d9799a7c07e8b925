"""What a log cannot say: computed from the log itself, never a fixed disclaimer."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from yingxu.connect.assess.log import ServiceLog
from yingxu.connect.assess.phrases import Voice
from yingxu.connect.assess.zone import MISSING

_CONFIRMATION = re.compile(
    r"rating|satisf|feedback|csat|confirmed by|survey|验收|评价|满意|评分|确认|回访|打分", re.IGNORECASE
)
_PAUSES = re.compile(r"pause|on.?hold|suspend|暂停|挂起|等待时长", re.IGNORECASE)

#: A minute in which so many cases were closed was a batch, not work; said when it concerns this share of closings.
BATCH_SIZE = 20
BATCH_SHARE = 0.05

_PER_CASE = (
    "target_before_opened",
    "closed_before_opened",
    "first_action_before_opened",
    "flag_contradicts_times",
    "closed_state_without_time",
    "open_state_with_time",
    "skipped_by_clock_change",
)


def limits_of(log: ServiceLog, voice: Voice) -> list[dict[str, Any]]:
    """Return what the log cannot say, each with a stable code and a sentence; the weightiest first."""
    found: list[dict[str, Any]] = []

    def say(code: str, **facts: Any) -> None:
        shown = {
            name: voice.percent(value) if name == "share" else voice.number(value) if name in {"n", "size"} else value
            for name, value in facts.items()
        }
        found.append({"code": code, **facts, "sentence": voice(f"l_{code}", **shown)})

    n = len(log)
    _about_promises(log, say)
    if "first_action" not in log.columns or not (log.first_action_s != MISSING).any():
        say("no_first_action")
    confirming = [name for name in log.header if _CONFIRMATION.search(name)]
    if confirming:
        say("confirmation_unused", column=confirming[0])
    else:
        say("no_confirmation")
    _about_closings(log, say)
    for code in _PER_CASE:
        problem = next((one for one in log.problems if one.code == code), None)
        if problem:
            say(code, n=problem.n, row=problem.first_row)
    unreadable = [
        one for one in log.problems if not one.is_rejecting and one.code.endswith(("_unreadable", "_implausible"))
    ]
    if unreadable:
        say("unreadable", n=sum(one.n for one in unreadable))
    if log.rows_read > log.rows_used:
        say("rejected", n=log.rows_read - log.rows_used)
    if "reopens" not in log.counts:
        say("no_reopens")
    if not any(_PAUSES.search(name) for name in log.header):
        say("no_pauses")
    if not log.line.n_stated:
        say("no_line")
    if log.place.n_stated and log.place.n_stated < 0.99 * n:
        say("place_missing", share=1 - log.place.n_stated / n)
    for role in ("target", "closed"):
        if role in log.by_day:
            say(f"{role}_by_day")
    if log.is_days_only:
        say("days_only")
    if log.date_order_is_assumed:
        say("order_assumed", order=voice(f"order_{log.date_order}"))
    return found


def _about_promises(log: ServiceLog, say: Any) -> None:
    n = len(log)
    without = int((log.target_s == MISSING).sum())
    if log.has_targets:
        if without:
            say("without_target", n=without, share=without / n)
        return
    if "target" in log.columns:
        say("target_empty", column=log.columns["target"])
    if (log.flag >= 0).any():
        say("flag_only", column=log.columns["kept"])
    else:
        say("no_promise")


def _about_closings(log: ServiceLog, say: Any) -> None:
    closed = log.closed_s[log.closed_s != MISSING]
    if closed.size and not log.is_days_only:
        _, counts = np.unique(closed // 60, return_counts=True)
        in_batches = int(counts[counts >= BATCH_SIZE].sum())
        if in_batches >= BATCH_SHARE * closed.size:
            say("batch_closing", n=in_batches, share=in_batches / closed.size, size=BATCH_SIZE - 1)
    if log.unused_times and "closed" in log.columns:
        say("unused_time", columns=" / ".join(log.unused_times[:3]), closed=log.columns["closed"])
    still_open = len(log) - int(closed.size)
    if still_open and closed.size:
        say("still_open", n=still_open)
