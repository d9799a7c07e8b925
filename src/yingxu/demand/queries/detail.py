"""One request in detail, with everything that was said about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from yingxu.demand.asked import AskedField, asked_fields
from yingxu.demand.models import Request, Word
from yingxu.demand.queries.compiled import compiled, run
from yingxu.demand.queries.pages import ROW_FIELDS, RequestRow, row_of
from yingxu.demand.reads import where_of
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.files import HEARD_TYPES
from yingxu.ground.models import File
from yingxu.ground.refusals import NotFound


def key_of(request_id: UUID) -> tuple[int, int]:
    """Return a request's key and site by its public id, for a private link; refuses: NotFound. Budget: one query."""
    row = Request.objects.filter(uid=request_id).values_list("id", "site_id").first()
    if row is None:
        raise NotFound(kind="request", name=str(request_id))
    return row


@dataclass(frozen=True)
class WordRow:
    """Something that was said."""

    kind: str
    text: str
    said_by: str
    is_from_asker: bool
    said_at: datetime


@dataclass(frozen=True)
class Detail:
    """One request with everything that was said about it. The requester's phone is asked for apart, and logged."""

    row: RequestRow
    site_id: int
    own_state: str
    place_key: int | None
    place_code: str
    department_name: str
    department_name_en: str
    requester_name: str
    owner_key: int | None
    owner_name: str
    has_phone: bool
    first_contact_key: int | None
    first_contact_name: str
    asked_contact_key: int | None
    receiver_name: str
    receiver_accepted_at: datetime | None
    contract_number: str
    master_id: UUID | None
    master_number: str
    proposal: dict[str, Any] | None
    final_answer: str
    answer_text: str
    closed_at: datetime | None
    where: Where
    words: tuple[WordRow, ...]
    #: What the item's form was answered; patient identifiers stay covered.
    asked: tuple[AskedField, ...]
    wanted_from: datetime | None
    group_key: int | None
    #: Voice notes of the asking, oldest first.
    voices: tuple[UUID, ...]
    #: The lift, bed or pump that it is about.
    asset_code: str = ""
    asset_name: str = ""
    asset_name_en: str = ""
    asset_class: str = ""


_DETAIL = (
    "site_id",
    "state",
    "place_id",
    "place__code",
    "department__name",
    "department__name_en",
    "requester_name",
    "owner_id",
    "owner__name",
    "requester_phone",
    "first_contact_id",
    "first_contact__name",
    "asked_contact_id",
    "receiver__name",
    "receiver_accepted_at",
    "contract__number",
    "master__uid",
    "master__number",
    "proposal",
    "final_answer",
    "answer_text",
    "closed_at",
    "party_keys",
    "team_keys",
    "worker_keys",
    "place_path",
    "department_id",
    "form",
    "item__code",
    "item__form",
    "wanted_from",
    "group_key",
    "asset__code",
    "asset__name",
    "asset__name_en",
    "asset__class_code",
)


_SEE_PHONE = "requester.see_phone"
#: Public states in which somebody comes or works.
_WORKED_ON = frozenset({"dispatched", "accepted", "en_route", "arrived", "in_progress", "paused"})
#: Columns that say where a request stands.
_STANDING = (
    "site", "party_keys", "line_code", "place_path", "department", "team_keys", "worker_keys", "owner", "shown_state"
)  # fmt: skip
_SELECTED = (*dict.fromkeys((*ROW_FIELDS, *_DETAIL)), "spoken", "voice_keys")
#: Stands for the request's id in the statement that is kept.
_ANY = UUID(int=0)


@cache
def _detail() -> tuple[str, tuple[Any, ...]]:
    words = Word.objects.filter(request=OuterRef("pk")).order_by("said_at", "id")
    fields = {name: name for name in WordRow.__dataclass_fields__}
    spoken = ArraySubquery(words.values(row=JSONObject(**fields)))
    heard = File.objects.filter(subject_id=OuterRef("pk"), media_type__in=sorted(HEARD_TYPES)).order_by("id")
    rows = Request.objects.filter(uid=_ANY).annotate(spoken=spoken, voice_keys=ArraySubquery(heard.values("uid")))
    question = compiled(rows.values_list(*_SELECTED))
    assert question is not None
    sql, values = question
    return sql, tuple(_ANY if value == _ANY else value for value in values)


def _json(value: Any) -> Any:
    """Return JSON as values, whichever way the connection hands it over."""
    return json.loads(value) if isinstance(value, str | bytes) else value


def _where(row: dict[str, Any]) -> Where:
    return Where(
        site_id=row["site_id"],
        party_ids=tuple(row["party_keys"]),
        line_code=row["line_code"],
        place_path=row["place_path"],
        department_id=row["department_id"],
        team_ids=tuple(row["team_keys"]),
        worker_ids=tuple(row["worker_keys"]),
        owner_ids=(row["owner_id"],) if row["owner_id"] else (),
        request_id=row["pk"],
    )


def request_detail(actor: Actor, request_id: UUID) -> Detail:
    """Return one request with its words; refuses: NotFound, also for what the actor may not see. Budget: one query."""
    sql, values = _detail()
    found = run((sql, tuple(request_id if value is _ANY else value for value in values)))
    if not found:
        raise NotFound(kind="request", name=str(request_id))
    row: dict[str, Any] = dict(zip(_SELECTED, found[0], strict=True))
    where = _where(row)
    if not authority.may(actor, "request.read", where=where):
        raise NotFound(kind="request", name=str(request_id))

    def text(name: str) -> str:
        return row[name] or ""

    plain = row_of([row[field] for field in ROW_FIELDS])
    return Detail(
        row=plain,
        site_id=row["site_id"],
        own_state=row["state"],
        place_key=row["place_id"],
        place_code=text("place__code"),
        department_name=text("department__name"),
        department_name_en=text("department__name_en"),
        requester_name=row["requester_name"],
        owner_key=row["owner_id"],
        owner_name=text("owner__name"),
        has_phone=bool(row["requester_phone"]),
        first_contact_key=row["first_contact_id"],
        first_contact_name=text("first_contact__name"),
        asked_contact_key=row["asked_contact_id"],
        receiver_name=text("receiver__name"),
        receiver_accepted_at=row["receiver_accepted_at"],
        contract_number=text("contract__number"),
        master_id=row["master__uid"],
        master_number=text("master__number"),
        proposal=_json(row["proposal"]),
        final_answer=row["final_answer"],
        answer_text=row["answer_text"],
        closed_at=row["closed_at"],
        where=where,
        words=tuple(
            WordRow(
                said["kind"],
                said["text"],
                said["said_by"],
                said["is_from_asker"],
                datetime.fromisoformat(said["said_at"]),
            )
            for said in (_json(one) for one in row["spoken"])
        ),
        asked=asked_fields(text("item__code"), _json(row["item__form"]), _json(row["form"]) or {}),
        wanted_from=row["wanted_from"],
        group_key=row["group_key"],
        voices=tuple(row["voice_keys"] or ()),
        asset_code=text("asset__code"),
        asset_name=text("asset__name"),
        asset_name_en=text("asset__name_en"),
        asset_class=text("asset__class_code"),
    )


def requester_phone(actor: Actor, request_id: UUID, *, reason: str = "") -> str:
    """Return the requester's phone for those who may know it; the door records that it was seen.

    Who works on it knows it while the work goes on; an auditor with a ``reason``.
    Refuses: NotFound, also for what the actor may not see; ReasonNeeded. Budget: one query.
    """
    row = Request.objects.filter(uid=request_id).only(*_STANDING, "requester_phone").first()
    where = where_of(row) if row is not None else None
    if row is None or where is None or not authority.may(actor, _SEE_PHONE, where=where):
        raise NotFound(kind="phone", name=str(request_id))
    authority.require(actor, _SEE_PHONE, where=where, reason=reason)
    if authority.is_bound(actor, _SEE_PHONE, "job_active", where=where) and row.shown_state not in _WORKED_ON:
        raise NotFound(kind="phone", name=str(request_id))
    return row.requester_phone
