"""Transports for programs: from, to and how; the chain of custody; what holds one up; in which zone somebody is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from ninja.params import QueryEx
from pydantic import Field

from yingxu.core.forecast.legs import Standards
from yingxu.dispatch.queries.pages import job_listed
from yingxu.web.api import dispatch_schemas as schemas
from yingxu.web.api.calling import KEY_DESCRIBED, REFUSALS, actor_of, command_here, site_key, written
from yingxu.web.transport.learnt import learnt
from yingxu.web.transport.shown import HOW, ends
from yingxu.work import actions as work
from yingxu.work.queries.transport_pages import transport_page
from yingxu.work.transport import Storeys, Transport, transport

router = Router(tags=["transport"])
_WRITES = dict(KEY_DESCRIBED)


class EndOut(Schema):
    """An end of the way; ``words`` alone while nobody knows which place is meant."""

    words: str
    is_known: bool


class NodeOut(Schema):
    """A node of the chain of custody. Identifiers are never told, here or anywhere."""

    kind: str
    worker: str
    place: str
    proof: str
    label: str
    counterpart: str
    temperature_c: float | None
    at: datetime


class DelayOut(Schema):
    """A span in which it stood still, and whose matter that was."""

    reason: str
    accountable: str
    begun_at: datetime
    ended_at: datetime | None


class TransportOut(Schema):
    """A transport: from, to, how; where its load is."""

    job: UUID
    request: UUID
    number: str
    state: str
    priority: int
    line: str
    item: str
    item_name: str
    begin: EndOut
    end: EndOut
    how: dict[str, Any] = Field(description="the form's answers that decide how it is carried; no identifier")
    is_patient: bool
    worker_name: str
    stage: str = Field(description="waiting, carried, given")
    usual_seconds: int | None = Field(description="standard time of the leg; null while an end is not known")
    usual_rests_on: str | None = Field(description="said, places, floors, buildings, distance")
    usual_n: int | None
    wanted_from: datetime | None
    next_due_at: datetime | None
    opened_at: datetime
    chain: list[NodeOut]
    delays: list[DelayOut]


class TransportList(Schema):
    """A page of open transports, oldest first."""

    items: list[TransportOut]
    next: str | None


class Take(schemas.Strict):
    """Both identifiers: a patient's name and number, or a load's code and count. They are compared and not kept."""

    first: str = Field(max_length=64)
    second: str = Field(max_length=64)
    place: str = Field("", max_length=64, description="code of the place, as scanned")
    counterpart: str = Field("", max_length=64)
    temperature_c: Decimal | None = Field(None, max_digits=4, decimal_places=1)


class Give(Take):
    """The same identifiers again, and who took it over."""

    counterpart: str = Field(max_length=64)


class Delay(schemas.Strict):
    """Why it stands still: a code of the transport delays."""

    reason_code: str = Field(max_length=24)
    note: str = Field("", max_length=200)


class Zone(schemas.Strict):
    """Where the worker is from now on."""

    place: str = Field(max_length=64)


class ScannedOut(Schema):
    """What was recorded, and when."""

    number: str
    kind: str
    at: datetime


_SCANNED = {200: ScannedOut, **REFUSALS}


@router.get("/transports", response={200: TransportList, **REFUSALS}, summary="List open transports, oldest first")
def list_transports(
    request: HttpRequest,
    site: Annotated[str, QueryEx(max_length=32)],
    cursor: Annotated[str | None, QueryEx(max_length=20)] = None,
    limit: Annotated[int, QueryEx(ge=1, le=100)] = 25,
) -> dict[str, Any]:
    """Return a page of the site's open transports that the caller may see."""
    key = site_key(site)
    page = transport_page(actor_of(request), key, cursor=cursor, limit=limit)
    known = learnt(key, at=timezone.now()) if page.rows else None
    return {"items": [_shown(row, known) for row in page.rows], "next": page.next}


@router.get("/transports/{uuid:job_id}", response={200: TransportOut, **REFUSALS}, summary="One transport")
def read_transport(request: HttpRequest, job_id: UUID) -> dict[str, Any]:
    """Return one transport with its chain of custody."""
    actor = actor_of(request)
    site_id = job_listed(actor, job_id).site_id
    return _shown(transport(actor, job_id), learnt(site_id, at=timezone.now()))


def _shown(row: Transport, known: tuple[Standards, Storeys] | None) -> dict[str, Any]:
    begin, end = ends(row, known[1]) if known else (None, None)
    usual = known[0].expected(begin, end) if known and begin is not None and end is not None else None
    return {
        "job": row.uid,
        "request": row.request_uid,
        "number": row.number,
        "state": row.state,
        "priority": row.priority,
        "line": row.line_code,
        "item": row.item_code,
        "item_name": row.item_name,
        "begin": {"words": row.begin.name, "is_known": bool(row.begin.path)},
        "end": {"words": row.end.name, "is_known": bool(row.end.path)},
        "how": {name: row.form[name] for name in HOW if name in row.form},
        "is_patient": row.is_patient,
        "worker_name": row.worker_name,
        "stage": row.stage,
        "usual_seconds": round(usual.seconds) if usual else None,
        "usual_rests_on": usual.basis if usual else None,
        "usual_n": usual.n if usual else None,
        "wanted_from": row.wanted_from,
        "next_due_at": row.next_due_at,
        "opened_at": row.opened_at,
        "chain": [
            {
                "kind": node.kind,
                "worker": node.worker,
                "place": node.place,
                "proof": node.proof,
                "label": node.label,
                "counterpart": node.counterpart,
                "temperature_c": float(node.temperature_c) if node.temperature_c else None,
                "at": node.scanned_at,
            }
            for node in row.nodes
        ],
        "delays": [
            {
                "reason": one.reason_code,
                "accountable": one.accountable,
                "begun_at": one.begun_at,
                "ended_at": one.ended_at,
            }
            for one in row.delays
        ],
    }


def _scans(request: HttpRequest, verb: Callable[..., work.Scanned], **said: Any) -> HttpResponse:
    """Carry out a verb that records a node of a chain, or where somebody is."""
    command = command_here(request)
    done = verb(actor=actor_of(request), at=timezone.now(), command=command, **said)
    return written({"number": done.number, "kind": done.kind, "at": done.at}, command)


@router.post("/transports/{uuid:job_id}/take", response=_SCANNED, summary="Take the load", openapi_extra=_WRITES)
def take_load(request: HttpRequest, job_id: UUID, body: Take) -> HttpResponse:
    """The load is in the caller's hands; identifiers that differ from what was asked for are refused."""
    return _scans(
        request,
        work.take_load,
        job_id=job_id,
        identifiers=(body.first, body.second),
        place_code=body.place,
        counterpart=body.counterpart,
        temperature_c=body.temperature_c,
    )


@router.post("/transports/{uuid:job_id}/give", response=_SCANNED, summary="Hand the load over", openapi_extra=_WRITES)
def give_load(request: HttpRequest, job_id: UUID, body: Give) -> HttpResponse:
    """The load is in the receiver's hands, with the identifiers that it was taken with."""
    return _scans(
        request,
        work.give_load,
        job_id=job_id,
        identifiers=(body.first, body.second),
        place_code=body.place,
        counterpart=body.counterpart,
        temperature_c=body.temperature_c,
    )


@router.post("/transports/{uuid:job_id}/delay", response=_SCANNED, summary="It stands still", openapi_extra=_WRITES)
def note_delay(request: HttpRequest, job_id: UUID, body: Delay) -> HttpResponse:
    """It stands still for a reason that is somebody's matter; no clock stops."""
    return _scans(request, work.note_delay, job_id=job_id, reason_code=body.reason_code, note=body.note)


@router.post("/transports/{uuid:job_id}/go-on", response=_SCANNED, summary="It goes on", openapi_extra=_WRITES)
def go_on(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """It goes on."""
    return _scans(request, work.go_on, job_id=job_id)


@router.post("/zones/sign-in", response=_SCANNED, summary="In a zone from now on", openapi_extra=_WRITES)
def sign_in_zone(request: HttpRequest, body: Zone) -> HttpResponse:
    """The caller is in this zone from now on, and no longer in another."""
    return _scans(request, work.sign_in_zone, place_code=body.place)
