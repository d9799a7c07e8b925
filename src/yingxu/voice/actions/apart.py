"""Verbs of the quarantine: what was held apart is let in, or kept apart, by a person with a reason; never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Site
from yingxu.ground.refusals import Malformed, NotFound, ReasonNeeded
from yingxu.ground.unit import CommandKey, Unit
from yingxu.voice.actions.heard import ANSWER_WITHIN
from yingxu.voice.actions.saying import tell_heard
from yingxu.voice.claims import day_at
from yingxu.voice.events.apart import HeldApartJudged
from yingxu.voice.models.boxes import Letter
from yingxu.voice.models.heard import Heard
from yingxu.voice.models.stands import Tap
from yingxu.voice.models.surveys import Sheet
from yingxu.voice.refusals.boxes import NotOpenedYet

#: What may be held apart, and who lets it in: taps of stands, letters of boxes and words of surveys, ticked sheets.
#: And what was said without an account.
ACTS = {"tap": "tap.judge", "letter": "letter.hold_apart", "voice": "letter.hold_apart", "sheet": "survey.manage"}
_MODELS: dict[str, Any] = {"tap": Tap, "letter": Letter, "voice": Heard, "sheet": Sheet}
AT_ONCE = 100
WHY_LIMIT = 300


@dataclass(frozen=True)
class ApartJudged:
    """How many were let in, or kept apart."""

    n: int


def let_in(
    *,
    site_id: int,
    kind: str,
    ids: Sequence[UUID],
    why: str,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> ApartJudged:
    """What was held apart counts like any other from now on: a tap, a sheet; a letter or a voice waits for its fate.

    The time for a voice's answer begins now, and who keeps it is told. Records HeldApartJudged for each, VoiceHeard
    for each voice. Refuses: NotAllowed, Malformed, ReasonNeeded, NotFound, NotOpenedYet, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        unit.answer(_judge(unit, site_id, kind, ids, why, is_kept=False))
    return unit.answered(ApartJudged)


def keep_apart(
    *,
    site_id: int,
    kind: str,
    ids: Sequence[UUID],
    why: str,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> ApartJudged:
    """A person looked: it stays apart, for this reason, and counts nowhere; who wrote words reads the reason.

    Records HeldApartJudged for each. Refuses: NotAllowed, Malformed, ReasonNeeded, NotFound, NotOpenedYet, Stale.
    Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        unit.answer(_judge(unit, site_id, kind, ids, why, is_kept=True))
    return unit.answered(ApartJudged)


def _judge(unit: Unit, site_id: int, kind: str, ids: Sequence[UUID], why: str, *, is_kept: bool) -> ApartJudged:
    if kind not in ACTS:
        raise Malformed(field="kind", problem="unknown")
    authority.require(unit.actor, ACTS[kind], where=Where(site_id=site_id))
    why = why.strip()
    if not why:
        raise ReasonNeeded(action=ACTS[kind])
    if len(why) > WHY_LIMIT:
        raise Malformed(field="reason", problem="too_long", limit=str(WHY_LIMIT))
    if not ids or len(ids) > AT_ONCE:
        raise Malformed(field="chosen", problem="missing" if not ids else "too_large", limit=str(AT_ONCE))
    rows = list(_MODELS[kind].objects.filter(site_id=site_id, uid__in=set(ids)).exclude(quarantine="").order_by("pk"))
    if len(rows) != len(set(ids)):
        raise NotFound(kind=kind, name="")
    today = day_at(Site.objects.get(pk=site_id), unit.at)
    for row in rows:
        if kind == "letter" and row.state == "in_box":
            raise NotOpenedYet
        held_as = row.held_as or row.quarantine
        unit.change(
            row,
            seen=["quarantine"],
            quarantine=held_as if is_kept else "",
            held_as=held_as,
            judged_why=why,
            judged_by_id=unit.actor.account_id,
            judged_on=today,
            **({"answer_by": unit.at + ANSWER_WITHIN} if kind == "voice" and not is_kept else {}),
        )
        if kind == "voice" and not is_kept:
            tell_heard(unit, row)
        unit.record(
            HeldApartJudged(
                site_id=site_id,
                subject_id=row.pk,
                thread_id=_thread(kind, row),
                what=kind,
                held_as=held_as,
                is_kept=is_kept,
                why=why,
            )
        )
    return ApartJudged(len(rows))


def _thread(kind: str, row: Any) -> int:
    """Return what it was left at: the stand, the box, the survey."""
    if kind == "voice":
        return int(row.request_id or row.pk)
    key = row.stand_id if kind == "tap" else row.survey_id if kind == "sheet" else row.box_id or row.survey_id
    return int(key)
