"""Verbs on how a line's jobs find their worker: its mode, and claiming from its pool."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from yingxu.dispatch.actions.assigning import Assigned, assign, candidate_of
from yingxu.dispatch.critical import refuse_before_critical
from yingxu.dispatch.events import ModeChanged
from yingxu.dispatch.models import Assignment, LineMode
from yingxu.dispatch.refusals import HoldsEnough, LetGoBefore, NotForClaiming, NotQualified
from yingxu.dispatch.snapshots import LET_GO, needs_of, papers_of, skill_of, urgent_told, zones_told
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.models import Line
from yingxu.work.models import Job
from yingxu.work.snapshots import Told, job_of, where_of

MODES = ("automatic", "proposal", "claim")
_HOLDING = ("dispatched", "accepted", "en_route", "arrived", "in_progress", "paused")


@dataclass(frozen=True)
class ModeSet:
    """A line's mode."""

    line_code: str
    mode: str


def change_mode(
    *,
    site_id: int,
    line_code: str,
    mode: str,
    hold_limit: int,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> ModeSet:
    """From now on the line's jobs are sent by themselves, proposed to the desk, or claimed by the workers.

    Records ModeChanged. Refuses: NotAllowed, Malformed, NotFound (line). Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "dispatch_mode.change", where=Where(site_id, line_code=line_code))
        if mode not in MODES:
            raise Malformed(field="mode", problem="unknown")
        if not 1 <= hold_limit <= 10:
            raise Malformed(field="hold_limit", problem="out_of_range", limit="10")
        if not Line.objects.filter(site_id=site_id, code=line_code).exists():
            raise NotFound(kind="line", name=line_code)
        unit.locking()
        row = LineMode.objects.select_for_update().filter(site_id=site_id, line_code=line_code).first()
        if row is None:
            unit.insert(LineMode(site_id=site_id, line_code=line_code, mode=mode, hold_limit=hold_limit, changed_at=at))
        else:
            unit.change(row, mode=mode, hold_limit=hold_limit, changed_at=at)
        unit.record(
            ModeChanged(
                site_id=site_id,
                subject_id=site_id,
                thread_id=site_id,
                line_code=line_code,
                mode=mode,
                hold_limit=hold_limit,
            )
        )
        unit.answer(ModeSet(line_code, mode))
    return unit.answered(ModeSet)


def claim_job(*, job_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Assigned:
    """A worker takes a waiting job from the pool of a line that lets its workers choose; it is offered to him or her.

    Nobody claims more than the line's limit allows to hold, nor what he or she let lapse or gave back before (claiming
    it again and again would keep it from everybody), nor an ordinary job while a critical one waits that he or she
    could do. Records JobAssigned. Refuses: NotAllowed, NotFound, NotForClaiming, LetGoBefore, HoldsEnough,
    NotQualified, MoreUrgentWaiting, Stale. Budget: 6.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job = job_of(
            unit,
            job_id,
            skill=Told(lambda: F("item__skill"), lambda _, job: skill_of(job.item_id)[0]),
            skill_level=Told(lambda: F("item__skill_level"), lambda _, job: skill_of(job.item_id)[1]),
            certificates=Told(lambda: F("item__certificates"), lambda _, job: papers_of(job.item_id)),
            zones=zones_told(),
            urgent=urgent_told(),
            let_go=_let_go_by(actor.account_id or 0),
        )
        unit.locking()
        mine = candidate_of(actor.account_id, job.site_id)
        where = where_of(job)
        authority.require(actor, "job.claim", where=replace(where, team_ids=(mine.team_id,) if mine else ()))
        if mine is None:
            raise NotFound(kind="member", name=actor.name)
        mode = LineMode.objects.filter(site_id=job.site_id, line_code=job.line_code).first()
        if job.state != "queued" or mode is None or mode.mode != "claim":
            raise NotForClaiming(number=job.number)
        missing = mine.can.lacks(needs_of(job), at=at)
        if missing:
            raise NotQualified(worker=mine.name, missing=missing)
        if getattr(job, "let_go", False):
            raise LetGoBefore(number=job.number)
        held = Job.objects.filter(worker_id=mine.account_id, state__in=_HOLDING).count()
        if held >= mode.hold_limit:
            raise HoldsEnough(held=held, limit=mode.hold_limit)
        refuse_before_critical(job, mine.can, at=at)
        unit.answer(assign(unit, job, mine, word="", override_reason=""))
    return unit.answered(Assigned)


def _let_go_by(account_id: int) -> Told:
    rows = Assignment.objects.filter(LET_GO, job=OuterRef("pk"), worker_id=account_id)
    return Told(lambda: Exists(rows), lambda _, job: rows.model.objects.filter(LET_GO, job=job).exists())
