"""Perfect service (100−1=0): each ended job with what was not good, from promises, steps, answers, checks and ratings.

It stands here because a rating may be what spoils: the lowest room that sees all of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.db.models.functions import Coalesce

from yingxu.core.quality.perfect import Margin, Miss, Spoiler, margins, perfect, spoilers
from yingxu.core.quality.share import Share
from yingxu.ground.actor import Actor
from yingxu.ground.authority import may_anywhere
from yingxu.ground.refusals import NotAllowed
from yingxu.promise.models import ClockState, Promise
from yingxu.verify.models import Call, Verdict
from yingxu.voice.models import Heard, Rating
from yingxu.work.models import Job
from yingxu.work.queries import seen_by

#: So few stars spoil a job.
LOW_STARS = 2
#: What can be not good about a job, in the order of the work.
FAULTS = (
    "late_acknowledged",
    "late_arrived",
    "late_safe",
    "late_done",
    "veto",
    "step",
    "evidence",
    "rework",
    "checked_bad",
    "said_no",
    "rated_low",
    "reopened",
    "not_held",
)


@dataclass(frozen=True)
class EndedJob:
    """One ended job with its faults; none: it was perfect. ``has_word``: somebody said that it was good."""

    key: int
    request_id: UUID
    number: str
    line_code: str
    place_name: str
    place_name_en: str
    finished_at: datetime
    month: str
    faults: frozenset[str]
    has_word: bool
    #: Milestone, minutes over, limit in minutes.
    misses: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True)
class PerfectRow:
    """The perfect-service rate of some jobs; ``n_silent``: closed without anybody's word, which proves nothing."""

    code: str
    share: Share
    n_silent: int


@dataclass(frozen=True)
class PerfectFigures:
    """The rate in all, by line and by month; what spoils it; what was missed by a little."""

    whole: PerfectRow
    by_line: tuple[PerfectRow, ...]
    by_month: tuple[PerfectRow, ...]
    spoilers: tuple[Spoiler, ...]
    margins: tuple[Margin, ...]


def ended_jobs(
    actor: Actor, site_id: int, *, zone: ZoneInfo, from_at: datetime, to_at: datetime, line_code: str = ""
) -> tuple[EndedJob, ...]:
    """Return the closed jobs that were finished in [from_at, to_at) with their faults, newest first.

    Refuses: NotAllowed. Budget: five queries.
    """
    if not may_anywhere(actor, "report.read"):
        raise NotAllowed(action="report.read")
    rows = Job.objects.filter(
        seen_by(actor, "report.read"),
        site_id=site_id,
        state="closed",
        finished_at__gte=from_at,
        finished_at__lt=to_at,
        worker__isnull=False,
    )
    if line_code:
        rows = rows.filter(line_code=line_code)
    keys, requests = rows.order_by().values("id"), rows.order_by().values("request_id")
    faults: dict[int, set[str]] = defaultdict(set)
    misses: dict[int, list[tuple[str, float, float]]] = defaultdict(list)
    of_request: dict[int, list[tuple[str, float, float]]] = defaultdict(list)
    broken = Promise.objects.filter(
        request__in=requests, state=ClockState.BROKEN, is_reported_late=False, reached_at__isnull=False
    ).exclude(milestone="verified")
    for job_key, request_key, milestone, due_at, reached_at, limit_s in broken.values_list(
        "job_key", "request_id", "milestone", "due_at", "reached_at", "limit_s"
    ):
        over = max(0.0, (reached_at - due_at).total_seconds() / 60) if reached_at is not None else 0.0
        miss = (milestone, over, limit_s / 60)
        if job_key is None:
            of_request[request_key].append(miss)
        else:
            misses[job_key].append(miss)
    for key, ground, is_good in Verdict.objects.filter(job__in=keys).values_list("job_id", "ground", "is_good"):
        if is_good and ground in {"asker", "check"}:
            faults[key].add("")  # somebody's word, taken out below
        elif not is_good and ground in {"check", "supervisor", "first_level", "peer"}:
            faults[key].add("checked_bad")
        elif not is_good and ground == "asker":
            faults[key].add("said_no")
    for key, after_days in Call.objects.filter(job__in=keys, outcome__in=["bad", "doubtful"]).values_list(
        "job_id", "after_days"
    ):
        faults[key].add("not_held" if after_days else "said_no")
    # a rating of who may have been uncivil waits for its review (S26)
    reviewed = Heard.objects.filter(request__in=requests, kind="abuse", fate="").values("request_id")
    of_work = Q(request__in=requests) | Q(request__master__in=requests)  # who was merged in rates the master's work
    rated = Rating.objects.filter(of_work, stars__lte=LOW_STARS).exclude(request__in=reviewed)
    low = set(rated.annotate(worked=Coalesce("request__master_id", "request_id")).values_list("worked", flat=True))
    found = []
    for (
        key,
        request_key,
        request_uid,
        number,
        line,
        place,
        place_en,
        at,
        score,
        reworks,
        reopens,
        flags,
    ) in rows.order_by("-finished_at", "-id").values_list(
        "id",
        "request_id",
        "request__uid",
        "number",
        "line_code",
        "place_name",
        "place_name_en",
        "finished_at",
        "quality_score",
        "n_reworks",
        "n_reopens",
        "flags",
    ):
        own = faults[key]
        missed = (*misses[key], *of_request[request_key])
        own |= {f"late_{name}" for name, _, _ in missed}
        for code, holds in (
            ("veto", score == 0),
            ("step", score is not None and 0 < score < 100),
            ("evidence", bool(flags)),
            ("rework", reworks > 0),
            ("reopened", reopens > 0),
            ("rated_low", request_key in low),
        ):
            if holds:
                own.add(code)
        if at is not None:
            found.append(
                EndedJob(
                    key,
                    request_uid,
                    number,
                    line,
                    place,
                    place_en,
                    at,
                    f"{at.astimezone(zone):%Y-%m}",
                    frozenset(own - {""}),
                    "" in own,
                    missed,
                )
            )
    return tuple(found)


def figures_of(jobs: tuple[EndedJob, ...]) -> PerfectFigures:
    """Return the figures of some ended jobs. Budget: none."""
    by_line, by_month = defaultdict(list), defaultdict(list)
    for job in jobs:
        by_line[job.line_code].append(job)
        by_month[job.month].append(job)
    missed = [
        Miss(name, over, limit, is_alone=job.faults == {f"late_{name}"})
        for job in jobs
        for name, over, limit in job.misses
    ]
    rows = sorted((_row(line, own) for line, own in by_line.items()), key=lambda row: (row.share.share or 0, row.code))
    return PerfectFigures(
        _row("", jobs),
        tuple(rows),
        tuple(_row(month, by_month[month]) for month in sorted(by_month)),
        spoilers([job.faults for job in jobs]) if jobs else (),
        margins(missed),
    )


def narrowed(
    jobs: tuple[EndedJob, ...], *, fault: str = "", is_alone: bool = False, month: str = "", near: str = ""
) -> tuple[EndedJob, ...]:
    """Return the jobs behind one figure: with a fault (``perfect``: with none), of a month, missed by a little.

    Budget: none.
    """
    found = []
    for job in jobs:
        if month and job.month != month:
            continue
        if fault == "perfect" and job.faults:
            continue
        if fault and fault != "perfect" and (fault not in job.faults or (is_alone and len(job.faults) > 1)):
            continue
        kept = tuple(one for one in job.misses if one[0] == near and Miss(*one).is_near) if near else job.misses
        if near and (not kept or (is_alone and job.faults != {f"late_{near}"})):
            continue
        found.append(replace(job, misses=kept))
    return tuple(found)


def _row(code: str, jobs: tuple[EndedJob, ...] | list[EndedJob]) -> PerfectRow:
    return PerfectRow(code, perfect([job.faults for job in jobs]), sum(not job.has_word for job in jobs))
