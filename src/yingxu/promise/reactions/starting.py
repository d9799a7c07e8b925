"""Clocks start: the request's own when it is raised, a job's when it is opened, the asker's when it is finished."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from yingxu.core.hours.measure import epoch_s
from yingxu.demand.models import Request
from yingxu.demand.reads import PromiseSaid, memo_of, request_by_key
from yingxu.ground.making import new_row
from yingxu.ground.unit import Unit
from yingxu.promise.events import PromiseMade
from yingxu.promise.models import Promise
from yingxu.promise.snapshots import book_of, due_after, note_next_due
from yingxu.standards import queries as standards
from yingxu.standards.queries import TermRow

#: What a job promises from the moment it was asked for.
JOB_MILESTONES = ("arrived", "safe", "done")
#: What an appointment moves, and how far behind it (domain 2.1: "by appointment", "appointment + 2 h if later").
_AFTER_APPOINTMENT = {"arrived": timedelta(0), "done": timedelta(hours=2)}
#: Origin of a promise that counts to an appointment instead of by the standard's own limit.
APPOINTED = "appt"


def start_acknowledged(*, request_id: int, edition_id: int | None, place_class: str, priority: int, unit: Unit) -> None:
    """A person's word is promised, from the moment of asking. Without an edition nothing is."""
    if edition_id is None:
        return
    term = standards.terms_at(edition_id, priority=priority, place_class=place_class).get("acknowledged")
    if term is None:
        return
    request = request_by_key(unit, request_id)
    start(unit, request, term, edition_id=edition_id, item_id=request.item_id, priority=priority)
    note_next_due(unit, request_id)


def start_answer_promise(*, request_id: int, edition_id: int, item_id: int, unit: Unit) -> None:
    """What is answered in words is promised like work: the answer by the limit of done."""
    request = request_by_key(unit, request_id)
    term = standards.terms_at(edition_id, priority=request.priority, place_class="").get("done")
    standing = any(row.job_key is None and row.milestone == "done" for row in book_of(unit, request_id))
    if term is None or standing:
        return
    start(unit, request, term, edition_id=edition_id, item_id=item_id, priority=request.priority)
    note_next_due(unit, request_id)


def start_job_promises(
    *,
    request_id: int,
    job_id: int,
    item_id: int,
    edition_id: int,
    line_code: str,
    priority: int,
    place_class: str,
    unit: Unit,
) -> None:
    """Arrival, safety and completion are promised, counted from the moment of asking; or an outside record's target."""
    request = request_by_key(unit, request_id)
    terms = standards.terms_at(edition_id, priority=priority, place_class=place_class)
    if request.channel == "log":
        if request.target_at is not None:
            _start_target(unit, request, terms, job_id=job_id, edition_id=edition_id, item_id=item_id)
    else:
        for milestone in JOB_MILESTONES:
            if milestone in terms:
                start(
                    unit,
                    request,
                    terms[milestone],
                    edition_id=edition_id,
                    item_id=item_id,
                    priority=priority,
                    job_key=job_id,
                    line_code=line_code,
                    **appointed(request, terms[milestone], priority=priority, from_at=request.created_at),
                )
    note_next_due(unit, request_id)


def appointed(
    request: Request, term: TermRow, *, priority: int, from_at: datetime, spent_before_s: int = 0
) -> dict[str, Any]:
    """Return the limit that an appointment gives a milestone; nothing where the standard's own limit is the later one.

    The limit is the service time from ``from_at`` to the appointment (and two hours, for done), so that pauses,
    warnings and explanations count as always; outside the service hours it is the first second after they open again.
    A critical request waits for no appointment, and no appointment makes a promise tighter than the standard.
    """
    after = _AFTER_APPOINTMENT.get(term.milestone)
    if request.wanted_from is None or after is None or priority == 1:
        return {}
    calendar = standards.calendar_by_id(term.calendar_id, known_at=from_at)
    target = request.wanted_from + after
    if target <= due_after(calendar, from_at, max(0, term.limit_s - spent_before_s)):
        return {}
    left_s = calendar.timeline.elapsed_s(epoch_s(from_at), epoch_s(target))
    if due_after(calendar, from_at, left_s) < target:
        left_s += 1
    return {"limit_s": left_s + spent_before_s, "origin": APPOINTED}


def start_verified(*, request_id: int, job_id: int, finished_at: datetime, confirm_by: datetime, unit: Unit) -> None:
    """The worker says done: within the confirm window somebody entitled says whether it is."""
    request = request_by_key(unit, request_id)
    of_job = {row.milestone: row for row in book_of(unit, request_id) if row.job_key == job_id}
    done = of_job.get("done")
    if done is None or done.edition_id is None or done.origin == "log" or "verified" in of_job:
        return
    term = standards.terms_at(done.edition_id, priority=done.priority, place_class="").get("verified")
    if term is None:
        return
    start(
        unit,
        request,
        term,
        edition_id=done.edition_id,
        item_id=done.item_id,
        priority=done.priority,
        job_key=job_id,
        line_code=done.line_code,
        started_at=finished_at,
        due_at=confirm_by,
        limit_s=epoch_s(confirm_by) - epoch_s(finished_at),
    )
    note_next_due(unit, request_id)


def start(
    unit: Unit,
    request: Request,
    term: TermRow,
    *,
    edition_id: int | None,
    item_id: int | None,
    priority: int,
    job_key: int | None = None,
    line_code: str | None = None,
    started_at: datetime | None = None,
    due_at: datetime | None = None,
    limit_s: int | None = None,
    spent_before_s: int = 0,
    origin: str = "standard",
) -> Promise:
    """Make one promise and its fact. ``due_at`` is derived from the term unless an instant is given."""
    from_at = started_at or request.created_at
    limit = term.limit_s if limit_s is None else limit_s
    if due_at is None:
        calendar = standards.calendar_by_id(term.calendar_id, known_at=from_at)
        due_at = due_after(calendar, from_at, max(0, limit - spent_before_s))
    row = unit.insert(
        new_row(
            Promise,
            site_id=request.site_id,
            request_id=request.pk,
            job_key=job_key,
            milestone=term.milestone,
            priority=priority,
            line_code=request.line_code if line_code is None else line_code,
            item_id=item_id,
            edition_id=edition_id,
            calendar_id=term.calendar_id,
            limit_s=limit,
            percentile=Decimal(f"{term.percentile:.3f}"),
            is_pausable=term.is_pausable,
            spent_before_s=spent_before_s,
            started_at=from_at,
            due_at=due_at,
            origin=origin,
        )
    )
    book_of(unit, request.pk).append(row)
    memo_of(unit).said.append(PromiseSaid(term.milestone, limit, due_at))
    unit.record(
        PromiseMade(
            site_id=request.site_id,
            subject_id=row.pk,
            thread_id=request.pk,
            milestone=term.milestone,
            limit_s=limit,
            due_at=due_at,
            job_id=job_key,
        )
    )
    return row


def _start_target(
    unit: Unit, request: Request, terms: dict[str, TermRow], *, job_id: int, edition_id: int, item_id: int
) -> None:
    """The log's own target is what was promised, even where it lies before the asking."""
    target_at, term = request.target_at, terms.get("done")
    if target_at is None or term is None:
        return
    start(
        unit,
        request,
        term,
        edition_id=edition_id,
        item_id=item_id,
        priority=request.priority,
        job_key=job_id,
        due_at=target_at,
        limit_s=epoch_s(target_at) - epoch_s(request.created_at),
        origin="log",
    )
