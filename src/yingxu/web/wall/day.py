"""A team's day as figures: people as rows, jobs as bars on a time axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yingxu.dispatch.queries import WorkerRow, candidates
from yingxu.dispatch.queries.day import DayJob
from yingxu.web.templatetags.yingxu import in_language

WIDTH = 1000.0
#: What everybody can still read of a bar.
_LEAST = 5.0


@dataclass(frozen=True)
class Bar:
    """A job on the axis. ``kind``: done, going, there, offered; ``expected``: the part that is still to come."""

    kind: str
    x: float
    width: float
    expected_x: float
    expected: float
    is_late: bool
    number: str


@dataclass(frozen=True)
class Chip:
    """A job in hand, in words, which can be taken back or given to somebody else."""

    job: DayJob
    what: str
    where: str
    can_pull_back: bool


@dataclass(frozen=True)
class Person:
    """A row of the board."""

    row: WorkerRow
    key: int
    name: str
    bars: tuple[Bar, ...]
    chips: tuple[Chip, ...]
    n_done: int
    #: Share of the time since the axis began in which he or she had something in hand, in percent.
    busy: int


@dataclass(frozen=True)
class Waiting:
    """A job that waits, and who of the team lacks nothing for it."""

    job: DayJob
    what: str
    where: str
    #: Uids of those who lack nothing, the best first.
    fit: tuple[UUID, ...]


@dataclass(frozen=True)
class Axis:
    """The span that is shown, its hours as marks, and where now is."""

    from_at: datetime
    to_at: datetime
    hours: tuple[tuple[float, str], ...]
    now_x: float


def axis(*, at: datetime, hours: int) -> Axis:
    """Return so many whole hours around ``at``; a whole day is the calendar's."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    from_at = hour.replace(hour=0) if hours >= 24 else hour - timedelta(hours=hours // 2)
    to_at = from_at + timedelta(hours=hours)
    step = 1 if hours <= 12 else 3
    marks = tuple(
        (_x(from_at + timedelta(hours=n), from_at, to_at), f"{(from_at + timedelta(hours=n)).hour}:00")
        for n in range(0, hours, step)
    )
    return Axis(from_at, to_at, marks, _x(at, from_at, to_at))


def _x(at: datetime, from_at: datetime, to_at: datetime) -> float:
    share = (at - from_at) / (to_at - from_at)
    return round(WIDTH * min(1.0, max(0.0, share)), 1)


def people(workers: Sequence[WorkerRow], jobs: Sequence[DayJob], span: Axis, *, at: datetime) -> tuple[Person, ...]:
    """Return the rows: who is here first, then who is not."""
    by_worker: dict[int, list[DayJob]] = {}
    for job in jobs:
        if job.worker_id is not None:
            by_worker.setdefault(job.worker_id, []).append(job)
    found = []
    for key, row in enumerate(sorted(workers, key=lambda row: (not row.is_present, row.name)), start=1):
        own = by_worker.get(row.id, [])
        found.append(
            Person(
                row=row,
                key=key,
                name=in_language(row),
                bars=tuple(bar for bar in (_bar(job, span, at=at) for job in own) if bar is not None),
                chips=tuple(_chip(job) for job in own if job.finished_at is None),
                n_done=sum(job.finished_at is not None for job in own),
                busy=_busy(own, span, at=at),
            )
        )
    return tuple(found)


def _chip(job: DayJob) -> Chip:
    return Chip(job, in_language(job, "item_name"), in_language(job, "place_name"), job.state == "dispatched")


def _span_of(job: DayJob, *, at: datetime) -> tuple[datetime, datetime, datetime]:
    """Return when it began, until when it lasted so far, and when it will probably end."""
    begun = job.accepted_at or job.dispatched_at or job.opened_at
    if job.finished_at is not None:
        return begun, job.finished_at, job.finished_at
    if job.state == "dispatched":
        return begun, at, at + timedelta(minutes=job.minutes)
    from_at = job.arrived_at or at
    return begun, at, max(at, from_at + timedelta(minutes=job.minutes))


def _bar(job: DayJob, span: Axis, *, at: datetime) -> Bar | None:
    begun, until, ends = _span_of(job, at=at)
    if ends <= span.from_at or begun >= span.to_at:
        return None
    x, middle, end = (_x(moment, span.from_at, span.to_at) for moment in (begun, until, ends))
    is_late = job.finished_at is None and job.next_due_at is not None and job.next_due_at < at
    kind = "done" if job.finished_at is not None else {"dispatched": "offered", "accepted": "going"}.get(job.state)
    kind = kind or ("going" if job.state == "en_route" else "there")
    return Bar(kind, x, max(_LEAST, middle - x), middle, round(end - middle, 1), is_late, job.number)


def _busy(jobs: Sequence[DayJob], span: Axis, *, at: datetime) -> int:
    """Return the share of the axis until now that is covered by jobs, counted once where they overlap."""
    until = min(at, span.to_at)
    spans = sorted(
        (max(begun, span.from_at), min(last, until))
        for begun, last, _ in (_span_of(job, at=at) for job in jobs if job.accepted_at is not None)
    )
    covered, reached = timedelta(0), span.from_at
    for begun, last in spans:
        begun = max(begun, reached)
        if last > begun:
            covered, reached = covered + (last - begun), last
    whole = until - span.from_at
    return round(100 * (covered / whole)) if whole > timedelta(0) else 0


def waiting(jobs: Sequence[DayJob], workers: Sequence[WorkerRow], *, at: datetime) -> tuple[Waiting, ...]:
    """Return what waits, each with those who lack nothing for it, the least loaded first."""
    found = []
    for job in jobs:
        known = candidates(workers, job.needs, at=at)
        fit = tuple(one.worker.uid for one in known if not one.missing)
        found.append(Waiting(job, in_language(job, "item_name"), in_language(job, "place_name"), fit))
    return tuple(found)
