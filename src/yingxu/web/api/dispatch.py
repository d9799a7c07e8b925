"""Who goes, for programs: the queue, the plan with its reasons, the workers' load, and the desk's own verbs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from ninja.params import QueryEx

from yingxu.dispatch import actions
from yingxu.dispatch import queries as dispatch
from yingxu.dispatch.queries import pages
from yingxu.ground import authority
from yingxu.ground import queries as ground
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed
from yingxu.web.api import dispatch_schemas as schemas
from yingxu.web.api.calling import KEY_DESCRIBED, REFUSALS, actor_of, command_here, site_key, written
from yingxu.web.api.dispatch_shapes import (
    candidate_shown,
    goes_along,
    job_shown,
    moved,
    plan_shown,
    sent,
    wished,
    worker_shown,
)
from yingxu.work import actions as work

router = Router(tags=["dispatch"])
_WRITES = dict(KEY_DESCRIBED)
Site = Annotated[str, QueryEx(max_length=32)]
Cursor = Annotated[str | None, QueryEx(max_length=200)]
Limit = Annotated[int, QueryEx(ge=1, le=100)]


@router.get("/jobs", response={200: schemas.JobList, **REFUSALS}, summary="List jobs, most urgent first")
def list_jobs(
    request: HttpRequest,
    site: Site,
    state: Annotated[str | None, QueryEx(max_length=12, description="job state; without it all open ones")] = None,
    line: Annotated[str | None, QueryEx(max_length=8)] = None,
    worker: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> dict[str, Any]:
    """Return a page of the site's jobs that the caller may see."""
    page = pages.job_page(
        actor_of(request), site_key(site), state=state, line=line, worker=worker, cursor=cursor, limit=limit
    )
    return {"items": [job_shown(row) for row in page.rows], "next": page.next}


@router.get("/jobs/{uuid:job_id}", response={200: schemas.JobWithOffers, **REFUSALS}, summary="One job")
def read_job(request: HttpRequest, job_id: UUID) -> dict[str, Any]:
    """Return one job with everybody to whom it was offered."""
    actor = actor_of(request)
    row = pages.job_listed(actor, job_id)
    offers = [
        {
            "worker": one.worker_name,
            "made_by": one.made_by,
            "made_at": one.made_at,
            "accept_by": one.accept_by,
            "outcome": one.outcome,
            "settled_at": one.settled_at,
            "reason": one.reason_code,
            "note": one.note,
        }
        for one in dispatch.assignments(actor, job_id)
    ]
    return {**job_shown(row), "offers": offers}


@router.get("/jobs/{uuid:job_id}/plan", response={200: schemas.PlanOut, **REFUSALS}, summary="Who should go, and why")
def explain_job(request: HttpRequest, job_id: UUID) -> dict[str, Any]:
    """Return the planner's proposal for a waiting job: best and runner-up by term, whom it delays, who may not go."""
    return plan_shown(pages.plan_of(actor_of(request), job_id))


@router.get(
    "/jobs/{uuid:job_id}/candidates", response={200: schemas.CandidateList, **REFUSALS}, summary="Who could be sent"
)
def list_candidates(request: HttpRequest, job_id: UUID) -> dict[str, Any]:
    """Return everybody present, with what each lacks for this job."""
    actor = actor_of(request)
    row = pages.job_listed(actor, job_id)
    known = pages.desk_workers(actor, row.site_id)
    return {"items": [candidate_shown(one) for one in dispatch.candidates(known, row.needs, at=timezone.now())]}


@router.get("/plan", response={200: schemas.PlanList, **REFUSALS}, summary="The plan: who should go to what waits")
def list_plan(
    request: HttpRequest, site: Site, worker: UUID | None = None, cursor: Cursor = None, limit: Limit = 25
) -> dict[str, Any]:
    """Return the planner's proposals for the waiting jobs of the caller's desk, most urgent first."""
    page = pages.plan_page(actor_of(request), site_key(site), worker=worker, cursor=cursor, limit=limit)
    return {"items": [plan_shown(one) for one in page.rows], "next": page.next}


@router.get("/workers", response={200: schemas.WorkerList, **REFUSALS}, summary="Workers and their load")
def list_workers(
    request: HttpRequest,
    site: Site,
    present: Annotated[bool | None, QueryEx(description="only those at work, or only the others")] = None,
    cursor: Annotated[UUID | None, QueryEx(description="id of the last worker of the page before")] = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """Return the workers of the caller's side by id, with what each has in hand."""
    rows = sorted(pages.desk_workers(actor_of(request), site_key(site)), key=lambda row: row.uid)
    rows = [row for row in rows if present is None or row.is_present is present]
    rows = [row for row in rows if cursor is None or row.uid > cursor]
    following = str(rows[limit - 1].uid) if len(rows) > limit else None
    return {"items": [worker_shown(row) for row in rows[:limit]], "next": following}


@router.get("/workers/{uuid:worker_id}/day", response={200: schemas.DayOut, **REFUSALS}, summary="A worker's day")
def read_day(
    request: HttpRequest,
    worker_id: UUID,
    site: Site,
    on: Annotated[date | None, QueryEx(description="day of the site's own time; today without it")] = None,
) -> dict[str, Any]:
    """Return what a worker did and has in hand that day, and today also what the planner would give next."""
    key = site_key(site)
    zone = ZoneInfo(ground.site_by_code(site).timezone)
    day = on or timezone.now().astimezone(zone).date()
    try:
        from_at = datetime(day.year, day.month, day.day, tzinfo=zone)
        to_at = from_at + timedelta(days=1)
    except OverflowError:
        raise Malformed(field="on", problem="out_of_range", limit=str(date.max)) from None
    found = pages.day_of(actor_of(request), key, worker_id, from_at=from_at, to_at=to_at)
    had = [
        {
            "job": one.uid,
            "number": one.number,
            "state": one.state,
            "priority": one.priority,
            "item_name": one.item_name,
            "place_name": one.place_name,
            "minutes": one.minutes,
            "is_planned": False,
            "start_at": one.arrived_at or one.accepted_at or one.dispatched_at,
            "accepted_at": one.accepted_at,
            "arrived_at": one.arrived_at,
            "finished_at": one.finished_at,
            "next_due_at": one.next_due_at,
        }
        for one in found.jobs
    ]
    return {
        "worker": worker_shown(found.worker),
        "from_at": from_at,
        "to_at": to_at,
        "items": [*had, *(wished(one) for one in found.planned)],
    }


@router.get("/modes", response={200: schemas.ModeList, **REFUSALS}, summary="How each line's jobs find their worker")
def list_modes(request: HttpRequest, site: Site) -> dict[str, Any]:
    """Return every line with its mode: automatic, proposal, claim."""
    key = site_key(site)
    authority.require(actor_of(request), "dispatch_mode.read", where=Where(key))
    rows = dispatch.modes(key)
    return {"items": [{"line": row.line_code, "mode": row.mode, "hold_limit": row.hold_limit} for row in rows]}


@router.post(
    "/modes/change",
    response={200: schemas.ModeOut, **REFUSALS},
    summary="Change how a line's jobs find their worker",
    openapi_extra=_WRITES,
)
def change_mode(request: HttpRequest, body: schemas.NewMode) -> HttpResponse:
    """From now on the line's jobs are sent by themselves, proposed to the desk, or claimed by the workers."""
    command = command_here(request)
    done = actions.change_mode(
        site_id=site_key(body.site),
        line_code=body.line,
        mode=body.mode,
        hold_limit=body.hold_limit,
        actor=actor_of(request),
        at=timezone.now(),
        command=command,
    )
    return written({"line": done.line_code, "mode": done.mode, "hold_limit": body.hold_limit}, command)


@router.post(
    "/jobs/{uuid:job_id}/assign",
    response={200: schemas.Sent, **REFUSALS},
    summary="Send somebody",
    openapi_extra=_WRITES,
)
def assign_job(request: HttpRequest, job_id: UUID, body: schemas.Send) -> HttpResponse:
    """Offer the job to a worker, who must accept within the limit of its class; what is missing is named."""
    command = command_here(request)
    done = actions.assign_job(
        job_id=job_id,
        worker_id=body.worker,
        mate_ids=tuple(body.mates),
        word=body.word,
        override_reason=body.override_reason,
        actor=actor_of(request),
        at=timezone.now(),
        command=command,
    )
    return written(sent(done), command)


@router.post(
    "/jobs/{uuid:job_id}/reassign",
    response={200: schemas.Sent, **REFUSALS},
    summary="Send somebody else",
    openapi_extra=_WRITES,
)
def reassign_job(request: HttpRequest, job_id: UUID, body: schemas.SendInstead) -> HttpResponse:
    """Take an offer back and make it to another; what somebody has in hand is offered to the other first."""
    command = command_here(request)
    done = actions.reassign_job(
        job_id=job_id,
        worker_id=body.worker,
        note=body.note,
        word=body.word,
        override_reason=body.override_reason,
        actor=actor_of(request),
        at=timezone.now(),
        command=command,
    )
    return written(sent(done), command)


@router.post(
    "/jobs/{uuid:job_id}/pull-back",
    response={200: schemas.PulledBackOut, **REFUSALS},
    summary="Take an offer back",
    openapi_extra=_WRITES,
)
def pull_back_job(request: HttpRequest, job_id: UUID, body: schemas.Note) -> HttpResponse:
    """Take back an offer that nobody accepted; the job waits in the queue again and the worker is told."""
    command = command_here(request)
    done = actions.pull_back_job(
        job_id=job_id, note=body.note, actor=actor_of(request), at=timezone.now(), command=command
    )
    return written({"number": done.numbers[0]}, command)


@router.post(
    "/jobs/{uuid:job_id}/call-mate",
    response={200: schemas.GoesAlong, **REFUSALS},
    summary="Ask one more to go along",
    openapi_extra=_WRITES,
)
def call_mate(request: HttpRequest, job_id: UUID, body: schemas.Call) -> HttpResponse:
    """Ask one more person to go along on a job that somebody has already."""
    command = command_here(request)
    done = actions.call_mate(
        job_id=job_id,
        worker_id=body.worker,
        override_reason=body.override_reason,
        actor=actor_of(request),
        at=timezone.now(),
        command=command,
    )
    return written(goes_along(done), command)


@router.post(
    "/jobs/{uuid:job_id}/hand-over",
    response={200: schemas.Moved, **REFUSALS},
    summary="Ask another to take it over",
    openapi_extra=_WRITES,
)
def hand_over_job(request: HttpRequest, job_id: UUID, body: schemas.HandOver) -> HttpResponse:
    """Ask another worker to take over what one has in hand; the first answers for it until the other accepts."""
    command = command_here(request)
    done = work.hand_over_job(
        job_id=job_id,
        to_worker_id=body.worker,
        note=body.note,
        actor=actor_of(request),
        at=timezone.now(),
        command=command,
    )
    return written(moved(done), command)


@router.post("/rounds", response={200: schemas.RoundOut, **REFUSALS}, summary="Send a round", openapi_extra=_WRITES)
def send_round(request: HttpRequest, body: schemas.Round) -> HttpResponse:
    """Offer several waiting jobs to one worker, in this order: all or none."""
    command = command_here(request)
    done = actions.assign_round(
        job_ids=body.jobs,
        worker_id=body.worker,
        word=body.word,
        actor=actor_of(request),
        at=timezone.now(),
        command=command,
    )
    return written({"numbers": done.numbers, "worker_name": done.worker_name}, command)
