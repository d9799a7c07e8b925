"""Jobs as rows of a list and one job in whole, for desks and for rooms above. Rows out, never querysets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import Greatest, JSONObject

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.hot import ANY_KEY, hot
from yingxu.ground.models import File
from yingxu.ground.refusals import NotFound
from yingxu.standards.queries import ProcedureRow, procedure_of
from yingxu.work.models import Job, Pause, StepDone
from yingxu.work.snapshots import where_of

Row = TypeVar("Row")
#: What a worker was offered or has in hand.
LOAD = ("dispatched", "accepted", "en_route", "arrived", "in_progress", "paused")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows and where the next ones begin; ``next`` is None on the last page."""

    rows: tuple[Row, ...]
    next: str | None


@dataclass(frozen=True)
class JobRow:
    """One job in a list."""

    id: int
    job_id: UUID
    number: str
    state: str
    priority: int
    line_code: str
    item_name: str
    item_name_en: str
    text: str
    place_name: str
    place_name_en: str
    worker_name: str
    worker_name_en: str
    opened_at: datetime
    accept_by: datetime | None
    confirm_by: datetime | None
    finished_at: datetime | None
    n_returns: int
    n_reworks: int
    n_reopens: int
    flags: list[str]
    request_key: int
    request_id: UUID
    next_due_at: datetime | None


_ROW = (
    "id",
    "uid",
    "number",
    "state",
    "priority",
    "line_code",
    "item__name",
    "item__name_en",
    "text",
    "place_name",
    "place_name_en",
    "worker__name",
    "worker__name_en",
    "opened_at",
    "accept_by",
    "confirm_by",
    "finished_at",
    "n_returns",
    "n_reworks",
    "n_reopens",
    "flags",
    "request_id",
    "request__uid",
    "request__next_due_at",
)
_WORKER_AT = _ROW.index("worker__name")


def rows_of(jobs: QuerySet[Job]) -> tuple[JobRow, ...]:
    """Return jobs as rows. Budget: one query."""
    return tuple(_row(list(row)) for row in jobs.values_list(*_ROW))


def _row(found: list[Any]) -> JobRow:
    for place in (_WORKER_AT, _WORKER_AT + 1):  # nobody has it yet
        found[place] = found[place] or ""
    return JobRow(*found)


def seen_by(actor: Actor, action: str = "job.read") -> Q:
    """Return the filter of the jobs whose requests the actor may see by ``action``."""
    return _prefixed(authority.visible(actor, action), "request__")


def _prefixed(node: Q, prefix: str) -> Q:
    children: list[Any] = list(node.children)
    moved = [
        _prefixed(child, prefix) if isinstance(child, Q) else (f"{prefix}{child[0]}", child[1]) for child in children
    ]
    return Q(*moved, _connector=node.connector, _negated=node.negated)


def write_cursor(at: datetime, key: int) -> str:
    """Return the place after a row that is ordered by a moment and its key."""
    return f"{at.isoformat()}~{key}"


def read_cursor(cursor: str) -> tuple[datetime, int]:
    """Return what :func:`write_cursor` wrote; refuses: NotFound for anything else."""
    try:
        at, _, key = cursor.partition("~")
        return datetime.fromisoformat(at), int(key)
    except ValueError:
        raise NotFound(kind="cursor", name=cursor) from None


def jobs_of_request(actor: Actor, request_key: int) -> tuple[JobRow, ...]:
    """Return the jobs of a request that the actor may see, in their order. Budget: one query."""
    return tuple(_row(list(row)) for row in _jobs_seen_by(actor)(request_key))


@lru_cache(maxsize=512)
def _jobs_seen_by(actor: Actor) -> Callable[[Any], list[tuple[Any, ...]]]:
    rows = Job.objects.filter(seen_by(actor), request_id=ANY_KEY).order_by("id")
    return hot(lambda: rows.values_list(*_ROW))


def jobs_of_requests(actor: Actor, request_keys: Sequence[int]) -> tuple[JobRow, ...]:
    """Return the jobs of several requests that the actor may see, by request. Budget: one query."""
    return rows_of(Job.objects.filter(seen_by(actor), request_id__in=request_keys).order_by("request_id", "id"))


@dataclass(frozen=True)
class SourcedRow:
    """An open job whose request came from an outside source, with the times of its turns."""

    source_ref: str
    request_id: UUID
    job_id: UUID
    state: str
    priority: int
    item_code: str
    place_code: str
    owner_id: int | None
    worker_id: int | None
    opened_at: datetime
    edition_id: int
    moved_at: datetime


def open_jobs_of_source(actor: Actor, site_id: int, source: str, *, limit: int = 200) -> tuple[SourcedRow, ...]:
    """Return open jobs whose request's ``source_ref`` begins with ``source``, oldest first. Budget: one query."""
    rows = (
        Job.objects.filter(seen_by(actor), site_id=site_id, closed_at=None, request__source_ref__startswith=source)
        .exclude(state__in=["closed", "cancelled", "merged", "declined", "transferred"])
        .order_by("opened_at")
        .values_list(
            "request__source_ref",
            "request__uid",
            "uid",
            "state",
            "priority",
            "item__code",
            "place__code",
            "owner_id",
            "worker_id",
            "opened_at",
            "edition_id",
            Greatest("opened_at", "dispatched_at", "accepted_at", "arrived_at", "started_at", "finished_at"),
        )[:limit]
    )
    return tuple(SourcedRow(*row) for row in rows)


def finished_jobs(actor: Actor, site_id: int, *, cursor: str | None = None, limit: int = 25) -> Page[JobRow]:
    """Return jobs that wait for the asker's word, the nearest end of the window first. Budget: one query."""
    found = Job.objects.filter(seen_by(actor), site_id=site_id, state="finished")
    if cursor:
        at, key = read_cursor(cursor)
        found = found.filter(Q(confirm_by__gt=at) | Q(confirm_by=at, id__gt=key))
    rows = rows_of(found.order_by("confirm_by", "id")[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(rows[:limit], write_cursor(last.confirm_by, last.id) if last and last.confirm_by else None)


# one job in whole


@dataclass(frozen=True)
class StepRow:
    """One step of the procedure, with what was done about it."""

    code: str
    kind: str
    name: str
    name_en: str
    is_critical: bool
    is_mandatory: bool
    unit: str
    low: float | None
    high: float | None
    choices: tuple[dict[str, Any], ...]
    value: Any
    is_ok: bool | None
    note: str


@dataclass(frozen=True)
class PauseRow:
    """One pause of a job."""

    reason_code: str
    note: str
    told: str
    expected_at: datetime | None
    asked_at: datetime
    verdict: str
    decided_by: str
    resumed_at: datetime | None


@dataclass(frozen=True)
class PhotoRow:
    """One photo of a job."""

    file_id: UUID
    sha256: str
    label: str
    received_at: datetime
    taken_at: datetime | None


@dataclass(frozen=True)
class JobDetail:
    """One job in whole; its timeline is its request's (``ground.queries.timeline``)."""

    row: JobRow
    goal: str
    goal_en: str
    requirement: str
    requirement_en: str
    steps: tuple[StepRow, ...]
    pauses: tuple[PauseRow, ...]
    photos: tuple[PhotoRow, ...]
    needs: dict[str, Any]
    request_text: str
    arrived_at: datetime | None
    arrival_proof: str
    safe_at: datetime | None
    started_at: datetime | None
    quality_score: int | None
    cause_code: str
    minutes: int | None
    result_text: str
    accountable_name: str
    successor_name: str


def job_detail(actor: Actor, job_id: UUID) -> JobDetail:
    """Return one job in whole; refuses: NotFound, NotAllowed. Budget: two queries, and its procedure once a process."""
    found = Job.objects.filter(uid=job_id)
    job = _whole(found).first()
    if job is None:
        raise NotFound(kind="job", name=str(job_id))
    authority.require(actor, "job.read", where=where_of(job))
    procedure = procedure_of(job.edition_id)
    return JobDetail(
        row=rows_of(found)[0],
        goal=procedure.goal,
        goal_en=procedure.goal_en,
        requirement=procedure.requirement,
        requirement_en=procedure.requirement_en,
        steps=_steps(procedure, _array(job, "step_rows")),
        pauses=tuple(
            PauseRow(**_read(row, times=("expected_at", "asked_at", "resumed_at"))) for row in _array(job, "pause_rows")
        ),
        photos=tuple(
            PhotoRow(**{**_read(row, times=("received_at", "taken_at")), "file_id": UUID(row["file_id"])})
            for row in _array(job, "photo_rows")
        ),
        needs=procedure.evidence,
        request_text=job.request.text,
        arrived_at=job.arrived_at,
        arrival_proof=job.arrival_proof,
        safe_at=job.safe_at,
        started_at=job.started_at,
        quality_score=job.quality_score,
        cause_code=job.cause_code,
        minutes=job.minutes,
        result_text=job.result_text,
        accountable_name=job.accountable.name if job.accountable else "",
        successor_name=job.successor.name if job.successor else "",
    )


def _whole(jobs: QuerySet[Job]) -> QuerySet[Job]:
    steps = StepDone.objects.filter(job=OuterRef("pk")).order_by("id")
    pauses = Pause.objects.filter(job=OuterRef("pk")).order_by("asked_at", "id")
    photos = File.objects.filter(subject_kind="job", subject_id=OuterRef("pk")).order_by("id")
    return jobs.select_related("request", "accountable", "successor").annotate(
        step_rows=ArraySubquery(
            steps.values(row=JSONObject(code="step_code", value="value", is_ok="is_ok", note="note"))
        ),
        pause_rows=ArraySubquery(
            pauses.values(
                row=JSONObject(
                    reason_code="reason_code",
                    note="note",
                    told="told",
                    expected_at="expected_at",
                    asked_at="asked_at",
                    verdict="verdict",
                    decided_by="decided_by__name",
                    resumed_at="resumed_at",
                )
            )
        ),
        photo_rows=ArraySubquery(
            photos.values(
                row=JSONObject(
                    file_id="uid", sha256="sha256", label="label", received_at="received_at", taken_at="taken_at"
                )
            )
        ),
    )


def _array(job: Job, name: str) -> list[dict[str, Any]]:
    return list(getattr(job, name, ()) or ())


def _read(row: dict[str, Any], *, times: tuple[str, ...]) -> dict[str, Any]:
    read = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in times}
    return {**{name: "" if value is None else value for name, value in row.items()}, **read}


def _steps(procedure: ProcedureRow, done: list[dict[str, Any]]) -> tuple[StepRow, ...]:
    by_code = {row["code"]: row for row in done}
    rows = []
    for step in procedure.steps:
        found = by_code.get(step["code"], {})
        rows.append(
            StepRow(
                code=step["code"],
                kind=step["type"],
                name=step.get("zh", step["code"]),
                name_en=step.get("en", step["code"]),
                is_critical=bool(step.get("critical")),
                is_mandatory=bool(step.get("mandatory")),
                unit=step.get("unit", ""),
                low=step.get("min"),
                high=step.get("max"),
                choices=tuple(step.get("choices", ())),
                value=found.get("value"),
                is_ok=found.get("is_ok"),
                note=found.get("note", ""),
            )
        )
    return tuple(rows)
