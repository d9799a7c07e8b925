"""Writes that verbs and reactions share: a legal move, an act in a worker's name, giving back, offering to another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yingxu.ground import authority
from yingxu.ground.models import Holding
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import Unit
from yingxu.work import life_cycle
from yingxu.work.events import ActedOnBehalf, HandOverOffered, JobReturned, PauseAsked
from yingxu.work.models import Job, Pause
from yingxu.work.refusals import IllegalMove
from yingxu.work.snapshots import fact_of, flagged, in_name_of, refuse_impossible_moment, tell, where_of

#: A job that comes back so often goes to the team leader (domain 5.3).
RETURNS_TO_LEADER = 2
#: A job changes hands while somebody has it in hand and has not finished it.
HANDS = frozenset({"accepted", "en_route", "arrived", "in_progress", "paused"})


def move(unit: Unit, job: Job, to_state: str, **values: Any) -> None:
    """Move the job along a legal pair; the flush refuses with Stale if somebody else moved it meanwhile."""
    life_cycle.require_move(job.state, to_state)
    unit.change(job, seen=seen_by(unit), state=to_state, **values)


def seen_by(unit: Unit) -> list[str]:
    """Return what must still hold of a job when an act upon it is written.

    What comes by an outside company's link counts only while that very order lives.
    """
    return ["state", "worker", "outside_key"] if unit.actor.kind == "outside" else ["state", "worker"]


def perform(unit: Unit, job: Job, *, reason: str) -> int:
    """Return the worker whose act this is: the actor, or the one in whose name the actor acts with a reason.

    A leader who goes himself or herself acts in nobody's name and needs no reason.
    Refuses: NotAllowed, ReasonNeeded; Malformed for a moment that lies in the future or before the job's last one.
    """
    is_own = job.worker_id is not None and unit.actor.account_id == job.worker_id
    authority.require(unit.actor, "job.perform", where=where_of(job), reason="own" if is_own else reason)
    refuse_impossible_moment(unit, job)
    if job.worker_id is None:
        life_cycle.require_move(job.state, "accepted")  # nobody has it: no act of a worker is next
        raise Malformed(field="worker", problem="missing")
    if unit.actor.account_id != job.worker_id:
        unit.actor = in_name_of(unit.actor, job.worker_id)
        if reason:
            unit.record(fact_of(ActedOnBehalf, job, reason=reason))
    return job.worker_id


def rest(
    unit: Unit,
    job: Job,
    rule: Mapping[str, str],
    *,
    expected_at: datetime,
    told: str = "",
    note: str = "",
    verdict: str = "",
) -> None:
    """Pause the job for a reason (a row of the pause reasons), whoever decided it; its asker is told.

    ``verdict``: what becomes of the clocks where the reason alone does not say it (a stocked part never stops them).
    """
    move(unit, job, "paused")
    if job.worker_id is not None:
        unit.actor = in_name_of(unit.actor, job.worker_id)
    words = told.strip() or rule["plain_zh"]
    unit.insert(
        Pause(
            job=job,
            reason_code=rule["code"],
            note=note,
            told=words,
            expected_at=expected_at,
            asked_by_id=unit.actor.account_id or job.worker_id,
            asked_at=unit.happened_at,
            verdict=verdict or ("plain" if rule["stops_clock"] == "no" else "asked"),
        )
    )
    fact = fact_of(PauseAsked, job, reason_code=rule["code"], expected_at=expected_at, told=words)
    tell(unit, entry=unit.record(fact), fact=fact, account_ids=[job.owner_id])


def give_back(unit: Unit, job: Job, *, reason_code: str, note: str, is_pulled_back: bool) -> None:
    """Put the job into the queue again, whoever decided it; from the second return on its team leader is told."""
    worker_id, team_id, assignment_key = job.worker_id, job.team_id, job.assignment_key
    n_returns = job.n_returns + (0 if is_pulled_back else 1)
    goes_to_leader = not is_pulled_back and n_returns >= RETURNS_TO_LEADER
    move(
        unit,
        job,
        "queued",
        worker_id=None,
        team_id=None,
        accountable_id=None,
        successor_id=None,
        accept_by=None,
        accepted_at=None,
        dispatched_at=None,
        n_returns=n_returns,
        flags=flagged(job, "returned_twice") if goes_to_leader else job.flags,
    )
    fact = fact_of(
        JobReturned,
        job,
        worker_id=worker_id,
        reason_code=reason_code,
        is_pulled_back=is_pulled_back,
        n_returns=n_returns,
        note=note,
    )
    entry = unit.record(fact)
    unit.change(job, assignment_key=None if job.assignment_key == assignment_key else job.assignment_key)
    if goes_to_leader:
        tell(unit, entry=entry, fact=fact, account_ids=leaders(team_id))


def leaders(team_id: int | None) -> list[int]:
    """Return the accounts that lead a team. One query."""
    if team_id is None:
        return []
    rows = Holding.objects.filter(role="TL", team_key=team_id, ends_at=None, account__is_active=True)
    return list(rows.order_by("account_id").values_list("account_id", flat=True))


def offer_hand_over(unit: Unit, job: Job, *, to_worker_id: int, note: str) -> None:
    """Ask the other worker, whoever decided it."""
    if job.state not in HANDS or to_worker_id == job.worker_id:
        raise IllegalMove(from_state=job.state, to_state=job.state, why="not_next")
    if job.worker_id is not None:
        unit.actor = in_name_of(unit.actor, job.worker_id)
    unit.change(job, seen=["state", "worker", "successor"], successor_id=to_worker_id)
    fact = fact_of(HandOverOffered, job, worker_id=job.worker_id, to_worker_id=to_worker_id, note=note)
    tell(unit, entry=unit.record(fact), fact=fact, account_ids=[to_worker_id])
