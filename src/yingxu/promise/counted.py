"""The jobs behind a figure of the promise board: each counted promise with its request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from yingxu.core.hours.measure import at_epoch, epoch_s
from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.promise.models import ClockState, Promise

#: What a promise counts as: kept, broken (late ones too), reported late.
OUTCOMES = ("kept", "broken", "reported_late")


@dataclass(frozen=True)
class CountedRow:
    """One counted promise with its request."""

    key: int
    request_id: UUID
    number: str
    line_code: str
    milestone: str
    priority: int
    place_name: str
    place_name_en: str
    state: str
    due_at: datetime
    reached_at: datetime | None


def counted(
    actor: Actor,
    site_id: int,
    *,
    from_at: datetime,
    to_at: datetime,
    at: datetime,
    milestone: str = "",
    line_code: str | None = None,
    outcome: str = "",
    after: int | None = None,
    limit: int = 50,
) -> tuple[CountedRow, ...]:
    """Return the promises that a figure of the board counts, of what the actor may see, newest first.

    The same sums as ``promise.queries.attainment``. Budget: one query.
    """
    seen = Request.objects.filter(authority.visible(actor, "promise.read"), site_id=site_id)
    rows = Promise.objects.filter(site_id=site_id, counts_at__gte=from_at, counts_at__lt=to_at, request__in=seen)
    passed = at_epoch(epoch_s(at)) - timedelta(microseconds=1)
    late = (
        Q(state__in=[ClockState.LATE, ClockState.BROKEN])
        | Q(state=ClockState.RUNNING, due_at__lte=passed)
        | Q(state=ClockState.VOID, void_why="withdrawn_late")
    )
    kept = Q(state=ClockState.KEPT)
    sums = {
        "kept": kept & Q(is_reported_late=False),
        "reported_late": kept & Q(is_reported_late=True),
        "broken": late,
    }
    rows = rows.filter(sums.get(outcome, kept | late))
    if milestone:
        rows = rows.filter(milestone=milestone)
    if line_code is not None:
        rows = rows.filter(line_code=line_code)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = rows.order_by("-id").values_list(
        "id",
        "request__uid",
        "request__number",
        "line_code",
        "milestone",
        "priority",
        "request__place_name",
        "request__place_name_en",
        "state",
        "due_at",
        "reached_at",
    )
    return tuple(CountedRow(*row) for row in found[:limit])
