"""Questions about what was held apart: taps, letters and words of surveys, sheets.

Each waits for a person, or has its fate: let in, or kept apart, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.voice.models.boxes import Letter
from yingxu.voice.models.heard import Heard
from yingxu.voice.models.stands import Tap
from yingxu.voice.models.surveys import Sheet

KINDS = ("tap", "letter", "voice", "sheet")
SHOWN = ("waiting", "judged")
_DEEPEST = 5000


@dataclass(frozen=True)
class ApartRow:
    """One thing held apart. ``at_name``: the stand, box or survey; ``device``: what tells one tablet from another."""

    kind: str
    id: UUID
    at_name: str
    left_at: datetime | None
    left_on: date
    text: str
    face: int
    reason: str
    n_answers: int
    flags: tuple[str, ...]
    device: str
    held_as: str
    is_kept: bool
    judged_why: str
    judged_by: str
    judged_on: date | None


@dataclass(frozen=True)
class ApartCounts:
    """How many of each kind wait for a person (200 at most each)."""

    tap: int
    letter: int
    voice: int
    sheet: int


def held_apart(
    actor: Actor, site_id: int, *, kind: str, shown: str = "waiting", after: int = 0, limit: int = 25
) -> tuple[ApartRow, ...]:
    """Return what was held apart of one kind, newest first; ``after``: how many to pass over.

    Letters that still lie in their box are not read. Refuses: NotAllowed. Budget: one query.
    """
    authority.require(actor, "apart.read", where=Where(site_id=site_id))
    rows = _shown(_of(kind, site_id), shown)
    start = min(max(after, 0), _DEEPEST)
    if kind == "tap":
        found = rows.order_by("-tapped_at", "-pk").values_list(
            "uid", "stand__name", "tapped_at", "face", "reason", "device", *_JUDGED
        )
        return tuple(_tap(row) for row in found[start : start + limit])
    if kind == "letter":
        found = rows.order_by("-received_on", "pk").values_list(
            "uid", "box__name", "survey__title", "received_on", "text", *_JUDGED
        )
        return tuple(_letter(row) for row in found[start : start + limit])
    if kind == "voice":
        found = rows.order_by("-said_at", "pk").values_list("uid", "kind", "said_at", "text", *_JUDGED)
        return tuple(_voice(row) for row in found[start : start + limit])
    found = rows.order_by("-received_on", "pk").values_list(
        "uid", "survey__title", "received_on", "answers", "flags", *_JUDGED
    )
    return tuple(_sheet(row) for row in found[start : start + limit])


def n_apart(actor: Actor, site_id: int) -> ApartCounts:
    """Return how many wait, by kind. Refuses: NotAllowed. Budget: four queries."""
    authority.require(actor, "apart.read", where=Where(site_id=site_id))
    return ApartCounts(*(len(_shown(_of(kind, site_id), "waiting").values_list("pk")[:200]) for kind in KINDS))


_JUDGED = ("quarantine", "held_as", "judged_why", "judged_by__name", "judged_on")


def _of(kind: str, site_id: int) -> QuerySet[Any]:
    if kind == "tap":
        return Tap.objects.filter(site_id=site_id)
    if kind == "letter":
        return Letter.objects.filter(site_id=site_id).exclude(state="in_box")
    return (Heard if kind == "voice" else Sheet).objects.filter(site_id=site_id)


def _shown(rows: QuerySet[Any], shown: str) -> QuerySet[Any]:
    if shown == "judged":
        return rows.exclude(held_as="")
    return rows.filter(held_as="").exclude(quarantine="")


def _judged(row: tuple[Any, ...]) -> tuple[str, bool, str, str, date | None]:
    quarantine, held_as, why, by, on = row[-5:]
    return held_as or quarantine, bool(held_as and quarantine), why, by or "", on


def _tap(row: tuple[Any, ...]) -> ApartRow:
    uid, name, at, face, reason, device = row[:6]
    return ApartRow("tap", uid, name, at, at.date(), "", face, reason, 0, (), device[:6], *_judged(row))


def _letter(row: tuple[Any, ...]) -> ApartRow:
    uid, box, survey, on, text = row[:5]
    return ApartRow("letter", uid, box or survey or "", None, on, text, 0, "", 0, (), "", *_judged(row))


def _voice(row: tuple[Any, ...]) -> ApartRow:
    uid, said, at, text = row[:4]
    return ApartRow("voice", uid, said, at, at.date(), text, 0, "", 0, (), "", *_judged(row))


def _sheet(row: tuple[Any, ...]) -> ApartRow:
    uid, survey, on, answers, flags = row[:5]
    return ApartRow("sheet", uid, survey, None, on, "", 0, "", len(answers), tuple(flags), "", *_judged(row))
