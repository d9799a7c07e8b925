"""Verbs of the room ``dispatch``, by hand: who goes, who goes instead, and taking an offer back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from yingxu.dispatch.actions import crews
from yingxu.dispatch.critical import refuse_before_critical
from yingxu.dispatch.events import JobAssigned, JobPulledBack, JobReassigned
from yingxu.dispatch.models import Assignment
from yingxu.dispatch.refusals import NotQualified
from yingxu.dispatch.snapshots import (
    MEMBER_COLUMNS,
    MEMBER_NAMES,
    Can,
    accept_by,
    needs_of,
    papers_of,
    skill_of,
    urgent_told,
    zones_told,
)
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Holding
from yingxu.ground.refusals import NotFound, Stale
from yingxu.ground.unit import CommandKey, Unit
from yingxu.team.fitness import Fitness, is_hard
from yingxu.team.models import Member
from yingxu.work import life_cycle
from yingxu.work.models import Job
from yingxu.work.refusals import IllegalMove
from yingxu.work.snapshots import Told, in_hand, job_of, jobs, row_at_site, tell, where_of

#: From so many lapsed offers of one job on its managers are told as well: leader and desk alone do not find anybody.
ROUNDS_TO_MANAGERS = 3
#: A worker has it in hand: somebody else takes over only by accepting.
HANDS = frozenset({"accepted", "en_route", "arrived", "in_progress", "paused"})


@dataclass(frozen=True)
class Assigned:
    """To whom the job was offered, and until when it must be accepted."""

    job_id: UUID
    number: str
    state: str
    worker_id: int
    worker_name: str
    accept_by: datetime | None


@dataclass(frozen=True)
class PulledBack:
    """The offers that were taken back."""

    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Worker:
    """Somebody who may be sent, with what he or she brings."""

    account_id: int
    name: str
    team_id: int
    party_id: int
    can: Can

    @classmethod
    def of(cls, row: dict[str, Any]) -> Worker:
        """Return the candidate told by the one read of the job."""
        can = Can(tuple(row["line_codes"]), row["skills"], row["party_id"], Fitness.of(row))
        return cls(row["account_id"], row["name"], row["team_id"], row["party_id"], can)


def assign_job(
    *,
    job_id: UUID,
    worker_id: UUID,
    actor: Actor,
    at: datetime,
    mate_ids: tuple[UUID, ...] = (),
    word: str = "",
    override_reason: str = "",
    command: CommandKey | None = None,
) -> Assigned:
    """The job is offered to a worker, who must accept within the limit of its class; the asker gets the desk's word.

    ``mate_ids``: who is asked to go along; the worker alone answers for the job. ``word``: what is said to the asker;
    it acknowledges the request if nobody has yet. ``override_reason``: why an ordinary job goes before a critical one
    that waits, or (hospital only) why somebody goes who lacks something.
    Records JobAssigned, MateCalled. Refuses: NotAllowed, NotFound (worker), NotQualified, ReasonNeeded,
    MoreUrgentWaiting, Stale (somebody assigned it meanwhile), IllegalMove. Budget: 4, 5 with mates.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job, candidate = _job_and_candidate(unit, job_id, worker_id)
        _require_dispatcher(unit, job, candidate, override_reason=override_reason)
        if job.state == "dispatched":
            raise Stale(kind="work.job")  # it was in the queue when the desk looked
        life_cycle.require_move(job.state, "dispatched")
        crews.call(unit, job, mate_ids, lead=candidate.account_id, override_reason=override_reason)
        unit.answer(assign(unit, job, candidate, word=word, override_reason=override_reason))
    return unit.answered(Assigned)


def reassign_job(
    *,
    job_id: UUID,
    worker_id: UUID,
    actor: Actor,
    at: datetime,
    note: str = "",
    word: str = "",
    override_reason: str = "",
    command: CommandKey | None = None,
) -> Assigned:
    """Somebody else is to go. An offer that nobody accepted is taken back and made anew; what a worker has in hand is
    offered to the other, and the first answers for it until the other accepts.

    Records JobPulledBack and JobAssigned, or JobReassigned. Refuses: as assign_job. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job, candidate = _job_and_candidate(unit, job_id, worker_id)
        _require_dispatcher(unit, job, candidate, override_reason=override_reason)
        if candidate.account_id == job.worker_id or job.state not in HANDS | {"dispatched"}:
            raise IllegalMove(from_state=job.state, to_state="dispatched", why="not_next")
        if job.state == "dispatched":
            _pull_back(unit, job, reason_code="replaced", note=note)
            unit.answer(assign(unit, job, candidate, word=word, override_reason=override_reason))
        else:
            unit.record(
                JobReassigned(
                    site_id=job.site_id,
                    subject_id=job.pk,
                    thread_id=job.request_id,
                    worker_id=job.worker_id or 0,
                    to_worker_id=candidate.account_id,
                    to_worker_name=candidate.name,
                    note=note,
                    override_reason=override_reason,
                )
            )
            unit.answer(Assigned(job.uid, job.number, job.state, candidate.account_id, candidate.name, None))
    return unit.answered(Assigned)


def _job_and_candidate(unit: Unit, job_id: UUID, worker_id: UUID) -> tuple[Job, Worker]:
    """Read in one go the job, the worker, and the critical jobs that wait at the site."""

    def workers() -> QuerySet[Member]:
        return Member.objects.filter(account__uid=worker_id, account__is_active=True)

    job = job_of(
        unit,
        job_id,
        skill=Told(lambda: F("item__skill"), lambda _, job: skill_of(job.item_id)[0]),
        skill_level=Told(lambda: F("item__skill_level"), lambda _, job: skill_of(job.item_id)[1]),
        certificates=Told(lambda: F("item__certificates"), lambda _, job: papers_of(job.item_id)),
        zones=zones_told(),
        mates_known=crews.mates_told(),
        item_code=crews.item_code_told(),
        candidate=row_at_site(workers, *MEMBER_COLUMNS, about=worker_id, **MEMBER_NAMES),
        urgent=urgent_told(),
    )
    row: dict[str, Any] | None = getattr(job, "candidate", None)
    if row is None:
        authority.require(unit.actor, "job.dispatch", where=where_of(job))
        raise NotFound(kind="worker", name=str(worker_id))
    return job, Worker.of(row)


def candidate_of(account_id: int | None, site_id: int) -> Worker | None:
    """Return somebody at work at the site as one who may be sent. One query.

    The member's row is locked until the unit ends: of two claims of one person at the same instant the second counts
    what the first took, also when nothing was held before.
    """
    if account_id is None:
        return None
    rows = Member.objects.filter(account_id=account_id, site_id=site_id, account__is_active=True, is_present=True)
    rows = rows.select_for_update(of=("self",), no_key=True)
    row = rows.values(*MEMBER_COLUMNS, **{name: F(path) for name, path in MEMBER_NAMES.items()}).first()
    return Worker.of(row) if row is not None else None


def _require_dispatcher(unit: Unit, job: Job, candidate: Worker, *, override_reason: str) -> None:
    """Refuse unless the actor may send this worker to this job; the hospital may override a lack, with its reason."""
    where = _where(job, candidate)
    missing = candidate.can.lacks(needs_of(job), at=unit.at)
    if missing and authority.may(unit.actor, "job.override_dispatch", where=where):
        if any(is_hard(code) for code in missing):
            raise NotQualified(worker=candidate.name, missing=missing)
        authority.require(unit.actor, "job.override_dispatch", where=where, reason=override_reason)
        return
    authority.require(unit.actor, "job.dispatch", where=where)
    if missing:
        raise NotQualified(worker=candidate.name, missing=missing)
    refuse_before_critical(job, candidate.can, at=unit.at, override_reason=override_reason)


def _where(job: Job, candidate: Worker) -> Where:
    where = where_of(job)
    return replace(where, team_ids=(candidate.team_id,), party_ids=where.party_ids or (candidate.party_id,))


def assign(unit: Unit, job: Job, candidate: Worker, *, word: str, override_reason: str) -> Assigned:
    """Offer the job to a worker; for the verbs of this room, after their checks. Records JobAssigned."""
    until = accept_by(job.site_id, job.priority, at=unit.at)
    assignment = unit.insert(
        Assignment(
            site_id=job.site_id,
            job_id=job.pk,
            worker_id=candidate.account_id,
            team_id=candidate.team_id,
            made_by_id=unit.actor.account_id,
            made_at=unit.at,
            accept_by=until,
            note=override_reason[:300],
        )
    )
    unit.record(
        JobAssigned(
            site_id=job.site_id,
            subject_id=job.pk,
            thread_id=job.request_id,
            worker_id=candidate.account_id,
            worker_name=candidate.name,
            team_id=candidate.team_id,
            party_id=candidate.party_id,
            accept_by=until,
            assignment_id=assignment.pk,
            word=word.strip(),
            override_reason=override_reason,
        )
    )
    return Assigned(job.uid, job.number, job.state, candidate.account_id, candidate.name, until)


def pull_back_job(
    *,
    job_id: UUID,
    actor: Actor,
    at: datetime,
    note: str = "",
    command: CommandKey | None = None,
) -> PulledBack:
    """An offer that nobody accepted is taken back; the job waits in the queue again and the worker is told.

    Records JobPulledBack. Refuses: NotAllowed, IllegalMove (accepted: hand it over instead), Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job = job_of(unit, job_id)
        authority.require(actor, "job.pull_back", where=where_of(job))
        if job.state != "dispatched":
            raise IllegalMove(from_state=job.state, to_state="queued", why="not_next")
        _pull_back(unit, job, reason_code="desk", note=note)
        unit.answer(PulledBack((job.number,)))
    return unit.answered(PulledBack)


def pull_back_overdue(*, actor: Actor, at: datetime, limit: int = 200) -> PulledBack:
    """Offers whose time to accept is over are taken back, oldest first; leaders of their teams and the desk are told,
    from the third time on also who manages the line and the company.

    Several engines may run at once: each takes other jobs. Records JobPulledBack for each. Refuses: NotAllowed.
    Budget: 3 and one read of its clocks for each request.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "job.pull_back", where=Where(None))
        unit.locking()
        due = jobs().filter(state="dispatched", accept_by__lte=at).order_by("accept_by", "id").annotate(n=_n_lapsed())
        found = [in_hand(unit, job) for job in due.select_for_update(of=("self",), skip_locked=True)[:limit]]
        holders = _leaders_and_desks(found) if found else []
        for job in found:
            n_lapsed = 1 + (getattr(job, "n", None) or 0)
            told = [holder.account_id for holder in holders if _is_told(holder, job, n_lapsed)]
            _pull_back(unit, job, reason_code="timeout", note="", told=told, n_lapsed=n_lapsed)
        unit.answer(PulledBack(tuple(job.number for job in found)))
    return unit.answered(PulledBack)


def _n_lapsed() -> Subquery:
    """Return how often an offer of the job lapsed before, for a read of jobs."""
    before = Assignment.objects.filter(job=OuterRef("pk"), outcome="pulled_back", reason_code="timeout").order_by()
    return Subquery(before.values("job").annotate(n=Count("id")).values("n"))


def _leaders_and_desks(found: list[Job]) -> list[Holding]:
    """Return who leads the teams of these jobs, who sits at their sites' desks and who manages. Budget: one query."""
    teams = {job.team_id for job in found if job.team_id}
    sites = {job.site_id for job in found}
    held = Holding.objects.filter(
        Q(role="TL", team_key__in=teams) | (Q(role__in=["DK", "LM", "PM"]) & (Q(site_id__in=sites) | Q(site=None))),
        ends_at=None,
        account__is_active=True,
    )
    return list(held.order_by("account_id", "id"))


def _is_told(holder: Holding, job: Job, n_lapsed: int) -> bool:
    """Tell whether somebody is told that nobody accepted a job, for so many times."""
    if holder.role == "TL":
        return holder.team_key == job.team_id
    is_here = holder.site_id in (None, job.site_id) and holder.party_id in (None, job.party_id)
    if holder.role == "LM":
        is_here = is_here and holder.line_code in ("", job.line_code)
    return is_here and (holder.role == "DK" or n_lapsed >= ROUNDS_TO_MANAGERS)


def _pull_back(
    unit: Unit, job: Job, *, reason_code: str, note: str, told: list[int] | None = None, n_lapsed: int = 0
) -> None:
    worker_id = job.worker_id
    fact = JobPulledBack(
        site_id=job.site_id,
        subject_id=job.pk,
        thread_id=job.request_id,
        worker_id=worker_id or 0,
        reason_code=reason_code,
        note=note,
        n_lapsed=n_lapsed,
    )
    tell(unit, entry=unit.record(fact), fact=fact, account_ids=[worker_id, *(told or ())])
