"""The one ledger of voices: what people said with its fate; one's own; the public board of answers, without names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotAllowed, NotFound
from yingxu.voice.models.heard import Heard

SHOWN = ("waiting", "fated", "all")
#: How a finding's final answer reads as a fate.
_FATES = {"done": "done", "declined": "declined", "explained": "clarified", "transferred": "answered",
          "merged": "answered", "cancelled": "answered"}  # fmt: skip


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


_COLUMNS = (
    "id", "uid", "kind", "text", "stars", "request__number", "request__uid", "request__place_name",
    "request__place_name_en", "line_code", "said_at", "answer_by", "fate", "answer", "answered_by__name",
    "answered_at", "is_public", "n_disputes", "understood_at", "is_named", "owner__name",
)  # fmt: skip


def _rows(found: QuerySet[Heard], *, with_names: bool = False) -> tuple[VoiceRow, ...]:
    rows: list[tuple[Any, ...]] = list(found.values_list(*_COLUMNS))
    return tuple(_row(row, with_names) for row in rows)


def _row(row: tuple[Any, ...], with_names: bool) -> VoiceRow:
    values: list[Any] = list(row[:18])
    for place in (5, 7, 8, 14):
        values[place] = values[place] or ""
    values += [row[18] is not None, (row[20] or "") if with_names and row[19] else ""]
    return VoiceRow(*values)


def _seen(actor: Actor) -> QuerySet[Heard]:
    if not authority.may_anywhere(actor, "voice.read"):
        raise NotAllowed(action="voice.read")
    rows = Heard.objects.filter(authority.visible(actor, "voice.read"))
    # what is about nobody in particular is for the hospital alone
    return rows if _may_see_names(actor) else rows.filter(request__isnull=False)


def _may_see_names(actor: Actor) -> bool:
    return bool(actor.roles & {"HO", "HD", "AU"})


def voices(
    actor: Actor, site_id: int, *, shown: str = "waiting", kind: str = "", after: int | None = None, limit: int = 25
) -> tuple[VoiceRow, ...]:
    """Return voices: waiting ones most overdue first, others newest first. Refuses: NotAllowed. Budget: one query."""
    rows = _seen(actor).filter(site_id=site_id)
    if kind:
        rows = rows.filter(kind=kind)
    names = _may_see_names(actor)
    if shown == "waiting":
        rows = rows.filter(fate="").order_by("answer_by", "id")
        return _rows(rows[after or 0 : (after or 0) + limit], with_names=names)
    if shown == "fated":
        rows = rows.exclude(fate="")
    if after is not None:
        rows = rows.filter(id__lt=after)
    return _rows(rows.order_by("-id")[:limit], with_names=names)


def voice_for(actor: Actor, voice_id: UUID) -> VoiceRow:
    """Return one voice that the actor may read. Refuses: NotAllowed, NotFound. Budget: one query."""
    rows = _rows(_seen(actor).filter(uid=voice_id), with_names=_may_see_names(actor))
    if not rows:
        raise NotFound(kind="voice", name=str(voice_id))
    return rows[0]


def findings_as_voices(
    actor: Actor, site_id: int, *, after: int | None = None, limit: int = 25
) -> tuple[VoiceRow, ...]:
    """Return supervisors' findings with their fates, newest first, of what the actor may see. Never who found it.

    Refuses: NotAllowed. Budget: one query.
    """
    if not authority.may_anywhere(actor, "voice.read"):
        raise NotAllowed(action="voice.read")
    rows = Request.objects.filter(authority.visible(actor, "voice.read"), site_id=site_id, channel="supervisor")
    if after is not None:
        rows = rows.filter(id__lt=after)
    return tuple(_finding(row) for row in rows.order_by("-id")[:limit])


def _finding(row: Request) -> VoiceRow:
    return VoiceRow(
        row.pk,
        row.uid,
        "finding",
        row.text,
        None,
        row.number,
        row.uid,
        row.place_name,
        row.place_name_en,
        row.line_code,
        row.created_at,
        row.next_due_at,
        _FATES.get(row.final_answer, ""),
        row.answer_text,
        "",
        row.closed_at,
        False,
        0,
        False,
    )


def my_voices(actor: Actor, site_id: int, *, limit: int = 50) -> tuple[VoiceRow, ...]:
    """Return what the actor said, or rated of the own requests, newest first, with its fate. Budget: one query."""
    if actor.account_id is None:
        raise NotAllowed(action="voice.speak")
    own = Q(owner_id=actor.account_id) | Q(owner=None, request__owner_id=actor.account_id)
    return _rows(Heard.objects.filter(own, site_id=site_id).order_by("-id")[:limit])


def public_answers(site_id: int, *, after: int | None = None, limit: int = 25) -> tuple[VoiceRow, ...]:
    """Return what was answered in public, newest first; for everybody, without any name. Budget: one query."""
    rows = Heard.objects.filter(site_id=site_id, is_public=True).exclude(fate="")
    if after is not None:
        rows = rows.filter(id__lt=after)
    return _rows(rows.order_by("-id")[:limit])


def n_overdue(actor: Actor, site_id: int, *, at: datetime) -> tuple[int, int]:
    """Return how many voices wait, and how many of them beyond their time. Refuses: NotAllowed. Budget: one query."""
    rows = _seen(actor).filter(site_id=site_id, fate="").values_list("answer_by", flat=True)[:200]
    waiting = list(rows)
    return len(waiting), sum(one <= at for one in waiting)
