"""What verbs and reactions read: one instance of a row for one unit of work, however many of them ask for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from yingxu.demand.models import Request, RequestState
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import Unit


@dataclass(frozen=True)
class PromiseSaid:
    """What was promised in the same breath: the milestone, its limit in service seconds, when it is due."""

    milestone: str
    limit_s: int
    due_at: datetime


@dataclass
class Memo:
    """Rows that a unit of work has in hand. ``promises`` belongs to the room ``promise``: request key -> its rows."""

    requests: dict[int, Request] = field(default_factory=dict)
    promises: dict[int, list[Any]] = field(default_factory=dict)
    said: list[PromiseSaid] = field(default_factory=list)


_memos: WeakKeyDictionary[Unit, Memo] = WeakKeyDictionary()


def memo_of(unit: Unit) -> Memo:
    """Return the unit's rows in hand."""
    memo = _memos.get(unit)
    if memo is None:
        memo = _memos[unit] = Memo()
    return memo


def request_by_uid(unit: Unit, request_id: UUID) -> Request:
    """Return a request; refuses: NotFound. Budget: one query."""
    request = unit.by_uid(Request, request_id, lambda: Request.objects.filter(uid=request_id).first())
    if request is None:
        raise NotFound(kind="request", name=str(request_id))
    return memo_of(unit).requests.setdefault(request.pk, request)


def request_by_key(unit: Unit, key: int) -> Request:
    """Return a request that the unit made, changed or read before, else read it. Budget: one query at most."""
    memo = memo_of(unit)
    request = memo.requests.get(key)
    if request is None:
        request = memo.requests[key] = unit.by_key(Request, key, lambda: Request.objects.get(pk=key))
    return request


def merged_into(unit: Unit, key: int) -> list[Request]:
    """Return the requests that are merged into one. Budget: one query."""
    rows = unit.kin(Request, "master_id", key, lambda: Request.objects.filter(master_id=key))
    return [row for row in rows if row.state == RequestState.MERGED]


def where_of(request: Request) -> Where:
    """Return where a request stands, for the authority."""
    return Where(
        site_id=request.site_id,
        party_ids=tuple(request.party_keys),
        line_code=request.line_code,
        place_path=request.place_path,
        department_id=request.department_id,
        team_ids=tuple(request.team_keys),
        worker_ids=tuple(request.worker_keys),
        owner_ids=(request.owner_id,) if request.owner_id else (),
        request_id=request.pk,
    )
