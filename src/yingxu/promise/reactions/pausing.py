"""Clocks stand still in an approved pause, and run again."""

from __future__ import annotations

from datetime import datetime

from yingxu.ground.unit import Unit
from yingxu.promise.clockwork import end_hold, mark_broken, open_hold
from yingxu.promise.models import ClockState
from yingxu.promise.snapshots import HOLDABLE, book_of, is_in_time, note_next_due


def hold(*, request_id: int, job_id: int, reason_code: str, limit_s: int | None, at: datetime, unit: Unit) -> None:
    """The job's clocks that may stop stand still from the approval on; the acknowledgement's and late ones run.

    ``limit_s``: the longest stop (an unsafe place 30 minutes); after it they run again by themselves.
    Records ClockHeld.
    """
    if limit_s is not None and limit_s <= 0:
        return
    for row in book_of(unit, request_id):
        if row.job_key != job_id or row.milestone not in HOLDABLE or not row.is_pausable:
            continue
        if row.state != ClockState.RUNNING or row.origin == "log":
            continue
        if not is_in_time(at, row.due_at):
            mark_broken(row, unit)
            continue
        open_hold(row, unit, reason_code=reason_code, at=at, limit_s=limit_s)
    note_next_due(unit, request_id)


def release(*, request_id: int, job_id: int, at: datetime, unit: Unit) -> None:
    """Work goes on: the clocks that stood still run again, with a later limit. Records ClockReleased."""
    for row in book_of(unit, request_id):
        if row.job_key == job_id and row.state == ClockState.PAUSED:
            end_hold(row, unit, at=at)
    note_next_due(unit, request_id)
