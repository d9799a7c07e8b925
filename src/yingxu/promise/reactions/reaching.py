"""Milestones are reached, or turn out not to have been."""

from __future__ import annotations

from datetime import datetime

from yingxu.ground.unit import Unit
from yingxu.promise.clockwork import end_hold, mark_broken
from yingxu.promise.events import ClockRestarted, PromiseReached, PromiseVoided
from yingxu.promise.models import ClockState, Promise
from yingxu.promise.snapshots import OPEN, book_of, is_in_time, note_next_due


def reach(*, request_id: int, milestone: str, at: datetime, unit: Unit, job_id: int | None = None) -> None:
    """A milestone was reached at ``at``: kept or broken, by the second.

    What was reached in time but reported after its limit had passed does not undo the breach: it is broken until the
    hospital accepts the late report (decision 15). Records PromiseReached.
    """
    row = next((row for row in book_of(unit, request_id) if (row.job_key, row.milestone) == (job_id, milestone)), None)
    if row is None or row.state not in OPEN:
        return
    if row.state == ClockState.PAUSED:
        end_hold(row, unit, at=at)
    is_kept = row.state == ClockState.RUNNING and is_in_time(at, row.due_at)
    if is_kept and row.origin != "log" and not is_in_time(unit.at, row.due_at):
        mark_broken(row, unit)
        is_kept = False
    unit.change(
        row,
        seen=["state"],
        state=ClockState.KEPT if is_kept else ClockState.BROKEN,
        reached_at=at,
        broken_at=None if is_kept else row.due_at,
    )
    unit.record(
        PromiseReached(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=request_id,
            milestone=milestone,
            is_kept=is_kept,
            reached_at=at,
        )
    )
    note_next_due(unit, request_id)


def restart_done(*, request_id: int, job_id: int, unit: Unit) -> None:
    """The work was not truly done: its clock goes on from its original start; broken stays broken.

    The verdict that was asked for is asked anew when the worker says done again. Records ClockRestarted, PromiseVoided.
    """
    for row in [row for row in book_of(unit, request_id) if row.job_key == job_id]:
        if row.milestone == "done" and row.reached_at is not None:
            was_broken = row.state == ClockState.BROKEN
            unit.change(
                row,
                seen=["state"],
                state=ClockState.LATE if was_broken else ClockState.RUNNING,
                reached_at=None,
                is_reported_late=False,
            )
            unit.record(
                ClockRestarted(
                    site_id=row.site_id,
                    subject_id=row.pk,
                    thread_id=request_id,
                    milestone=row.milestone,
                    due_at=row.due_at,
                )
            )
        elif row.milestone == "verified":
            void_row(row, unit, why="sent_back")
    note_next_due(unit, request_id)


def void_row(row: Promise, unit: Unit, *, why: str) -> None:
    """The promise no longer stands. ``withdrawn_late`` leaves its breach counted. Records PromiseVoided."""
    if row.state == ClockState.PAUSED:
        end_hold(row, unit, at=unit.happened_at)
    unit.change(row, seen=["state"], state=ClockState.VOID, void_why=why, voided_at=unit.happened_at)
    book_of(unit, row.request_id).remove(row)
    unit.record(
        PromiseVoided(
            site_id=row.site_id, subject_id=row.pk, thread_id=row.request_id, milestone=row.milestone, why=why
        )
    )
