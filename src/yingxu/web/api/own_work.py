"""What a worker decides, for a program with that person's own token: take, refuse, claim, go along, set out, arrive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from ninja.params import QueryEx
from pydantic import Field

from yingxu.dispatch import actions as dispatch
from yingxu.dispatch import queries
from yingxu.ground import authority
from yingxu.ground.refusals import NotAllowed
from yingxu.team import actions as team
from yingxu.web import words
from yingxu.web.api import dispatch_schemas as schemas
from yingxu.web.api.calling import KEY_DESCRIBED, REFUSALS, actor_of, command_here, site_key, written
from yingxu.web.api.dispatch_shapes import goes_along, moved, sent
from yingxu.work import actions as work

router = Router(tags=["own work"])
_WRITES = dict(KEY_DESCRIBED)
_MOVED = {200: schemas.Moved, **REFUSALS}
_ALONG = {200: schemas.GoesAlong, **REFUSALS}


class Reason(schemas.Strict):
    """For whom it is done: empty by the worker; with a reason by the team leader in the worker's name."""

    reason: str = Field("", max_length=schemas.WORDS)


class Refuse(schemas.Strict):
    """Why the job goes back: a code of the return reasons, and a word."""

    reason_code: str = Field(max_length=24)
    note: str = Field("", max_length=schemas.WORDS)


class Arrive(schemas.Strict):
    """How one is there: the place's code, or the printed code as typed; without either the arrival is flagged."""

    place: str = Field("", max_length=64)
    typed_code: str = Field("", max_length=40)
    reason: str = Field("", max_length=schemas.WORDS)


class Presence(schemas.Strict):
    """At work, or no longer."""

    is_present: bool


class PoolJob(Schema):
    """A job that may be claimed; ``missing`` says what the worker lacks for it."""

    id: UUID
    number: str
    priority: int
    item_name: str
    place_name: str
    text: str
    missing: list[str]
    missing_in_words: str


class PoolOut(Schema):
    """What could be claimed, how much is held, of how much."""

    items: list[PoolJob]
    n_held: int
    hold_limit: int


class PresenceOut(Schema):
    """At work, or no longer."""

    is_present: bool


@router.get("/pool", response={200: PoolOut, **REFUSALS}, summary="What could be claimed")
def list_pool(request: HttpRequest, site: Annotated[str, QueryEx(max_length=32)]) -> dict[str, Any]:
    """Return the waiting jobs of the lines that let the caller's team choose (50 at most, most urgent first)."""
    actor = actor_of(request)
    if not authority.may_anywhere(actor, "job.claim"):
        raise NotAllowed(action="job.claim")
    found = queries.pool(actor, site_key(site), at=timezone.now())
    items = [
        {
            "id": row.uid,
            "number": row.number,
            "priority": row.priority,
            "item_name": row.item_name,
            "place_name": row.place_name,
            "text": row.text,
            "missing": list(row.missing),
            "missing_in_words": words.lacking(row.missing) if row.missing else "",
        }
        for row in found.rows
    ]
    return {"items": items, "n_held": found.n_held, "hold_limit": found.hold_limit}


@router.post(
    "/jobs/{uuid:job_id}/claim", response={200: schemas.Sent, **REFUSALS}, summary="Claim", openapi_extra=_WRITES
)
def claim_job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Take a waiting job from the pool; it is offered to the caller, who then accepts it."""
    command = command_here(request)
    done = dispatch.claim_job(job_id=job_id, actor=actor_of(request), at=timezone.now(), command=command)
    return written(sent(done), command)


def _moves(request: HttpRequest, verb: Callable[..., work.JobMoved], job_id: UUID, **said: Any) -> HttpResponse:
    """Carry out a worker's act on one job."""
    command = command_here(request)
    return written(
        moved(verb(job_id=job_id, actor=actor_of(request), at=timezone.now(), command=command, **said)), command
    )


@router.post("/jobs/{uuid:job_id}/accept", response=_MOVED, summary="Take the job", openapi_extra=_WRITES)
def accept_job(request: HttpRequest, job_id: UUID, body: Reason) -> HttpResponse:
    """Take what was offered; the caller answers for it from now."""
    return _moves(request, work.accept_job, job_id, reason=body.reason)


@router.post("/jobs/{uuid:job_id}/refuse", response=_MOVED, summary="Give the job back", openapi_extra=_WRITES)
def refuse_job(request: HttpRequest, job_id: UUID, body: Refuse) -> HttpResponse:
    """Give it back with a reason; the desk answers for it again."""
    return _moves(request, work.return_job, job_id, reason_code=body.reason_code, note=body.note)


@router.post("/jobs/{uuid:job_id}/set-out", response=_MOVED, summary="On the way", openapi_extra=_WRITES)
def set_out(request: HttpRequest, job_id: UUID, body: Reason) -> HttpResponse:
    """Be on the way."""
    return _moves(request, work.set_out, job_id, reason=body.reason)


@router.post("/jobs/{uuid:job_id}/arrive", response=_MOVED, summary="At the place", openapi_extra=_WRITES)
def arrive_at_job(request: HttpRequest, job_id: UUID, body: Arrive) -> HttpResponse:
    """Be at the place, proven by a code of it."""
    said = {"place_code": body.place, "typed_token": body.typed_code, "reason": body.reason}
    return _moves(request, work.arrive_at_job, job_id, **said)


@router.post("/jobs/{uuid:job_id}/accept-hand-over", response=_MOVED, summary="Take over", openapi_extra=_WRITES)
def accept_hand_over(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Take over what a colleague has in hand, as asked; the caller answers for it from now."""
    return _moves(request, work.accept_hand_over, job_id)


@router.post(
    "/jobs/{uuid:job_id}/decline-hand-over", response=_MOVED, summary="Do not take over", openapi_extra=_WRITES
)
def decline_hand_over(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Leave it with whoever has it."""
    return _moves(request, work.decline_hand_over, job_id)


@router.post("/jobs/{uuid:job_id}/come", response=_ALONG, summary="Go along", openapi_extra=_WRITES)
def come_along(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Go along on a job that takes several, as called."""
    command = command_here(request)
    done = dispatch.accept_to_go_along(job_id=job_id, actor=actor_of(request), at=timezone.now(), command=command)
    return written(goes_along(done), command)


@router.post("/jobs/{uuid:job_id}/stay", response=_ALONG, summary="Do not go along", openapi_extra=_WRITES)
def stay_away(request: HttpRequest, job_id: UUID, body: schemas.Note) -> HttpResponse:
    """Not come, or no longer; ``note`` says why and is told to the accountable person."""
    command = command_here(request)
    done = dispatch.decline_to_go_along(
        job_id=job_id, note=body.note, actor=actor_of(request), at=timezone.now(), command=command
    )
    return written(goes_along(done), command)


@router.post("/presence", response={200: PresenceOut, **REFUSALS}, summary="At work or not", openapi_extra=_WRITES)
def change_presence(request: HttpRequest, body: Presence) -> HttpResponse:
    """Be at work, or no longer."""
    command, actor = command_here(request), actor_of(request)
    team.change_presence(
        account_id=actor.account_id or 0, is_present=body.is_present, actor=actor, at=timezone.now(), command=command
    )
    return written({"is_present": body.is_present}, command)
