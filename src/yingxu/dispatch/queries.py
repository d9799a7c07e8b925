"""Questions of the desk: what waits for somebody, who could go, who was sent before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject

from yingxu.dispatch.models import Assignment
from yingxu.dispatch.snapshots import missing_for
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotFound
from yingxu.team.models import Member
from yingxu.work.models import Job
from yingxu.work.queries import LOAD, JobRow, Page, read_cursor, rows_of, seen_by, write_cursor
from yingxu.work.snapshots import where_of


def queue(
    actor: Actor, site_id: int, *, line_code: str | None = None, cursor: str | None = None, limit: int = 25
) -> Page[JobRow]:
    """Return the jobs that wait for somebody, most urgent first: by class, then by age. Budget: one query."""
    found = Job.objects.filter(seen_by(actor, "queue.read"), site_id=site_id, state="queued")
    if line_code:
        found = found.filter(line_code=line_code)
    if cursor:
        priority, _, place = cursor.partition("~")
        at, key = read_cursor(place)
        if not priority.isdigit():
            raise NotFound(kind="cursor", name=cursor)
        same = Q(priority=int(priority))
        found = found.filter(
            Q(priority__gt=int(priority)) | (same & (Q(opened_at__gt=at) | Q(opened_at=at, id__gt=key)))
        )
    rows = rows_of(found.order_by("priority", "opened_at", "id")[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(rows[:limit], f"{last.priority}~{write_cursor(last.opened_at, last.id)}" if last else None)


def offered(actor: Actor, site_id: int, *, limit: int = 50) -> tuple[JobRow, ...]:
    """Return the jobs that were offered and not accepted yet, the nearest limit first. Budget: one query."""
    found = Job.objects.filter(seen_by(actor, "queue.read"), site_id=site_id, state="dispatched")
    return rows_of(found.order_by("accept_by", "id")[:limit])


@dataclass(frozen=True)
class CandidateRow:
    """Somebody who could go: what he or she has in hand, and what is missing for this job."""

    worker_id: UUID
    account_id: int
    name: str
    name_en: str
    team_name: str
    team_name_en: str
    is_present: bool
    n_in_hand: int
    most_urgent: int | None
    near: str
    missing: tuple[str, ...]


def candidates(actor: Actor, job_id: UUID) -> tuple[CandidateRow, ...]:
    """Return the workers of the line's teams, best first: able, present, least loaded. Budget: two queries.

    Refuses: NotFound, NotAllowed.
    """
    job = Job.objects.select_related("item").filter(uid=job_id).first()
    if job is None:
        raise NotFound(kind="job", name=str(job_id))
    authority.require(actor, "queue.read", where=where_of(job))
    in_hand = Job.objects.filter(worker_id=OuterRef("account_id"), state__in=LOAD).order_by("priority", "opened_at")
    members = (
        Member.objects.filter(site_id=job.site_id, account__is_active=True, team__line_codes__contains=[job.line_code])
        .annotate(load=ArraySubquery(in_hand.values(row=JSONObject(priority="priority", place="place_name"))))
        .order_by("account__name", "id")
        .values_list(
            "account__uid",
            "account_id",
            "account__name",
            "account__name_en",
            "team__name",
            "team__name_en",
            "is_present",
            "load",
            "skills",
            "team__line_codes",
            "team__party_id",
        )
    )
    rows = []
    for key, account_id, name, name_en, team_name, team_name_en, is_present, load, skills, lines, party_id in members:
        lacks = missing_for(
            line_code=job.line_code,
            skill=job.item.skill,
            skill_level=job.item.skill_level,
            party_id=job.party_id,
            worker_lines=lines,
            worker_skills=skills,
            worker_party_id=party_id,
        )
        rows.append(
            CandidateRow(
                worker_id=key,
                account_id=account_id,
                name=name,
                name_en=name_en,
                team_name=team_name,
                team_name_en=team_name_en,
                is_present=is_present,
                n_in_hand=len(load),
                most_urgent=min((row["priority"] for row in load), default=None),
                near=load[0]["place"] if load else "",
                missing=lacks,
            )
        )
    return tuple(sorted(rows, key=lambda row: (len(row.missing), not row.is_present, row.n_in_hand, row.name)))


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
