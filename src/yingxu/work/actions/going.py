"""Taking a job, going there, giving it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import Place, PlaceToken
from yingxu.ground.refusals import NotAllowed, ReasonNeeded
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.library import by_code
from yingxu.work.actions.moved import JobMoved
from yingxu.work.ends import is_start_unknown
from yingxu.work.events import ArrivalConfirmed, JobAccepted, JobArrived, WorkerSetOut
from yingxu.work.models import Job
from yingxu.work.moves import give_back, move, perform
from yingxu.work.outside import note_arrival
from yingxu.work.refusals import AcceptanceOver, IllegalMove, ReasonNotForThis, WrongPlace
from yingxu.work.snapshots import (
    Told,
    fact_of,
    flagged,
    in_name_of,
    iso,
    job_of,
    refuse_impossible_moment,
    row_at_site,
    tell,
    where_of,
)


def accept_job(
    *,
    job_id: UUID,
    actor: Actor,
    at: datetime,
    reason: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """The worker takes the job and answers for it from now. ``reason``: why a team leader acts in the worker's name.

    Records JobAccepted. Refuses: NotAllowed, ReasonNeeded, IllegalMove, AcceptanceOver, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id)
        worker_id = perform(unit, job, reason=reason)
        if job.state == "dispatched" and job.accept_by is not None and unit.happened_at > job.accept_by:
            raise AcceptanceOver(accept_by=iso(job.accept_by))
        move(unit, job, "accepted", accepted_at=unit.happened_at, accountable_id=worker_id, accept_by=None)
        unit.record(fact_of(JobAccepted, job, worker_id=worker_id))
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def set_out(
    *,
    job_id: UUID,
    actor: Actor,
    at: datetime,
    reason: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """The worker is on the way.

    Records WorkerSetOut. Refuses: NotAllowed, ReasonNeeded, IllegalMove, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id)
        worker_id = perform(unit, job, reason=reason)
        move(unit, job, "en_route")
        unit.record(fact_of(WorkerSetOut, job, worker_id=worker_id))
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def arrive_at_job(
    *,
    job_id: UUID,
    actor: Actor,
    at: datetime,
    qr_token: str = "",
    typed_token: str = "",
    place_code: str = "",
    reason: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """The worker is at the place, proven by its printed code (``qr_token``) or a code typed in; else flagged.

    ``typed_token``: the printed code, typed from the label and not seen by a camera: the weaker proof. A code of a
    place around the job's place or inside it proves it too. Records JobArrived and tells the asker.
    Refuses: NotAllowed, ReasonNeeded, IllegalMove, WrongPlace, Malformed (moment), Stale. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(
            unit, job_id, scanned=scanned_told(qr_token=qr_token, typed_token=typed_token, place_code=place_code)
        )
        worker_id = perform(unit, job, reason=reason)
        proof = prove(job, qr_token=qr_token, typed=typed_token or place_code)
        flags = flagged(job, "unproven_arrival") if proof == "none" else job.flags
        move(
            unit,
            job,
            "arrived",
            arrived_at=unit.happened_at,
            arrival_proof=proof,
            n_visits=job.n_visits + 1,
            flags=flags,
        )
        note_arrival(unit, job)
        fact = fact_of(JobArrived, job, worker_id=worker_id, proof=proof)
        tell(unit, entry=unit.record(fact), fact=fact, account_ids=[job.owner_id])
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def scanned_told(*, typed_token: str, place_code: str, qr_token: str = "") -> Told:
    """Return the place of a printed or typed code, for :func:`job_of`."""
    token = qr_token or typed_token
    if token:
        return row_at_site(
            lambda: PlaceToken.objects.filter(token=token, revoked_at=None),
            about=token,
            site="place__site",
            path="place__path",
            name="place__full_name",
        )
    return row_at_site(lambda: Place.objects.filter(code=place_code), about=place_code, path="path", name="full_name")


def prove(job: Job, *, qr_token: str, typed: str) -> str:
    """Return how the arrival is proven; a code that is not the place's own branch of the tree is refused."""
    if not (qr_token or typed):
        return "none"
    scanned = getattr(job, "scanned", None)
    if scanned is None:
        raise WrongPlace(scanned=qr_token or typed, place=job.place_name)
    if is_start_unknown(job):
        return "qr" if qr_token else "code"  # what is fetched is proven by wherever it was found
    # a job whose place is unknown is proven by wherever its worker found it
    if not (job.place_path.startswith(scanned["path"]) or scanned["path"].startswith(job.place_path)):
        raise WrongPlace(scanned=scanned["name"], place=job.place_name)
    return "qr" if qr_token else "code"


def confirm_arrival(*, job_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> JobMoved:
    """The asker says that the worker is there; an arrival without proof is proven by that.

    Records ArrivalConfirmed. Refuses: NotAllowed (not the asker), IllegalMove (nobody arrived), Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job = job_of(unit, job_id)
        authority.require(actor, "job.verify", where=where_of(job))
        if actor.kind != "link" and actor.account_id != job.owner_id:
            raise NotAllowed(action="job.confirm_arrival")
        if job.arrived_at is None or job.state not in {"arrived", "in_progress", "paused"}:
            raise IllegalMove(from_state=job.state, to_state="arrived", why="not_next")
        if job.arrival_proof == "none":
            unit.change(
                job,
                seen=["state", "worker"],
                arrival_proof="asker",
                flags=[flag for flag in job.flags if flag != "unproven_arrival"],
            )
            unit.record(fact_of(ArrivalConfirmed, job))
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def return_job(
    *,
    job_id: UUID,
    reason_code: str,
    actor: Actor,
    at: datetime,
    note: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """The worker gives the job back with a reason; the desk answers for it again. The second return goes to the leader.

    Records JobReturned. Refuses: NotAllowed, ReasonNeeded, ReasonNotForThis, IllegalMove, Stale. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id)
        authority.require(actor, "job.perform", where=where_of(job), reason=note or reason_code)
        refuse_impossible_moment(unit, job)
        if not reason_code:
            raise ReasonNeeded(action="job.return")
        rule = by_code("return_reasons").get(reason_code)
        if job.state in {"dispatched", "accepted", "en_route"} and (
            rule is None or reason_code == "timeout" or job.state not in rule["states"].split(";")
        ):
            raise ReasonNotForThis(reason=reason_code, state=job.state)
        worker_id = job.worker_id
        if worker_id is not None:
            unit.actor = in_name_of(actor, worker_id)
        give_back(unit, job, reason_code=reason_code, note=note, is_pulled_back=False)
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)
