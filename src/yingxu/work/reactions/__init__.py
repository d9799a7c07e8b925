"""What happens to jobs in somebody else's transaction: opened, sent, pulled back, judged, gone with their request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yingxu.demand.reads import request_by_key
from yingxu.ground.making import new_row
from yingxu.ground.unit import Unit
from yingxu.standards.queries import ItemRow, items_in_force
from yingxu.work import life_cycle
from yingxu.work.ends import LINES, start_of
from yingxu.work.events import (
    JobCancelled,
    JobClosed,
    JobDispatched,
    JobFollowed,
    JobOpened,
    JobReopened,
    JobSentBack,
    JobVerified,
)
from yingxu.work.models import CustodyScan, Job
from yingxu.work.moves import give_back, move, offer_hand_over
from yingxu.work.refusals import LoadCarried, NoStandard
from yingxu.work.snapshots import fact_of, job_by_key, jobs_of_request, open_pause_of, tell


def open_jobs(
    *,
    request_key: int,
    number: str,
    items: Sequence[ItemRow],
    item_ids: Sequence[int],
    place_class: str | None,
    priority: int,
    opened_at: datetime,
    unit: Unit,
) -> None:
    """Open one job for each item, its standard's edition pinned; one item keeps the request's own number.

    What is to be fetched elsewhere begins there: its worker is sent to where the load stands.
    Records JobOpened for each. Refuses: NoStandard. Budget: none when the items came with the fact, else 2; one to
    three more where the asker says from where.
    """
    request = request_by_key(unit, request_key)
    known = {item.id: item for item in items}
    if set(item_ids) - set(known):
        known.update(_items(item_ids, unit.at))
    if place_class is None:
        place_class = request.place.place_class if request.place is not None else ""
    party_id = request.party_keys[0] if request.party_keys else None
    start = start_of(request)
    for place, item_id in enumerate(item_ids, 1):
        item = known[item_id]
        job = unit.insert(
            new_row(
                Job,
                site_id=request.site_id,
                request_id=request.pk,
                number=number if len(item_ids) == 1 else f"{number}-{place}",
                item_id=item.id,
                edition_id=item.edition_id,
                line_code=item.line_code,
                priority=priority,
                text=request.text,
                place_id=start.pk if start else request.place_id,
                place_path=start.path if start else request.place_path,
                place_name=start.full_name if start else request.place_name,
                place_name_en=start.full_name_en if start else request.place_name_en,
                department_id=request.department_id,
                owner_id=request.owner_id,
                party_id=party_id,
                contract_id=request.contract_id,
                opened_at=opened_at,
            )
        )
        unit.record(
            fact_of(
                JobOpened,
                job,
                item_id=item.id,
                edition_id=item.edition_id,
                line_code=item.line_code,
                priority=priority,
                place_class=place_class,
                opened_at=opened_at,
            )
        )


def _items(item_ids: Sequence[int], at: datetime) -> dict[int, ItemRow]:
    found = items_in_force(item_ids, at=at)
    for item_id in item_ids:
        if item_id not in found:
            raise NoStandard(item=str(item_id))
    return found


def dispatch_job(
    *,
    job_key: int,
    worker_id: int,
    worker_name: str,
    team_id: int | None,
    party_id: int | None,
    assignment_key: int,
    accept_by: datetime,
    unit: Unit,
) -> None:
    """Offer the job to the worker; until acceptance the desk answers for it. Records JobDispatched. Budget: none."""
    row = job_by_key(unit, job_key)
    move(
        unit,
        row,
        "dispatched",
        worker_id=worker_id,
        team_id=team_id,
        party_id=row.party_id or party_id,
        assignment_key=assignment_key,
        dispatched_at=unit.happened_at,
        accept_by=accept_by,
    )
    fact = fact_of(
        JobDispatched,
        row,
        worker_id=worker_id,
        worker_name=worker_name,
        team_id=team_id,
        party_id=row.party_id,
        accept_by=accept_by,
    )
    tell(unit, entry=unit.record(fact), fact=fact, account_ids=[worker_id, row.owner_id])


def pull_back(*, job_key: int, reason_code: str, unit: Unit) -> None:
    """Take the offer back; the job waits in the queue again. Records JobReturned. Budget: none."""
    give_back(unit, job_by_key(unit, job_key), reason_code=reason_code, note="", is_pulled_back=True)


def offer_to(*, job_key: int, to_worker_id: int, note: str, unit: Unit) -> None:
    """Ask another worker to take over what somebody has in hand. Records HandOverOffered. Budget: none."""
    offer_hand_over(unit, job_by_key(unit, job_key), to_worker_id=to_worker_id, note=note)


def verify_job(*, job_key: int, ground: str, unit: Unit) -> None:
    """The job was found good: it is verified and closed. Records JobVerified, JobClosed. Budget: none."""
    row = job_by_key(unit, job_key)
    move(unit, row, "verified", verified_at=unit.happened_at, accountable_id=None, confirm_by=None)
    unit.record(fact_of(JobVerified, row, ground=ground))
    move(unit, row, "closed", closed_at=unit.at)
    unit.record(fact_of(JobClosed, row, result_text=row.result_text))


def send_back_job(*, job_key: int, reason_code: str, unit: Unit) -> None:
    """The job was found bad: work goes on and it counts as rework. Records JobSentBack. Budget: none."""
    row = job_by_key(unit, job_key)
    move(
        unit,
        row,
        "in_progress",
        finished_at=None,
        confirm_by=None,
        accountable_id=row.worker_id,
        n_reworks=row.n_reworks + 1,
    )
    fact = fact_of(JobSentBack, row, reason_code=reason_code)
    tell(unit, entry=unit.record(fact), fact=fact, account_ids=[row.worker_id])


def reopen_job(*, job_key: int, reason_code: str, unit: Unit) -> None:
    """The same fault is back: who did it goes on until somebody takes it over. Records JobReopened. Budget: none."""
    row = job_by_key(unit, job_key)
    move(
        unit,
        row,
        "in_progress",
        finished_at=None,
        confirm_by=None,
        verified_at=None,
        closed_at=None,
        accountable_id=row.worker_id,
        n_reopens=row.n_reopens + 1,
    )
    fact = fact_of(JobReopened, row, reason_code=reason_code)
    tell(unit, entry=unit.record(fact), fact=fact, account_ids=[row.worker_id])


# with the request


#: A worker is there and may have taken what is to be carried.
_THERE = frozenset({"arrived", "in_progress", "paused"})


def _refuse_carried(job: Job) -> None:
    kinds = set(CustodyScan.objects.filter(job=job).values_list("kind", flat=True))
    if "taken" in kinds and "given" not in kinds:
        raise LoadCarried(number=job.number)


def _follow(unit: Unit, job: Job, to_state: str, kind: type[JobCancelled] | type[JobFollowed]) -> None:
    worker_id = job.worker_id
    if job.state in _THERE and (job.line_code in LINES or "to" in job.request.form):
        _refuse_carried(job)
    if job.state == "paused":
        pause = open_pause_of(unit, job)
        if pause is not None:
            unit.change(pause, resumed_at=unit.happened_at)
    values: dict[str, object] = {"accountable_id": None, "accept_by": None, "successor_id": None}
    if to_state == "closed":
        values["closed_at"] = unit.at
    if to_state == "queued":
        values |= {"worker_id": None, "team_id": None, "assignment_key": None}
    move(unit, job, to_state, **values)
    fact = fact_of(kind, job, worker_id=worker_id)
    tell(unit, entry=unit.record(fact), fact=fact, account_ids=[worker_id if to_state != "queued" else None])


def cancel_jobs(*, request_key: int, unit: Unit) -> None:
    """Call off the request's jobs; once a worker is there only the desk may.

    Records JobCancelled. Refuses: IllegalMove, LoadCarried. Budget: 1; one more for each that may be carried.
    """
    for job in jobs_of_request(unit, request_key):
        if job.state in {"closed", "cancelled", "merged", "declined"}:
            continue
        found = life_cycle.require_move(job.state, "cancelled")
        if unit.actor.kind in {"person", "link"}:
            life_cycle.refuse_role(found, unit.actor.roles)
        _follow(unit, job, "cancelled", JobCancelled)


def follow_request(*, request_key: int, to_state: str, unit: Unit) -> None:
    """Jobs that are not done go where their request went: transferred, merged, declined; or wait in the queue again.

    A job that has been closed or called off stays so. Records JobFollowed. Refuses: IllegalMove, LoadCarried. Budget:
    1; one more for each that may be carried.
    """
    for job in jobs_of_request(unit, request_key):
        state = life_cycle.states()[job.state]
        if to_state in {"queued", "closed"}:
            if life_cycle.may_move(job.state, to_state) and job.state in {"transferred", "merged", "declined"}:
                _follow(unit, job, to_state, JobFollowed)
        elif state.is_open and job.state != to_state:
            _follow(unit, job, to_state, JobFollowed)


def reprioritise(*, request_key: int, priority: int, unit: Unit) -> None:
    """Open jobs take the request's new urgency. Budget: 1."""
    for job in jobs_of_request(unit, request_key):
        if life_cycle.states()[job.state].is_open:
            unit.change(job, priority=priority)
