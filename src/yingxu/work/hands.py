"""Questions of a worker: what is in hand, what was offered, what each job still asks for. Rows out, no querysets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import JSONObject

from yingxu.demand.asked import AskedField, asked_fields
from yingxu.demand.models import Word
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.files import HEARD_TYPES
from yingxu.ground.models import File
from yingxu.ground.refusals import NotFound
from yingxu.promise.models import Promise
from yingxu.work.models import Job
from yingxu.work.snapshots import open_pause, photo_labels, steps_done, where_of

#: The most pressing first: what is begun goes on before something new begins.
IN_HAND_ORDER = ("in_progress", "arrived", "en_route", "accepted", "dispatched", "paused")


@dataclass(frozen=True)
class ClockRow:
    """One promised milestone of a job, not reached yet."""

    milestone: str
    state: str
    due_at: datetime


@dataclass(frozen=True)
class HandRow:
    """A job as its worker sees it."""

    id: int
    uid: UUID
    request_uid: UUID
    number: str
    state: str
    priority: int
    text: str
    line_code: str
    item_code: str
    item_name: str
    item_name_en: str
    place_code: str
    place_name: str
    place_name_en: str
    place_words: str
    edition_id: int
    opened_at: datetime
    accept_by: datetime | None
    arrival_proof: str
    safe_at: datetime | None
    confirm_by: datetime | None
    requester_name: str
    requester_phone: str
    flags: tuple[str, ...]
    is_repeat: bool
    #: Offered by a colleague who has it in hand; this worker answers for it only after accepting.
    is_hand_over: bool
    clocks: tuple[ClockRow, ...]
    #: Step code -> {"value", "is_ok"} of the steps carried out.
    steps: dict[str, dict[str, Any]]
    photo_labels: tuple[str, ...]
    #: What the asker said since, oldest first.
    said: tuple[str, ...]
    pause_reason: str
    pause_verdict: str
    pause_until: datetime | None
    #: What the item's form was answered; patient identifiers stay covered.
    asked: tuple[AskedField, ...]
    wanted_from: datetime | None
    #: Voice notes of the asking, oldest first.
    voices: tuple[UUID, ...]
    #: The lift, bed or pump that it is about.
    asset_code: str = ""
    asset_name: str = ""
    asset_name_en: str = ""

    @property
    def due_at(self) -> datetime | None:
        """The earliest limit that still runs."""
        return min((clock.due_at for clock in self.clocks if clock.state != "paused"), default=None)


def _read(rows: QuerySet[Job], reader_id: int | None) -> tuple[HandRow, ...]:
    clocks = Promise.objects.filter(job_key=OuterRef("pk"), state__in=["running", "late", "paused"], reached_at=None)
    words = Word.objects.filter(request=OuterRef("request"), is_from_asker=True).exclude(text="")
    heard = File.objects.filter(subject_id=OuterRef("request_id"), media_type__in=sorted(HEARD_TYPES)).order_by("id")
    found = rows.select_related("item", "place", "request", "request__asset").annotate(
        clock_rows=ArraySubquery(
            clocks.order_by("due_at").values(row=JSONObject(milestone="milestone", state="state", due_at="due_at"))
        ),
        done_rows=steps_done(),
        labels=photo_labels(),
        pause_row=open_pause(),
        said=ArraySubquery(words.order_by("said_at").values("text")[:5]),
        heard=ArraySubquery(heard.values("uid")),
    )
    return tuple(_hand(job, reader_id) for job in found)


def _hand(job: Any, reader_id: int | None) -> HandRow:
    pause = job.pause_row or {}
    return HandRow(
        id=job.pk,
        uid=job.uid,
        request_uid=job.request.uid,
        number=job.number,
        state=job.state,
        priority=job.priority,
        text=job.text,
        line_code=job.line_code,
        item_code=job.item.code,
        item_name=job.item.name,
        item_name_en=job.item.name_en,
        place_code=job.place.code if job.place else "",
        place_name=job.place_name,
        place_name_en=job.place_name_en,
        place_words=job.request.place_words,
        edition_id=job.edition_id,
        opened_at=job.opened_at,
        accept_by=job.accept_by,
        arrival_proof=job.arrival_proof,
        safe_at=job.safe_at,
        confirm_by=job.confirm_by,
        requester_name=job.request.requester_name,
        requester_phone=job.request.requester_phone if _works_on(job, reader_id) else "",
        flags=tuple(job.flags),
        is_repeat=job.request.repeat_of_id is not None or job.n_reopens > 0,
        is_hand_over=job.successor_id is not None and job.successor_id == reader_id,
        clocks=tuple(
            ClockRow(row["milestone"], row["state"], datetime.fromisoformat(row["due_at"])) for row in job.clock_rows
        ),
        steps={row["code"]: row for row in job.done_rows},
        photo_labels=tuple(job.labels),
        said=tuple(job.said),
        pause_reason=pause.get("reason_code", ""),
        pause_verdict=pause.get("verdict", ""),
        pause_until=datetime.fromisoformat(pause["expected_at"]) if pause.get("expected_at") else None,
        asked=asked_fields(job.item.code, job.item.form, job.request.form),
        wanted_from=job.request.wanted_from,
        voices=tuple(job.heard),
        asset_code=job.request.asset.code if job.request.asset else "",
        asset_name=job.request.asset.name if job.request.asset else "",
        asset_name_en=job.request.asset.name_en if job.request.asset else "",
    )


def _works_on(job: Any, reader_id: int | None) -> bool:
    """Tell whether the reader has the job in hand, or was asked to take it: who works may call the asker, as long."""
    return job.state in IN_HAND_ORDER and reader_id is not None and reader_id in (job.worker_id, job.successor_id)


def jobs_in_hand(actor: Actor, *, limit: int = 20) -> tuple[HandRow, ...]:
    """Return what the worker has in hand or was offered, begun ones first, then by urgency. Budget: one query."""
    if actor.account_id is None:
        return ()
    rank = Case(
        *(When(state=state, then=Value(place)) for place, state in enumerate(IN_HAND_ORDER)),
        output_field=IntegerField(),
    )
    mine = Q(worker_id=actor.account_id) | Q(successor_id=actor.account_id)
    rows = Job.objects.filter(mine, state__in=IN_HAND_ORDER).annotate(rank=rank)
    return _read(rows.order_by("rank", "priority", "opened_at", "id")[:limit], actor.account_id)


def finished_lately(actor: Actor, *, limit: int = 3) -> tuple[HandRow, ...]:
    """Return the jobs that the worker said done and that wait for the asker's word, newest first. Budget: one query."""
    if actor.account_id is None:
        return ()
    rows = Job.objects.filter(finished_by_id=actor.account_id, state="finished").order_by("-finished_at", "-id")
    return _read(rows[:limit], actor.account_id)


def job_in_hand(actor: Actor, job_id: UUID) -> HandRow:
    """Return one job as its worker (or whoever may act in the worker's name) sees it.

    Refuses: NotFound, NotAllowed. Budget: two queries.
    """
    job = Job.objects.filter(uid=job_id).first()
    if job is None:
        raise NotFound(kind="job", name=str(job_id))
    if actor.account_id is None or actor.account_id not in (job.worker_id, job.successor_id):
        authority.require(actor, "job.read", where=where_of(job))
    return _read(Job.objects.filter(pk=job.pk), actor.account_id)[0]


def by_outside(job_key: int, order_key: int) -> HandRow | None:
    """Return the job of a living order, without what the asker wrote, said or filled in. Budget: one query."""
    rows = _read(Job.objects.filter(pk=job_key, outside_key=order_key), None)
    if not rows:
        return None
    return replace(rows[0], text="", requester_name="", requester_phone="", said=(), asked=(), voices=())
