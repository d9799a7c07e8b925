"""What a planner looks at: the waiting jobs, the people present with what they hold, the places, each line's mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Sum

from yingxu.dispatch.models import Assignment, LineMode, Proposal
from yingxu.dispatch.snapshots import MEMBER_COLUMNS, MEMBER_NAMES, Can, Needs, clearances_at, zones_of
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Place
from yingxu.promise.models import Promise
from yingxu.team.fitness import Fitness
from yingxu.team.models import Member
from yingxu.work.models import Job

#: Jobs that occupy a worker now or have been promised to one.
HELD = ("dispatched", "accepted", "en_route", "arrived", "in_progress")
#: So many waiting jobs are planned at once, the most urgent first.
MOST = 2000


@dataclass(frozen=True)
class JobNow:
    """A job that waits, or that somebody holds."""

    key: int
    uid: UUID
    number: str
    state: str
    priority: int
    needs: Needs
    place_id: int | None
    opened_at: datetime
    minutes: int
    respond_by: datetime
    resolve_by: datetime
    worker_id: int | None
    begun_at: datetime | None
    #: Who let it lapse or gave it back: asked again only when nobody else is left.
    refused_by: frozenset[int] = frozenset()


@dataclass(frozen=True)
class WorkerNow:
    """Somebody present."""

    key: int
    uid: UUID
    name: str
    can: Can
    place_id: int | None
    #: Minutes of the jobs finished in the last hours.
    load_min: int


@dataclass(frozen=True)
class Mode:
    """How a line's jobs find their worker."""

    mode: str = "proposal"
    hold_limit: int = 2


@dataclass(frozen=True)
class Situation:
    """Everything that decides who goes now."""

    site_id: int
    at: datetime
    waiting: tuple[JobNow, ...]
    held: tuple[JobNow, ...]
    workers: tuple[WorkerNow, ...]
    modes: Mapping[str, Mode] = field(default_factory=dict)
    #: Job -> whom its live proposal names.
    proposed: Mapping[int, int] = field(default_factory=dict)

    def mode(self, line_code: str) -> Mode:
        """Return the mode of a line; what its manager never set is a proposal."""
        return self.modes.get(line_code, Mode())


def waiting_mark(site_id: int) -> tuple[int, int]:
    """Return a mark that changes with any open job's state or hands, or anybody's presence. Budget: one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT coalesce(sum(hashtextextended(concat_ws(':', id, state, priority, worker_id), 0) >> 8), 0)"
            " FROM work_job WHERE site_id = %s AND state IN"
            " ('queued', 'dispatched', 'accepted', 'en_route', 'arrived', 'in_progress')),"
            " (SELECT coalesce(sum(hashtextextended(concat_ws(':', id, is_present, duty_to, papers, skills), 0) >> 8),"
            " 0) FROM team_member WHERE site_id = %s)",
            [site_id, site_id],
        )
        jobs, people = cursor.fetchone()
    return int(jobs), int(people)


def situation(actor: Actor, site_id: int, *, at: datetime) -> Situation:
    """Return what decides who goes now at a site. Refuses: NotAllowed. Budget: eight queries."""
    authority.require(actor, "plan.make", where=Where(site_id))
    zones = zones_of(site_id)
    rows = list(
        Job.objects.filter(site_id=site_id, state__in=("queued", *HELD))
        .order_by("priority", "opened_at", "id")
        .values_list(*_JOB)[: MOST + 1000]
    )
    dues = _dues([row[0] for row in rows])
    refused = _refusals([row[0] for row in rows if row[3] == "queued"])
    jobs = [_job(row, dues.get(row[0], {}), zones, refused.get(row[0], frozenset())) for row in rows]
    proposals = Proposal.objects.filter(site_id=site_id, is_live=True, worker__isnull=False, job__state="queued")
    return Situation(
        site_id,
        at,
        waiting=tuple(job for job in jobs if job.state == "queued")[:MOST],
        held=tuple(job for job in jobs if job.state != "queued" and job.worker_id is not None),
        workers=_workers(site_id, at),
        modes={
            code: Mode(mode, limit)
            for code, mode, limit in LineMode.objects.filter(site_id=site_id).values_list(
                "line_code", "mode", "hold_limit"
            )
        },
        proposed=dict(proposals.values_list("job_id", "worker_id")),
    )


_JOB = (
    *("id", "uid", "number", "state", "priority", "line_code", "item__skill", "item__skill_level", "party_id"),
    *("item__certificates", "place_path", "place_id", "opened_at", "item__minutes", "worker_id", "started_at"),
)
#: A job without promised clocks counts as due so many minutes after it was opened, by class.
_DUE_MIN = {1: (5, 30), 2: (30, 120), 3: (120, 480), 4: (480, 2880)}


def _job(row: tuple[Any, ...], dues: Mapping[str, datetime], zones: list[list[str]], refused: frozenset[int]) -> JobNow:
    key, uid, number, state, priority, line, skill, level, party, papers, path, place, opened, minutes, who, began = row
    respond, resolve = (opened + timedelta(minutes=m) for m in _DUE_MIN[priority])
    needs = Needs(line, skill, level, party, tuple(papers or ()), clearances_at(zones, path))
    return JobNow(
        key=key,
        uid=uid,
        number=number,
        state=state,
        priority=priority,
        needs=needs,
        place_id=place,
        opened_at=opened,
        minutes=minutes,
        respond_by=dues.get("arrived", respond),
        resolve_by=dues.get("done", resolve),
        worker_id=who,
        begun_at=began,
        refused_by=refused,
    )


def _dues(keys: list[int]) -> dict[int, dict[str, datetime]]:
    found: dict[int, dict[str, datetime]] = {}
    rows = Promise.objects.filter(job_key__in=keys, milestone__in=["arrived", "done"]).exclude(state="void")
    for key, milestone, due_at in rows.values_list("job_key", "milestone", "due_at"):
        if key is not None:
            found.setdefault(key, {})[milestone] = due_at
    return found


def _refusals(keys: list[int]) -> dict[int, frozenset[int]]:
    found: dict[int, frozenset[int]] = {}
    rows = Assignment.objects.filter(job_id__in=keys, outcome__in=["pulled_back", "returned"])
    for job_id, worker_id in rows.values_list("job_id", "worker_id"):
        found[job_id] = found.get(job_id, frozenset()) | {worker_id}
    return found


def _workers(site_id: int, at: datetime) -> tuple[WorkerNow, ...]:
    names = {"person": "account__uid", **MEMBER_NAMES}
    rows = Member.objects.filter(site_id=site_id, is_present=True, account__is_active=True).order_by("account_id")
    done = Job.objects.filter(site_id=site_id, finished_at__gte=at - timedelta(hours=10), finished_by__isnull=False)
    load = dict(done.values_list("finished_by").annotate(n=Sum("item__minutes")).values_list("finished_by", "n"))
    last = Job.objects.filter(site_id=site_id, worker__isnull=False, arrived_at__gte=at - timedelta(hours=10))
    place = dict(last.order_by("worker_id", "-arrived_at").distinct("worker_id").values_list("worker_id", "place_id"))
    found = []
    for row in rows.values(*MEMBER_COLUMNS, **{name: F(path) for name, path in names.items()}):
        can = Can(tuple(row["line_codes"]), row["skills"], row["party_id"], Fitness.of(row))
        key = row["account_id"]
        found.append(WorkerNow(key, row["person"], row["name"], can, place.get(key), load.get(key) or 0))
    return tuple(found)


def grounds(site_id: int) -> dict[int, tuple[int, int | None]]:
    """Return building and floor of every place of a site, for walking times. Budget: one query."""
    rows = Place.objects.filter(site_id=site_id).values_list("id", "path", "floor_no")
    floors = {key: floor for key, _, floor in rows if floor is not None}
    found = {}
    for key, path, _ in rows:
        above = [int(part) for part in path.strip("/").split("/") if part]
        floor = next((floors[one] for one in reversed(above) if one in floors), None)
        found[key] = (above[1] if len(above) > 1 else above[0] if above else key, floor)
    return found
