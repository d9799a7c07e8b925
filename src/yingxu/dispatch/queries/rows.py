"""The open requests that a desk answers for, with their jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, JSONObject, Least

from yingxu.demand.models import Request
from yingxu.demand.queries.compiled import Compiled, compiled, run
from yingxu.dispatch.models import Assignment
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.hot import read_json
from yingxu.work.models import Job, Pause

IN_HAND = ("accepted", "en_route", "arrived", "in_progress", "paused")
#: Public states of what still has to be done; what waits for the asker's word is no work any more.
UNDONE = ("new", "clarifying", "queued", "dispatched", *IN_HAND)


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
    #: It was offered, nobody accepted in time, and nobody has been sent since.
    is_pulled_back: bool = False


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


DESK_COLUMNS = (
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
    """Return the open requests that the actor's desk answers for, the most urgent first. Budget: one query.

    What is critical and not done stands before everything (S5), however late the rest is; then who must act first.
    """
    wanted = wanted or DeskFilter()
    # words are typed in a thousand ways; the others come again every second
    question = (
        _board(actor, site_id, wanted, limit) if not wanted.text else compiled(_rows(actor, site_id, wanted, limit))
    )
    return tuple(desk_row(row) for row in run(question))


@lru_cache(maxsize=64)
def _board(actor: Actor, site_id: int, wanted: DeskFilter, limit: int) -> Compiled:
    return compiled(_rows(actor, site_id, wanted, limit))


def _rows(actor: Actor, site_id: int, wanted: DeskFilter, limit: int) -> QuerySet[Request, Any]:
    rows = _narrow(_open(actor, site_id), wanted)
    asked = Pause.objects.filter(job=OuterRef("pk"), resumed_at=None, verdict="asked").values("reason_code")[:1]
    last = Assignment.objects.filter(job=OuterRef("pk")).order_by("-made_at", "-id").values("reason_code")[:1]
    jobs = Job.objects.filter(request=OuterRef("pk")).annotate(
        asked=Subquery(asked), back=Case(When(state="queued", then=Subquery(last)), default=None)
    )
    jobs = jobs.order_by("number")
    return (
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
                        back="back",
                    )
                )
            ),
        )
        .order_by(
            Case(When(priority=1, shown_state__in=UNDONE, then=0), default=1),
            F("act_by").asc(nulls_last=True),
            "priority",
            "id",
        )
        .values_list(*DESK_COLUMNS, "job_rows")[:limit]
    )


def desk_row(row: Sequence[Any]) -> DeskRow:
    """Return the values of a row of the desk's columns, its jobs last, as a row. Budget: none."""
    columns: list[Any] = [
        _EMPTY.get(name) if value is None else value for name, value in zip(DESK_COLUMNS, row, strict=False)
    ]
    return DeskRow(*[*columns, _jobs([read_json(job) for job in row[-1]])])


#: Columns that are null when the item is not known or nothing is proposed, and texts for people.
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
            is_pulled_back=row.get("back") == "timeout",
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
