"""Peer checks (互检): a colleague of the skill looks at a finished job; it closes nothing, and a no holds it open."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from yingxu.core.quality import following
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Holding, Site
from yingxu.ground.refusals import Malformed, NotFound, ReasonNeeded
from yingxu.ground.unit import CommandKey, Unit
from yingxu.verify.actions.calling import TEXT_LIMIT, monday_of
from yingxu.verify.actions.judging import about, keep_verdict, require_reason
from yingxu.verify.events import NoPeerFound, PeerAnswered, PeerAsked, PeerLeft
from yingxu.verify.models import PeerCheck
from yingxu.verify.peering import Colleague, Colleagues, Finished, colleagues, drawn_since, finished_jobs, last_looks
from yingxu.verify.refusals import LookedAlready, NobodyToAsk, WorkGoesOn
from yingxu.work.models import Job
from yingxu.work.snapshots import job_of, where_of

#: Why somebody asked does not look: had a hand in it, no time, elsewhere, not the trade, too close to who did it.
PEER_REFUSALS = ("helped", "busy", "away", "not_able", "close")
#: What was looked at: the thing on the spot, or steps and photos.
WAYS = ("spot", "record")
#: So long somebody has to look, by urgency.
_WITHIN = {1: timedelta(hours=4), 2: timedelta(hours=8)}
_USUALLY = timedelta(hours=24)
_OVER = ("finished", "verified", "closed")


@dataclass(frozen=True)
class PeersDrawn:
    """How many colleagues were asked, and of how many jobs nobody was left to ask."""

    n: int
    n_nobody: int


@dataclass(frozen=True)
class Looked:
    """A peer check after somebody said something. ``asked_instead``: whether a colleague was asked in the place."""

    number: str
    outcome: str
    asked_instead: bool = False


def draw_peers(*, site_id: int, actor: Actor, at: datetime) -> PeersDrawn:
    """Colleagues are asked to look at finished jobs; who did not answer in time is replaced, three times at most.

    Always: doubts, doubtful evidence, what came back, P1 and P2; of the others a part by chance, as of call-backs
    (domain 5.9), more of a line after a long good run. Again is drawn nothing: any number of turns draw the same.
    Records PeerAsked for each, PeerLeft and NoPeerFound. Refuses: NotAllowed. Budget: 11, one more for each replaced.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "peer.draw", where=Where(site_id))
        unit.locking()
        site = Site.objects.select_for_update().get(pk=site_id)  # two engines would ask twice as many
        hands = colleagues(site_id, at=at)
        n = n_nobody = 0
        late = PeerCheck.objects.filter(site_id=site_id, outcome="", due_at__lte=at, job__state__in=_OVER)
        for check in late.select_related("job", "peer").order_by("id"):
            is_asked = _leave(unit, check, check.job, outcome="unanswered", hands=hands)
            n, n_nobody = n + is_asked, n_nobody + (not is_asked)
        for one, why in _due(finished_jobs(site_id, at=at), hands, at=at, zone=ZoneInfo(site.timezone)):
            peer = hands.first(one, at=at)
            _ask(unit, one, peer, why=why)
            n, n_nobody = n + (peer is not None), n_nobody + (peer is None)
        unit.answer(PeersDrawn(n, n_nobody))
    return unit.answered(PeersDrawn)


def _due(found: tuple[Finished, ...], hands: Colleagues, *, at: datetime, zone: ZoneInfo) -> list[tuple[Finished, str]]:
    if not found:
        return []
    site_id, monday = found[0].site_id, monday_of(at, zone)
    chosen, by_chance = [], defaultdict(list)
    for one in found:
        why = following.must_look(
            priority=one.priority,
            leaves_something=one.leaves_something,
            is_held=one.is_held,
            is_doubtful=one.is_doubtful,
            came_back=one.is_repeat or one.n_redone > 0,
        )
        if why:
            chosen.append((one, why))
        elif one.finished_at >= monday:
            by_chance[one.line_code].append(one)
    drawn = drawn_since(site_id, monday)
    runs = [line for line, said in last_looks(site_id).items() if following.is_long_run(said)]
    n_cases = {line: len(rows) + drawn[line] for line, rows in by_chance.items()}
    wanted = following.wanted_of_week(n_cases, long_runs=runs)
    for line, rows in by_chance.items():
        free = {str(one.uid): one for one in rows}
        order = following.first_by_chance(free, plan=f"peer-{monday:%G-%V}", n=len(free))
        left = wanted[line] - drawn[line]
        for uid in order:
            # a line of one hand draws nobody by chance: the hospital's own checks draw from it
            if left > 0 and hands.first_is_there(free[uid], at=at):
                chosen.append((free[uid], "random"))
                left -= 1
    return chosen


def _ask(
    unit: Unit, one: Finished, peer: Colleague | None, *, why: str, replaces: PeerCheck | None = None
) -> PeerCheck:
    due_at = unit.at + _WITHIN.get(one.priority, _USUALLY)
    check = unit.insert(
        PeerCheck(
            site_id=one.site_id,
            job_id=one.key,
            peer_id=peer.key if peer else None,
            why=why,
            stratum=one.line_code,
            drawn_at=unit.at,
            due_at=due_at,
            outcome="" if peer else "nobody",
            replaces=replaces,
        )
    )
    subject = {"site_id": one.site_id, "subject_id": one.key, "thread_id": one.request_key}
    if peer is None:
        unit.record(NoPeerFound(**subject, why=why))
        return check
    fact = PeerAsked(
        **subject,
        why=why,
        number=one.number,
        name=peer.name,
        due_at=due_at.isoformat(),
        peer_id=peer.key,
        is_from_elsewhere=peer.team_id != one.team_id,
    )
    unit.deliver(entry=unit.record(fact), fact=fact, channel="in_app", to_account_id=peer.key)
    return check


def _leave(
    unit: Unit, check: PeerCheck, job: Job, *, outcome: str, hands: Colleagues, reason_code: str = "", text: str = ""
) -> bool:
    """Somebody asked does not look; a colleague is asked in the place, until three were. Tells whether one was."""
    unit.change(
        check,
        seen=["outcome"],
        outcome=outcome,
        reason_code=reason_code,
        text=text.strip()[:TEXT_LIMIT],
        answered_at=unit.at,
    )
    name = check.peer.name if check.peer else ""
    unit.record(PeerLeft(**about(job), outcome=outcome, name=name, reason_code=reason_code))
    (one,) = finished_jobs(check.site_id, at=unit.at, job_key=check.job_id)
    peer = None if len(one.asked) >= following.TRIES else hands.first(one, at=unit.at)
    _ask(unit, one, peer, why=check.why, replaces=check)
    return peer is not None


def answer_peer_check(
    *,
    check_id: UUID,
    answer: str,
    way: str,
    actor: Actor,
    at: datetime,
    reason_code: str = "",
    text: str = "",
    command: CommandKey | None = None,
) -> Looked:
    """The colleague looked: good or bad, on the spot or at the record. It closes nothing (decision 12).

    A bad one keeps the job from lapsing until the hospital has looked, spoils perfect service, and the leaders of the
    team are told. Records PeerAnswered. Refuses: NotAllowed, OwnWork, NotFound, Malformed, ReasonNeeded,
    UnknownReason, LookedAlready, WorkGoesOn, Stale. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        check, job = _check(unit, check_id)
        authority.require(actor, "peer.look", where=Where(job.site_id, owner_ids=_of(check)))
        authority.refuse_own_work(actor, (job.finished_by_id, job.worker_id), action="peer.look")
        _refuse_over(check, job)
        for field, value, known in (("answer", answer, ("good", "bad")), ("way", way, WAYS)):
            if value not in known:
                raise Malformed(field=field, problem="unknown" if value else "missing")
        if len(text) > TEXT_LIMIT:
            raise Malformed(field="text", problem="too_long", limit=str(TEXT_LIMIT))
        is_good = answer == "good"
        if not is_good:
            require_reason(reason_code, "rework_reasons", action="peer.look")
        reason_code = "" if is_good else reason_code
        unit.change(
            check,
            seen=["outcome"],
            outcome=answer,
            way=way,
            reason_code=reason_code,
            text=text.strip(),
            answered_at=at,
        )
        keep_verdict(unit, job, ground="peer", is_good=is_good, text=text, reason_code=reason_code)
        fact = PeerAnswered(**about(job), number=job.number, outcome=answer, way=way, reason_code=reason_code)
        entry = unit.record(fact)
        for leader in () if is_good else _leaders(job, at):
            unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=leader)
        unit.answer(Looked(job.number, answer))
    return unit.answered(Looked)


def decline_peer_check(
    *, check_id: UUID, reason: str, actor: Actor, at: datetime, text: str = "", command: CommandKey | None = None
) -> Looked:
    """Who was asked does not look, and says why; another colleague is asked, until three were.

    Records PeerLeft, and PeerAsked or NoPeerFound. Refuses: NotAllowed, NotFound, ReasonNeeded, Malformed,
    LookedAlready, WorkGoesOn, Stale. Budget: 10.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        check, job = _check(unit, check_id)
        authority.require(actor, "peer.look", where=Where(job.site_id, owner_ids=_of(check)))
        _refuse_over(check, job)
        if not reason:
            raise ReasonNeeded(action="peer.look")
        if reason not in PEER_REFUSALS:
            raise Malformed(field="reason", problem="unknown")
        hands = colleagues(job.site_id, at=at)
        is_asked = _leave(unit, check, job, outcome="declined", hands=hands, reason_code=reason, text=text)
        unit.answer(Looked(job.number, "declined", is_asked))
    return unit.answered(Looked)


def ask_another_peer(
    *, check_id: UUID, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Looked:
    """The leader, the desk or the hospital has another colleague asked, and says why.

    Records PeerLeft and PeerAsked. Refuses: NotAllowed, NotFound, ReasonNeeded, LookedAlready, WorkGoesOn,
    NobodyToAsk, Stale. Budget: 10.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        check, job = _check(unit, check_id)
        authority.require(actor, "peer.replace", where=where_of(job))
        authority.refuse_own_work(actor, (job.finished_by_id, job.worker_id), action="peer.replace")
        _refuse_over(check, job)
        if not reason.strip():
            raise ReasonNeeded(action="peer.replace")
        hands = colleagues(job.site_id, at=at)
        if not _leave(unit, check, job, outcome="replaced", hands=hands, text=reason):
            raise NobodyToAsk(number=job.number)
        unit.answer(Looked(job.number, "replaced", asked_instead=True))
    return unit.answered(Looked)


def _check(unit: Unit, check_id: UUID) -> tuple[PeerCheck, Job]:
    check = PeerCheck.objects.select_related("job", "peer").filter(uid=check_id).first()
    if check is None:
        raise NotFound(kind="peer_check", name=str(check_id))
    return check, job_of(unit, check.job.uid)


def _of(check: PeerCheck) -> tuple[int, ...]:
    return (check.peer_id,) if check.peer_id is not None else ()


def _refuse_over(check: PeerCheck, job: Job) -> None:
    if check.outcome:
        raise LookedAlready(outcome=check.outcome)
    if job.state not in _OVER:
        raise WorkGoesOn(number=job.number, state=job.state)


def _leaders(job: Job, at: datetime) -> list[int]:
    held = Holding.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), site_id=job.site_id, role="TL", team_key=job.team_id, starts_at__lte=at
    )
    return sorted(set(held.values_list("account_id", flat=True)))
