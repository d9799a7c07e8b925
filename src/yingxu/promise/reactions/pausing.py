"""Clocks stand still in an approved pause, and run again."""

from __future__ import annotations

from datetime import datetime, timedelta

from yingxu.ground.unit import Unit
from yingxu.promise.events import ClockHeld, ClockReleased
from yingxu.promise.models import ClockState, Hold, Promise
from yingxu.promise.reactions.breaking import mark_broken
from yingxu.promise.snapshots import HOLDABLE, book_of, is_in_time, note_next_due, read


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


def open_hold(row: Promise, unit: Unit, *, reason_code: str, at: datetime, limit_s: int | None) -> None:
    """Let one clock stand still. Records ClockHeld."""
    unit.insert(
        Hold(
            promise_id=row.pk,
            reason_code=reason_code,
            started_at=at,
            limit_s=limit_s,
            expires_at=None if limit_s is None else at + timedelta(seconds=limit_s),
        )
    )
    unit.change(row, seen=["state"], state=ClockState.PAUSED)
    unit.record(
        ClockHeld(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=row.request_id,
            milestone=row.milestone,
            reason_code=reason_code,
        )
    )


def release(*, request_id: int, job_id: int, at: datetime, unit: Unit) -> None:
    """Work goes on: the clocks that stood still run again, with a later limit. Records ClockReleased."""
    for row in book_of(unit, request_id):
        if row.job_key == job_id and row.state == ClockState.PAUSED:
            end_hold(row, unit, at=at)
    note_next_due(unit, request_id)


def end_hold(row: Promise, unit: Unit, *, at: datetime) -> None:
    """End the open hold of one promise and give it its later limit, as the core derives it. Records ClockReleased."""
    holds = list(Hold.objects.filter(promise_id=row.pk))
    for open_one in [held for held in holds if held.ended_at is None]:
        ended_at = at if open_one.expires_at is None else min(at, open_one.expires_at)
        unit.change(open_one, seen=["ended_at"], ended_at=max(ended_at, open_one.started_at))
    reading = read(row, holds, at)
    due_at = reading.due_at or row.due_at
    unit.change(row, seen=["state"], state=ClockState.RUNNING, due_at=due_at)
    unit.record(
        ClockReleased(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=row.request_id,
            milestone=row.milestone,
            due_at=due_at,
        )
    )
