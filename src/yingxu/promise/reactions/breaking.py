"""A limit passes unreached."""

from __future__ import annotations

from yingxu.ground.unit import Unit
from yingxu.promise.events import PromiseBroken
from yingxu.promise.models import ClockState, Promise


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
