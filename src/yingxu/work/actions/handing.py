"""From hand to hand: who has the job answers for it until the other has accepted (AS-05)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from yingxu.ground import authority, ids
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.team.models import Member
from yingxu.work.actions.moved import JobMoved
from yingxu.work.events import HandOverDeclined, JobHandedOver
from yingxu.work.models import Job
from yingxu.work.moves import HANDS, offer_hand_over
from yingxu.work.refusals import IllegalMove, NotOffered
from yingxu.work.snapshots import Told, fact_of, job_of, refuse_impossible_moment, row_at_site, tell, where_of


def hand_over_job(
    *,
    job_id: UUID,
    to_worker_id: UUID,
    actor: Actor,
    at: datetime,
    note: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """Another worker is asked to take the job over; the present one answers for it until the other accepts.

    Records HandOverOffered and tells the other. Refuses: NotAllowed, NotFound (no worker here), IllegalMove, Stale,
    and by dispatch's reaction who may not be sent (NotQualified, MoreUrgentWaiting). Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id, successor_row=_member(to_worker_id))
        authority.require(actor, "job.hand_over", where=where_of(job))
        refuse_impossible_moment(unit, job)
        found = getattr(job, "successor_row", None)
        if found is None:
            raise NotFound(kind="worker", name=str(to_worker_id))
        offer_hand_over(unit, job, to_worker_id=found["account_id"], note=note)
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def _member(account_uid: UUID) -> Told:
    def workers() -> QuerySet[Member]:
        return Member.objects.filter(account__uid=account_uid, account__is_active=True)

    return row_at_site(workers, "account_id", about=account_uid)


def accept_hand_over(
    *,
    job_id: UUID,
    actor: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """The worker who was asked takes the job over and answers for it from now; its state does not change.

    Records JobHandedOver and tells the one who had it. Refuses: NotOffered, IllegalMove, Stale. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id, team_row=_team_of(actor))
        _require_asked(actor, job)
        refuse_impossible_moment(unit, job)
        if job.state not in HANDS:
            raise IllegalMove(from_state=job.state, to_state=job.state, why="not_next")
        before, worker_id, key = job.worker_id, actor.account_id, ids.next_key()
        team = getattr(job, "team_row", None) or {"team_id": job.team_id, "party_id": job.party_id}
        unit.change(
            job,
            seen=["state", "worker", "successor"],
            worker_id=worker_id,
            accountable_id=worker_id,
            successor_id=None,
            team_id=team["team_id"],
        )
        fact = fact_of(
            JobHandedOver,
            job,
            from_worker_id=before,
            worker_id=worker_id,
            worker_name=actor.name,
            team_id=job.team_id,
            next_assignment_key=key,
        )
        unit.change(job, assignment_key=key)
        tell(unit, entry=unit.record(fact), fact=fact, account_ids=[before])
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def _team_of(actor: Actor) -> Told:
    def own() -> QuerySet[Member]:
        return Member.objects.filter(account_id=actor.account_id or 0)

    return row_at_site(own, "team_id", about=actor.account_id, party_id="team__party_id")


def decline_hand_over(
    *,
    job_id: UUID,
    actor: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """The worker who was asked does not take it; nothing changes for who has it, who is told.

    Records HandOverDeclined. Refuses: NotOffered, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id)
        _require_asked(actor, job)
        refuse_impossible_moment(unit, job)
        to_worker_id = job.successor_id
        unit.change(job, seen=["successor"], successor_id=None)
        fact = fact_of(HandOverDeclined, job, to_worker_id=to_worker_id)
        tell(unit, entry=unit.record(fact), fact=fact, account_ids=[job.worker_id])
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def _require_asked(actor: Actor, job: Job) -> None:
    """Refuse unless this very person, who works here, was asked. A team leader who goes too acts in nobody's name."""
    if job.successor_id is None or actor.account_id != job.successor_id:
        raise NotOffered(number=job.number)
    where = where_of(job)
    own_teams = tuple(held.team_id for held in actor.holdings if held.team_id is not None)
    authority.require(
        actor,
        "job.perform",
        where=authority.Where(
            where.site_id,
            line_code=where.line_code,
            place_path=where.place_path,
            team_ids=own_teams,
            worker_ids=(job.successor_id,),
        ),
        reason="own",
    )
