"""Questions about judgements: what was said of a job, and what waits for a person to look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotFound
from yingxu.verify.models import Verdict
from yingxu.work.models import Job
from yingxu.work.queries import JobRow, rows_of, seen_by
from yingxu.work.snapshots import where_of


@dataclass(frozen=True)
class VerdictRow:
    """One judgement. Names of askers stay out: only who recorded it, where that is staff."""

    ground: str
    is_good: bool
    is_contradicted: bool
    text: str
    reason_code: str
    given_by: str
    is_for_asker: bool
    given_at: datetime


def verdicts(actor: Actor, job_id: UUID) -> tuple[VerdictRow, ...]:
    """Return what was said of a job, oldest first. Refuses: NotFound, NotAllowed. Budget: two queries."""
    job = Job.objects.filter(uid=job_id).first()
    if job is None:
        raise NotFound(kind="job", name=str(job_id))
    authority.require(actor, "job.read", where=where_of(job))
    rows = (
        Verdict.objects.filter(job=job)
        .order_by("given_at", "id")
        .values_list(
            "ground",
            "is_good",
            "is_contradicted",
            "text",
            "reason_code",
            "given_by__name",
            "behalf_id",
            "given_at",
            "given_by_id",
        )
    )
    return tuple(
        VerdictRow(*row[:5], row[5] if row[5] and row[8] != job.owner_id else "", row[6] is not None, row[7])
        for row in rows
    )


def held_open(actor: Actor, site_id: int, *, limit: int = 50) -> tuple[JobRow, ...]:
    """Return finished jobs that only a person can settle: a yes that says no, a complaint, a failed critical step.

    Budget: one query.
    """
    objections = Verdict.objects.filter(
        Q(is_good=False) | Q(is_contradicted=True), job=OuterRef("pk"), given_at__gte=F("job__finished_at")
    )
    found = Job.objects.filter(seen_by(actor), site_id=site_id, state="finished")
    found = found.filter(Exists(objections) | Q(quality_score=0))
    return rows_of(found.order_by("confirm_by", "id")[:limit])
