"""The moves of one clock that verbs and reactions share: it breaks, stands still, and runs again."""

from __future__ import annotations

from datetime import datetime, timedelta

from yingxu.ground.unit import Unit
from yingxu.promise.events import ClockHeld, ClockReleased, PromiseBroken
from yingxu.promise.models import ClockState, Hold, Promise
from yingxu.promise.snapshots import read


def mark_broken(row: Promise, unit: Unit) -> None:
    """The limit passed unreached; the fact is dated at the moment it was due. Records PromiseBroken."""
    unit.change(row, seen=["state"], state=ClockState.LATE, broken_at=row.due_at)
    unit.record(
        PromiseBroken(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=row.request_id,
            milestone=row.milestone,
            due_at=row.due_at,
        ),
        happened_at=row.due_at,
    )


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
