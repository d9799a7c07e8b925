"""What was said of requests or in general, one by one, and to who spoke; the whole ledger is in ``ledger``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import Account
from yingxu.ground.refusals import NotAllowed, NotFound
from yingxu.voice.models.heard import Heard


@dataclass(frozen=True)
class VoiceRow:
    """One voice. ``speaker`` is named only to the hospital, and only where the speaker chose so."""

    key: int
    id: UUID
    kind: str
    text: str
    stars: int | None
    number: str
    request_id: UUID | None
    place_name: str
    place_name_en: str
    line_code: str
    said_at: datetime
    answer_by: datetime | None
    fate: str
    answer: str
    answered_by: str
    answered_at: datetime | None
    is_public: bool
    n_disputes: int
    is_understood: bool
    speaker: str = ""
    purpose: str = ""
    #: What a rating named; in whose hands it is; how many steps upwards know that it is late.
    reasons: tuple[str, ...] = ()
    keeper_key: int | None = None
    keeper: str = ""
    n_told: int = 0
    #: How somebody without an account is reached; for the hospital alone.
    contact: str = ""
    asked_text: str = ""
    item_name: str = ""
    item_name_en: str = ""
    #: Who did the work, on the page of one voice.
    doers: tuple[str, ...] = ()


_COLUMNS = (
    "id", "uid", "kind", "text", "stars", "request__number", "request__uid", "request__place_name",
    "request__place_name_en", "line_code", "said_at", "answer_by", "fate", "answer", "answered_by__name",
    "answered_at", "is_public", "n_disputes", "understood_at", "is_named", "owner__name", "purpose",
    "reasons", "keeper_id", "keeper__name", "n_told", "contact", "request__text", "request__item__name",
    "request__item__name_en", "worker_keys",
)  # fmt: skip


def _rows(found: QuerySet[Heard], *, with_names: bool = False) -> tuple[VoiceRow, ...]:
    rows: list[tuple[Any, ...]] = list(found.values_list(*_COLUMNS))
    return tuple(_row(row, with_names) for row in rows)


def _row(row: tuple[Any, ...], with_names: bool) -> VoiceRow:
    values: list[Any] = list(row[:18])
    for place in (5, 7, 8, 14):
        values[place] = values[place] or ""
    values += [row[18] is not None, (row[20] or "") if with_names and row[19] else "", row[21]]
    values += [tuple(row[22]), row[23], row[24] or "", row[25], row[26] if with_names else ""]
    values += [row[27] or "", row[28] or "", row[29] or ""]
    return VoiceRow(*values)


def _seen(actor: Actor) -> QuerySet[Heard]:
    if not authority.may_anywhere(actor, "voice.read"):
        raise NotAllowed(action="voice.read")
    rows = Heard.objects.filter(authority.visible(actor, "voice.read"), quarantine="")
    # what is about nobody in particular is for the hospital alone
    return rows if _may_see_names(actor) else rows.filter(request__isnull=False)


def _may_see_names(actor: Actor) -> bool:
    return bool(actor.roles & {"HO", "HD", "AU"})


def voice_for(actor: Actor, voice_id: UUID) -> VoiceRow:
    """Return one voice that the actor may read, and who did the work. Refuses: NotAllowed, NotFound. Budget: two."""
    found = _seen(actor).filter(uid=voice_id).values_list(*_COLUMNS).first()
    if found is None:
        raise NotFound(kind="voice", name=str(voice_id))
    people = Account.objects.filter(pk__in=found[-1]).order_by("name").values_list("name", flat=True)
    return replace(_row(found, _may_see_names(actor)), doers=tuple(people) if found[-1] else ())


def voice_of_key(actor: Actor, key: int) -> UUID | None:
    """Return the page's key of a voice that the actor may read; None for others. Budget: one query."""
    if not authority.may_anywhere(actor, "voice.read"):
        return None
    return _seen(actor).filter(pk=key).values_list("uid", flat=True).first()


def praise_of(actor: Actor, site_id: int, *, limit: int = 20) -> tuple[VoiceRow, ...]:
    """Return the praise for what the actor did, newest first: words of praise, and of high ratings (S26).

    Never who spoke. Budget: one query.
    """
    is_praise = Q(kind="praise") | Q(kind="words", stars__gte=4)
    rows = Heard.objects.filter(is_praise, site_id=site_id, quarantine="", worker_keys__contains=[actor.account_id])
    return _rows(rows.order_by("-id")[:limit]) if actor.account_id is not None else ()


def my_voices(actor: Actor, site_id: int, *, limit: int = 50) -> tuple[VoiceRow, ...]:
    """Return what the actor said, or rated of the own requests, newest first, with its fate. Budget: one query."""
    if actor.account_id is None:
        raise NotAllowed(action="voice.speak")
    own = Q(owner_id=actor.account_id) | Q(owner=None, claim_digest="", request__owner_id=actor.account_id)
    return _rows(Heard.objects.filter(own, site_id=site_id).order_by("-id")[:limit])


def fates_of_request(actor: Actor, request_key: int) -> tuple[VoiceRow, ...]:
    """Return what came of ratings and words about one request, to who asked: by account or by its private link.

    What somebody else said of it under the own name is not among them. Budget: one query.
    """
    rows = Heard.objects.filter(request_id=request_key, claim_digest="")
    if actor.kind == "link":
        rows = rows.filter(owner=None) if actor.id == request_key else rows.none()
    else:
        rows = rows.filter(Q(owner_id=actor.account_id) | Q(owner=None, request__owner_id=actor.account_id))
    return _rows(rows.order_by("id")[:20])
