"""Complaints, praise and vents of people without an account: by a printed code; the answer is read by an own code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor, engine
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.voice.actions.heard import (
    ANSWER_WITHIN,
    ASKER,
    KINDS,
    SAID_LIMIT,
    Fated,
    about,
    dispute,
    doers_of,
    whose_badge,
)
from yingxu.voice.claims import CODE_LETTERS, PURPOSES, claim_digest
from yingxu.voice.events.heard import VoiceContent, VoiceHeard, VoiceHeldApart
from yingxu.voice.keeping import who_keeps
from yingxu.voice.models.heard import Heard
from yingxu.voice.refusals.heard import NotAnsweredYet

#: Whoever scans the printed code; nobody's account.
PASSER = engine("passer")
CONTACT_LIMIT = 80


@dataclass(frozen=True)
class SaidOut:
    """What was said without an account, and until when a person answers."""

    id: UUID
    answer_by: datetime
    is_apart: bool = False


def say_out(
    *,
    site_id: int,
    kind: str,
    text: str,
    claim_code: str,
    actor: Actor,
    at: datetime,
    number: str = "",
    badge: str = "",
    contact: str = "",
    purpose: str = "",
    is_suspect: bool = False,
    command: CommandKey | None = None,
) -> SaidOut:
    """Somebody without an account complained, praised or vented; a person answers within a day, read by the code.

    Praise reaches whose badge it names, or who did the work of the request, at once (S26). Who did the work never
    keeps it. Of the code its SHA-256 alone is stored; the contact is for the hospital's eyes. What came in a burst
    (``is_suspect``) is held apart: nobody is told of it until a person let it in, and nothing is deleted (S65).
    Records VoiceHeard or VoiceHeldApart. Refuses: NotAllowed, Malformed, NotFound. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "voice.speak_out", where=Where(site_id=site_id))
        text, contact = text.strip(), contact.strip()
        _refuse_malformed(kind, text, contact, purpose, claim_code)
        digest = claim_digest(claim_code)
        if Heard.objects.filter(claim_digest=digest).exists():
            raise Malformed(field="code", problem="unknown")
        row = Heard(
            site_id=site_id,
            kind=kind,
            purpose=purpose or ("vent" if kind == "vent" else ""),
            text=text,
            contact=contact,
            claim_digest=digest,
            said_at=at,
            answer_by=at + ANSWER_WITHIN,
            quarantine="too_many" if is_suspect else "",
        )
        if number.strip():
            request = Request.objects.filter(site_id=site_id, number=number.strip()).first()
            if request is None:
                raise NotFound(kind="request", name=number.strip())
            row.request_id, row.line_code, row.place_path = request.pk, request.line_code, request.place_path
            row.department_id = request.department_id
            row.party_keys, row.team_keys = request.party_keys, request.team_keys
            row.worker_keys = list(doers_of(request.pk))
        if kind == "praise" and badge.strip():
            row.worker_keys = [whose_badge(site_id, badge.strip())]
        row.keeper_id = who_keeps(site_id, row.team_keys, but_not=row.worker_keys)
        unit.insert(row)
        if is_suspect:
            unit.record(VoiceHeldApart(**about(row), said=kind), actor=ASKER)
        else:
            tell_heard(unit, row)
        unit.answer(SaidOut(row.uid, row.answer_by, is_suspect))
    return unit.answered(SaidOut)


def tell_heard(unit: Unit, row: Heard) -> None:
    """Record that a voice without an account was heard, and tell who is praised or who keeps it. Budget: none."""
    fact = VoiceHeard(**about(row), said=row.kind, answer_by=row.answer_by.isoformat())
    entry = unit.record(fact, actor=ASKER)
    for account in row.worker_keys if row.kind == "praise" else [row.keeper_id]:
        if account is not None:
            unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=account)


def judge_by_own_code(*, claim_code: str, word: str, text: str = "", actor: Actor, at: datetime) -> Fated:
    """Who spoke without an account has the last word, by the code: understood, or still disagree, which reopens it.

    Records VoiceContent or VoiceDisputed. Refuses: NotAllowed, NotFound, Malformed, NotAnsweredYet, Stale. Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        row = Heard.objects.filter(claim_digest=claim_digest(claim_code)).first()
        if row is None:
            raise NotFound(kind="voice", name="")
        authority.require(actor, "voice.speak_out", where=Where(site_id=row.site_id))
        if word not in ("understood", "disagree"):
            raise Malformed(field="word", problem="unknown")
        if not row.fate:
            raise NotAnsweredYet
        if word == "understood":
            unit.change(row, seen=["fate", "n_disputes"], understood_at=at)
            unit.record(VoiceContent(**about(row)), actor=ASKER)
        else:
            dispute(unit, row, more=text)
        unit.answer(Fated(row.uid, row.fate))
    return unit.answered(Fated)


def _refuse_malformed(kind: str, text: str, contact: str, purpose: str, claim_code: str) -> None:
    if kind not in KINDS:
        raise Malformed(field="kind", problem="missing" if not kind else "unknown")
    if not text:
        raise Malformed(field="text", problem="missing")
    if len(text) > SAID_LIMIT:
        raise Malformed(field="text", problem="too_long", limit=str(SAID_LIMIT))
    if len(contact) > CONTACT_LIMIT:
        raise Malformed(field="phone", problem="too_long", limit=str(CONTACT_LIMIT))
    if purpose and purpose not in PURPOSES:
        raise Malformed(field="purpose", problem="unknown")
    if sum(map(str.isalnum, claim_code)) != CODE_LETTERS:
        raise Malformed(field="code", problem="wrong_type")
