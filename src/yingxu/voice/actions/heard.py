"""Complaints, praise, vents: spoken by people, answered by people, never closed by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Holding
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.voice.claims import PURPOSES
from yingxu.voice.events.heard import VoiceAnswered, VoiceContent, VoiceDisputed, VoiceHeard, VoiceTaken
from yingxu.voice.keeping import who_keeps
from yingxu.voice.models.heard import FATES, Heard
from yingxu.voice.refusals.heard import FateGiven, HospitalAnswers, NotAnsweredYet
from yingxu.work.models import Job

#: What somebody may say of their own will.
KINDS = ("complaint", "praise", "vent")
#: What who did the work may mark: uncivil treatment (S26). While it waits, ratings of that request count for nobody.
ABUSE = "abuse"
SAID_LIMIT = 2000
#: S60: a person answers within a day.
ANSWER_WITHIN = timedelta(hours=24)
_HOSPITAL = frozenset({"HO", "HD"})
#: Who spoke stays out of the ledger: the entry's actor is the role of the asker, not the person.
ASKER = Actor(kind="asker", id=None, name="")


@dataclass(frozen=True)
class Spoken:
    """What was said, and until when a person answers."""

    id: UUID
    answer_by: datetime


@dataclass(frozen=True)
class Taken:
    """A voice in somebody's hands."""

    id: UUID


@dataclass(frozen=True)
class Fated:
    """A voice with its fate; empty when it waits again."""

    id: UUID
    fate: str


def speak(
    *,
    site_id: int,
    kind: str,
    text: str,
    actor: Actor,
    at: datetime,
    number: str = "",
    badge: str = "",
    is_named: bool = False,
    purpose: str = "",
    command: CommandKey | None = None,
) -> Spoken:
    """Somebody complained, praised or vented, of one request or in general; a person answers within a day.

    ``purpose``: what it is for (need, appeal, vent, improve; S60); a vent is for venting unless something else is said.

    Praise reaches the people who did the work at once, or the one whose badge it names. Who did the work may mark
    uncivil treatment (``abuse``), which the hospital reviews (S26). Records VoiceHeard, without who spoke.
    Refuses: NotAllowed, Malformed, NotFound. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "voice.speak", where=Where(site_id, is_own=True))
        text = text.strip()
        if kind not in (*KINDS, ABUSE):
            raise Malformed(field="kind", problem="unknown")
        if kind == ABUSE and not number.strip():
            raise Malformed(field="number", problem="missing")
        if not text:
            raise Malformed(field="text", problem="missing")
        if len(text) > SAID_LIMIT:
            raise Malformed(field="text", problem="too_long", limit=str(SAID_LIMIT))
        if purpose and purpose not in PURPOSES:
            raise Malformed(field="purpose", problem="unknown")
        row = Heard(
            site_id=site_id,
            kind=kind,
            purpose=purpose or ("vent" if kind == "vent" else ""),
            text=text,
            owner_id=actor.account_id,
            is_named=is_named,
            said_at=at,
            answer_by=at + ANSWER_WITHIN,
        )
        if number.strip():
            request = _request(actor, site_id, number.strip())
            row.request_id, row.line_code, row.place_path = request.pk, request.line_code, request.place_path
            row.department_id = request.department_id
            row.party_keys, row.team_keys = request.party_keys, request.team_keys
            row.worker_keys = list(doers_of(request.pk))
            if kind == ABUSE and actor.account_id not in row.worker_keys:
                raise NotFound(kind="request", name=number.strip())  # only who did the work was treated so there
        if kind == "praise" and badge.strip():
            row.worker_keys = [whose_badge(site_id, badge.strip())]
        row.keeper_id = who_keeps(site_id, row.team_keys, but_not=(*row.worker_keys, actor.account_id))
        unit.insert(row)
        fact = VoiceHeard(**about(row), said=kind, answer_by=row.answer_by.isoformat())
        entry = unit.record(fact, actor=ASKER)
        if kind == "praise":
            for doer in row.worker_keys:
                unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=doer)
        elif row.keeper_id is not None:
            unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=row.keeper_id)
        unit.answer(Spoken(row.uid, row.answer_by))
    return unit.answered(Spoken)


def answer_voice(
    *,
    voice_id: UUID,
    fate: str,
    answer: str,
    actor: Actor,
    at: datetime,
    is_public: bool = False,
    purpose: str = "",
    command: CommandKey | None = None,
) -> Fated:
    """A person gives it its one fate, in words: answered, done, studied, declined (the words say why), clarified.

    ``purpose``: what it was for, where who spoke did not say.

    Never who did the work. A misunderstanding is cleared up by the hospital alone, and so is what was disputed twice.
    Records VoiceAnswered. Refuses: NotAllowed, OwnWork, NotFound, Malformed, FateGiven, HospitalAnswers, Stale.
    Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _voice(voice_id)
        where = _where(row)
        authority.require(actor, "voice.answer", where=where)
        authority.refuse_own_work(actor, tuple(row.worker_keys), action="voice.answer")
        if fate not in FATES:
            raise Malformed(field="fate", problem="unknown")
        if not answer.strip():
            raise Malformed(field="answer", problem="missing")
        if len(answer) > SAID_LIMIT:
            raise Malformed(field="answer", problem="too_long", limit=str(SAID_LIMIT))
        if purpose and purpose not in PURPOSES:
            raise Malformed(field="purpose", problem="unknown")
        if row.fate:
            raise FateGiven(fate=row.fate)
        # what is about nobody in particular is the hospital's too: no company is asked to judge another
        is_hospitals = fate == "clarified" or row.kind == ABUSE or row.n_disputes > 1 or row.request_id is None
        if is_hospitals and not authority.roles_for(actor, "voice.answer", where=where) & _HOSPITAL:
            raise HospitalAnswers
        unit.change(
            row,
            seen=["fate"],
            fate=fate,
            purpose=row.purpose or purpose,
            keeper_id=actor.account_id,
            answer=answer.strip(),
            answered_by_id=actor.account_id,
            answered_at=at,
            is_public=is_public,
        )
        fact = VoiceAnswered(**about(row), fate=fate)
        entry = unit.record(fact)
        if row.owner_id is not None:
            unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=row.owner_id)
        unit.answer(Fated(row.uid, fate))
    return unit.answered(Fated)


def take_voice(*, voice_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Taken:
    """Somebody who may answer takes it in hand; the clock runs on. Never who did the work.

    Records VoiceTaken. Refuses: NotAllowed, OwnWork, NotFound, FateGiven, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _voice(voice_id)
        authority.require(actor, "voice.answer", where=_where(row))
        authority.refuse_own_work(actor, tuple(row.worker_keys), action="voice.answer")
        if row.fate:
            raise FateGiven(fate=row.fate)
        if row.keeper_id != actor.account_id:
            unit.change(row, seen=["fate", "keeper_id"], keeper_id=actor.account_id)
            unit.record(VoiceTaken(**about(row)))
        unit.answer(Taken(row.uid))
    return unit.answered(Taken)


def judge_voice(
    *, voice_id: UUID, is_content: bool, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Fated:
    """Who spoke says: understood, or still disagree, and then it waits for a person again (S64).

    Of a rating that is who asked, by account or private link. Records VoiceContent or VoiceDisputed.
    Refuses: NotAllowed, NotFound, NotAnsweredYet, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _voice(voice_id)
        if actor.kind == "link":
            authority.require(actor, "voice.speak", where=Where(row.site_id, request_id=row.request_id))
        else:
            authority.require(actor, "voice.speak", where=Where(row.site_id, is_own=True))
        if not _is_speaker(actor, row):
            raise NotFound(kind="voice", name=str(voice_id))
        if not row.fate:
            raise NotAnsweredYet
        if is_content:
            unit.change(row, seen=["fate", "n_disputes"], understood_at=at)
            unit.record(VoiceContent(**about(row)), actor=ASKER)
        else:
            dispute(unit, row)
        unit.answer(Fated(row.uid, row.fate))
    return unit.answered(Fated)


def dispute(unit: Unit, row: Heard, *, more: str = "") -> None:
    """Let it wait for a person again, with a clock of its own; what was said now joins what was said first."""
    unit.change(
        row,
        seen=["fate", "n_disputes"],
        fate="",
        is_public=False,
        understood_at=None,
        n_disputes=row.n_disputes + 1,
        n_told=0,
        text=f"{row.text}\n—\n{more.strip()}"[: 2 * SAID_LIMIT] if more.strip() else row.text,
        answer_by=unit.at + ANSWER_WITHIN,
    )
    unit.record(VoiceDisputed(**about(row), n_disputes=row.n_disputes), actor=ASKER)


def doers_of(request_key: int) -> tuple[int, ...]:
    """Return who did the work of a request. Budget: one query."""
    rows = Job.objects.filter(request_id=request_key).values_list("worker_id", "finished_by_id")
    return tuple(sorted({key for row in rows for key in row if key is not None}))


def _where(row: Heard) -> Where:
    return Where(
        row.site_id,
        party_ids=tuple(row.party_keys),
        line_code=row.line_code,
        place_path=row.place_path,
        department_id=row.department_id,
        team_ids=tuple(row.team_keys),
    )


def _is_speaker(actor: Actor, row: Heard) -> bool:
    if actor.kind == "link":
        # a rating keeps no person: who holds the request's link speaks for it
        is_rating = row.owner_id is None and not row.claim_digest  # what a code speaks for is no link's
        return is_rating and row.request_id is not None and row.request_id == actor.id
    if row.claim_digest:
        return False
    owner = row.owner_id if row.owner_id is not None or row.request is None else row.request.owner_id
    return actor.account_id is not None and actor.account_id == owner


def _request(actor: Actor, site_id: int, number: str) -> Request:
    """Return the request that somebody speaks about: one that they may see."""
    seen = authority.visible(actor) | Q(owner_id=actor.account_id)
    row = Request.objects.filter(seen, site_id=site_id, number=number).first()
    if row is None:
        raise NotFound(kind="request", name=number)
    return row


def whose_badge(site_id: int, badge: str) -> int:
    """Return whose badge somebody read. Refuses: NotFound."""
    held = Holding.objects.filter(site_id=site_id, account__badge=badge, account__is_active=True)
    account = held.values_list("account_id", flat=True).first()
    if account is None:
        raise NotFound(kind="badge", name=badge)
    return account


def _voice(voice_id: UUID) -> Heard:
    row = Heard.objects.select_related("request").filter(uid=voice_id, quarantine="").first()
    if row is None:
        raise NotFound(kind="voice", name=str(voice_id))
    return row


def about(row: Heard) -> dict[str, int]:
    """Return the fields that place a fact at a voice."""
    return {"site_id": row.site_id, "subject_id": row.pk, "thread_id": row.request_id or row.pk}
