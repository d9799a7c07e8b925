"""Promises as rows and as core values: the rows that a unit has in hand, their terms and events, their limits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from yingxu.core.clock import (
    ClockReading,
    Event,
    Milestone,
    Paused,
    PauseReason,
    Resumed,
    Started,
    Stops,
    Terms,
    Withdrawn,
)
from yingxu.core.clock import Reached as ReachedEvent
from yingxu.core.clock import derive as core_derive
from yingxu.core.hours import Calendar
from yingxu.core.hours.measure import at_epoch, epoch_s
from yingxu.demand.models import Request
from yingxu.demand.reads import memo_of, request_by_key
from yingxu.ground.unit import Unit
from yingxu.promise.models import ClockState, Hold, Promise
from yingxu.standards import queries as standards

OWED = frozenset({ClockState.RUNNING, ClockState.LATE})
OPEN = frozenset({ClockState.RUNNING, ClockState.PAUSED, ClockState.LATE})
#: Only these stand still in an approved pause; the acknowledgement never does.
HOLDABLE = frozenset({"arrived", "safe", "done"})


def due_after(calendar: Calendar, start: datetime, limit_s: int) -> datetime:
    """Return the last instant that keeps a limit, in whole seconds as the core counts."""
    return at_epoch(calendar.timeline.advance_s(epoch_s(start), limit_s))


def is_in_time(reached_at: datetime, due_at: datetime) -> bool:
    """Tell whether an instant keeps a limit: seconds decide, within is at most."""
    return epoch_s(reached_at) <= epoch_s(due_at)


def book_of(unit: Unit, request_id: int) -> list[Promise]:
    """Return the standing promises of a request, those made in this unit among them. Budget: one query a unit."""
    promises = memo_of(unit).promises
    if request_id not in promises:
        rows = unit.kin(Promise, "request_id", request_id, lambda: Promise.objects.filter(request_id=request_id))
        promises[request_id] = [row for row in rows if row.state != ClockState.VOID]
    return promises[request_id]


def earliest_owed(book: Iterable[Promise]) -> datetime | None:
    """Return the earliest limit that is still owed, passed or not; a paused clock has none."""
    return min((row.due_at for row in book if row.state in OWED), default=None)


def note_next_due(unit: Unit, request_id: int) -> Request:
    """Bring the request's ``next_due_at`` in line with its promises."""
    request = request_by_key(unit, request_id)
    next_due_at = earliest_owed(book_of(unit, request_id))
    if next_due_at != request.next_due_at:
        unit.change(request, next_due_at=next_due_at)
    return request


def read(row: Promise, holds: Iterable[Hold], at: datetime) -> ClockReading:
    """Read a promise's clock with the core: the truth that the stored limit is a cache of."""
    return core_derive(terms_of(row), events_of(row, holds), at, reasons=reasons_of(holds))


def terms_of(row: Promise) -> Terms:
    """Return a promise's terms as the core counts them: what is left of the limit, or the instant promised."""
    # as it was known when the clock started: what somebody was told does not move with an edit
    calendar = standards.calendar_by_id(row.calendar_id, known_at=row.started_at)
    milestone, left_s = Milestone(row.milestone), row.limit_s - row.spent_before_s
    if row.origin == "log":
        return Terms(milestone, None, calendar, float(row.percentile), target_at=row.due_at)
    if left_s <= 0:  # what it replaced had used up more than this one allows
        return Terms(milestone, None, calendar, float(row.percentile), target_at=row.started_at)
    return Terms(milestone, left_s, calendar, float(row.percentile))


def events_of(row: Promise, holds: Iterable[Hold]) -> list[Event]:
    """Return what happened to a promise."""
    events: list[Event] = [Started(row.started_at)]
    for hold in sorted(holds, key=lambda hold: hold.started_at):
        events.append(Paused(hold.started_at, hold.reason_code, is_approved=True, until_at=hold.expires_at))
        if hold.ended_at is not None:
            events.append(Resumed(hold.ended_at))
    if row.reached_at is not None:
        events.append(ReachedEvent(row.reached_at))
    if row.voided_at is not None:
        events.append(Withdrawn(row.voided_at, row.void_why, is_void=row.void_why != "withdrawn_late"))
    return events


def reasons_of(holds: Iterable[Hold]) -> dict[str, PauseReason]:
    """Return the reasons of these holds: each was approved, and stops the clock up to its own end."""
    return {hold.reason_code: PauseReason(hold.reason_code, Stops.YES, until_grace_s=0) for hold in holds}
