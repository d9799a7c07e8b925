"""Questions about telephone calls: who rings, whom to call back, what came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from yingxu.demand.models import Call
from yingxu.demand.queries.compiled import Compiled, compiled, run
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.hot import ANY_KEY
from yingxu.ground.models import Account, Holding
from yingxu.ground.refusals import NotFound

#: A call that nobody told the end of is not shown as ringing, or as on the line, for longer.
_RINGS = timedelta(minutes=3)
_TALKS = timedelta(minutes=10)


@dataclass(frozen=True)
class CallRow:
    """A call as the desk shows it. ``name``: whose number it is, as far as the house knows."""

    key: int
    id: UUID
    site_id: int
    number: str
    state: str
    rang_at: datetime
    answered_at: datetime | None
    agent: str
    clerk_id: int | None
    clerk_name: str
    request_id: UUID | None
    request_number: str
    call_back_by: datetime | None
    n_tries: int
    outcome: str
    note: str
    name: str
    name_en: str


_COLUMNS = (
    "id", "uid", "site_id", "number", "state", "rang_at", "answered_at", "agent", "clerk_id", "clerk__name",
    "request__uid", "request__number", "call_back_by", "n_tries", "outcome", "note", "caller_name", "caller_name_en",
)  # fmt: skip
_TEXTS = frozenset({"clerk__name", "request__number", "caller_name", "caller_name_en"})


def _rows(rows: QuerySet[Call], site_id: int) -> tuple[CallRow, ...]:
    return tuple(_row(row) for row in _columns(rows, site_id))


def _row(row: Sequence[Any]) -> CallRow:
    return CallRow(*(_said(name, value) for name, value in zip(_COLUMNS, row, strict=True)))


def _columns(rows: QuerySet[Call], site_id: int) -> QuerySet[Call, Any]:
    here = Holding.objects.filter(site_id=site_id, ends_at=None).values("account")
    known = Account.objects.filter(phone=OuterRef("number"), is_active=True, id__in=here).exclude(phone="")
    return rows.annotate(
        caller_name=Subquery(known.order_by("id").values("name")[:1]),
        caller_name_en=Subquery(known.order_by("id").values("name_en")[:1]),
    ).values_list(*_COLUMNS)


def _said(name: str, value: Any) -> Any:
    return "" if value is None and name in _TEXTS else value


_LIMIT = 12


def may_read(actor: Actor, site_id: int) -> bool:
    """Tell whether the actor may see who rings. Budget: none."""
    return authority.may(actor, "call.read", where=Where(site_id))


def waiting_calls(actor: Actor, site_id: int, *, at: datetime) -> tuple[CallRow, ...]:
    """Return whom to call back, the most urgent first, then who rings or is on the line. Budget: one query, or none."""
    if not may_read(actor, site_id):
        return ()
    said = {_RUNG_AFTER: at - _RINGS, _TALKED_AFTER: at - _TALKS, ANY_KEY: actor.account_id}
    return tuple(_row(row) for row in run(_filled(_waiting(site_id), said)))


@lru_cache(maxsize=64)
def _waiting(site_id: int) -> Compiled:
    now = Q(state="abandoned") | Q(state="ringing", rang_at__gt=_RUNG_AFTER)
    talking = Q(state="answered", answered_at__gt=_TALKED_AFTER, request=None, clerk=ANY_KEY)
    rows = Call.objects.filter(now | talking, site_id=site_id)
    rows = rows.order_by(F("call_back_by").asc(nulls_last=True), "-rang_at", "-id")[:_LIMIT]
    return compiled(_columns(rows, site_id))


def on_the_line(site_id: int, *, at: datetime) -> frozenset[int]:
    """Return the accounts that speak with a caller now and have not written the request yet. Budget: one query."""
    return frozenset(row[0] for row in run(_filled(_talking(site_id), {_TALKED_AFTER: at - _TALKS})))


@lru_cache(maxsize=64)
def _talking(site_id: int) -> Compiled:
    talking = Call.objects.filter(site_id=site_id, state="answered", answered_at__gt=_TALKED_AFTER, request=None)
    return compiled(talking.exclude(clerk=None).values_list("clerk_id"))


#: Stand for the moments of the desk's two questions, which every open screen's board asks.
_RUNG_AFTER, _TALKED_AFTER = datetime(1901, 1, 1, tzinfo=UTC), datetime(1902, 1, 1, tzinfo=UTC)


def _filled(question: Compiled, said: Mapping[object, object]) -> Compiled:
    return None if question is None else (question[0], tuple(said.get(value, value) for value in question[1]))


def one_call(actor: Actor, call_id: UUID) -> CallRow:
    """Return a call; refuses: NotFound, also for whom it does not concern. Budget: 2."""
    site_id = Call.objects.filter(uid=call_id).values_list("site_id", flat=True).first()
    if site_id is None or not may_read(actor, site_id):
        raise NotFound(kind="call", name=str(call_id))
    return _rows(Call.objects.filter(uid=call_id), site_id)[0]


def call_page(
    actor: Actor, site_id: int, *, state: str = "", before: int | None = None, limit: int = 30
) -> tuple[tuple[CallRow, ...], int | None]:
    """Return calls, newest first, and the key to go on from. Refuses: NotAllowed. Budget: one query."""
    authority.require(actor, "call.read", where=Where(site_id))
    rows = Call.objects.filter(site_id=site_id)
    if state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    shown = _rows(rows.order_by("-id")[: limit + 1], site_id)
    return shown[:limit], shown[limit - 1].key if len(shown) > limit else None
