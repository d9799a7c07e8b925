"""The ways that people walked: from where they arrived last to where they were sent, by the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Entry
from yingxu.work.events import JobArrived, WorkerSetOut
from yingxu.work.models import Job

#: So far back, and so many entries, the newest: older ways say less of a house that is rebuilt.
SINCE, MOST = timedelta(days=90), 12_000
#: Where somebody arrived is where he or she set out from, for so long.
_SEEN = timedelta(hours=4)
#: Shorter is a phone that reported both at once; longer is not a walk.
_LEAST_S, _MOST_S = 5.0, 3600.0


@dataclass(frozen=True)
class Walk:
    """One way: places by key, seconds from setting out to arriving."""

    begin: int
    end: int
    seconds: float


@dataclass(frozen=True)
class Step:
    """Somebody set out for a job or arrived at it."""

    job_id: int
    worker_id: int
    at: datetime
    has_arrived: bool


def walks(actor: Actor, site_id: int, *, at: datetime) -> tuple[Walk, ...]:
    """Return the ways walked at a site, for the planner. Refuses: NotAllowed. Budget: two queries."""
    authority.require(actor, "plan.make", where=Where(site_id))
    return walked(site_id, at=at)


def walked(site_id: int, *, at: datetime) -> tuple[Walk, ...]:
    """Return the ways walked at a site, whoever walked them. Budget: two queries."""
    entries = Entry.objects.filter(
        site_id=site_id, kind__in=[WorkerSetOut.kind, JobArrived.kind], happened_at__gte=at - SINCE
    )
    rows = entries.order_by("-happened_at").values_list("subject_id", "facts__worker_id", "happened_at", "kind")[:MOST]
    steps = [Step(job, who, when, kind == JobArrived.kind) for job, who, when, kind in rows if who is not None]
    places = dict(
        Job.objects.filter(pk__in={step.job_id for step in steps}, place__isnull=False).values_list("id", "place_id")
    )
    return tuple(ways_of(steps, places))


def ways_of(steps: Iterable[Step], places: dict[int, int]) -> list[Walk]:
    """Return the ways that lie in these steps: from the last place where somebody arrived to the next. Pure."""
    stood: dict[int, tuple[int, datetime]] = {}
    left: dict[int, Step] = {}
    found = []
    for step in sorted(steps, key=lambda one: (one.at, one.has_arrived, one.job_id)):
        if not step.has_arrived:
            left[step.worker_id] = step
            continue
        out, before = left.pop(step.worker_id, None), stood.get(step.worker_id)
        place = places.get(step.job_id)
        if place is None:
            stood.pop(step.worker_id, None)
            continue
        stood[step.worker_id] = (place, step.at)
        if out is None or out.job_id != step.job_id or before is None or out.at - before[1] > _SEEN:
            continue
        seconds = (step.at - out.at).total_seconds()
        if _LEAST_S <= seconds <= _MOST_S:
            found.append(Walk(before[0], place, seconds))
    return found
