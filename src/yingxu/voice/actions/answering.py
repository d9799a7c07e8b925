"""Verbs of opinions: answered with a type and a fate, judged by who spoke, done when done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yingxu.demand.public_state import BEFORE_SENDING
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.voice.claims import FATES, LETTER_LIMIT, PURPOSES, VERDICTS, claim_digest, day_at
from yingxu.voice.events.overseeing import PromiseOfForumDone, RemarkAnswered, RemarkJudged
from yingxu.voice.models.overseeing import Remark
from yingxu.voice.refusals.overseeing import FindingInWork, RemarkNotOpen


@dataclass(frozen=True)
class RemarkKept:
    """Where an opinion stands now."""

    state: str


def answer_remark(
    *,
    remark_id: UUID,
    verdict: str,
    fate: str,
    answer: str,
    actor: Actor,
    at: datetime,
    owner_name: str = "",
    due_on: date | None = None,
    retold: str = "",
    purpose: str = "",
    command: CommandKey | None = None,
) -> RemarkKept:
    """An opinion has its type, answer and fate; what is promised has an owner and a day; ``retold``: for the board.

    A company's "misunderstanding" or "not in our hands", and what ends a finding without work, is only proposed: the
    hospital agrees by answering itself.
    After a second "still disagree" the hospital's head answers (domain S64, AS-21). A finding has one fate: before work
    began its request ends with the same words; while work is on its way only a promise (studied) is given, and the end
    of the work is the answer. Records RemarkAnswered, and RequestAnswered of a finding's request that ends with it.
    Refuses: NotAllowed, NotFound, RemarkNotOpen, FindingInWork, Malformed. Budget: 2, four more where a request ends.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _remark(remark_id)
        where = Where(site_id=row.site_id)
        authority.require(actor, "finding.answer_disputed" if row.n_disagreed > 1 else "finding.answer", where=where)
        if row.state == "settled":
            raise RemarkNotOpen(state=row.state)
        for name, value, known in (("verdict", verdict, VERDICTS), ("fate", fate, FATES)):
            if value not in known:
                raise Malformed(field=name, problem="unknown" if value else "missing")
        if purpose and purpose not in PURPOSES:
            raise Malformed(field="purpose", problem="unknown")
        if not answer.strip():
            raise Malformed(field="answer", problem="missing")
        if fate == "studied" and (due_on is None or not owner_name.strip()):
            raise Malformed(field="due_on" if due_on is None else "owner", problem="missing")
        if due_on is not None and not owner_name.strip():
            raise Malformed(field="owner", problem="missing")
        is_hospital = bool(authority.roles_for(actor, "finding.answer", where=where) & {"HO"}) or row.n_disagreed > 1
        ended = _ended(row, fate)
        # to end what was asked for without any work is the hospital's, like a decline (domain 4.2)
        needs_hospital = verdict in ("misunderstanding", "out_of_scope") or row.n_disagreed > 0 or ended is not None
        state = "answered" if is_hospital or not needs_hospital else "proposed"
        unit.change(
            row,
            seen=["state", "n_disagreed"],
            state=state,
            verdict=verdict,
            fate=fate,
            purpose=row.purpose or purpose,
            answer=answer.strip()[:LETTER_LIMIT],
            retold=retold.strip()[:LETTER_LIMIT],
            answered_by_id=actor.account_id,
            answered_at=at,
            owner_name=owner_name.strip()[:64],
            due_on=due_on,
            word="",
        )
        unit.record(
            RemarkAnswered(
                site_id=row.site_id,
                subject_id=row.pk,
                thread_id=row.request_id or row.pk,
                state=state,
                verdict=verdict,
                fate=fate,
                owner=owner_name.strip()[:64],
                due_on=due_on.isoformat() if due_on else "",
                ended_request_id=ended if state == "answered" else None,
                answer=answer.strip()[:LETTER_LIMIT],
            )
        )
        unit.answer(RemarkKept(state))
    return unit.answered(RemarkKept)


def _ended(row: Remark, fate: str) -> int | None:
    """Return the key of the request that an answer ends. Refuses: FindingInWork."""
    request = row.request
    if request is None or not request.is_open or fate == "studied":
        return None
    if fate == "done" or request.shown_state not in BEFORE_SENDING:
        raise FindingInWork(number=request.number, state=request.shown_state)
    return request.pk


def judge_remark(
    *, remark_id: UUID, word: str, text: str = "", actor: Actor, at: datetime, command: CommandKey | None = None
) -> RemarkKept:
    """Who spoke says the last word: understood settles it; still disagree opens it again.

    What somebody without an account said at the forum is recorded by who keeps its minutes. Records RemarkJudged.
    Refuses: NotAllowed, NotFound, RemarkNotOpen, Malformed. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _remark(remark_id)
        owners = (row.raised_by_id,) if row.raised_by_id else ()
        act = "finding.judge" if owners else "forum.record"
        authority.require(actor, act, where=Where(site_id=row.site_id, owner_ids=owners))
        if word not in ("understood", "disagree"):
            raise Malformed(field="word", problem="unknown")
        if row.state != "answered":
            raise RemarkNotOpen(state=row.state)
        _judged(unit, row, word, text, actor=Actor(kind="asker", id=None, name="") if row.is_hidden else None)
        unit.answer(RemarkKept(row.state))
    return unit.answered(RemarkKept)


def judge_by_code(*, claim_code: str, word: str, text: str = "", actor: Actor, at: datetime) -> RemarkKept:
    """Who spoke at a forum without an account says the last word with the code that came with the opinion.

    Records RemarkJudged, by the asker's role. Refuses: NotAllowed, NotFound, RemarkNotOpen, Malformed. Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        row = Remark.objects.filter(claim_digest=claim_digest(claim_code)).first()
        if row is None:
            raise NotFound(kind="remark", name="")
        authority.require(actor, "letter.judge", where=Where(site_id=row.site_id))
        if word not in ("understood", "disagree"):
            raise Malformed(field="word", problem="unknown")
        if row.state != "answered":
            raise RemarkNotOpen(state=row.state)
        _judged(unit, row, word, text, actor=Actor(kind="asker", id=None, name=""))
        unit.answer(RemarkKept(row.state))
    return unit.answered(RemarkKept)


def _judged(unit: Unit, row: Remark, word: str, text: str, *, actor: Actor | None) -> None:
    is_over = word == "understood"
    unit.change(
        row,
        seen=["state"],
        word=word,
        state="settled" if is_over else "open",
        n_disagreed=row.n_disagreed + (not is_over),
        word_text=text.strip()[:LETTER_LIMIT],
    )
    unit.record(
        RemarkJudged(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=row.request_id or row.pk,
            word=word,
            n_disagreed=row.n_disagreed,
        ),
        actor=actor,
    )


def do_promised(
    *, remark_id: UUID, note: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> RemarkKept:
    """What was promised for an opinion is done. Records PromiseOfForumDone.

    Refuses: NotAllowed, NotFound, Malformed.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _remark(remark_id)
        authority.require(actor, "finding.answer", where=Where(site_id=row.site_id))
        if row.due_on is None or row.done_on is not None:
            raise RemarkNotOpen(state=row.state)
        if not note.strip():
            raise Malformed(field="text", problem="missing")
        unit.change(row, seen=["done_on"], done_on=day_at(row.site, at), done_note=note.strip()[:LETTER_LIMIT])
        unit.record(PromiseOfForumDone(site_id=row.site_id, subject_id=row.pk, thread_id=row.request_id or row.pk))
        unit.answer(RemarkKept(row.state))
    return unit.answered(RemarkKept)


def _remark(remark_id: UUID) -> Remark:
    row = Remark.objects.filter(uid=remark_id).select_related("site", "request").first()
    if row is None:
        raise NotFound(kind="remark", name=str(remark_id))
    return row
