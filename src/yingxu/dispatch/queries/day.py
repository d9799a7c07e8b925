"""A team's day: what each of its people did, has in hand and was offered, and what waits for somebody to go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yingxu.demand.models import Request
from yingxu.dispatch.queries.rows import IN_HAND
from yingxu.dispatch.snapshots import Needs, clearances_needed
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.work.models import Job


@dataclass(frozen=True)
class DayJob:
    """A job of somebody's day, or one that waits (``worker_id`` None)."""

    uid: UUID
    request_uid: UUID
    number: str
    state: str
    priority: int
    line_code: str
    item_name: str
    item_name_en: str
    skill: str
    skill_level: int
    #: Expected minutes of the work itself.
    minutes: int
    place_name: str
    place_name_en: str
    party_id: int | None
    worker_id: int | None
    opened_at: datetime
    dispatched_at: datetime | None
    accept_by: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    next_due_at: datetime | None
    certificates: tuple[str, ...] = ()
    clearances: tuple[str, ...] = ()

    @property
    def needs(self) -> Needs:
        """What the job asks of whoever goes."""
        return Needs(self.line_code, self.skill, self.skill_level, self.party_id, self.certificates, self.clearances)


_COLUMNS = (
    "uid",
    "request__uid",
    "number",
    "state",
    "priority",
    "line_code",
    "item__name",
    "item__name_en",
    "item__skill",
    "item__skill_level",
    "item__minutes",
    "place_name",
    "place_name_en",
    "party_id",
    "worker_id",
    "opened_at",
    "dispatched_at",
    "accept_by",
    "accepted_at",
    "arrived_at",
    "finished_at",
    "request__next_due_at",
)


def day_jobs(site_id: int, worker_ids: Sequence[int], *, from_at: datetime, to_at: datetime) -> tuple[DayJob, ...]:
    """Return the jobs of these people that were in hand in [from_at, to_at) or are now; who asks may see the team.

    Budget: one query.
    """
    touched = Q(state__in=[*IN_HAND, "dispatched"]) | Q(finished_at__gte=from_at, accepted_at__lt=to_at)
    rows = Job.objects.filter(touched, site_id=site_id, worker_id__in=list(worker_ids))
    found = rows.order_by("accepted_at", "opened_at", "id").values_list(*_COLUMNS)[:600]
    return tuple(DayJob(*row) for row in found)


def worker_jobs(actor: Actor, site_id: int, worker_id: int) -> tuple[DayJob, ...]:
    """Return what somebody has in hand or was offered, of what the actor may see; most urgent first. Budget: one."""
    rows = Job.objects.filter(site_id=site_id, worker_id=worker_id, state__in=[*IN_HAND, "dispatched"])
    found = rows.filter(request__in=_seen(actor, site_id)).order_by("priority", "opened_at", "id")
    return tuple(DayJob(*row) for row in found.values_list(*_COLUMNS)[:100])


def waiting_jobs(
    actor: Actor, site_id: int, *, line_codes: Sequence[str], party_id: int, limit: int = 40
) -> tuple[DayJob, ...]:
    """Return the jobs that wait for somebody of these lines to be sent, most urgent first. Budget: one query."""
    rows = Job.objects.filter(
        Q(party_id=party_id) | Q(party=None), site_id=site_id, state="queued", line_code__in=list(line_codes)
    )
    rows = rows.filter(request__in=_seen(actor, site_id))
    found = rows.annotate(clearances=clearances_needed()).order_by("priority", "opened_at", "id")
    return tuple(_waiting(row) for row in found.values_list(*_COLUMNS, "item__certificates", "clearances")[:limit])


def _waiting(row: Sequence[Any]) -> DayJob:
    columns: list[Any] = [*row[:-2], tuple(row[-2] or ()), tuple(row[-1] or ())]
    return DayJob(*columns)


def _seen(actor: Actor, site_id: int) -> QuerySet[Request, Any]:
    return Request.objects.filter(authority.visible(actor, "queue.read"), site_id=site_id, is_open=True).values("pk")
