"""To whom a job was offered, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from yingxu.dispatch.models import Assignment
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotFound
from yingxu.work.models import Job
from yingxu.work.snapshots import where_of


@dataclass(frozen=True)
class AssignmentRow:
    """One offer of a job, and what became of it."""

    worker_name: str
    made_by: str
    made_at: datetime
    accept_by: datetime
    outcome: str
    settled_at: datetime | None
    reason_code: str
    note: str


def assignments(actor: Actor, job_id: UUID) -> tuple[AssignmentRow, ...]:
    """Return to whom a job was offered, oldest first. Refuses: NotFound, NotAllowed. Budget: two queries."""
    job = Job.objects.filter(uid=job_id).first()
    if job is None:
        raise NotFound(kind="job", name=str(job_id))
    authority.require(actor, "job.read", where=where_of(job))
    found = (
        Assignment.objects.filter(job=job)
        .order_by("made_at", "id")
        .annotate(by=F("made_by__name"))
        .values_list("worker__name", "by", "made_at", "accept_by", "outcome", "settled_at", "reason_code", "note")
    )
    return tuple(AssignmentRow(row[0], row[1] or "", *row[2:]) for row in found)
