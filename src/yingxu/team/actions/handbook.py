"""Verbs of the handbook: answering the three questions, which signs; reminding those who have not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotAllowed
from yingxu.ground.unit import CommandKey, Unit
from yingxu.team import queries
from yingxu.team.events import HandbookQuizFailed, HandbookReminded, HandbookSigned
from yingxu.team.handbook import quiz
from yingxu.team.handbook.values import GENERAL, Reading, rules_edition
from yingxu.team.models import QuizAttempt, Receipt, Signature
from yingxu.team.queries.reading_state import REMIND_AGAIN
from yingxu.team.refusals import NothingToRead, ReadingChanged, SignForAnother


@dataclass(frozen=True)
class Answered:
    """What came of the answers: whether they sign, and which were wrong (numbers from 0)."""

    is_passed: bool
    attempt: int
    n_right: int
    wrong: tuple[int, ...]
    n_editions: int
    #: A newer edition is in force than the one that was read without signal: what changed is still to be read.
    is_overtaken: bool = False


def answer_quiz(
    *,
    site_id: int,
    part: str,
    digest: str,
    attempt: int,
    answers: Sequence[int],
    actor: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> Answered:
    """The actor answered the questions about a reading of the own book; three right answers sign for it.

    ``digest`` and ``attempt`` say what was on the page. ``happened_at`` is earlier for answers given without signal:
    what is signed is what was read, so the signature stands for the editions that were in force then; where one was
    replaced meanwhile, the newer one stays to be read, with just what changed.
    Records HandbookSigned or HandbookQuizFailed.
    Refuses: NotAllowed, SignForAnother, Malformed (answers), NothingToRead, ReadingChanged. Budget: 9, late 16.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        owner = (actor.account_id,) if actor.account_id else ()
        authority.require(actor, "handbook.sign", where=Where(site_id, owner_ids=owner))
        if actor.account_id is None or actor.behalf_id not in (None, actor.account_id):
            raise SignForAnother
        if len(answers) != quiz.N_QUESTIONS or not all(0 <= one < quiz.N_CHOICES for one in answers):
            raise Malformed(field="answers", problem="missing")
        reading, is_overtaken = _what_was_read(unit, site_id, actor.account_id, part, digest)
        if queries.n_attempts(actor.account_id, reading) + 1 != attempt:
            raise ReadingChanged
        asked = quiz.questions(reading, account_id=actor.account_id, attempt=attempt)
        wrong = tuple(n for n, (one, said) in enumerate(zip(asked, answers, strict=True)) if one.right != said)
        answered = Answered(
            not wrong, attempt, quiz.n_right(asked, answers), wrong, len(reading.procedures), is_overtaken
        )
        _keep(unit, site_id, actor.account_id, reading, answered, [one.code for one in asked], answers)
        unit.answer(answered)
    return unit.answered(Answered)


def _what_was_read(unit: Unit, site_id: int, account_id: int, part: str, digest: str) -> tuple[Reading, bool]:
    """Return the reading that was answered about, and whether a newer edition of it is in force by now."""
    reading = next(iter(queries.readings_of(site_id, account_id, part=part)), None) if part else None
    if reading is not None and reading.digest == digest:
        return reading, False
    if part and unit.happened_at < unit.at:
        then = next(iter(queries.readings_of(site_id, account_id, part=part, as_of=unit.happened_at)), None)
        if then is not None and then.digest == digest and queries.is_unsigned(account_id, then):
            return then, True
    if reading is None:
        raise NothingToRead
    raise ReadingChanged


def _keep(
    unit: Unit,
    site_id: int,
    account_id: int,
    reading: Reading,
    answered: Answered,
    codes: Sequence[str],
    answers: Sequence[int],
) -> None:
    unit.insert(
        QuizAttempt(
            site_id=site_id,
            account_id=account_id,
            part=reading.part,
            reading=reading.digest,
            number=answered.attempt,
            answered_at=unit.happened_at,
            answers=[[code, said] for code, said in zip(codes, answers, strict=True)],
            n_right=answered.n_right,
            is_passed=answered.is_passed,
        )
    )
    if not answered.is_passed:
        unit.record(
            HandbookQuizFailed(
                site_id=site_id,
                subject_id=account_id,
                thread_id=account_id,
                part=reading.part,
                attempt=answered.attempt,
                n_right=answered.n_right,
            )
        )
        return
    signature = unit.insert(
        Signature(
            site_id=site_id,
            account_id=account_id,
            part=reading.part,
            signed_at=unit.happened_at,
            n_attempts=answered.attempt,
            rules_edition=rules_edition() if reading.kind == GENERAL else None,
        )
    )
    for one in reading.procedures:
        unit.insert(Receipt(site_id=site_id, signature=signature, account_id=account_id, edition_id=one.edition_id))
    editions = tuple(f"{one.item_code}:{one.number}" for one in reading.procedures)
    unit.record(
        HandbookSigned(
            site_id=site_id,
            subject_id=account_id,
            thread_id=account_id,
            part=reading.part,
            edition_ids=tuple(one.edition_id for one in reading.procedures),
            editions=editions or (f"{GENERAL}:{rules_edition()}",),
            n_attempts=answered.attempt,
        )
    )


@dataclass(frozen=True)
class Reminded:
    """How many were reminded, and how many were not: nothing to read, or told within the last hours."""

    n: int
    n_passed_over: int


#: So many people at a time.
_MOST = 500


def remind_to_read(
    *, site_id: int, account_ids: Sequence[int], actor: Actor, at: datetime, command: CommandKey | None = None
) -> Reminded:
    """People who have not read what they owe get a notice in the house; nobody gets two within twelve hours.

    Records HandbookReminded for each. Refuses: NotAllowed (also for one who is led by others), Malformed (nobody, too
    many). Budget: 8.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        if not authority.may_anywhere(actor, "handbook.remind"):
            raise NotAllowed(action="handbook.remind")
        if not account_ids:
            raise Malformed(field="people", problem="missing")
        if len(account_ids) > _MOST:
            raise Malformed(field="people", problem="too_large", limit=str(_MOST))
        led = {team.id for team in queries.teams_for(actor, "handbook.remind", site_id)}
        state = queries.reading_state(actor, site_id, at=at, limit=10**6)
        found = {one.account_id: one for one in state.people if one.team_id in led}
        if not set(account_ids) <= set(found):
            raise NotAllowed(action="handbook.remind")
        n = 0
        for one in (found[key] for key in dict.fromkeys(account_ids)):
            if not one.unread or (one.reminded_at is not None and one.reminded_at > at - REMIND_AGAIN):
                continue
            fact = HandbookReminded(
                site_id=site_id,
                subject_id=one.account_id,
                thread_id=one.account_id,
                n_unread=len(one.unread),
                n_overdue=one.n_overdue,
            )
            entry = unit.record(fact)
            unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=one.account_id)
            n += 1
        unit.answer(Reminded(n, len(set(account_ids)) - n))
    return unit.answered(Reminded)
