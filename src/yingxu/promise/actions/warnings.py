"""The clock's verb of the warning ladder: every rung that came due is recorded once, and its people are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.unit import Unit
from yingxu.promise.events import PromiseWarned
from yingxu.promise.ladder import Due, InForce, Ladders, due_steps
from yingxu.promise.models import ClockState, Hold, Ladder, Promise, PromiseWarning, Watch
from yingxu.promise.receivers import Answering, Directory
from yingxu.promise.snapshots import OPEN

#: Asks a later room with whom some jobs are: job keys -> who answers for each.
Hands = Callable[[tuple[int, ...]], Mapping[int, Answering]]

#: No ladder watches these: the asker's own window ends by rule, and what a log retells warns nobody (decision 22).
UNWATCHED = ("verified",)


@dataclass(frozen=True)
class Warned:
    """How many rungs were recorded, how many people were told. ``is_more``: the limit cut the round short."""

    n_warnings: int
    n_told: int
    is_more: bool


def raise_warnings(*, actor: Actor, at: datetime, hands: Hands, site_id: int | None = None, limit: int = 100) -> Warned:
    """Every rung that came due while its promise was open is recorded once, dated when it was due.

    Exactly once however many workers ask: a promise that another one holds is skipped, and the database keeps one
    warning a promise and rung. Of several rungs found due at once (a worker came late) each is recorded, but a person
    is told once: by the highest one. What was reached or called off before anybody looked warns nobody.
    Records PromiseWarned. Refuses: NotAllowed. Budget: ten at most, whatever the limit; two when nothing is due.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "promise.warn", where=Where(site_id=site_id))
        _watch_changed(at, site_id)
        unit.locking()
        claimed = Watch.objects.filter(look_at__lte=at).select_related("promise__request")
        if site_id is not None:
            claimed = claimed.filter(promise__site_id=site_id)
        # the promise is held too: whoever reaches or voids it now waits, or is skipped here
        locked = claimed.select_for_update(skip_locked=True, of=("self", "promise"))
        watches = list(locked.order_by("look_at", "promise_id")[:limit])
        n_warnings, n_told = _look(unit, watches, hands) if watches else (0, 0)
        unit.answer(Warned(n_warnings, n_told, len(watches) == limit))
    return unit.answered(Warned)


def _watch_changed(at: datetime, site_id: int | None) -> None:
    """Watch what runs and is not watched yet, or not as it is now. Two workers may find the same: it does no harm."""
    # an arm each, so that each finds its partial index; what stood still before anybody looked may have passed a rung
    owed = Promise.objects.filter(Q(state=ClockState.RUNNING) | Q(state=ClockState.LATE) | Q(state=ClockState.PAUSED))
    owed = owed.exclude(milestone__in=UNWATCHED).exclude(origin="log").exclude(request__channel="log")
    if site_id is not None:
        owed = owed.filter(site_id=site_id)
    # a promise that stood still at the last look, went on and stands still again has another limit than was seen
    unseen = Q(watch=None) | ~Q(watch__seen_state=F("state")) | ~Q(watch__seen_due_at=F("due_at"))
    found = owed.filter(unseen, Q(watch=None) | Q(watch__look_at=None) | Q(watch__look_at__gt=at))
    rows = [
        Watch(promise_id=key, look_at=at, seen_state="", seen_due_at=due_at)
        for key, due_at in found.order_by("id").values_list("id", "due_at")[:2000]
    ]
    if rows:
        Watch.objects.bulk_create(rows, update_conflicts=True, update_fields=["look_at"], unique_fields=["promise"])


def _look(unit: Unit, watches: list[Watch], hands: Hands) -> tuple[int, int]:
    """Read the promises anew and record what came due."""
    rows = [watch.promise for watch in watches]
    keys = [row.pk for row in rows]
    holds: dict[int, list[Hold]] = {}
    for hold in Hold.objects.filter(promise_id__in=keys):
        holds.setdefault(hold.promise_id, []).append(hold)
    warned: dict[int, set[str]] = {}
    for promise_id, code in PromiseWarning.objects.filter(promise_id__in=keys).values_list("promise_id", "rung"):
        warned.setdefault(promise_id, set()).add(code)
    ladders = Ladders(Ladder.objects.filter(site_id__in={row.site_id for row in rows}))
    over: list[int] = []
    passed: list[tuple[Promise, InForce, list[Due]]] = []
    for watch, row in zip(watches, rows, strict=True):
        if row.state not in OPEN:
            over.append(row.pk)
            continue
        ladder = ladders.in_force(row.site_id, row.line_code or row.request.line_code, row.priority, row.started_at)
        steps = due_steps(row, holds.get(row.pk, ()), ladder.steps, unit.at)
        known = warned.get(row.pk, set())
        new = [one for one in steps if one.is_passed(unit.at) and one.step.code not in known]
        if new:
            passed.append((row, ladder, new))
        later = min((one.at for one in steps if not one.is_passed(unit.at)), default=None)
        unit.change(watch, look_at=later, seen_state=row.state, seen_due_at=row.due_at)
    if over:
        Watch.objects.filter(pk__in=over).delete()
    return _warn(unit, passed, hands) if passed else (0, 0)


def _warn(unit: Unit, passed: list[tuple[Promise, InForce, list[Due]]], hands: Hands) -> tuple[int, int]:
    jobs = tuple(sorted({row.job_key for row, _, _ in passed if row.job_key is not None}))
    with_whom = hands(jobs) if jobs else {}
    directory = Directory({row.site_id for row, _, _ in passed}, unit.at)
    n_warnings = n_told = 0
    for row, ladder, new in passed:
        scope = directory.scope_of(row, with_whom.get(row.job_key or 0))
        highest = new[-1].step.code
        roles = tuple(dict.fromkeys(role for one in reversed(new) for role in one.step.receivers))
        people, _ = directory.people(roles, scope)
        for one in new:
            own, reached = directory.people(one.step.receivers, scope)
            is_told = one.step.code == highest
            fact = _fact(row, one, reached, is_urgent=ladder.is_urgent, told_by="" if is_told else highest)
            entry = unit.record(fact, happened_at=one.at)
            receivers: Iterable[int] = people if is_told else own
            unit.insert(
                PromiseWarning(
                    promise_id=row.pk,
                    rung=one.step.code,
                    due_at=one.at,
                    raised_at=unit.at,
                    told_by="" if is_told else highest,
                    receiver_keys=sorted(receivers),
                )
            )
            n_warnings += 1
            if is_told:
                for account_id in people:
                    unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=account_id)
                n_told += len(people)
    return n_warnings, n_told


def _fact(row: Promise, one: Due, reached: tuple[str, ...], *, is_urgent: bool, told_by: str) -> PromiseWarned:
    return PromiseWarned(
        site_id=row.site_id,
        subject_id=row.pk,
        thread_id=row.request_id,
        milestone=row.milestone,
        rung=one.step.code,
        share=one.step.share,
        late_s=one.step.late_s,
        due_at=one.at,
        limit_at=row.due_at,
        priority=row.priority,
        line_code=row.line_code or row.request.line_code,
        receivers=reached,
        is_urgent=is_urgent,
        told_by=told_by,
    )
