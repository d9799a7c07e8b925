"""Jobs, proposals and workers in pages, for programs: keyset cursors, no exact counts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from yingxu.dispatch.models import Proposal
from yingxu.dispatch.queries.day import DayJob, day_jobs
from yingxu.dispatch.queries.proposals import PlanRow
from yingxu.dispatch.queries.rows import IN_HAND
from yingxu.dispatch.queries.workers import WorkerRow, worker_self, workers
from yingxu.dispatch.snapshots import Needs, clearances_needed
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.work.models import Job
from yingxu.work.queries.jobs import seen_by

#: States in which somebody still has to go or is at it.
OPEN = ("queued", "dispatched", *IN_HAND)


@dataclass(frozen=True)
class JobListed:
    """A job as a program sees it: what it asks of whoever goes, who has it, its moments."""

    key: int
    request_key: int
    site_id: int
    uid: UUID
    request_uid: UUID
    number: str
    state: str
    priority: int
    line_code: str
    item_code: str
    item_name: str
    text: str
    place_code: str | None
    place_name: str
    skill: str
    skill_level: int
    certificates: tuple[str, ...]
    crew: int
    minutes: int
    party_id: int | None
    worker_uid: UUID | None
    worker_name: str | None
    successor_uid: UUID | None
    opened_at: datetime
    dispatched_at: datetime | None
    accept_by: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    next_due_at: datetime | None
    clearances: tuple[str, ...] = ()

    @property
    def needs(self) -> Needs:
        """What the job asks of whoever goes."""
        return Needs(self.line_code, self.skill, self.skill_level, self.party_id, self.certificates, self.clearances)


_COLUMNS = (
    *("id", "request_id", "site_id", "uid", "request__uid", "number", "state", "priority", "line_code"),
    *("item__code", "item__name", "text", "place__code", "place_name", "item__skill", "item__skill_level"),
    *("item__certificates", "item__crew", "item__minutes", "party_id", "worker__uid", "worker__name"),
    *("successor__uid", "opened_at", "dispatched_at", "accept_by", "accepted_at", "arrived_at", "finished_at"),
    "request__next_due_at",
)
_PAPERS_AT = _COLUMNS.index("item__certificates")


@dataclass(frozen=True)
class JobPage:
    """Jobs and the cursor of the next page; None when there is none."""

    rows: tuple[JobListed, ...]
    next: str | None


def job_page(
    actor: Actor,
    site_id: int,
    *,
    state: str | None = None,
    line: str | None = None,
    worker: UUID | None = None,
    cursor: str | None = None,
    limit: int = 25,
) -> JobPage:
    """Return the jobs that the actor may see, most urgent and then oldest first; without ``state`` the open ones.

    Refuses: Malformed (cursor). Budget: one query.
    """
    rows = Job.objects.filter(seen_by(actor), site_id=site_id)
    rows = rows.filter(state=state) if state else rows.filter(state__in=OPEN)
    if line:
        rows = rows.filter(line_code=line)
    if worker is not None:
        rows = rows.filter(worker__uid=worker)
    found = _listed(_from(rows, cursor).order_by("priority", "opened_at", "id")[: limit + 1])
    return JobPage(found[:limit], _cursor(found[limit - 1]) if len(found) > limit else None)


def job_listed(actor: Actor, job_id: UUID) -> JobListed:
    """Return one job that the actor may see. Refuses: NotFound. Budget: one query."""
    found = _listed(Job.objects.filter(seen_by(actor), uid=job_id)[:1])
    if not found:
        raise NotFound(kind="job", name=str(job_id))
    return found[0]


def _listed(rows: QuerySet[Job]) -> tuple[JobListed, ...]:
    found = []
    for row in rows.annotate(clearances=clearances_needed()).values_list(*_COLUMNS, "clearances"):
        columns: list[Any] = list(row)
        columns[_PAPERS_AT], columns[-1] = tuple(columns[_PAPERS_AT] or ()), tuple(columns[-1] or ())
        found.append(JobListed(*columns))
    return tuple(found)


def _from(rows: QuerySet[Job], cursor: str | None) -> QuerySet[Job]:
    """Continue after the job that a cursor names, by the three columns that order the list."""
    if not cursor:
        return rows
    table = Job._meta.db_table
    after = RawSQL(
        f'("{table}"."priority", "{table}"."opened_at", "{table}"."id") > (%s, %s, %s)',
        list(_read(cursor)),
        BooleanField(),
    )
    return rows.filter(cast(Any, after))


def _cursor(row: JobListed) -> str:
    said = f"{row.priority}~{row.opened_at.isoformat()}~{row.key}"
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[int, datetime, int]:
    try:
        said = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        priority, opened_at, key = said.split("~")
        moment = datetime.fromisoformat(opened_at)
        if moment.tzinfo is None or not -(2**15) <= int(priority) < 2**15 or abs(int(key)) >= 2**63:
            raise ValueError(cursor)
        return int(priority), moment, int(key)
    except (ValueError, binascii.Error) as error:
        raise Malformed(field="cursor", problem="wrong_type") from error


@dataclass(frozen=True)
class Planned:
    """A waiting job and what the planner proposes for it."""

    job: JobListed
    plan: PlanRow


@dataclass(frozen=True)
class PlanPage:
    """What is planned, and the cursor of the next page."""

    rows: tuple[Planned, ...]
    next: str | None


def plan_page(
    actor: Actor, site_id: int, *, worker: UUID | None = None, cursor: str | None = None, limit: int = 25
) -> PlanPage:
    """Return the live proposals for the waiting jobs of the actor's desk, most urgent first.

    Refuses: Malformed (cursor). Budget: two queries.
    """
    plans = Proposal.objects.filter(site_id=site_id, is_live=True)
    if worker is not None:
        plans = plans.filter(worker__uid=worker)
    rows = Job.objects.filter(seen_by(actor, "queue.read"), site_id=site_id, state="queued", pk__in=plans.values("job"))
    jobs = _listed(_from(rows, cursor).order_by("priority", "opened_at", "id")[: limit + 1])
    known = _plans([job.key for job in jobs[:limit]])
    found = tuple(Planned(job, known[job.uid]) for job in jobs[:limit] if job.uid in known)
    return PlanPage(found, _cursor(jobs[limit - 1]) if len(jobs) > limit else None)


def plan_of(actor: Actor, job_id: UUID) -> Planned:
    """Return what the planner proposes for one waiting job of the actor's desk. Refuses: NotFound. Budget: two."""
    jobs = _listed(Job.objects.filter(seen_by(actor, "queue.read"), uid=job_id)[:1])
    if not jobs:
        raise NotFound(kind="job", name=str(job_id))
    plan = _plans([jobs[0].key]).get(job_id)
    if plan is None or jobs[0].state != "queued":
        raise NotFound(kind="proposal", name=jobs[0].number)
    return Planned(jobs[0], plan)


def _plans(keys: Sequence[int]) -> Mapping[UUID, PlanRow]:
    rows = Proposal.objects.filter(job_id__in=keys, is_live=True).values_list(
        *("job__uid", "worker__uid", "worker__name", "worker__name_en"),
        *("runner_up__uid", "runner_up__name", "runner_up__name_en", "start_at", "made_at", "reason"),
    )
    return {
        row[0]: PlanRow(row[0], row[1], row[2] or "", row[3] or "", row[4], row[5] or "", row[6] or "", *row[7:])
        for row in rows
    }


def desk_workers(actor: Actor, site_id: int) -> tuple[WorkerRow, ...]:
    """Return the workers of the actor's side, to whoever reads the queue there. Refuses: NotAllowed. Budget: one."""
    authority.require(actor, "queue.read", where=Where(site_id))
    return workers(actor, site_id)


@dataclass(frozen=True)
class DayOf:
    """One worker's day: who it is, what was and is in hand, what the planner would give next."""

    worker: WorkerRow
    jobs: tuple[DayJob, ...]
    planned: tuple[Planned, ...]


def day_of(actor: Actor, site_id: int, worker: UUID, *, from_at: datetime, to_at: datetime) -> DayOf:
    """Return a worker's day to the desk of his or her side, and to the worker.

    Refuses: NotFound (not of the actor's side). Budget: four queries.
    """
    is_desk = authority.may(actor, "queue.read", where=Where(site_id))
    known = workers(actor, site_id) if is_desk else worker_self(actor, site_id)
    row = next((one for one in known if one.uid == worker), None)
    if row is None:
        raise NotFound(kind="worker", name=str(worker))
    jobs = day_jobs(site_id, [row.id], from_at=from_at, to_at=to_at)
    planned = plan_page(actor, site_id, worker=worker, limit=100).rows if is_desk else ()
    return DayOf(row, jobs, tuple(sorted(planned, key=lambda one: one.plan.start_at or to_at)))
