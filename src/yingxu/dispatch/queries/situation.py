"""What a planner looks at: the waiting jobs, the people present with what they hold, the places, each line's mode."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import JSONArray

from yingxu.dispatch.models import LIVE_MATE, Assignment, LineMode, Mate, Proposal
from yingxu.dispatch.snapshots import MEMBER_COLUMNS, MEMBER_NAMES, Can, Needs, clearances_needed, needs_beside
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.hot import ANY_KEY, hot, read_json
from yingxu.ground.models import Place
from yingxu.ground.unit import run_prepared
from yingxu.promise.models import Promise
from yingxu.team.fitness import Fitness
from yingxu.team.models import Member
from yingxu.work.models import Job

#: Jobs that occupy a worker now or have been promised to one.
HELD = ("dispatched", "accepted", "en_route", "arrived", "in_progress")
#: So many waiting jobs are planned at once, the most urgent first.
MOST = 2000


#: So often somebody who let an offer lapse is sent it again by itself, when nobody else is left; then a person decides.
MOST_ROUNDS = 3


class Refused(NamedTuple):
    """Somebody's refusal of an offer: by silence until its time was over, or given back with a reason."""

    worker_id: int
    is_silence: bool


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
    #: Who let it lapse or gave it back, in that order: :meth:`may_ask` says who is asked next.
    refusals: tuple[Refused, ...] = ()
    #: The desk took the last offer back by hand: what becomes of it is a person's matter.
    is_in_hand: bool = False
    #: How many people it takes; what those beside the accountable one must bring.
    crew: int = 1
    mate_needs: Needs | None = None
    #: Who goes along already, offered or accepted; who said no.
    mates: tuple[int, ...] = ()
    no_mates: frozenset[int] = frozenset()

    def may_ask(self, able: frozenset[int]) -> frozenset[int]:
        """Return whom of those able to ask next: who refused it least often, and who did last only if alone. Pure."""
        if not self.refusals or len(able) < 2:
            return able
        times = Counter(one.worker_id for one in self.refusals)
        least = min(times[key] for key in able)
        next_ones = frozenset(key for key in able if times[key] == least)
        return next_ones - {self.refusals[-1].worker_id} or next_ones

    def may_send(self, worker_id: int) -> bool:
        """Tell whether the automatic mode may offer it to somebody: no is no, silence is asked a few times. Pure."""
        own = [one for one in self.refusals if one.worker_id == worker_id]
        return not self.is_in_hand and len(own) < MOST_ROUNDS and all(one.is_silence for one in own)


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
    #: Job -> whom its live proposal names, and from when; and which jobs have one at all, be it "nobody can".
    proposed: Mapping[int, int] = field(default_factory=dict)
    begins: Mapping[int, datetime] = field(default_factory=dict)
    answered: frozenset[int] = frozenset()

    def mode(self, line_code: str) -> Mode:
        """Return the mode of a line; what its manager never set is a proposal."""
        return self.modes.get(line_code, Mode())


def commit_mark() -> str:
    """Return a mark that changes whenever anything at all was committed to the database. Budget: one query.

    It reads no table: a planner may ask a hundred times a second. Nobody notifies: a NOTIFY inside the transaction that
    creates a request cost a third of all commits here (decision 21).
    """
    return str(run_prepared("SELECT pg_current_snapshot()::text", [])[0][0])


@dataclass(frozen=True)
class Look:
    """What one glance tells: a mark of everything that decides, and which jobs wait."""

    mark: tuple[int, int]
    waiting: frozenset[int]


# the two halves name the conditions of two partial indexes, so that finished work is never read
_LOOK = (
    "SELECT coalesce(sum(mark), 0), coalesce(array_agg(id) FILTER (WHERE state = 'queued'), '{}'),"
    " (SELECT coalesce(sum(hashtextextended(concat_ws(':', id,is_present,duty_to,later,papers,skills,clearances), 0)"
    " >> 8), 0) FROM team_member WHERE site_id = %s)"
    " + (SELECT coalesce(sum(hashtextextended(concat_ws(':', id, mode, hold_limit), 0) >> 8), 0)"
    " FROM dispatch_linemode WHERE site_id = %s)"
    " FROM (SELECT id, state, hashtextextended(concat_ws(':', id, state, priority, worker_id), 0) >> 8 AS mark"
    " FROM work_job WHERE site_id = %s AND state IN ('queued', 'dispatched')"
    " UNION ALL SELECT id, state, hashtextextended(concat_ws(':', id, state, priority, worker_id), 0) >> 8"
    " FROM work_job WHERE site_id = %s AND state IN ('accepted', 'en_route', 'arrived', 'in_progress')) AS open"
)


def look(site_id: int) -> Look:
    """Return a mark that changes with any open job's state or hands, a line's mode, or who is here, and what waits.

    Budget: one query.
    """
    jobs, waiting, people = run_prepared(_LOOK, [site_id] * 4)[0]
    return Look((int(jobs), int(people)), frozenset(waiting))


def situation(actor: Actor, site_id: int, *, at: datetime) -> Situation:
    """Return what decides who goes now at a site. Refuses: NotAllowed. Budget: six queries."""
    authority.require(actor, "plan.make", where=Where(site_id))
    open_jobs = Job.objects.filter(site_id=site_id, state__in=("queued", *HELD))
    jobs = [_job(row) for row in _told(open_jobs).order_by("priority", "opened_at", "id")[: MOST + 1000]]
    said = Proposal.objects.filter(site_id=site_id, is_live=True, job__state="queued")
    proposals = tuple(said.values_list("job_id", "worker_id", "start_at"))
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
        proposed={job: worker for job, worker, _ in proposals if worker is not None},
        begins={job: start for job, worker, start in proposals if worker is not None and start is not None},
        answered=frozenset(job for job, _, _ in proposals),
    )


def new_jobs(actor: Actor, site_id: int, keys: Collection[int]) -> tuple[JobNow, ...]:
    """Return these jobs as far as they still wait, most urgent first. Refuses: NotAllowed. Budget: one query a job."""
    authority.require(actor, "plan.make", where=Where(site_id))
    found = [_job(row) for key in keys for row in _new_job(key)]
    return tuple(sorted(found, key=lambda job: (job.priority, job.opened_at, job.key)))


#: How many of the site's newest jobs say what may still come, and how far back they do.
LATELY_MOST, LATELY = 400, timedelta(hours=8)


def asked_lately(actor: Actor, site_id: int, *, at: datetime) -> tuple[JobNow, ...]:
    """Return what was asked for in the last hours, whatever became of it, the newest first.

    Read along the primary key: jobs get their keys in the order in which they come. Refuses: NotAllowed. Budget: one
    query.
    """
    authority.require(actor, "plan.make", where=Where(site_id))
    newest = [_job(row) for row in _told(Job.objects.filter(site_id=site_id)).order_by("-id")[:LATELY_MOST]]
    return tuple(job for job in newest if at - LATELY < job.opened_at <= at)


_JOB = (
    *("id", "uid", "number", "state", "priority", "line_code", "item__skill", "item__skill_level", "party_id"),
    *("item__certificates", "place_id", "opened_at", "item__minutes", "worker_id", "started_at", "item__crew"),
    *("item__code", "asks_for", "dues", "offers", "crewed"),
)
#: A job without promised clocks counts as due so many minutes after it was opened, by class.
_DUE_MIN = {1: (5, 30), 2: (30, 120), 3: (120, 480), 4: (480, 2880)}


def _told(jobs: QuerySet[Job]) -> QuerySet[Job, tuple[Any, ...]]:
    """Jobs with their promised moments, what became of earlier offers, and who goes along: one statement."""
    dues = Promise.objects.filter(job_key=OuterRef("pk"), milestone__in=["arrived", "done"]).exclude(state="void")
    offers = Assignment.objects.filter(job=OuterRef("pk"), outcome__in=["pulled_back", "returned"]).order_by("id")
    said = Q(outcome="declined") | Q(outcome__in=LIVE_MATE, made_at__gte=OuterRef("dispatched_at"))
    crewed = Mate.objects.filter(said, job=OuterRef("pk")).order_by("id")
    return jobs.annotate(
        asks_for=clearances_needed(),
        dues=ArraySubquery(dues.values(row=JSONArray("milestone", "due_at"))),
        offers=ArraySubquery(offers.values(row=JSONArray("worker_id", "outcome", "reason_code"))),
        crewed=ArraySubquery(crewed.values(row=JSONArray("worker_id", "outcome"))),
    ).values_list(*_JOB)


_new_job = hot(lambda: _told(Job.objects.filter(pk=ANY_KEY, state="queued")))


def _job(row: tuple[Any, ...]) -> JobNow:
    key, uid, number, state, priority, line, skill, level, party, papers, place, opened, minutes, who, began = row[:15]
    crew, code, asks_for, dues, offers, crewed = row[15:]
    respond, resolve = (opened + timedelta(minutes=m) for m in _DUE_MIN[priority])
    promised = {milestone: datetime.fromisoformat(due_at) for milestone, due_at in map(read_json, dues)}
    together = [read_json(one) for one in crewed]
    outcomes = [read_json(one) for one in offers]
    refusals = tuple(
        Refused(who_said, why == "timeout")
        for who_said, outcome, why in outcomes
        if outcome == "returned" or why == "timeout"
    )
    clearances = tuple(dict.fromkeys(asks_for))
    needs = Needs(line, skill, level, party, tuple(read_json(papers) or ()), clearances)
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
        respond_by=promised.get("arrived", respond),
        resolve_by=promised.get("done", resolve),
        worker_id=who,
        begun_at=began,
        refusals=refusals if state == "queued" else (),
        is_in_hand=bool(outcomes) and state == "queued" and outcomes[-1][1:] == ["pulled_back", "desk"],
        crew=crew,
        mate_needs=needs_beside(needs, code) if crew > 1 else None,
        mates=tuple(one for one, outcome in together if outcome in LIVE_MATE) if state != "queued" else (),
        no_mates=frozenset(one for one, outcome in together if outcome == "declined"),
    )


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
