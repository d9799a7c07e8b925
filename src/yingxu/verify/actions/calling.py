"""Calling back: who is asked how it was, what they said, and who is asked instead of people nobody reaches."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from yingxu.core.quality import following
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Account, Site
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.verify.actions.judging import about, keep_verdict, require_reason
from yingxu.verify.events import (
    CallAnswered,
    CallDrawn,
    CallTried,
    JobFoundBad,
    JobFoundGood,
    NumberSeen,
    ReopeningAsked,
    YesContradicted,
)
from yingxu.verify.followed import Candidate, candidates, last_answers
from yingxu.verify.models import Call
from yingxu.verify.peering import LEAVES_NOTHING
from yingxu.verify.refusals import AlreadyAsked, WorkGoesOn
from yingxu.verify.snapshots import says_no
from yingxu.work.models import Job
from yingxu.work.snapshots import job_of, where_of

#: Why nobody was reached.
TRIES = ("no_answer", "busy", "wrong_number", "later")
TEXT_LIMIT = 1000
#: A number that did not answer is tried again after so long; who asked for another time, after a day.
_AGAIN, _LATER = timedelta(hours=2), timedelta(days=1)


@dataclass(frozen=True)
class Drawn:
    """How many calls were put on the list."""

    n: int


@dataclass(frozen=True)
class Tried:
    """A call after an attempt that reached nobody. ``replaced_by``: the number of the job that takes its place."""

    number: str
    n_tries: int
    is_given_up: bool
    replaced_by: str = ""


@dataclass(frozen=True)
class Answered:
    """A call that was answered, and the job's state after it."""

    number: str
    outcome: str
    state: str


def draw_calls(*, site_id: int, actor: Actor, at: datetime) -> Drawn:
    """The week's call-backs and the re-checks of the last month stand on the list.

    Called back are all P1 and P2, repeats and held ones, and of the others a part by chance, parted by line, more of a
    line after a long good run. Again is drawn nothing: any number of turns draw the same.
    Records CallDrawn for each. Refuses: NotAllowed. Budget: 4.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "callback.draw", where=Where(site_id))
        unit.locking()
        site = Site.objects.select_for_update().get(pk=site_id)  # two engines would draw twice as many
        found = candidates(site_id, at=at)
        n = 0
        for one, why in _due_now(found, site_id, at, ZoneInfo(site.timezone)):
            _draw(unit, one, why=why, after_days=0, due_at=at)
            n += 1
        for one in found:
            days = following.recheck_days(
                priority=one.priority,
                is_repeat=one.is_repeat,
                was_redone=one.n_reworks + one.n_reopens > 0,
                leaves_something=one.line_code not in LEAVES_NOTHING,
            )
            for after in days if one.closed_at is not None else ():
                if after not in one.drawn:
                    _draw(
                        unit, one, why="recheck", after_days=after, due_at=(one.closed_at or at) + timedelta(days=after)
                    )
                    n += 1
        unit.answer(Drawn(n))
    return unit.answered(Drawn)


def _due_now(found: tuple[Candidate, ...], site_id: int, at: datetime, zone: ZoneInfo) -> list[tuple[Candidate, str]]:
    chosen, by_chance = [], defaultdict(list)
    monday = monday_of(at, zone)
    n_drawn: Counter[str] = Counter()
    for one in found:
        why = following.must_call(priority=one.priority, is_repeat=one.is_repeat, is_held=one.is_held)
        if why:
            if 0 not in one.drawn and one.finished_at >= at - timedelta(days=8):
                chosen.append((one, why))
        elif one.finished_at >= monday:
            by_chance[one.line_code].append(one)
            n_drawn[one.line_code] += 0 in one.drawn
    answers = last_answers(site_id)
    runs = [line for line, said in answers.items() if following.is_long_run(said)]
    wanted = following.wanted_of_week({line: len(rows) for line, rows in by_chance.items()}, long_runs=runs)
    for line, rows in by_chance.items():
        open_ones = {str(one.uid): one for one in rows if 0 not in one.drawn}
        first = following.first_by_chance(open_ones, plan=f"{monday:%G-%V}", n=wanted[line] - n_drawn[line])
        chosen += [(open_ones[uid], "random") for uid in first]
    return chosen


def monday_of(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the midnight that the week of a moment began with."""
    day = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


def _draw(
    unit: Unit, one: Candidate, *, why: str, after_days: int, due_at: datetime, replaces: Call | None = None
) -> None:
    unit.insert(
        Call(
            site_id=one.site_id,
            job_id=one.key,
            after_days=after_days,
            why=why,
            stratum=one.line_code,
            drawn_at=unit.at,
            due_at=due_at,
            replaces=replaces,
        )
    )
    unit.record(
        CallDrawn(site_id=one.site_id, subject_id=one.key, thread_id=one.request_key, after_days=after_days, why=why)
    )


def note_try(*, call_id: UUID, why: str, actor: Actor, at: datetime, command: CommandKey | None = None) -> Tried:
    """An attempt reached nobody; after the third the call is given up, and another job of the line takes its place.

    Records CallTried, and CallDrawn of the one that takes the place. Refuses: NotAllowed, NotFound, Malformed,
    AlreadyAsked, WorkGoesOn, Stale. Budget: 6.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        call, job = _call(unit, call_id)
        if why not in TRIES:
            raise Malformed(field="why", problem="unknown")
        n_tries = call.n_tries + 1
        is_given_up = n_tries >= following.TRIES
        instead: Candidate | None = None
        unit.change(
            call,
            seen=["n_tries", "outcome"],
            n_tries=n_tries,
            tried_at=at,
            last_try=why,
            due_at=at + (_LATER if why == "later" else _AGAIN),
            outcome="unreachable" if is_given_up else "",
        )
        unit.record(
            CallTried(**about(job), after_days=call.after_days, why=why, n_tries=n_tries, is_given_up=is_given_up)
        )
        if is_given_up and call.after_days == 0:
            instead = _instead_of(call, at)
            if instead is not None:
                _draw(unit, instead, why="replacement", after_days=0, due_at=at, replaces=call)
        unit.answer(Tried(job.number, n_tries, is_given_up, instead.number if instead else ""))
    return unit.answered(Tried)


def _instead_of(call: Call, at: datetime) -> Candidate | None:
    free = {
        str(one.uid): one
        for one in candidates(call.site_id, at=at, line_code=call.stratum, days=14)
        if 0 not in one.drawn
    }
    first = following.first_by_chance(free, plan=f"instead-{call.uid}", n=1)
    return free[first[0]] if first else None


def record_call(
    *,
    call_id: UUID,
    answer: str,
    actor: Actor,
    at: datetime,
    text: str = "",
    reason_code: str = "",
    command: CommandKey | None = None,
) -> Answered:
    """What the asker said on the phone stands as the asker's own answer, with the name of who called (decision 12).

    A yes closes a finished job; a no takes the work up again, also after it was closed. A yes whose words say no closes
    nothing. Records CallAnswered and JobFoundGood, JobFoundBad, ReopeningAsked or YesContradicted.
    Refuses: NotAllowed, OwnWork, NotFound, Malformed, ReasonNeeded, UnknownReason, AlreadyAsked, WorkGoesOn, Stale.
    Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        call, job = _call(unit, call_id)
        if answer not in {"good", "bad"}:
            raise Malformed(field="answer", problem="unknown")
        if len(text) > TEXT_LIMIT:
            raise Malformed(field="text", problem="too_long", limit=str(TEXT_LIMIT))
        if job.owner_id is not None:
            unit.actor = unit.actor.on_behalf_of(job.owner_id)
        outcome = _good(unit, job, text) if answer == "good" else _bad(unit, job, text, reason_code)
        unit.change(
            call,
            seen=["outcome"],
            outcome=outcome,
            text=text.strip(),
            answered_by_id=actor.account_id,
            answered_at=at,
            n_tries=call.n_tries + 1,
        )
        unit.record(CallAnswered(**about(job), after_days=call.after_days, outcome=outcome))
        unit.answer(Answered(job.number, outcome, job.state))
    return unit.answered(Answered)


@dataclass(frozen=True)
class Number:
    """The asker's number."""

    phone: str


def show_number(*, call_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Number:
    """Who is to call sees the asker's number; that it was seen is kept.

    Records NumberSeen. Refuses: NotAllowed, OwnWork, NotFound, AlreadyAsked, WorkGoesOn. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        call, job = _call(unit, call_id)
        authority.require(actor, "requester.see_phone", where=where_of(job))
        phone = job.request.requester_phone
        if not phone and job.owner_id is not None:
            phone = Account.objects.values_list("phone", flat=True).get(pk=job.owner_id)
        unit.record(NumberSeen(**about(job), after_days=call.after_days))
        unit.answer(Number(phone))
    return unit.answered(Number)


def _good(unit: Unit, job: Job, text: str) -> str:
    is_contradicted = says_no(text)
    is_held = job.state == "finished" and (is_contradicted or job.quality_score == 0)
    keep_verdict(unit, job, ground="asker", is_good=True, text=text, is_contradicted=is_contradicted or is_held)
    if is_contradicted or is_held:
        unit.record(YesContradicted(**about(job), ground="words" if is_contradicted else "veto"))
        return "doubtful"
    if job.state == "finished":
        unit.record(JobFoundGood(**about(job), ground="asker"))
    return "good"


def _bad(unit: Unit, job: Job, text: str, reason_code: str) -> str:
    is_open = job.state == "finished"
    require_reason(
        reason_code,
        "rework_reasons" if is_open else "reopen_reasons",
        action="job.send_back" if is_open else "job.reopen",
    )
    keep_verdict(unit, job, ground="asker", is_good=False, text=text, reason_code=reason_code)
    if is_open:
        unit.record(JobFoundBad(**about(job), ground="asker", reason_code=reason_code, text=text.strip()))
    else:
        unit.record(
            ReopeningAsked(
                **about(job), ground="reopen", reason_code=reason_code, is_from_asker=True, text=text.strip()
            )
        )
    return "bad"


def _call(unit: Unit, call_id: UUID) -> tuple[Call, Job]:
    call = Call.objects.select_related("job").filter(uid=call_id).first()
    if call is None:
        raise NotFound(kind="call", name=str(call_id))
    job = job_of(unit, call.job.uid)
    authority.require(unit.actor, "callback.record", where=where_of(job))
    authority.refuse_own_work(unit.actor, (job.finished_by_id, job.worker_id), action="callback.record")
    if call.outcome:
        raise AlreadyAsked(outcome=call.outcome)
    if job.state not in {"finished", "verified", "closed"}:
        raise WorkGoesOn(number=job.number, state=job.state)
    return call, job
