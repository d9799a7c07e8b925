"""The workers, what they have in hand, and who could go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from yingxu.demand.queries.compiled import Compiled, compiled, run
from yingxu.dispatch.queries.rows import IN_HAND
from yingxu.dispatch.snapshots import NOTHING_KNOWN, Can, Needs
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.hot import read_json
from yingxu.team.fitness import Fitness
from yingxu.team.models import Member
from yingxu.work.models import Job


@dataclass(frozen=True)
class WorkerRow:
    """A worker with what he or she has in hand."""

    id: int
    uid: UUID
    name: str
    name_en: str
    phone: str
    team_id: int
    team_name: str
    team_name_en: str
    party_id: int
    line_codes: tuple[str, ...]
    skills: Mapping[str, int]
    is_present: bool
    n_in_hand: int
    n_offered: int
    #: The place of the job in hand, where he or she probably is.
    at_place: str
    at_place_en: str
    fitness: Fitness = NOTHING_KNOWN

    @property
    def can(self) -> Can:
        """What the worker brings."""
        return Can(self.line_codes, self.skills, self.party_id, self.fitness)


def workers(actor: Actor, site_id: int) -> tuple[WorkerRow, ...]:
    """Return the workers of the actor's side, present ones first, the least loaded first. Budget: one query."""
    return tuple(_row(row) for row in run(_workers(site_id, authority.parties_of(actor, "queue.read", site_id))))


def worker_self(actor: Actor, site_id: int) -> tuple[WorkerRow, ...]:
    """Return the actor as a worker of the site; nothing for who works elsewhere. Budget: one query."""
    rows = (_row(row) for row in run(_workers(site_id, None)))
    return tuple(row for row in rows if row.id == actor.account_id)


@lru_cache(maxsize=64)
def _workers(site_id: int, parties: frozenset[int] | None) -> Compiled:
    rows = Member.objects.filter(site_id=site_id, account__is_active=True)
    if parties is not None:
        rows = rows.filter(team__party_id__in=sorted(parties))
    jobs = Job.objects.filter(worker=OuterRef("account")).order_by()
    in_hand = jobs.filter(state__in=IN_HAND).values("worker").annotate(n=Count("id")).values("n")
    offered = jobs.filter(state="dispatched").values("worker").annotate(n=Count("id")).values("n")
    place = jobs.filter(state__in=["arrived", "in_progress"]).order_by("-arrived_at")
    found = rows.annotate(
        n_in_hand=Coalesce(Subquery(in_hand), 0),
        n_offered=Coalesce(Subquery(offered), 0),
        at_place=Subquery(place.values("place_name")[:1]),
        at_place_en=Subquery(place.values("place_name_en")[:1]),
    ).order_by("-is_present", "n_in_hand", "n_offered", "account__name")
    return compiled(
        found.values_list(
            "account_id",
            "account__uid",
            "account__name",
            "account__name_en",
            "account__phone",
            "team_id",
            "team__name",
            "team__name_en",
            "team__party_id",
            "team__line_codes",
            "skills",
            "is_present",
            "n_in_hand",
            "n_offered",
            "at_place",
            "at_place_en",
            *_FITNESS.values(),
        )
    )


def _row(row: tuple[Any, ...]) -> WorkerRow:
    fitness = Fitness.of(
        {name: read_json(value) if name in _JSON else value for name, value in zip(_FITNESS, row[16:], strict=True)}
    )
    columns: list[Any] = [
        *row[:9], tuple(read_json(row[9])), read_json(row[10]), *row[11:14], row[14] or "", row[15] or "", fitness
    ]  # fmt: skip
    return WorkerRow(*columns)


_FITNESS = {
    "papers": "papers",
    "clearances": "clearances",
    "duty_from": "duty_from",
    "duty_to": "duty_to",
    "breaks": "breaks",
    "duty_kind": "duty_kind",
    "later": "later",
    "gates_from": "team__gates_from",
    "timezone": "site__timezone",
}


_JSON = frozenset({"papers", "clearances", "breaks", "later"})


@dataclass(frozen=True)
class Candidate:
    """A worker for a certain job, with what he or she lacks for it."""

    worker: WorkerRow
    missing: tuple[str, ...]


def candidates(known: Sequence[WorkerRow], needs: Needs, *, at: datetime) -> tuple[Candidate, ...]:
    """Return who could go: the present workers, and those on call from home, who are rung up by hand.

    Those who lack nothing first, the present before those on call, the least loaded first. Budget: none.
    """
    found = [
        Candidate(worker, worker.can.lacks(needs, at=at))
        for worker in known
        if worker.is_present or worker.fitness.runs(at) == "on_call"
    ]
    return tuple(
        sorted(found, key=lambda c: (len(c.missing), not c.worker.is_present, c.worker.n_in_hand + c.worker.n_offered))
    )
