"""Jobs that a colleague may look at, and the colleagues who could. Rows for drawing, never for showing."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q

from yingxu.core.quality.following import Peer, first_peer
from yingxu.dispatch.models import Assignment, Mate
from yingxu.dispatch.snapshots import MEMBER_COLUMNS, MEMBER_NAMES, Can, Needs, clearances_at, zones_of
from yingxu.ground.models import Holding
from yingxu.team.fitness import Fitness, is_hard
from yingxu.team.models import Member
from yingxu.verify.followed import repeated
from yingxu.verify.models import PeerCheck, Verdict
from yingxu.work.models import Job

#: Looked at is what was finished within so many days; the week of the draw by chance lies inside.
WINDOW_DAYS = 8
#: Whose work was looked at within so long does not look at the other's, if there is anybody else.
MUTUAL = timedelta(days=30)
#: What was only carried, served or kept in order leaves nothing on the spot: the receiver's word is a second person's.
LEAVES_NOTHING = frozenset({"ESC", "DLV", "VEH", "SEC", "PRK", "CNF", "CAT"})
#: Offers by which somebody had a hand in a job.
_HAD_A_HAND = ("accepted", "ended", "replaced")


@dataclass(frozen=True)
class Finished:
    """A finished job. ``doers``: everybody who had a hand in it; ``asked``: who was asked to look since it was done."""

    key: int
    uid: UUID
    site_id: int
    request_key: int
    number: str
    line_code: str
    priority: int
    finished_at: datetime
    finished_by: int | None
    team_id: int | None
    place_path: str
    needs: Needs
    doers: frozenset[int]
    asked: tuple[int, ...]
    is_repeat: bool
    is_held: bool
    is_doubtful: bool
    n_redone: int

    @property
    def leaves_something(self) -> bool:
        """Whether there is something on the spot to look at."""
        return self.line_code not in LEAVES_NOTHING


@dataclass(frozen=True)
class Colleague:
    """Somebody at work, and what he or she brings."""

    key: int
    name: str
    team_id: int
    is_here: bool
    can: Can


@dataclass
class Colleagues:
    """All who could look at a site, with what they owe and whom they looked at lately."""

    people: tuple[Colleague, ...]
    zones: list[list[str]]
    #: Open looks by person.
    owed: Counter[int]
    #: doer -> those whose work the doer looked at lately.
    looked_at: dict[int, set[int]] = field(default_factory=dict)

    def first(self, job: Finished, *, at: datetime) -> Colleague | None:
        """Return who is asked about a job, who owes one look more from then on; None: there is nobody."""
        able = self._able(job, at=at)
        mutual: set[int] = set().union(*(self.looked_at.get(doer, set()) for doer in job.doers))
        peers = (
            Peer(one.key, one.team_id == job.team_id, one.is_here, one.key in mutual, self.owed[one.key])
            for one in able.values()
        )
        chosen = first_peer(peers, case=str(job.uid))
        if chosen is None:
            return None
        self.owed[chosen] += 1
        return able[chosen]

    def first_is_there(self, job: Finished, *, at: datetime) -> bool:
        """Tell whether there is anybody to ask about a job. Pure."""
        return bool(self._able(job, at=at))

    def _able(self, job: Finished, *, at: datetime) -> dict[int, Colleague]:
        """Return who could look at a job: of its skill, with its papers, who had no hand in it and was not asked."""
        needs = Needs(
            job.needs.line_code,
            job.needs.skill,
            job.needs.skill_level,
            job.needs.party_id,
            job.needs.certificates,
            clearances_at(self.zones, job.place_path),
        )
        barred = {*job.doers, *job.asked}
        # off duty is not unable: the look may wait for the next shift
        return {
            one.key: one
            for one in self.people
            if one.key not in barred and all(is_hard(lack) for lack in one.can.lacks(needs, at=at))
        }


def finished_jobs(
    site_id: int, *, at: datetime, job_key: int | None = None, days: int = WINDOW_DAYS
) -> tuple[Finished, ...]:
    """Return jobs finished in the last days that nobody looks at or looked at yet; or the one asked for. Budget: 1."""
    objections = Verdict.objects.filter(
        Q(is_good=False) | Q(is_contradicted=True), job=OuterRef("pk"), given_at__gte=OuterRef("finished_at")
    )
    of_job = {"job": OuterRef("pk")}
    hands = Assignment.objects.filter(**of_job, outcome__in=_HAD_A_HAND).values("worker_id")
    along = Mate.objects.filter(**of_job).exclude(outcome="declined").values("worker_id")
    asked = PeerCheck.objects.filter(**of_job, drawn_at__gte=OuterRef("finished_at"))
    rows = Job.objects.filter(worker__isnull=False, item__isnull=False)
    if job_key is not None:
        rows = rows.filter(pk=job_key)
    else:
        rows = rows.filter(
            ~Exists(PeerCheck.objects.filter(Q(drawn_at__gte=OuterRef("finished_at")) | Q(outcome=""), **of_job)),
            site_id=site_id,
            state__in=["finished", "closed"],
            finished_at__gte=at - timedelta(days=days),
            finished_at__lte=at,
            origin="reactive",
        )
    found = rows.annotate(
        hands=ArraySubquery(hands),
        along=ArraySubquery(along),
        asked=ArraySubquery(asked.filter(peer__isnull=False).values("peer_id")),
        repeats=repeated(),
        held=Exists(objections),
    ).order_by("finished_at", "id")
    columns = (
        "id", "uid", "site_id", "request_id", "number", "line_code", "priority", "finished_at", "finished_by_id",
        "team_id", "place_path", "party_id", "item__skill", "item__skill_level", "item__certificates", "worker_id",
        "hands", "along", "asked", "repeats", "held", "flags", "n_reworks", "n_reopens",
    )  # fmt: skip
    return tuple(_finished(dict(zip(columns, row, strict=True))) for row in found.values_list(*columns))


def _finished(row: dict[str, Any]) -> Finished:
    hands = {row["worker_id"], row["finished_by_id"], *row["hands"], *row["along"]}
    return Finished(
        row["id"],
        row["uid"],
        row["site_id"],
        row["request_id"],
        row["number"],
        row["line_code"],
        row["priority"],
        row["finished_at"],
        row["finished_by_id"],
        row["team_id"],
        row["place_path"],
        Needs(
            row["line_code"],
            row["item__skill"],
            row["item__skill_level"],
            row["party_id"],
            tuple(row["item__certificates"] or ()),
        ),
        frozenset(key for key in hands if key is not None),
        tuple(row["asked"]),
        row["repeats"],
        row["held"],
        bool(row["flags"]),
        row["n_reworks"] + row["n_reopens"],
    )


def colleagues(site_id: int, *, at: datetime) -> Colleagues:
    """Return who at a site could look at a colleague's work: workers, not their leaders. Budget: four queries."""
    works = Holding.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), account_id=OuterRef("account_id"), role="WK", starts_at__lte=at
    )
    rows = Member.objects.filter(Exists(works), site_id=site_id, account__is_active=True).order_by("account_id")
    columns = (*MEMBER_COLUMNS, *MEMBER_NAMES.values(), "is_present")
    names = (*MEMBER_COLUMNS, *MEMBER_NAMES, "is_present")
    people = []
    for values in rows.values_list(*columns):
        row: dict[str, Any] = dict(zip(names, values, strict=True))
        can = Can(tuple(row["line_codes"]), row["skills"], row["party_id"], Fitness.of(row))
        on_duty = can.fitness.runs(at) in {"work", "standby"}
        people.append(Colleague(row["account_id"], row["name"], row["team_id"], row["is_present"] or on_duty, can))
    recent = PeerCheck.objects.filter(site_id=site_id, drawn_at__gte=at - MUTUAL, peer__isnull=False)
    looked_at: dict[int, set[int]] = defaultdict(set)
    for peer, doer in recent.filter(outcome__in=["good", "bad"]).values_list("peer_id", F("job__finished_by_id")):
        if peer is not None and doer is not None:
            looked_at[peer].add(doer)
    still = PeerCheck.objects.filter(site_id=site_id, outcome="").values_list("peer_id", flat=True)
    owed = Counter(key for key in still if key is not None)
    return Colleagues(tuple(people), zones_of(site_id), owed, looked_at)


def drawn_since(site_id: int, monday: datetime) -> Counter[str]:
    """Return how many jobs of each line were drawn by chance this week; one that nobody would look at counts for none.

    Budget: one query.
    """
    rows = PeerCheck.objects.filter(site_id=site_id, drawn_at__gte=monday, why="random")
    last: dict[int, tuple[str, str]] = {}
    for job, line, outcome in rows.order_by("id").values_list("job_id", "stratum", "outcome"):
        last[job] = (line, outcome)
    return Counter(line for line, outcome in last.values() if outcome != "nobody")


def last_looks(site_id: int, *, n: int = 20) -> dict[str, list[bool]]:
    """Return, by line, whether the last looks found it good, newest first. Budget: one query."""
    said: dict[str, list[bool]] = defaultdict(list)
    rows = PeerCheck.objects.filter(site_id=site_id, outcome__in=["good", "bad"]).order_by("-answered_at", "-id")
    for line, outcome in rows.values_list("stratum", "outcome")[:2000]:
        if len(said[line]) < n:
            said[line].append(outcome == "good")
    return said
