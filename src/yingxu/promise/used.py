"""How much of its limit each promise used, by month, for the ratchet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yingxu.core.hours import elapsed
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.promise.models import ClockState, Promise
from yingxu.standards import queries as standards


@dataclass(frozen=True, slots=True)
class UsedRow:
    """One promise that was due: its terms, the moment that counts it, and the service seconds that it used."""

    item_id: int
    priority: int
    milestone: str
    limit_s: int
    percentile: float
    counts_at: datetime
    used_s: int
    is_kept: bool


def used(actor: Actor, site_id: int, *, from_at: datetime, to_at: datetime) -> Iterator[UsedRow]:
    """Yield the promises of standards that counted in [from_at, to_at): kept, broken, late. Void ones are none.

    What pauses took is left out, because the limit moved with them: used = limit − open time left at the end.
    Refuses: NotAllowed. Budget: one query, streamed.
    """
    authority.require(actor, "promise.read", where=Where(site_id))
    rows = Promise.objects.filter(
        Q(state__in=[ClockState.KEPT, ClockState.BROKEN, ClockState.LATE]),
        site_id=site_id,
        counts_at__gte=from_at,
        counts_at__lt=to_at,
        origin="standard",
        item__isnull=False,
    )
    values = rows.values_list(
        "item_id",
        "priority",
        "milestone",
        "limit_s",
        "percentile",
        "counts_at",
        "due_at",
        "reached_at",
        "calendar_id",
        "state",
    )
    for row in values.iterator(chunk_size=5_000):
        item_id, priority, milestone, limit_s, percentile, counts_at, due_at, reached_at, calendar_id, state = row
        is_kept = state == ClockState.KEPT
        used_s = limit_s + 1
        if is_kept and reached_at is not None and reached_at <= due_at:
            left = elapsed(standards.calendar_by_id(calendar_id), reached_at, due_at)
            used_s = max(0, limit_s - int(left.total_seconds()))
        elif is_kept:  # reached within the second of its limit
            used_s = limit_s
        elif reached_at is not None and reached_at > due_at:
            over = elapsed(standards.calendar_by_id(calendar_id), due_at, reached_at)
            used_s = limit_s + max(1, int(over.total_seconds()))
        yield UsedRow(item_id, priority, milestone, limit_s, float(percentile), counts_at, used_s, is_kept)
