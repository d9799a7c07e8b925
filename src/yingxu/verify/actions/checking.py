"""Checks on the spot by people who did not do the work: the hospital's own, and what a supervisor saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.unit import CommandKey, Unit
from yingxu.verify.actions.judging import about, keep_verdict, require_reason
from yingxu.verify.events import JobFoundBad, JobFoundGood, JobInspected, ReopeningAsked
from yingxu.verify.refusals import NothingToJudge, VetoStepFailed
from yingxu.work.snapshots import job_of


@dataclass(frozen=True)
class Checked:
    """The job after somebody looked at it. ``ground``: check (the hospital), supervisor (closes nothing)."""

    number: str
    state: str
    ground: str
    is_good: bool


def inspect_job(
    *,
    job_id: UUID,
    is_good: bool,
    actor: Actor,
    at: datetime,
    reason_code: str = "",
    text: str = "",
    command: CommandKey | None = None,
) -> Checked:
    """Somebody independent looked: the hospital's yes closes a finished job, its no takes the work up.

    What a volunteer supervisor saw closes nothing; a bad one keeps it from lapsing until the hospital looks.
    Records JobInspected, and JobFoundGood, JobFoundBad or ReopeningAsked by the hospital.
    Refuses: NotAllowed, OwnWork, NotFound, ReasonNeeded, UnknownReason, VetoStepFailed, NothingToJudge, Stale.
    Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job = job_of(unit, job_id)
        where = Where(job.site_id)
        is_hospital = authority.may(actor, "job.verify", where=where)
        if not is_hospital:
            authority.require(actor, "inspection.find_fault", where=where)
        authority.refuse_own_work(actor, (job.finished_by_id, job.worker_id), action="job.verify")
        if job.state not in {"finished", "closed"} or job.worker_id is None:
            raise NothingToJudge(number=job.number, state=job.state)
        ground, is_open = "check" if is_hospital else "supervisor", job.state == "finished"
        if is_good and is_open and is_hospital and job.quality_score == 0:
            raise VetoStepFailed(number=job.number)
        if not is_good:
            require_reason(reason_code, "rework_reasons" if is_open else "reopen_reasons", action="job.send_back")
        keep_verdict(unit, job, ground=ground, is_good=is_good, text=text, reason_code="" if is_good else reason_code)
        unit.record(JobInspected(**about(job), ground=ground, is_good=is_good))
        if not is_hospital:
            unit.change(job, seen=["state"], state=job.state)
        elif is_good and is_open:
            unit.record(JobFoundGood(**about(job), ground="check"))
        elif not is_good and is_open:
            unit.record(JobFoundBad(**about(job), ground="check", reason_code=reason_code, text=text.strip()))
        elif not is_good:
            unit.record(
                ReopeningAsked(
                    site_id=job.site_id,
                    subject_id=job.pk,
                    thread_id=job.request_id,
                    ground="reopen",
                    reason_code=reason_code,
                    text=text.strip(),
                )
            )
        unit.answer(Checked(job.number, job.state, ground, is_good))
    return unit.answered(Checked)
