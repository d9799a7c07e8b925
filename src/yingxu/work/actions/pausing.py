"""Pauses: asked with a reason, approved or not that clocks stand still (domain 5.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.library import by_code
from yingxu.work.actions.moved import JobMoved
from yingxu.work.events import JobResumed, PauseApproved, PauseRefused
from yingxu.work.models import Job, Pause
from yingxu.work.moves import move, perform, rest
from yingxu.work.refusals import IllegalMove, NoOpenPause, ReasonNotForThis
from yingxu.work.snapshots import (
    fact_of,
    job_of,
    pause_told,
    refuse_impossible_moment,
    tell,
    where_of,
)


def pause_job(
    *,
    job_id: UUID,
    reason_code: str,
    expected_at: datetime,
    actor: Actor,
    at: datetime,
    told: str = "",
    note: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """Work rests for a reason until an expected time; the asker is told both. Clocks run on until somebody approves.

    ``told``: what the asker is told, the reason's plain words by default. Records PauseAsked.
    Refuses: NotAllowed, ReasonNotForThis, Malformed (expected time), IllegalMove, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id)
        authority.require(actor, "pause.request", where=where_of(job))
        refuse_impossible_moment(unit, job)
        rule = by_code("pause_reasons").get(reason_code)
        if rule is None:
            raise ReasonNotForThis(reason=reason_code, state=job.state)
        if expected_at <= unit.happened_at:
            raise Malformed(field="expected_at", problem="out_of_order")
        rest(unit, job, rule, expected_at=expected_at, told=told, note=note)
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def approve_pause(*, job_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> JobMoved:
    """Clocks that may stop stand still from now on: R1 to R3 by the desk, all others by the hospital; never one's own.

    Records PauseApproved. Refuses: NotAllowed, OwnWork, NoOpenPause, Stale. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job, pause = _waiting(unit, job_id, actor)
        unit.change(pause, seen=["verdict"], verdict="approved", decided_by_id=actor.account_id, decided_at=at)
        unit.change(job, seen=["state"], state=job.state)  # still paused when this is written
        unit.record(
            fact_of(
                PauseApproved, job, reason_code=pause.reason_code, limit_s=_limit_s(pause.reason_code, pause, at=at)
            )
        )
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def refuse_pause(*, job_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> JobMoved:
    """The pause stands and the clocks run on; who asked is told. Same hands as approving.

    Records PauseRefused. Refuses: NotAllowed, OwnWork, NoOpenPause, Stale. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job, pause = _waiting(unit, job_id, actor)
        unit.change(pause, seen=["verdict"], verdict="refused", decided_by_id=actor.account_id, decided_at=at)
        fact = fact_of(PauseRefused, job, reason_code=pause.reason_code)
        tell(unit, entry=unit.record(fact), fact=fact, account_ids=[pause.asked_by_id])
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def _waiting(unit: Unit, job_id: UUID, actor: Actor) -> tuple[Job, Pause]:
    job = job_of(unit, job_id, pause_row=pause_told())
    row: dict[str, Any] | None = getattr(job, "pause_row", None)
    reason_code = row["reason_code"] if row else ""
    _require_decider(actor, reason_code, where=where_of(job))
    if row is None or row["verdict"] != "asked" or job.state != "paused":
        raise NoOpenPause(number=job.number)
    authority.refuse_own_work(actor, (row["asked_by_id"], job.worker_id), action="pause.approve")
    pause = Pause(
        id=row["id"],
        job=job,
        reason_code=reason_code,
        verdict=row["verdict"],
        asked_by_id=row["asked_by_id"],
        expected_at=datetime.fromisoformat(row["expected_at"]) if row["expected_at"] else None,
    )
    return job, pause


def _require_decider(actor: Actor, reason_code: str, *, where: Where) -> None:
    """Refuse unless a role of the actor may decide this reason (the matrix's condition: reason_in, reason_not_in)."""
    grants = authority.grants()["pause.approve"]

    def fits(role: str) -> bool:
        for grant in grants.get(role, ()):
            word, _, codes = grant.condition.partition(":")
            if not word or (reason_code in codes.split(",")) == (word == "reason_in"):
                return True
        return False

    holdings = tuple(held for held in actor.holdings if fits(held.role))
    authority.require(replace(actor, holdings=holdings), "pause.approve", where=where)


def _limit_s(reason_code: str, pause: Pause, *, at: datetime) -> int | None:
    """Return for how long clocks may stand still: to the appointment, the window's end, or the reason's own limit."""
    rule = by_code("pause_reasons")[reason_code]
    own = int(rule["max_stop_s"]) if rule["max_stop_s"] else None
    if rule["review_rule"] == "":
        return own
    if pause.expected_at is None:
        return own
    after = (own or 0) if rule["review_rule"] == "window_end_plus" else 0
    return max(0, int((pause.expected_at - at).total_seconds())) + after


def resume_job(
    *,
    job_id: UUID,
    actor: Actor,
    at: datetime,
    reason: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """Work goes on and clocks that stood still run again.

    Records JobResumed. Refuses: NotAllowed, ReasonNeeded, IllegalMove, Stale. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id, pause_row=pause_told())
        perform(unit, job, reason=reason)
        if job.state != "paused":  # what is finished or closed goes on by being sent back or reopened
            raise IllegalMove(from_state=job.state, to_state="in_progress", why="not_next")
        move(unit, job, "in_progress")
        row: dict[str, Any] | None = getattr(job, "pause_row", None)
        if row is not None:
            if unit.happened_at < datetime.fromisoformat(row["asked_at"]):
                raise Malformed(field="happened_at", problem="out_of_order", limit=row["asked_at"])
            unit.change(Pause(id=row["id"]), resumed_at=unit.happened_at)
        unit.record(fact_of(JobResumed, job, reason_code=row["reason_code"] if row else ""))
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)
