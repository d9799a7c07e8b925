"""Verbs of the room ``promise``: the clock's own act, and the hospital's correction of a late report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yingxu.core.hours.measure import at_epoch, epoch_s
from yingxu.demand.reads import where_of
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.promise.clockwork import end_hold, mark_broken
from yingxu.promise.events import LateReportAccepted
from yingxu.promise.models import ClockState, Hold, Promise
from yingxu.promise.refusals import NotReportedLate
from yingxu.promise.snapshots import is_in_time, note_next_due


@dataclass(frozen=True)
class Marked:
    """How many promises were found broken, how many holds had run out. ``is_more``: the limit cut the round short."""

    n_broken: int
    n_released: int
    is_more: bool


def mark_due(*, site_id: int | None, actor: Actor, at: datetime, limit: int = 500) -> Marked:
    """Every promise whose limit has passed unreached is broken, dated at the moment it was due; holds that ran out end.

    Exactly once however many workers ask: rows that another one holds are skipped. ``site_id`` None: all sites.
    Records PromiseBroken, ClockReleased. Refuses: NotAllowed. Budget: two reads and one write, two more for holds
    that ran out and two for each of them.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "promise.mark", where=Where(site_id=site_id))
        unit.locking()
        n_released = _release_expired(unit, site_id, limit)
        # an instant within the second of the limit still keeps it, so a limit has passed when its second is over
        passed = at_epoch(epoch_s(at)) - timedelta(microseconds=1)
        due = Promise.objects.filter(state=ClockState.RUNNING, due_at__lte=passed).exclude(milestone="verified")
        if site_id is not None:
            due = due.filter(site_id=site_id)
        rows = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("due_at")[:limit])
        n_broken = 0
        for row in rows:
            if not is_in_time(at, row.due_at):
                mark_broken(row, unit)
                n_broken += 1
        unit.answer(Marked(n_broken, n_released, len(rows) == limit))
    return unit.answered(Marked)


def _release_expired(unit: Unit, site_id: int | None, limit: int) -> int:
    expired = Hold.objects.filter(ended_at=None, expires_at__lte=unit.at)
    if site_id is not None:
        expired = expired.filter(promise__site_id=site_id)
    keys = list(expired.select_for_update(skip_locked=True, of=("self",)).values_list("promise_id", flat=True)[:limit])
    if not keys:
        return 0
    rows = Promise.objects.filter(pk__in=keys, state=ClockState.PAUSED).select_for_update(of=("self",)).order_by("pk")
    n_released = 0
    for row in rows:
        end_hold(row, unit, at=unit.at)
        note_next_due(unit, row.request_id)
        n_released += 1
    return n_released


@dataclass(frozen=True)
class Corrected:
    """A promise after its correction."""

    id: UUID
    state: str
    reached_at: datetime


def accept_late_report(
    *,
    promise_id: UUID,
    reason: str,
    actor: Actor,
    at: datetime,
    reached_at: datetime | None = None,
    command: CommandKey | None = None,
) -> Corrected:
    """It was reached in time and reported late, with proof: kept, reported late; shown and counted apart (decision 15).

    The breach that was recorded stays recorded. ``reached_at``: the proven moment, when it is not the reported one.
    Records LateReportAccepted. Refuses: NotFound, NotAllowed, ReasonNeeded, NotReportedLate, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = Promise.objects.filter(uid=promise_id).select_related("request").first()
        if row is None:
            raise NotFound(kind="promise", name=str(promise_id))
        authority.require(actor, "promise.correct", where=where_of(row.request), reason=reason)
        true_at = reached_at or row.reached_at
        is_broken = row.state in (ClockState.BROKEN, ClockState.LATE)
        if (
            not is_broken
            or true_at is None
            or not row.started_at <= true_at <= at
            or not is_in_time(true_at, row.due_at)
        ):
            raise NotReportedLate(milestone=row.milestone, state=row.state)
        unit.change(row, seen=["state"], state=ClockState.KEPT, reached_at=true_at, is_reported_late=True)
        unit.record(
            LateReportAccepted(
                site_id=row.site_id,
                subject_id=row.pk,
                thread_id=row.request_id,
                milestone=row.milestone,
                reached_at=true_at,
                reason=reason.strip(),
            )
        )
        note_next_due(unit, row.request_id)
        unit.answer(Corrected(row.uid, row.state, true_at))
    return unit.answered(Corrected)
