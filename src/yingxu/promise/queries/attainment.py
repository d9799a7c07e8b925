"""Questions about keeping: attainment with its interval, where promises stand, what was missed and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Avg, Case, Count, F, Q, Value, When

from yingxu.core.hours.measure import at_epoch, epoch_s
from yingxu.core.quality.share import Share
from yingxu.core.quality.share import attainment as share_kept
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.promise.models import LAPSED, ClockState, Promise
from yingxu.promise.queries.clocks import MILESTONES, ORDER


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
    #: The share that was promised, over the same promises: their own percentiles, each by its weight.
    promised: float | None = None


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
    counted = rows.values("line_code", "milestone").order_by("line_code", "milestone").annotate(**_sums(at))
    plain: list[dict[str, Any]] = [dict(row) for row in counted]
    found = [
        _attained(row["line_code"], row["milestone"], *(row[name] for name in _COUNTS), promised=row["promised"])
        for row in plain
        if any(row[name] for name in _COUNTS)
    ]
    return tuple(sorted(found, key=lambda row: (row.line_code, ORDER[row.milestone])))


def _sums(at: datetime) -> dict[str, Any]:
    """Return what is counted of promises, and the share that was promised over what is."""
    late = (
        Q(state=ClockState.LATE)
        | (Q(state=ClockState.RUNNING, due_at__lte=_passed(at)) & ~Q(milestone="verified"))
        | Q(state=ClockState.VOID, void_why="withdrawn_late")
    )
    kept, broken = Q(state=ClockState.KEPT, is_reported_late=False), Q(state=ClockState.BROKEN)
    return {
        "n_kept": Count("id", filter=kept),
        "n_broken": Count("id", filter=broken),
        "n_late": Count("id", filter=late),
        "n_reported_late": Count("id", filter=Q(state=ClockState.KEPT, is_reported_late=True)),
        "n_lapsed": Count("id", filter=Q(state=ClockState.VOID, void_why=LAPSED)),
        "promised": Avg("percentile", filter=kept | broken | late),
    }


@dataclass(frozen=True)
class TargetRow:
    """One promise of a line as it was said, and what became of it: a class of domain 6.1, counted by month.

    ``limit_s``: 0 by appointment.
    ``verdict``: kept (the share is at the target or above), missed (the whole interval lies below it), open (below it,
    but so few that chance may have done it), none (nothing was due).
    """

    milestone: str
    priority: int
    limit_s: int
    percentile: float
    calendar_name: str
    calendar_name_en: str
    attained: AttainmentRow
    verdict: str


def targets(
    actor: Actor, site_id: int, *, line_code: str, from_at: datetime, to_at: datetime, at: datetime
) -> tuple[TargetRow, ...]:
    """Return each percentile target of a line over [from_at, to_at): which share was promised, which was kept.

    The same sums as :func:`attainment`, by urgency, limit, share and service hours. Refuses: NotAllowed.
    Budget: one query.
    """
    authority.require(actor, "promise_board.read", where=authority.Where(site_id=site_id))
    rows = Promise.objects.filter(
        site_id=site_id, line_code=line_code, counts_at__gte=from_at, counts_at__lt=to_at
    ).exclude(origin="log")
    # an appointment gives every request a limit of its own: they are one class, with the limit 0
    rows = rows.annotate(said_s=Case(When(origin="appt", then=Value(0)), default=F("limit_s")))
    terms = ("milestone", "priority", "said_s", "percentile", "calendar__name", "calendar__name_en")
    # the window for the asker's word is each job's own: its limits are no classes
    counted = rows.exclude(milestone="verified").values(*terms).order_by(*terms).annotate(**_sums(at))
    found = []
    for row in counted:
        if not any(row[name] for name in _COUNTS):
            continue
        target = float(row["percentile"])
        attained = _attained(line_code, row["milestone"], *(row[name] for name in _COUNTS), promised=target)
        found.append(
            TargetRow(
                row["milestone"],
                row["priority"],
                row["said_s"],
                target,
                row["calendar__name"],
                row["calendar__name_en"],
                attained,
                verdict_of(attained.share, target),
            )
        )
    return tuple(sorted(found, key=lambda row: (ORDER[row.milestone], row.priority, row.limit_s)))


def verdict_of(share: Share, target: float) -> str:
    """Return whether a promised share was kept: kept, missed, open, none (see :class:`TargetRow`). Budget: none."""
    if share.share is None:
        return "none"
    if share.share >= target:
        return "kept"
    return "missed" if (share.high or 0.0) < target else "open"


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
            promised=_together(of_one),
        )
        for milestone in MILESTONES
        if (of_one := [row for row in rows if row.milestone == milestone])
    )


_COUNTS = ("n_kept", "n_broken", "n_late", "n_reported_late", "n_lapsed")


def _together(rows: Sequence[AttainmentRow]) -> float | None:
    """Return the share promised over several rows, each by its weight."""
    weighed = [(row.promised, row.share.n) for row in rows if row.promised is not None and row.share.n]
    n = sum(weight for _, weight in weighed)
    return sum(promised * weight for promised, weight in weighed) / n if n else None


def _attained(
    line: str,
    milestone: str,
    kept: int,
    broken: int,
    late: int,
    reported_late: int,
    lapsed: int,
    *,
    promised: Decimal | float | None,
) -> AttainmentRow:
    share = share_kept(kept, kept + broken + late)
    said = None if promised is None else float(promised)
    return AttainmentRow(line, milestone, kept, broken, late, reported_late, lapsed, share, said)


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
