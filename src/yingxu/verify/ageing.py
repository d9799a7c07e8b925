"""Questions about the backlog (积压, domain 6.9): open jobs by age, what came against what went, how hands are used."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from yingxu.core.quality.ageing import CLASS_DAYS, Ages, Work, ages, throughput, utilisation
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotAllowed
from yingxu.team.fitness import Fitness
from yingxu.team.models import Member
from yingxu.work.models import Job
from yingxu.work.queries import JobRow, rows_of, seen_by

#: Weeks of throughput that are shown.
WEEKS = 8
#: States in which somebody still waits for the work; finished ones wait for a word.
_OPEN = ("queued", "dispatched", "accepted", "en_route", "arrived", "in_progress", "paused", "finished")


@dataclass(frozen=True)
class BacklogRow:
    """A line's open jobs by age; empty code: all together."""

    line_code: str
    ages: Ages


@dataclass(frozen=True)
class WeekRow:
    """One week: what was asked for as work, what was closed. ``rate``: closed of created; None when nothing came."""

    begins_at: datetime
    n_created: int
    n_closed: int
    rate: float | None


@dataclass(frozen=True)
class TeamUse:
    """How the hands of a team that are on duty now were used so far; ``share`` None: nobody's duty has begun."""

    name: str
    name_en: str
    n_people: int
    share: float | None


def _seen(actor: Actor, site_id: int) -> QuerySet[Job]:
    if not authority.may_anywhere(actor, "report.read"):
        raise NotAllowed(action="report.read")
    return Job.objects.filter(seen_by(actor, "report.read"), site_id=site_id)


def backlog(actor: Actor, site_id: int, *, at: datetime) -> tuple[BacklogRow, ...]:
    """Return what is open by age: all together, then by line, the most first. Refuses: NotAllowed. Budget: one."""
    by_line: dict[str, list[datetime]] = defaultdict(list)
    rows = _seen(actor, site_id).filter(state__in=_OPEN, opened_at__lte=at)
    for line, opened_at in rows.values_list("line_code", "opened_at"):
        by_line[line].append(opened_at)
    whole = BacklogRow("", ages((one for own in by_line.values() for one in own), at=at))
    lines = sorted((BacklogRow(line, ages(own, at=at)) for line, own in by_line.items()), key=_most)
    return (whole, *lines)


def _most(row: BacklogRow) -> tuple[int, int, str]:
    return -row.ages.by_class[3], -row.ages.n, row.line_code


def open_jobs(
    actor: Actor,
    site_id: int,
    *,
    at: datetime,
    line_code: str = "",
    age: int | None = None,
    after: int = 0,
    limit: int = 25,
) -> tuple[JobRow, ...]:
    """Return the jobs behind a figure, the oldest first; ``age``: the class (0–3). Refuses: NotAllowed. Budget: one."""
    rows = _seen(actor, site_id).filter(state__in=_OPEN, opened_at__lte=at)
    if line_code:
        rows = rows.filter(line_code=line_code)
    if age is not None:
        one, three, seven = (at - timedelta(days=days) for days in CLASS_DAYS)
        classes = (
            Q(opened_at__gt=one),
            Q(opened_at__gt=three, opened_at__lte=one),
            Q(opened_at__gte=seven, opened_at__lte=three),
            Q(opened_at__lt=seven),
        )
        rows = rows.filter(classes[age])
    return rows_of(rows.order_by("opened_at", "id")[after : after + limit])


def weeks(actor: Actor, site_id: int, *, zone: ZoneInfo, at: datetime) -> tuple[WeekRow, ...]:
    """Return created and closed jobs of the last weeks, oldest first. Refuses: NotAllowed. Budget: two queries."""
    today = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    begins = [monday - timedelta(weeks=n) for n in range(WEEKS - 1, -1, -1)]
    rows = _seen(actor, site_id)

    def counted(name: str) -> dict[int, int]:
        found: dict[int, int] = defaultdict(int)
        span = {f"{name}__gte": begins[0], f"{name}__lte": at}
        for moment in rows.filter(**span).values_list(name, flat=True):
            found[(moment - begins[0]) // timedelta(weeks=1)] += 1
        return found

    created, closed = counted("opened_at"), counted("closed_at")
    return tuple(
        WeekRow(begin, created[n], closed[n], throughput(closed[n], created[n])) for n, begin in enumerate(begins)
    )


def use_of_hands(actor: Actor, site_id: int, *, at: datetime) -> tuple[TeamUse, ...]:
    """Return by team how the duty that runs now was used so far: on-site minutes of on-shift minutes.

    Refuses: NotAllowed. Budget: two queries.
    """
    seen = _seen(actor, site_id)
    columns = ("account_id", "team__name", "team__name_en", "duty_from", "duty_to", "duty_kind", "later")
    known = Member.objects.filter(site_id=site_id, duty_to__isnull=False, account__is_active=True).values(*columns)
    on_duty = [
        (row["account_id"], row["team__name"], row["team__name_en"], duty.duty_from)
        for row in known
        if (duty := Fitness.of(row).standing(at)).runs(at) in {"work", "standby"} and duty.duty_from != at
    ]
    if not on_duty:
        return ()
    first = min(begin for *_, begin in on_duty if begin is not None)
    stretches: dict[int, list[Work]] = defaultdict(list)
    busy = seen.filter(worker_id__in=[row[0] for row in on_duty], started_at__lt=at).filter(
        Q(finished_at=None) | Q(finished_at__gt=first)
    )
    for worker, started_at, finished_at in busy.values_list("worker_id", "started_at", "finished_at"):
        if worker is not None and started_at is not None:
            stretches[worker].append(Work(started_at, max(started_at, min(finished_at or at, at))))
    shares: dict[tuple[str, str], list[float]] = defaultdict(list)
    for account, name, name_en, begin in on_duty:
        share = utilisation(Work(begin, at), stretches[account]) if begin is not None else None
        if share is not None:
            shares[name, name_en].append(share)
    return tuple(
        TeamUse(name, name_en, len(own), sum(own) / len(own)) for (name, name_en), own in sorted(shares.items())
    )
