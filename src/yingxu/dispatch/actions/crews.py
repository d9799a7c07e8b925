"""Verbs of those who go along on a job that takes several: called, coming, not coming.

The job's worker alone answers for it. Who goes along is asked, and asked anew each time the job goes out: an answer of
an earlier outing counts no more, which is told by its moment, so that a job that comes back needs no clearing up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONArray

from yingxu.dispatch.critical import refuse_before_critical
from yingxu.dispatch.events import MateAccepted, MateCalled, MateDeclined, MateFact
from yingxu.dispatch.models import LIVE_MATE, Mate
from yingxu.dispatch.refusals import NotGoingAlong, NotQualified
from yingxu.dispatch.snapshots import (
    MEMBER_COLUMNS,
    MEMBER_NAMES,
    Can,
    Needs,
    needs_beside,
    needs_of,
    papers_of,
    skill_of,
    urgent_told,
    zones_told,
)
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotFound, ReasonNeeded
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.models import Item
from yingxu.team.fitness import Fitness, is_hard
from yingxu.team.models import Member
from yingxu.work.models import Job
from yingxu.work.refusals import IllegalMove
from yingxu.work.snapshots import Told, job_of, tell, where_of

#: While a job stands so, somebody may be called to it or answer.
OPEN = frozenset({"dispatched", "accepted", "en_route", "arrived", "in_progress", "paused"})


@dataclass(frozen=True)
class GoingAlong:
    """Somebody who was called to go along, and the answer so far."""

    job_id: UUID
    number: str
    worker_name: str
    outcome: str


def mates_told() -> Told:
    """Return who was ever called to the job as [key, worker, outcome, made_at], for ``job_of``.

    A batch asks only for jobs to which somebody is called (:func:`_known`): nearly none.
    """
    rows = Mate.objects.filter(job=OuterRef("pk")).order_by("id")
    return Told(
        lambda: ArraySubquery(rows.values(row=JSONArray("id", "worker_id", "outcome", "made_at"))), lambda _, job: None
    )


def item_code_told() -> Told:
    """Return the code of the job's kind of service, for ``job_of``; a batch asks like for mates."""
    return Told(lambda: F("item__code"), lambda _, job: None)


def _known(job: Job) -> list[list[Any]]:
    told: list[list[Any]] | None = getattr(job, "mates_known", None)
    if told is not None:
        return told
    rows = Mate.objects.filter(job_id=job.pk).order_by("id").values_list("id", "worker_id", "outcome", "made_at")
    return [[*row[:3], row[3].isoformat()] for row in rows]


def _item_code(job: Job) -> str:
    told: str | None = getattr(job, "item_code", None)
    return told if told is not None else Item.objects.values_list("code", flat=True).get(pk=job.item_id)


def call(unit: Unit, job: Job, uids: Collection[UUID], *, lead: int, override_reason: str = "") -> None:
    """Ask these people to go along, after the verb's own checks of the job. Records MateCalled for each.

    The job was read with ``mates_known``, ``item_code`` and ``urgent``. Refuses: NotFound, NotQualified, ReasonNeeded,
    MoreUrgentWaiting. Budget: 1.
    """
    if not uids:
        return
    rows = Member.objects.filter(
        account__uid__in=list(uids), site_id=job.site_id, account__is_active=True, is_present=True
    ).order_by("account_id")
    names = {name: F(path) for name, path in MEMBER_NAMES.items()}
    found = list(rows.values(*MEMBER_COLUMNS, person=F("account__uid"), **names))
    if len(found) < len(set(uids)):
        missing = next(uid for uid in uids if uid not in {row["person"] for row in found})
        raise NotFound(kind="worker", name=str(missing))
    asks_for = needs_beside(needs_of(job), _item_code(job))
    known = {worker: Mate(id=key) for key, worker, outcome, _ in _known(job) if outcome in LIVE_MATE}
    for row in found:
        if row["account_id"] == lead:
            continue
        _refuse_unfit(unit, job, row, asks_for, override_reason)
        mate, by = known.get(row["account_id"]), unit.actor.account_id
        if mate is not None:  # called on an earlier outing of this job
            unit.change(mate, outcome="offered", made_at=unit.at, made_by_id=by, settled_at=None)
        else:
            unit.insert(
                Mate(site_id=job.site_id, job_id=job.pk, worker_id=row["account_id"], made_at=unit.at, made_by_id=by)
            )
        fact = _fact(MateCalled, job, row["account_id"], row["name"])
        tell(unit, entry=unit.record(fact), fact=fact, account_ids=[row["account_id"]])


def _refuse_unfit(unit: Unit, job: Job, row: dict[str, Any], asks_for: Needs, override_reason: str) -> None:
    can = Can(tuple(row["line_codes"]), row["skills"], row["party_id"], Fitness.of(row))
    missing = can.lacks(asks_for, at=unit.at)
    if not missing:
        refuse_before_critical(job, can, at=unit.at, override_reason=override_reason)
        return
    where = replace(where_of(job), team_ids=(row["team_id"],))
    if any(is_hard(code) for code in missing) or not authority.may(unit.actor, "job.override_dispatch", where=where):
        raise NotQualified(worker=row["name"], missing=missing)
    authority.require(unit.actor, "job.override_dispatch", where=where, reason=override_reason)


def call_mate(
    *,
    job_id: UUID,
    worker_id: UUID,
    actor: Actor,
    at: datetime,
    override_reason: str = "",
    command: CommandKey | None = None,
) -> GoingAlong:
    """One more person is asked to go along on a job that somebody has already.

    Records MateCalled. Refuses: NotAllowed, NotFound, IllegalMove (nobody has it), NotQualified, ReasonNeeded,
    MoreUrgentWaiting. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        job = _job(unit, job_id)
        authority.require(actor, "job.dispatch", where=where_of(job))
        if job.state not in OPEN or job.worker_id is None:
            raise IllegalMove(from_state=job.state, to_state="dispatched", why="not_next")
        name = next(iter(Member.objects.filter(account__uid=worker_id).values_list("account__name", flat=True)), "")
        call(unit, job, [worker_id], lead=job.worker_id, override_reason=override_reason)
        unit.answer(GoingAlong(job.uid, job.number, name, "offered"))
    return unit.answered(GoingAlong)


def accept_to_go_along(*, job_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> GoingAlong:
    """Who was called says: I am coming. The accountable person is told.

    Records MateAccepted. Refuses: NotAllowed, NotFound, NotGoingAlong. Budget: 2.
    """
    return _settle(MateAccepted, "accepted", job_id, actor, at, "", command)


def decline_to_go_along(
    *, job_id: UUID, note: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> GoingAlong:
    """Who was called cannot come, or no longer; the accountable person and whoever called are told.

    Records MateDeclined. Refuses: NotAllowed, NotFound, NotGoingAlong, ReasonNeeded. Budget: 2.
    """
    return _settle(MateDeclined, "declined", job_id, actor, at, note, command)


def _settle(
    kind: type[MateFact], outcome: str, job_id: UUID, actor: Actor, at: datetime, note: str, command: CommandKey | None
) -> GoingAlong:
    with Unit(actor=actor, at=at, command=command) as unit:
        job = _job(unit, job_id)
        mates = live_mates(job)
        authority.require(actor, "job.go_along", where=replace(where_of(job), worker_ids=tuple(mates)))
        if outcome == "declined" and not note.strip():
            raise ReasonNeeded(action="job.go_along")
        mine = mates.get(actor.account_id or 0)
        if job.state not in OPEN or mine is None or mine[1] == outcome:
            raise NotGoingAlong(number=job.number)
        row = Mate(id=mine[0], outcome=mine[1])
        unit.change(row, seen=["outcome"], outcome=outcome, settled_at=at, note=note[:300])
        fact = _fact(kind, job, actor.account_id or 0, actor.name, note=note)
        tell(unit, entry=unit.record(fact), fact=fact, account_ids=[job.worker_id])
        unit.answer(GoingAlong(job.uid, job.number, actor.name, outcome))
    return unit.answered(GoingAlong)


def live_mates(job: Job) -> dict[int, tuple[int, str]]:
    """Return worker -> (key, outcome) of those who go along on this outing of a job read with ``mates_known``."""
    since = job.dispatched_at
    return {
        worker: (key, outcome)
        for key, worker, outcome, made_at in _known(job)
        if outcome in LIVE_MATE and (since is None or datetime.fromisoformat(made_at) >= since)
    }


def _job(unit: Unit, job_id: UUID) -> Job:
    return job_of(
        unit,
        job_id,
        skill=Told(lambda: F("item__skill"), lambda _, job: skill_of(job.item_id)[0]),
        skill_level=Told(lambda: F("item__skill_level"), lambda _, job: skill_of(job.item_id)[1]),
        certificates=Told(lambda: F("item__certificates"), lambda _, job: papers_of(job.item_id)),
        zones=zones_told(),
        mates_known=mates_told(),
        item_code=item_code_told(),
        urgent=urgent_told(),
    )


def _fact(kind: type[MateFact], job: Job, worker_id: int, name: str, *, note: str = "") -> MateFact:
    return kind(
        site_id=job.site_id,
        subject_id=job.pk,
        thread_id=job.request_id,
        number=job.number,
        worker_id=worker_id,
        worker_name=name,
        note=note,
    )
