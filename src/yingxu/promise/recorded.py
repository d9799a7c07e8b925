"""What the record says of one milestone: how long each case took by a clock that may be another than it ran by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yingxu.core.hours import Calendar
from yingxu.core.hours.measure import epoch_s
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.promise.models import ClockState, Hold, Promise


@dataclass(frozen=True, slots=True)
class RecordedRow:
    """One case: its item, when it was asked for, and the service seconds until it was reached, or until now."""

    item_id: int | None
    asked_at: datetime
    used_s: int
    is_reached: bool


def recorded(
    actor: Actor,
    site_id: int,
    *,
    line_code: str,
    priority: int,
    milestone: str,
    calendar: Calendar | None,
    is_pausable: bool,
    from_at: datetime,
    to_at: datetime,
) -> Iterator[RecordedRow]:
    """Yield the cases of a line, an urgency and a milestone that were asked for in [from_at, to_at), oldest first.

    ``calendar`` is the clock that they are held against, whatever they ran by; None: around the clock. Approved pauses
    are taken out where ``is_pausable``. Void cases are none, but one that was called off after its limit took at least
    as long as it stood. Refuses: NotAllowed. Budget: two queries.
    """
    authority.require(actor, "promise.read", where=Where(site_id, line_code=line_code))
    rows = list(
        Promise.objects.filter(
            ~Q(state=ClockState.VOID) | Q(void_why="withdrawn_late"),
            site_id=site_id,
            line_code=line_code,
            priority=priority,
            milestone=milestone,
            origin="standard",  # an appointment or an outside log's target was another promise than the standard's
            counts_at__gte=from_at,
            started_at__gte=from_at,
            started_at__lt=to_at,
        )
        .order_by("started_at", "id")
        .values_list("id", "item_id", "started_at", "reached_at", "voided_at", "spent_before_s")
    )
    holds = _holds([row[0] for row in rows]) if is_pausable else {}
    for key, item_id, started_at, reached_at, voided_at, spent_before_s in rows:
        until = reached_at or voided_at or to_at
        used_s = spent_before_s + _open_s(calendar, started_at, until)
        for begin, end in holds.get(key, ()):
            used_s -= _open_s(calendar, max(begin, started_at), min(end or until, until))
        yield RecordedRow(item_id, started_at, max(0, used_s), reached_at is not None)


def _open_s(calendar: Calendar | None, start: datetime, end: datetime) -> int:
    if end <= start:
        return 0
    start_s, end_s = epoch_s(start), epoch_s(end)
    return end_s - start_s if calendar is None else calendar.timeline.elapsed_s(start_s, end_s)


def _holds(keys: list[int]) -> dict[int, list[tuple[datetime, datetime | None]]]:
    found: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for promise_id, started_at, ended_at in Hold.objects.filter(promise_id__in=keys).values_list(
        "promise_id", "started_at", "ended_at"
    ):
        found[promise_id].append((started_at, ended_at))
    return found
