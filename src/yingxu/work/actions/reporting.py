"""What comes from phones beside the acts themselves: a call for help, and reports that could not be carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.work.actions.doing import leader_and_desk
from yingxu.work.actions.moved import JobMoved
from yingxu.work.events import HelpAsked, ReportSetAside, ReportSettled
from yingxu.work.models import Job, Level, SetAside
from yingxu.work.moves import HANDS, perform
from yingxu.work.refusals import AlreadySettled, IllegalMove
from yingxu.work.snapshots import fact_of, tell, where_of
from yingxu.work.snapshots import job_of as job_in_unit

NOTE_LIMIT = 300


@dataclass(frozen=True)
class Kept:
    """A report that was set aside."""

    id: UUID
    kind: str
    settled_how: str = ""


def ask_for_help(
    *,
    job_id: UUID,
    actor: Actor,
    at: datetime,
    note: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """The worker needs a colleague at this job; the team leader and the desk are told at once. Nothing changes hands.

    Records HelpAsked. Refuses: NotAllowed, IllegalMove (not in hand), Malformed (moment), Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_in_unit(unit, job_id)
        worker_id = perform(unit, job, reason=note)
        if job.state not in HANDS:
            raise IllegalMove(from_state=job.state, to_state=job.state, why="not_next")
        fact = fact_of(HelpAsked, job, worker_id=worker_id, note=note.strip()[:NOTE_LIMIT])
        tell(unit, entry=unit.record(fact), fact=fact, account_ids=leader_and_desk(job))
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def set_aside_report(
    *,
    site_id: int,
    job_id: UUID | None,
    command_id: str,
    act: str,
    said: Mapping[str, Any],
    kind: str,
    problem: str,
    told_zh: str,
    told_en: str,
    happened_at: datetime,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> Kept:
    """What a phone reported and could not be carried out as reported is kept whole, for its worker and the desk.

    The job itself does not change. Records ReportSetAside where the job is known and tells its desk.
    A part that could not be moved is told to its store's keeper too. Refuses: NotAllowed. Budget: 3, 4 for a part.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "report.keep", where=Where(site_id, owner_ids=(actor.account_id or 0,)))
        job = Job.objects.select_related("request").filter(uid=job_id, site_id=site_id).first() if job_id else None
        row = unit.insert(
            SetAside(
                site_id=site_id,
                account_id=actor.account_id or 0,
                job=job,
                command_id=command_id[:64],
                act=act[:16],
                said=dict(said),
                kind=kind,
                problem=problem[:32],
                told_zh=told_zh,
                told_en=told_en,
                happened_at=min(happened_at, at),
                received_at=at,
            )
        )
        if job is not None:
            fact = fact_of(ReportSetAside, job, report_id=row.pk, act=row.act, why=kind, problem=row.problem)
            told = [*leader_and_desk(job), *_keepers(said, site_id)] if kind == "conflict" else []
            tell(unit, entry=unit.record(fact), fact=fact, account_ids=told)
        unit.answer(Kept(row.uid, kind))
    return unit.answered(Kept)


def _keepers(said: Mapping[str, Any], site_id: int) -> list[int]:
    """Return who keeps the store that a report of parts is about: the shelf there is to be looked at."""
    level = said.get("level")
    try:
        level_id = UUID(str(level)) if level else None
    except ValueError:
        return []
    if level_id is None:
        return []
    rows = Level.objects.filter(uid=level_id, site_id=site_id, store__keeper__isnull=False)
    return [key for key in rows.values_list("store__keeper_id", flat=True) if key is not None]


def settle_report(
    *,
    report_id: UUID,
    words: str,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> Kept:
    """Somebody has looked at a report that was set aside and says what follows; the worker is told the words.

    Records ReportSettled. Refuses: NotFound, NotAllowed, Malformed (no words), AlreadySettled, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = SetAside.objects.select_related("job__request").filter(uid=report_id).first()
        if row is None:
            raise NotFound(kind="report", name=str(report_id))
        where = where_of(row.job) if row.job is not None else Where(row.site_id)
        authority.require(actor, "report.settle", where=where)
        said = words.strip()
        if not said:
            raise Malformed(field="words", problem="missing")
        if row.settled_at is not None:
            raise AlreadySettled()
        _settle(unit, row, how="noted", words=said[:NOTE_LIMIT])
        unit.answer(Kept(row.uid, row.kind, "noted"))
    return unit.answered(Kept)


def settle_done_again(
    *, job_id: UUID, act: str, actor: Actor, at: datetime, about: Mapping[str, str] | None = None
) -> int:
    """The worker's own refused reports of this act at this job are settled: the act succeeded after all.

    ``about``: what the act must say too, so that another step's success settles nothing of this one.
    Records ReportSettled for each. Refuses: NotAllowed. Budget: 1, and 1 when there are any.
    """
    with Unit(actor=actor, at=at) as unit:
        rows = SetAside.objects.select_related("job__request").filter(
            account_id=actor.account_id or 0, job__uid=job_id, act=act, kind="refused", settled_at=None
        )
        if about:
            rows = rows.filter(said__contains=dict(about))
        for row in rows:
            where = Where(row.site_id, owner_ids=(row.account_id,))
            authority.require(actor, "report.keep", where=where)
            _settle(unit, row, how="again", words="")
    return len(rows)


def _settle(unit: Unit, row: SetAside, *, how: str, words: str) -> None:
    unit.change(
        row,
        seen=["settled_at"],
        settled_at=unit.at,
        settled_by_id=unit.actor.account_id,
        settled_how=how,
        words=words,
    )
    if row.job is None:
        return
    fact = fact_of(ReportSettled, row.job, report_id=row.pk, act=row.act, how=how, words=words)
    told = [row.account_id] if how == "noted" else []
    tell(unit, entry=unit.record(fact), fact=fact, account_ids=told)
