"""Judging a job: the asker's yes or no, checks, lapses, reopening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Account, Entry
from yingxu.ground.refusals import OwnWork, ReasonNeeded
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.library import by_code, priority_rules
from yingxu.verify.events import (
    JobCheckedFirst,
    JobFoundBad,
    JobFoundGood,
    ReopeningAsked,
    YesContradicted,
)
from yingxu.verify.models import Verdict
from yingxu.verify.refusals import NothingToJudge, ReopenTooLate, UnknownReason, VetoStepFailed
from yingxu.verify.snapshots import phone_tail, says_no
from yingxu.work.events import JobFinished
from yingxu.work.models import Job
from yingxu.work.snapshots import in_hand, job_of, jobs, where_of


@dataclass(frozen=True)
class Judged:
    """The job after a judgement. ``is_held``: the yes was kept, but the job stays open until somebody has asked."""

    job_id: UUID
    number: str
    state: str
    is_held: bool = False


@dataclass(frozen=True)
class Lapsed:
    """The jobs whose window ended without a word."""

    numbers: tuple[str, ...]


def confirm_job(
    *, job_id: UUID, actor: Actor, at: datetime, text: str = "", command: CommandKey | None = None
) -> Judged:
    """The asker says good: through the account, the private link, or the desk that called back (both names are kept).

    The job is verified and closed. A yes whose words say no, or after a failed critical step, is kept and held open.
    Records JobFoundGood, or YesContradicted. Refuses: NotAllowed, OwnWork, NothingToJudge, Stale. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job = job_of(unit, job_id)
        _require_asker(unit, job, "job.verify")
        authority.refuse_own_work(unit.actor, (job.finished_by_id,), action="job.verify")
        _require_finished(job)
        is_contradicted = says_no(text)
        is_held = is_contradicted or job.quality_score == 0
        keep_verdict(unit, job, ground="asker", is_good=True, text=text, is_contradicted=is_held)
        if is_held:
            unit.change(job, seen=["state"], state=job.state)
            unit.record(YesContradicted(**about(job), ground="words" if is_contradicted else "veto"))
        else:
            unit.record(JobFoundGood(**about(job), ground="asker"))
        unit.answer(Judged(job.uid, job.number, job.state, is_held))
    return unit.answered(Judged)


def send_back_job(
    *,
    job_id: UUID,
    reason_code: str,
    actor: Actor,
    at: datetime,
    text: str = "",
    command: CommandKey | None = None,
) -> Judged:
    """Not good, with a reason: the work goes on and counts as rework. The asker, the desk on the asker's word, the team
    leader, the hospital.

    Records JobFoundBad. Refuses: NotAllowed, ReasonNeeded, UnknownReason, NothingToJudge, Stale. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job = job_of(unit, job_id)
        ground = "asker"
        if authority.may(actor, "job.send_back", where=where_of(job)) and not _is_asker(actor, job):
            ground = "check"
        else:
            _require_asker(unit, job, "job.send_back")
        _require_finished(job)
        require_reason(reason_code, "rework_reasons", action="job.send_back")
        keep_verdict(unit, job, ground=ground, is_good=False, text=text, reason_code=reason_code)
        unit.record(JobFoundBad(**about(job), ground=ground, reason_code=reason_code, text=text.strip()))
        unit.answer(Judged(job.uid, job.number, job.state))
    return unit.answered(Judged)


def check_first_level(
    *, job_id: UUID, verdict: str, actor: Actor, at: datetime, text: str = "", command: CommandKey | None = None
) -> Judged:
    """The team leader looked at it, ``verdict`` good or bad; closes nothing (decision 12).

    Records JobCheckedFirst. Refuses: NotAllowed, OwnWork, UnknownReason, NothingToJudge, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job = job_of(unit, job_id)
        authority.require(actor, "job.check_first_level", where=where_of(job))
        authority.refuse_own_work(actor, (job.finished_by_id, _said_done_by(job)), action="job.check_first_level")
        _require_finished(job)
        if verdict not in {"good", "bad"}:
            raise UnknownReason(reason=verdict)
        is_good = verdict == "good"
        keep_verdict(unit, job, ground="first_level", is_good=is_good, text=text)
        unit.change(job, seen=["state"], state=job.state)
        unit.record(JobCheckedFirst(**about(job), ground="first_level", is_good=is_good))
        unit.answer(Judged(job.uid, job.number, job.state))
    return unit.answered(Judged)


def check_job(*, job_id: UUID, actor: Actor, at: datetime, text: str = "", command: CommandKey | None = None) -> Judged:
    """The hospital's independent check finds it good; it is verified and closed. Never one's own work.

    Records JobFoundGood. Refuses: NotAllowed, OwnWork, VetoStepFailed, NothingToJudge, Stale. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job = job_of(unit, job_id)
        authority.require(actor, "job.verify", where=Where(job.site_id))  # as an officer, not as the asker
        authority.refuse_own_work(actor, (job.finished_by_id, job.worker_id), action="job.verify")
        _require_finished(job)
        if job.quality_score == 0:
            raise VetoStepFailed(number=job.number)
        keep_verdict(unit, job, ground="check", is_good=True, text=text)
        unit.record(JobFoundGood(**about(job), ground="check"))
        unit.answer(Judged(job.uid, job.number, job.state))
    return unit.answered(Judged)


def close_from_record(*, job_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Judged:
    """An outside record says that it was closed: it is verified and closed on that ground, which is nobody's yes.

    Records JobFoundGood (log). Refuses: NotAllowed, NothingToJudge, Stale. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job = job_of(unit, job_id)
        authority.require(actor, "log.replay", where=where_of(job))
        _require_finished(job)
        keep_verdict(unit, job, ground="log", is_good=True)
        unit.record(JobFoundGood(**about(job), ground="log"))
        unit.answer(Judged(job.uid, job.number, job.state))
    return unit.answered(Judged)


def lapse_jobs(*, actor: Actor, at: datetime, limit: int = 200) -> Lapsed:
    """Jobs whose window ended without a word are closed, counted apart; not one with a complaint, a held yes or a veto.

    Several engines may run at once: each takes other jobs. Records JobFoundGood (lapse) for each. Refuses: NotAllowed.
    Budget: 2, and for each job one read of its clocks.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "job.lapse", where=Where(None))
        unit.locking()
        objections = Verdict.objects.filter(
            Q(is_good=False) | Q(is_contradicted=True), job=OuterRef("pk"), given_at__gte=F("job__finished_at")
        )
        due = (
            jobs()
            .filter(~Exists(objections), state="finished", confirm_by__lte=at)
            .filter(Q(quality_score=None) | Q(quality_score__gt=0))
            .order_by("confirm_by", "id")
        )
        found = [in_hand(unit, job) for job in due.select_for_update(of=("self",), skip_locked=True)[:limit]]
        for job in found:
            keep_verdict(unit, job, ground="lapse", is_good=True)
            unit.record(JobFoundGood(**about(job), ground="lapse"))
        unit.answer(Lapsed(tuple(job.number for job in found)))
    return unit.answered(Lapsed)


def reopen_job(
    *,
    job_id: UUID,
    reason_code: str,
    actor: Actor,
    at: datetime,
    text: str = "",
    command: CommandKey | None = None,
) -> Judged:
    """The same fault is back: the work goes on. Askers within seven days of its closing; later a new request is linked.

    Records ReopeningAsked. Refuses: NotAllowed, ReasonNeeded, UnknownReason, ReopenTooLate, NothingToJudge, Stale.
    Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job = job_of(unit, job_id)
        authority.require(actor, "job.reopen", where=where_of(job))
        if job.state not in {"verified", "closed"} or job.worker_id is None:
            raise NothingToJudge(number=job.number, state=job.state)
        require_reason(reason_code, "reopen_reasons", action="job.reopen")
        closed_at = job.closed_at or job.verified_at
        window_s = priority_rules()[job.priority].reopen_window_s
        is_late = closed_at is not None and at > closed_at + timedelta(seconds=window_s)
        if is_late and authority.is_bound(actor, "job.reopen", "within_7_days", where=where_of(job)):
            raise ReopenTooLate(
                number=job.number, closed_at=closed_at.isoformat() if closed_at else "", window_s=window_s
            )
        is_asker = _is_asker(actor, job)
        ground = "asker" if is_asker else "check"
        keep_verdict(unit, job, ground=ground, is_good=False, text=text, reason_code=reason_code)
        fact = ReopeningAsked(
            **about(job), ground="reopen", reason_code=reason_code, is_from_asker=is_asker, text=text.strip()
        )
        unit.record(fact)
        unit.answer(Judged(job.uid, job.number, job.state))
    return unit.answered(Judged)


def _said_done_by(job: Job) -> int | None:
    """Return who said done, which a leader may have done in the worker's name. One query."""
    said = Entry.objects.filter(thread_id=job.request_id, kind=JobFinished.kind, subject_id=job.pk, actor_kind="person")
    return said.order_by("-id").values_list("actor_id", flat=True).first()


def _is_asker(actor: Actor, job: Job) -> bool:
    if actor.kind == "link":
        return actor.id == job.request_id
    return actor.account_id is not None and actor.account_id == job.owner_id


def _require_asker(unit: Unit, job: Job, action: str) -> None:
    """Refuse unless this is the asker, or a desk that records the asker's own answer from a call-back."""
    if _is_asker(unit.actor, job) or unit.actor.kind == "engine":
        authority.require(unit.actor, action, where=where_of(job))
        if unit.actor.kind == "link":
            _refuse_doer_by_link(job, action)
        return
    authority.require(unit.actor, "callback.record", where=where_of(job))
    if job.owner_id is not None:
        unit.actor = unit.actor.on_behalf_of(job.owner_id)


def _refuse_doer_by_link(job: Job, action: str) -> None:
    """Refuse where who did the work holds the link: asked from the own account or telephone. Budget: one query."""
    doers = [key for key in (job.finished_by_id, job.worker_id) if key is not None]
    phones = Account.objects.filter(pk__in=doers).values_list("phone", flat=True)
    asked_from = phone_tail(job.request.requester_phone)
    if job.owner_id in doers or (asked_from and asked_from in {phone_tail(phone) for phone in phones}):
        raise OwnWork(action=action)


def _require_finished(job: Job) -> None:
    if job.state != "finished":
        raise NothingToJudge(number=job.number, state=job.state)


def require_reason(reason_code: str, table: str, *, action: str) -> None:
    """Refuse without a reason, and with one that the table does not know: ReasonNeeded, UnknownReason."""
    if not reason_code:
        raise ReasonNeeded(action=action)
    if reason_code not in by_code(table):
        raise UnknownReason(reason=reason_code)


def keep_verdict(
    unit: Unit,
    job: Job,
    *,
    ground: str,
    is_good: bool,
    text: str = "",
    reason_code: str = "",
    is_contradicted: bool = False,
) -> None:
    """Add what somebody found of a job to the unit."""
    unit.insert(
        Verdict(
            site_id=job.site_id,
            job_id=job.pk,
            ground=ground,
            is_good=is_good,
            is_contradicted=is_contradicted,
            text=text.strip(),
            reason_code=reason_code,
            given_by_id=unit.actor.account_id,
            behalf_id=unit.actor.behalf_id,
            given_at=unit.at,
        )
    )


def about(job: Job) -> dict[str, int]:
    """Return the fields that place a fact at a job."""
    return {"site_id": job.site_id, "subject_id": job.pk, "thread_id": job.request_id}
