"""Promises cease to stand with their request or job, stand again when it comes back, and change with the urgency."""

from __future__ import annotations

from yingxu.demand.reads import request_by_key
from yingxu.ground.models import Place
from yingxu.ground.unit import Unit
from yingxu.promise.clockwork import mark_broken, open_hold
from yingxu.promise.models import LAPSED, ClockState, Hold, Promise
from yingxu.promise.reactions.reaching import void_row
from yingxu.promise.reactions.starting import JOB_MILESTONES, appointed, start
from yingxu.promise.snapshots import OPEN, book_of, is_in_time, note_next_due, read
from yingxu.standards import queries as standards

#: Reasons that can be taken back.
RETURNABLE = ("merged", "transferred", "declined")


def void(*, request_id: int, why: str, unit: Unit, job_id: int | None = None, leaves_counts: bool = True) -> None:
    """The promises of a request, or of one job, no longer stand.

    ``leaves_counts``: the case leaves every count (merged, declined, transferred, called off before anybody was sent;
    domain 6.1). Otherwise what was kept or broken stays, a breach that is still owed stays counted, and only clocks in
    time are void. Records PromiseVoided.
    """
    for row in list(book_of(unit, request_id)):
        if job_id is not None and row.job_key != job_id:
            continue
        if leaves_counts:
            void_row(row, unit, why=why)
            continue
        if row.state == ClockState.RUNNING and not is_in_time(unit.happened_at, row.due_at):
            mark_broken(row, unit)
        if row.state in OPEN:
            void_row(row, unit, why="withdrawn_late" if row.state == ClockState.LATE else why)
    note_next_due(unit, request_id)


def lapse(*, request_id: int, job_id: int, unit: Unit) -> None:
    """The window for the asker's word ended in silence: nobody verified it, and that is counted apart."""
    for row in list(book_of(unit, request_id)):
        if row.job_key == job_id and row.milestone == "verified" and row.state in OPEN:
            void_row(row, unit, why=LAPSED)
    note_next_due(unit, request_id)


def reinstate(*, request_id: int, unit: Unit) -> None:
    """What was void with a merge, a transfer or a no stands again; the time in between counts. Budget: one query."""
    book = book_of(unit, request_id)
    standing = {(row.job_key, row.milestone) for row in book}
    rows = Promise.objects.filter(request_id=request_id, void_why__in=RETURNABLE).order_by("-voided_at", "-id")
    for row in rows:
        if (row.job_key, row.milestone) in standing:
            continue
        standing.add((row.job_key, row.milestone))
        if row.reached_at is not None:
            is_kept = is_in_time(row.reached_at, row.due_at) and (row.broken_at is None or row.is_reported_late)
            state = ClockState.KEPT if is_kept else ClockState.BROKEN
        else:
            state = ClockState.LATE if row.broken_at is not None else ClockState.RUNNING
        unit.change(row, seen=["state"], state=state, void_why="", voided_at=None)
        book.append(row)
    note_next_due(unit, request_id)


def replace_terms(*, request_id: int, priority: int, unit: Unit) -> None:
    """Another urgency: promises still in time are replaced under its terms and keep the time that they have used.

    A breach that happened stays as it was, and what is reached keeps its past. Budget: two queries.
    """
    request = request_by_key(unit, request_id)
    place_class = ""
    if request.place_id is not None:
        place_class = Place.objects.filter(pk=request.place_id).values_list("place_class", flat=True).first() or ""
    holds = _holds(request_id)
    for row in [row for row in book_of(unit, request_id) if row.state in OPEN]:
        if row.origin == "log" or row.edition_id is None or row.milestone == "verified":
            continue
        if row.state == ClockState.RUNNING and not is_in_time(unit.happened_at, row.due_at):
            mark_broken(row, unit)
        if row.state == ClockState.LATE:
            continue
        _replace(row, holds.get(row.pk, []), priority, place_class, unit)
    _start_missing(request_id, priority, place_class, unit)
    note_next_due(unit, request_id)


def _replace(row: Promise, holds: list[Hold], priority: int, place_class: str, unit: Unit) -> None:
    assert row.edition_id is not None
    at = unit.happened_at
    spent_s = row.spent_before_s + read(row, holds, at).elapsed_s
    open_one = next((held for held in holds if held.ended_at is None), None)
    was_paused = row.state == ClockState.PAUSED
    void_row(row, unit, why="replaced")
    term = standards.terms_at(row.edition_id, priority=priority, place_class=place_class).get(row.milestone)
    if term is None:
        return
    request = request_by_key(unit, row.request_id)
    new = start(
        unit,
        request,
        term,
        edition_id=row.edition_id,
        item_id=row.item_id,
        priority=priority,
        job_key=row.job_key,
        line_code=row.line_code,
        started_at=at,
        spent_before_s=spent_s,
        **appointed(request, term, priority=priority, from_at=at, spent_before_s=spent_s),
    )
    if was_paused and open_one is not None and new.is_pausable:
        left_s = None if open_one.expires_at is None else int((open_one.expires_at - at).total_seconds())
        if left_s is None or left_s > 0:
            open_hold(new, unit, reason_code=open_one.reason_code, at=at, limit_s=left_s)


def _start_missing(request_id: int, priority: int, place_class: str, unit: Unit) -> None:
    """Start what only the new urgency promises, from now: nothing was used up of a promise that was never made."""
    book, request = book_of(unit, request_id), request_by_key(unit, request_id)
    for done in [row for row in book if row.milestone == "done" and row.job_key is not None and row.state in OPEN]:
        known = {row.milestone for row in book if row.job_key == done.job_key}
        if done.edition_id is None or done.origin == "log":
            continue
        terms = standards.terms_at(done.edition_id, priority=priority, place_class=place_class)
        for milestone in JOB_MILESTONES:
            if milestone in terms and milestone not in known:
                start(
                    unit,
                    request,
                    terms[milestone],
                    edition_id=done.edition_id,
                    item_id=done.item_id,
                    priority=priority,
                    job_key=done.job_key,
                    line_code=done.line_code,
                    started_at=unit.happened_at,
                    **appointed(request, terms[milestone], priority=priority, from_at=unit.happened_at),
                )


def _holds(request_id: int) -> dict[int, list[Hold]]:
    found: dict[int, list[Hold]] = {}
    for held in Hold.objects.filter(promise__request_id=request_id):
        found.setdefault(held.promise_id, []).append(held)
    return found
