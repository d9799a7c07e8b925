"""Questions to the desk's room: the open requests with their jobs, the workers and what they have in hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Extract, JSONObject, Least

from yingxu.demand.models import Request
from yingxu.dispatch.snapshots import missing_for
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.team.models import Member
from yingxu.work.models import Job, Pause

IN_HAND = ("accepted", "en_route", "arrived", "in_progress", "paused")


@dataclass(frozen=True)
class DeskJob:
    """A job on a card of the desk."""

    uid: str
    number: str
    state: str
    worker_name: str
    accept_by: datetime | None
    #: Reason of a pause that waits for somebody's decision, else empty.
    pause_asked: str


@dataclass(frozen=True)
class DeskRow:
    """An open request on the desk."""

    id: int
    uid: UUID
    number: str
    state: str
    priority: int
    text: str
    line_code: str
    item_name: str
    item_name_en: str
    place_name: str
    place_name_en: str
    place_words: str
    requester_name: str
    channel: str
    n_urges: int
    next_due_at: datetime | None
    word_due_at: datetime | None
    follow_up_at: datetime | None
    proposal_kind: str
    created_at: datetime
    changed_at: datetime
    jobs: tuple[DeskJob, ...]

    @property
    def act_by(self) -> datetime | None:
        """The earliest moment by which somebody must have done something."""
        known = [at for at in (self.next_due_at, self.word_due_at) if at is not None]
        return min(known) if known else self.follow_up_at


@dataclass(frozen=True)
class DeskFilter:
    """What the desk looks at; empty means everything."""

    state: str = ""
    line: str = ""
    priority: int | None = None
    text: str = ""


_COLUMNS = (
    "id",
    "uid",
    "number",
    "shown_state",
    "priority",
    "text",
    "line_code",
    "item__name",
    "item__name_en",
    "place_name",
    "place_name_en",
    "place_words",
    "requester_name",
    "channel",
    "n_urges",
    "next_due_at",
    "word_due_at",
    "follow_up_at",
    "proposal__kind",
    "created_at",
    "changed_at",
)


def _open(actor: Actor, site_id: int) -> QuerySet[Request]:
    return Request.objects.filter(authority.visible(actor, "queue.read"), site_id=site_id, is_open=True)


def desk_rows(actor: Actor, site_id: int, *, wanted: DeskFilter | None = None, limit: int = 300) -> tuple[DeskRow, ...]:
    """Return the open requests that the actor's desk answers for, the most urgent first. Budget: one query."""
    rows = _open(actor, site_id)
    if wanted is not None:
        rows = _narrow(rows, wanted)
    asked = Pause.objects.filter(job=OuterRef("pk"), resumed_at=None, verdict="asked").values("reason_code")[:1]
    jobs = Job.objects.filter(request=OuterRef("pk")).annotate(asked=Subquery(asked)).order_by("number")
    found = (
        rows.annotate(
            act_by=Coalesce(Least("next_due_at", "word_due_at"), "follow_up_at"),
            job_rows=ArraySubquery(
                jobs.values(
                    row=JSONObject(
                        uid="uid",
                        number="number",
                        state="state",
                        worker="worker__name",
                        accept_by="accept_by",
                        asked="asked",
                    )
                )
            ),
        )
        .order_by(F("act_by").asc(nulls_last=True), "priority", "id")
        .values_list(*_COLUMNS, "job_rows")
    )
    return tuple(_row(row) for row in found[:limit])


def _row(row: Sequence[Any]) -> DeskRow:
    *columns, jobs = row
    filled = (_EMPTY.get(name) if value is None else value for name, value in zip(_COLUMNS, columns, strict=True))
    return DeskRow(*filled, jobs=_jobs(jobs))


_EMPTY: Mapping[str, Any] = {"item__name": "", "item__name_en": "", "proposal__kind": ""}


def _jobs(rows: Sequence[Mapping[str, str | None]]) -> tuple[DeskJob, ...]:
    return tuple(
        DeskJob(
            uid=row["uid"] or "",
            number=row["number"] or "",
            state=row["state"] or "",
            worker_name=row["worker"] or "",
            accept_by=datetime.fromisoformat(row["accept_by"]) if row["accept_by"] else None,
            pause_asked=row["asked"] or "",
        )
        for row in rows
    )


def _narrow(rows: QuerySet[Request], wanted: DeskFilter) -> QuerySet[Request]:
    if wanted.state:
        rows = rows.filter(shown_state=wanted.state)
    if wanted.line:
        rows = rows.filter(line_code=wanted.line)
    if wanted.priority is not None:
        rows = rows.filter(priority=wanted.priority)
    for word in wanted.text.split():
        said = (
            Q(text__icontains=word) | Q(place_name__icontains=word) | Q(number=word) | Q(requester_name__icontains=word)
        )
        rows = rows.filter(said)
    return rows


def desk_version(actor: Actor, site_id: int) -> str:
    """Return a mark that changes whenever something on the actor's desk does. Budget: two queries."""
    seen = _open(actor, site_id).aggregate(
        n=Count("id"), last=Max("changed_at"), due=Sum(Extract("next_due_at", "epoch")), urges=Sum("n_urges")
    )
    hands = Job.objects.filter(site_id=site_id, state__in=IN_HAND).aggregate(n=Count("id"))
    present = Member.objects.filter(site_id=site_id, is_present=True).aggregate(n=Count("id"))
    last = f"{seen['last'].timestamp():.6f}" if seen["last"] else "0"
    return f"{seen['n']}-{last}-{int(seen['due'] or 0)}-{seen['urges'] or 0}-{hands['n']}-{present['n']}"


@dataclass(frozen=True)
class WorkerRow:
    """A worker with what he or she has in hand."""

    id: int
    uid: UUID
    name: str
    name_en: str
    phone: str
    team_id: int
    team_name: str
    team_name_en: str
    party_id: int
    line_codes: tuple[str, ...]
    skills: Mapping[str, int]
    is_present: bool
    n_in_hand: int
    n_offered: int
    #: The place of the job in hand, where he or she probably is.
    at_place: str


def workers(actor: Actor, site_id: int) -> tuple[WorkerRow, ...]:
    """Return the workers of the actor's side, present ones first, the least loaded first. Budget: one query."""
    rows = Member.objects.filter(site_id=site_id, account__is_active=True)
    held = [h for h in actor.holdings if h.site_id in (None, site_id)]
    if all(h.party_id is not None for h in held):
        rows = rows.filter(team__party_id__in=[h.party_id for h in held if h.party_id is not None])
    jobs = Job.objects.filter(worker=OuterRef("account")).order_by()
    in_hand = jobs.filter(state__in=IN_HAND).values("worker").annotate(n=Count("id")).values("n")
    offered = jobs.filter(state="dispatched").values("worker").annotate(n=Count("id")).values("n")
    place = jobs.filter(state__in=["arrived", "in_progress"]).order_by("-arrived_at").values("place_name")[:1]
    found = rows.annotate(
        n_in_hand=Coalesce(Subquery(in_hand), 0), n_offered=Coalesce(Subquery(offered), 0), at_place=Subquery(place)
    ).order_by("-is_present", "n_in_hand", "n_offered", "account__name")
    return tuple(
        WorkerRow(*row[:9], tuple(row[9]), row[10], row[11], row[12], row[13], row[14] or "")
        for row in found.values_list(
            "account_id",
            "account__uid",
            "account__name",
            "account__name_en",
            "account__phone",
            "team_id",
            "team__name",
            "team__name_en",
            "team__party_id",
            "team__line_codes",
            "skills",
            "is_present",
            "n_in_hand",
            "n_offered",
            "at_place",
        )
    )


@dataclass(frozen=True)
class Candidate:
    """A worker for a certain job, with what he or she lacks for it."""

    worker: WorkerRow
    missing: tuple[str, ...]


def candidates(
    known: Sequence[WorkerRow], *, line_code: str, skill: str, skill_level: int, party_id: int | None
) -> tuple[Candidate, ...]:
    """Return the present workers for a job, those who lack nothing first, the least loaded first. Budget: none."""
    found = [
        Candidate(
            worker,
            missing_for(
                line_code=line_code,
                skill=skill,
                skill_level=skill_level,
                party_id=party_id,
                worker_lines=worker.line_codes,
                worker_skills=worker.skills,
                worker_party_id=worker.party_id,
            ),
        )
        for worker in known
        if worker.is_present
    ]
    return tuple(sorted(found, key=lambda c: (len(c.missing), c.worker.n_in_hand + c.worker.n_offered)))
