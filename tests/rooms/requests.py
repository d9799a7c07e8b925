"""Builders for requests: asking, and what happens to their jobs, told as the facts that the later rooms record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.people import MONDAY_NINE, House
from yingxu.demand.actions import Raised, raise_request
from yingxu.demand.models import Request
from yingxu.ground.actor import engine
from yingxu.ground.unit import Unit
from yingxu.work import events as work
from yingxu.work.models import Job
from yingxu.work.models.jobs import IN_HAND


def ask(house: House, who: str = "nurse", **given: Any) -> Raised:
    """Ask as a person of the house: a leak in the ward's bathroom unless told otherwise."""
    values: dict[str, Any] = {
        "site_id": house.site_id,
        "channel": "web",
        "text": "卫生间漏水",
        "item_code": "plb.leak",
        "place_code": "S7-ORT-WC",
        "at": MONDAY_NINE,
    }
    if "actor" not in given:
        given["actor"] = house.actor(who)
    return raise_request(**{**values, **given})


def row(raised: Raised) -> Request:
    """Return the request's row as it is now."""
    return Request.objects.get(pk=raised.key)


def job_happens(
    kind: type[work.JobFact],
    state: str,
    raised: Raised,
    at: datetime,
    *,
    number: str | None = None,
    happened_at: datetime | None = None,
    values: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Record a fact about the request's (only, or numbered) job as the room ``work`` does, its row moved along."""
    jobs = Job.objects.filter(request_id=raised.key)
    job = jobs.get(number=number) if number else jobs.get()
    with Unit(actor=engine("replay"), at=at, happened_at=happened_at) as unit:
        said = values or {}
        worker_id = said.get("worker_id", job.worker_id)
        unit.change(job, state=state, **{**said, "accountable_id": worker_id if state in IN_HAND else None})
        unit.record(
            kind(
                site_id=job.site_id,
                subject_id=job.pk,
                thread_id=job.request_id,
                number=job.number,
                state=state,
                **facts,
            )
        )


def arrives(raised: Raised, at: datetime, worker_id: int, **more: Any) -> None:
    """A worker is at the place."""
    job_happens(
        work.JobArrived,
        "arrived",
        raised,
        at,
        values={"worker_id": worker_id, "accountable_id": worker_id},
        worker_id=worker_id,
        proof="qr",
        **more,
    )


def finishes(raised: Raised, at: datetime, worker_id: int, **more: Any) -> None:
    """The worker says done."""
    job_happens(
        work.JobFinished,
        "finished",
        raised,
        at,
        values={"worker_id": worker_id},
        worker_id=worker_id,
        confirm_by=at + timedelta(hours=72),
        quality_score=None,
        minutes=None,
        **more,
    )


def is_paused(raised: Raised, from_at: datetime, to_at: datetime, worker_id: int, *, reason: str = "R1") -> None:
    """The clocks stand still between approval and resumption."""
    values = {"worker_id": worker_id}
    job_happens(work.PauseApproved, "paused", raised, from_at, values=values, reason_code=reason, limit_s=None)
    job_happens(work.JobResumed, "in_progress", raised, to_at, reason_code=reason)
