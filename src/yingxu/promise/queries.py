"""Questions about promises: a request's clocks, those that run, what was kept, what was missed, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from yingxu.core.clock import Explanation
from yingxu.core.hours.measure import at_epoch, epoch_s
from yingxu.core.quality.share import Share
from yingxu.core.quality.share import attainment as share_kept
from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.hot import ANY_KEY, hot
from yingxu.ground.refusals import NotFound
from yingxu.promise import snapshots
from yingxu.promise.models import LAPSED, ClockState, Promise

MILESTONES = ("acknowledged", "arrived", "safe", "done", "verified")
_ORDER = {milestone: place for place, milestone in enumerate(MILESTONES)}


@dataclass(frozen=True)
class ClockRow:
    """One promise as people see it. ``is_late``: its limit had passed when the question was asked."""

    id: UUID
    request_key: int
    job_key: int | None
    milestone: str
    priority: int
    state: str
    limit_s: int
    started_at: datetime
    due_at: datetime
    reached_at: datetime | None
    broken_at: datetime | None
    is_reported_late: bool
    void_why: str
    origin: str


_CLOCK = tuple({"id": "uid", "request_key": "request_id"}.get(name, name) for name in ClockRow.__dataclass_fields__)


_all_clocks = hot(lambda: Promise.objects.filter(request_id=ANY_KEY).values_list(*_CLOCK))
_standing_clocks = hot(
    lambda: Promise.objects.filter(request_id=ANY_KEY).exclude(state=ClockState.VOID).values_list(*_CLOCK)
)


def clocks_of(request_key: int, *, with_void: bool = False) -> tuple[ClockRow, ...]:
    """Return a request's promises by milestone. The caller has asked who may see it. Budget: one query."""
    found = [ClockRow(*row) for row in (_all_clocks if with_void else _standing_clocks)(request_key)]
    return tuple(sorted(found, key=lambda row: (row.job_key or 0, _ORDER[row.milestone], row.started_at)))


def clocks_of_requests(request_keys: tuple[int, ...]) -> dict[int, tuple[ClockRow, ...]]:
    """Return the standing promises of several requests by request, for a page of a list. Budget: one query."""
    found: dict[int, list[ClockRow]] = {key: [] for key in request_keys}
    rows = Promise.objects.filter(request_id__in=request_keys).exclude(state=ClockState.VOID)
    for row in rows.values_list(*_CLOCK):
        found[row[1]].append(ClockRow(*row))
    return {
        key: tuple(sorted(rows, key=lambda row: (row.job_key or 0, _ORDER[row.milestone])))
        for key, rows in found.items()
    }


@dataclass(frozen=True)
class RunningRow:
    """A clock that runs or stands still, with the request that it belongs to."""

    clock: ClockRow
    request_id: UUID
    number: str
    text: str
    place_name: str
    place_name_en: str
    line_code: str


def running_clocks(actor: Actor, site_id: int, *, limit: int = 50) -> tuple[RunningRow, ...]:
    """Return open promises of what the actor may see, most urgent first. Budget: one query."""
    seen = Request.objects.filter(authority.visible(actor, "promise.read"), site_id=site_id, is_open=True)
    rows = (
        Promise.objects.filter(site_id=site_id, state__in=snapshots.OPEN, request__in=seen)
        .order_by("due_at", "id")
        .values_list(
            *_CLOCK,
            "request__uid",
            "request__number",
            "request__text",
            "request__place_name",
            "request__place_name_en",
            "line_code",
        )[:limit]
    )
    return tuple(RunningRow(ClockRow(*row[: len(_CLOCK)]), *row[len(_CLOCK) :]) for row in rows)


@dataclass(frozen=True)
class AttainmentRow:
    """What was kept of what was due: ``share`` is kept among kept, broken and late, with its Wilson interval.

    ``n_reported_late`` is counted apart from both (decision 15), and so is ``n_lapsed``: jobs that closed because their
    asker said nothing, which is neither a kept nor a broken word of ours. Void promises are in no count.
    """

    line_code: str
    milestone: str
    n_kept: int
    n_broken: int
    n_late: int
    n_reported_late: int
    n_lapsed: int
    share: Share


def attainment(
    actor: Actor,
    site_id: int,
    *,
    from_at: datetime,
    to_at: datetime,
    at: datetime,
    line_code: str | None = None,
    priority: int | None = None,
    party_key: int | None = None,
) -> tuple[AttainmentRow, ...]:
    """Return attainment per line and milestone over [from_at, to_at), as known at ``at``.

    One question for the public board, the wall and the score. A promise is counted in the period in which it was asked
    for; done and verified in that in which they were reached or, unreached, were due (domain 6). What is not due yet is
    in no count. Refuses: NotAllowed. Budget: one query.
    """
    authority.require(actor, "promise_board.read", where=authority.Where(site_id=site_id))
    rows = Promise.objects.filter(site_id=site_id, counts_at__gte=from_at, counts_at__lt=to_at)
    if line_code is not None:
        rows = rows.filter(line_code=line_code)
    if priority is not None:
        rows = rows.filter(priority=priority)
    if party_key is not None:
        rows = rows.filter(request__party_keys__contains=[party_key])
    late = (
        Q(state=ClockState.LATE)
        | (Q(state=ClockState.RUNNING, due_at__lte=_passed(at)) & ~Q(milestone="verified"))
        | Q(state=ClockState.VOID, void_why="withdrawn_late")
    )
    counted = (
        rows.values("line_code", "milestone")
        .order_by("line_code", "milestone")
        .annotate(
            n_kept=Count("id", filter=Q(state=ClockState.KEPT, is_reported_late=False)),
            n_broken=Count("id", filter=Q(state=ClockState.BROKEN)),
            n_late=Count("id", filter=late),
            n_reported_late=Count("id", filter=Q(state=ClockState.KEPT, is_reported_late=True)),
            n_lapsed=Count("id", filter=Q(state=ClockState.VOID, void_why=LAPSED)),
        )
    )
    plain: list[dict[str, Any]] = [dict(row) for row in counted]
    found = [
        _attained(row["line_code"], row["milestone"], *(row[name] for name in _COUNTS))
        for row in plain
        if any(row[name] for name in _COUNTS)
    ]
    return tuple(sorted(found, key=lambda row: (row.line_code, _ORDER[row.milestone])))


def _passed(at: datetime) -> datetime:
    """Return the last limit that has passed: an instant within the second of a limit still keeps it."""
    return at_epoch(epoch_s(at)) - timedelta(microseconds=1)


@dataclass(frozen=True)
class Standings:
    """Where the promises of one milestone stood at a moment."""

    n_kept: int
    n_broken: int
    n_running: int
    n_late: int


def standings(actor: Actor, site_id: int, *, milestone: str, line_codes: Sequence[str], at: datetime) -> Standings:
    """Return where the lines' promises stood at ``at``; what passed its limit afterwards was still running then.

    Refuses: NotAllowed. Budget: one query.
    """
    authority.require(actor, "promise_board.read", where=authority.Where(site_id=site_id))
    unreached = Q(state__in=(ClockState.RUNNING, ClockState.LATE, ClockState.PAUSED))
    is_late = Q(due_at__lte=_passed(at)) & ~Q(state=ClockState.PAUSED)
    rows = Promise.objects.filter(site_id=site_id, milestone=milestone, line_code__in=line_codes)
    return Standings(
        **rows.aggregate(
            n_kept=Count("id", filter=Q(state=ClockState.KEPT)),
            n_broken=Count("id", filter=Q(state=ClockState.BROKEN)),
            n_running=Count("id", filter=unreached & ~is_late),
            n_late=Count("id", filter=unreached & is_late),
        )
    )


def by_milestone(rows: tuple[AttainmentRow, ...]) -> tuple[AttainmentRow, ...]:
    """Return the rows of all lines added up, one a milestone (empty line code). Budget: none."""
    return tuple(
        _attained(
            "",
            milestone,
            *(sum(getattr(row, name) for row in of_one) for name in _COUNTS),
        )
        for milestone in MILESTONES
        if (of_one := [row for row in rows if row.milestone == milestone])
    )


_COUNTS = ("n_kept", "n_broken", "n_late", "n_reported_late", "n_lapsed")


def _attained(
    line: str, milestone: str, kept: int, broken: int, late: int, reported_late: int, lapsed: int
) -> AttainmentRow:
    share = share_kept(kept, kept + broken + late)
    return AttainmentRow(line, milestone, kept, broken, late, reported_late, lapsed, share)


@dataclass(frozen=True)
class MissRow:
    """A broken promise and what was done in the end."""

    promise_id: UUID
    request_id: UUID
    number: str
    line_code: str
    milestone: str
    priority: int
    place_name: str
    place_name_en: str
    due_at: datetime
    reached_at: datetime | None
    state: str
    final_answer: str
    answer_text: str


def last_misses(actor: Actor, site_id: int, *, limit: int = 20, line_code: str | None = None) -> tuple[MissRow, ...]:
    """Return the last promises that were broken, newest first, with the answer given. No names, no asker's words.

    Refuses: NotAllowed. Budget: one query.
    """
    authority.require(actor, "promise_board.read", where=authority.Where(site_id=site_id))
    rows = Promise.objects.filter(site_id=site_id, broken_at__isnull=False).filter(
        Q(state__in=[ClockState.BROKEN, ClockState.LATE]) | Q(void_why="withdrawn_late")
    )
    if line_code is not None:
        rows = rows.filter(line_code=line_code)
    return tuple(
        MissRow(*row)
        for row in rows.order_by("-broken_at", "-id").values_list(
            "uid",
            "request__uid",
            "request__number",
            "line_code",
            "milestone",
            "priority",
            "request__place_name",
            "request__place_name_en",
            "due_at",
            "reached_at",
            "state",
            "request__final_answer",
            "request__answer_text",
        )[:limit]
    )


@dataclass(frozen=True)
class Explained:
    """How a clock came to what it shows, line by line; counted, closed and stopped seconds add up."""

    clock: ClockRow
    explanation: Explanation


def explain(actor: Actor, promise_id: UUID, *, at: datetime) -> Explained:
    """Explain a promise by its terms and its pauses; refuses: NotFound. Budget: two queries."""
    seen = Request.objects.filter(authority.visible(actor, "promise.read"))
    row = Promise.objects.filter(uid=promise_id, request__in=seen).first()
    if row is None:
        raise NotFound(kind="promise", name=str(promise_id))
    holds = list(row.holds.all())
    values = [getattr(row, name) for name in _CLOCK]
    return Explained(ClockRow(*values), snapshots.explain(row, holds, at))
