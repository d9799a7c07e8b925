"""Questions to a clock about itself: why is it due then? Computed from the journal each time, never from totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from yingxu.core.clock import Explanation, Line
from yingxu.core.hours import Calendar as CoreCalendar
from yingxu.core.hours import Span, open_spans
from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import Entry
from yingxu.ground.refusals import NotFound
from yingxu.promise.journal import Recorded, chains, played
from yingxu.promise.models import Promise
from yingxu.promise.queries.clocks import CLOCK, ORDER, ClockRow
from yingxu.promise.snapshots import terms_of

#: So many opening times are told of one stretch; of a longer one the first and the last.
SPANS = 6


@dataclass(frozen=True)
class TermsSaid:
    """What was promised from a moment on: limit, share, service hours."""

    since_at: datetime
    limit_s: int
    percentile: float
    priority: int
    calendar_code: str
    calendar_name: str
    calendar_name_en: str
    is_always_open: bool
    is_from_log: bool
    #: The limit is the time to the appointment.
    is_by_appointment: bool


@dataclass(frozen=True)
class ExplainedLine:
    """One line, with the opening times that it counted; ``n_spans`` of them, the first and the last when many."""

    line: Line
    spans: tuple[Span, ...]
    n_spans: int


@dataclass(frozen=True)
class Explained:
    """How a clock came to what it shows: terms by their time, lines that add up, and what the row says.

    ``is_reported_after``: reached in time, but told only after the limit had passed; broken until the hospital accepts.
    """

    clock: ClockRow
    explanation: Explanation
    terms: tuple[TermsSaid, ...]
    lines: tuple[ExplainedLine, ...]
    is_reported_after: bool


def explain(actor: Actor, promise_id: UUID, *, at: datetime) -> Explained:
    """Explain one promise by its terms and the journal; refuses: NotFound. Budget: two queries."""
    seen = Request.objects.filter(authority.visible(actor, "promise.read"))
    named = Promise.objects.filter(uid=promise_id, request__in=seen).values("request_id")
    rows = list(Promise.objects.filter(request_id__in=named).select_related("calendar"))
    for chain in chains(rows):
        if any(row.uid == promise_id for row in chain):
            return _explained(chain, _journal(rows), at)
    raise NotFound(kind="promise", name=str(promise_id))


def explain_request(request_key: int, *, at: datetime) -> tuple[Explained, ...]:
    """Explain every clock of a request, by job and milestone; the caller has asked who may see it.

    Budget: two queries.
    """
    rows = list(Promise.objects.filter(request_id=request_key).select_related("calendar"))
    if not rows:
        return ()
    entries = _journal(rows)
    found = [_explained(chain, entries, at) for chain in chains(rows)]
    return tuple(
        sorted(found, key=lambda one: (one.clock.job_key or 0, ORDER[one.clock.milestone], one.terms[0].since_at))
    )


def _journal(rows: Sequence[Promise]) -> list[Recorded]:
    kinds = Q(kind__startswith="promise.clock.") | Q(kind__startswith="work.pause.") | Q(kind="work.job.resumed")
    kinds |= Q(kind__startswith="demand.request.")
    entries = Entry.objects.filter(kinds, thread_id=rows[0].request_id).order_by("happened_at", "id")
    return [Recorded(*entry) for entry in entries.values_list(*Recorded.__dataclass_fields__)]


def _explained(chain: Sequence[Promise], entries: Sequence[Recorded], at: datetime) -> Explained:
    last = chain[-1]
    told = played(chain, entries, at)
    values: list[Any] = [getattr(last, name) for name in CLOCK]
    clock = ClockRow(*values)
    is_late_report = clock.state == "broken" and clock.reached_at is not None and clock.reached_at <= clock.due_at
    return Explained(
        clock=clock,
        explanation=told,
        terms=tuple(_terms(row) for row in chain),
        lines=tuple(_with_spans(line, chain) for line in told.lines),
        is_reported_after=is_late_report,
    )


def _terms(row: Promise) -> TermsSaid:
    return TermsSaid(
        since_at=row.started_at,
        limit_s=row.limit_s,
        percentile=float(row.percentile),
        priority=row.priority,
        calendar_code=row.calendar.code,
        calendar_name=row.calendar.name,
        calendar_name_en=row.calendar.name_en,
        is_always_open=_calendar(row).is_always_open,
        is_from_log=row.origin == "log",
        is_by_appointment=row.origin == "appt",
    )


def _calendar(row: Promise) -> CoreCalendar:
    return terms_of(row).calendar


def _with_spans(line: Line, chain: Sequence[Promise]) -> ExplainedLine:
    if line.until_at <= line.from_at or not line.counted_s:
        return ExplainedLine(line, (), 0)
    row = next((row for row in reversed(chain) if row.started_at <= line.from_at), chain[0])
    calendar = _calendar(row)
    if calendar.is_always_open:
        return ExplainedLine(line, (), 0)
    spans = open_spans(calendar, Span(line.from_at, line.until_at))
    shown = spans if len(spans) <= SPANS else [*spans[: SPANS - 1], spans[-1]]
    return ExplainedLine(line, tuple(shown), len(spans))
