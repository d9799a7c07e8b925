"""What was worked in a window, for the models made of it: times of every job, who did it, how long it stood still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import DurationField, ExpressionWrapper, F, Q, Sum

from yingxu.ground.actor import Actor
from yingxu.work.models import Job
from yingxu.work.queries import seen_by


@dataclass(frozen=True, slots=True)
class WorkedRow:
    """One job's times; None where something did not happen."""

    key: int
    line_code: str
    item_id: int
    priority: int
    worker_key: int | None
    opened_at: datetime
    accepted_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    paused_s: int


_CALLED_OFF = ("merged", "declined", "transferred", "cancelled")


def worked(actor: Actor, site_id: int, *, from_at: datetime, to_at: datetime) -> Iterator[WorkedRow]:
    """Yield the site's jobs opened in [from_at, to_at) that the actor may see, oldest first.

    Jobs called off before anybody went are left out. Budget: one query, streamed.
    """
    rows = Job.objects.filter(seen_by(actor), site_id=site_id, opened_at__gte=from_at, opened_at__lt=to_at)
    rows = rows.exclude(Q(state__in=_CALLED_OFF) & Q(arrived_at=None))
    stood = ExpressionWrapper(F("pauses__resumed_at") - F("pauses__asked_at"), output_field=DurationField())
    found = rows.annotate(stood=Sum(stood)).order_by("opened_at", "id")
    for row in found.values_list(
        "id",
        "line_code",
        "item_id",
        "priority",
        "worker_id",
        "opened_at",
        "accepted_at",
        "arrived_at",
        "finished_at",
        "stood",
    ).iterator(chunk_size=5_000):
        yield WorkedRow(*row[:9], paused_s=int(row[9].total_seconds()) if row[9] is not None else 0)
