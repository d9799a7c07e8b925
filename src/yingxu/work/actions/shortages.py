"""Verbs of shortages: a job lacks a part, it is ordered, it is not needed any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.library import by_code
from yingxu.work.events.stores import PartMissed, PartOrdered, ShortageDropped
from yingxu.work.models import Job, Level, Part, Shortage, Store
from yingxu.work.moves import rest
from yingxu.work.refusals import AlreadyAsked, InStore, NotAtThisJob, ShortageSettled
from yingxu.work.snapshots import (
    in_hand,
    in_name_of,
    job_of,
    jobs,
    open_pause_of,
    refuse_impossible_moment,
    tell,
    where_of,
)
from yingxu.work.stock import (
    FOR_PARTS,
    WITH_PARTS,
    keepers,
    part_fact,
    plain,
    refuse_wrong_quantity,
    where_kept,
    where_read,
)


@dataclass(frozen=True)
class Lacking:
    """A shortage as the verb left it, and the state of its job."""

    shortage_id: UUID
    state: str
    job_state: str


def report_shortage(
    *,
    job_id: UUID,
    part_id: UUID,
    store_id: UUID,
    quantity: Decimal,
    expected_at: datetime,
    actor: Actor,
    at: datetime,
    note: str = "",
    told: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> Lacking:
    """The job lacks a part: its store is asked for it, and work that was going on rests until it has come.

    A part that is kept in stock there never stops the clocks; another may, if the hospital approves (domain 5.5, W1).
    Records PartMissed, and PauseAsked for a job in work. Refuses: NotAllowed, NotFound, NotAtThisJob, Malformed,
    InStore, AlreadyAsked. Budget: 7.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id)
        authority.require(actor, "part.ask", where=where_of(job))
        if job.state not in WITH_PARTS - {"finished"}:
            raise NotAtThisJob(number=job.number, state=job.state)
        refuse_impossible_moment(unit, job)
        store, part = _asked(job, store_id, part_id, actor)
        refuse_wrong_quantity(quantity, part)
        if expected_at <= unit.happened_at:
            raise Malformed(field="expected_at", problem="out_of_order")
        level = Level.objects.filter(store=store, part=part).first()
        free = level.on_hand - level.reserved if level is not None else Decimal(0)
        if free >= quantity:
            raise InStore(part=part.name, part_en=part.name_en, free=plain(free), unit=part.unit, unit_en=part.unit_en)
        if Shortage.objects.filter(job=job, part=part, store=store, settled_at=None).exists():
            raise AlreadyAsked(part=part.name, part_en=part.name_en)
        if job.worker_id is not None:
            unit.actor = in_name_of(actor, job.worker_id)
        row = unit.insert(
            Shortage(
                site_id=job.site_id,
                job=job,
                part=part,
                store=store,
                quantity=quantity,
                note=note.strip()[:200],
                asked_by_id=actor.account_id,
                asked_at=unit.happened_at,
                expected_at=expected_at,
            )
        )
        fact = part_fact(PartMissed, job, part, quantity, shortage_id=row.pk, expected_at=expected_at)
        tell(unit, entry=unit.record(fact), fact=fact, account_ids=keepers(store))
        if job.state == "in_progress":
            is_stocked = level is not None and level.minimum > 0
            words = told.strip() or f"{by_code('pause_reasons')[FOR_PARTS]['name_zh']}：{part.name}"
            rest(
                unit,
                job,
                by_code("pause_reasons")[FOR_PARTS],
                expected_at=expected_at,
                told=words,
                note=f"{part.code} × {plain(quantity)}",
                verdict="plain" if is_stocked else "asked",
            )
        unit.answer(Lacking(row.uid, row.state, job.state))
    return unit.answered(Lacking)


def _asked(job: Job, store_id: UUID, part_id: UUID, actor: Actor) -> tuple[Store, Part]:
    store = Store.objects.filter(uid=store_id, site_id=job.site_id, is_open=True).first()
    part = Part.objects.filter(uid=part_id, site_id=job.site_id, is_active=True).first()
    if store is None:
        raise NotFound(kind="store", name=str(store_id))
    if part is None:
        raise NotFound(kind="part", name=str(part_id))
    authority.require(actor, "store.read", where=where_read(store))
    return store, part


def order_shortage(
    *,
    shortage_id: UUID,
    supplier: str,
    expected_at: datetime,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> Lacking:
    """What the job lacks is ordered; its worker knows when it comes, and the pause says so.

    Records PartOrdered. Refuses: NotAllowed, NotFound, Malformed, ShortageSettled, Stale. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row, job = _open(unit, shortage_id)
        authority.require(actor, "stock.keep", where=where_kept(row.store))
        _refuse_settled(row)
        if not supplier.strip():
            raise Malformed(field="supplier", problem="missing")
        if expected_at <= at:
            raise Malformed(field="expected_at", problem="out_of_order")
        unit.change(row, seen=["state"], state="ordered", supplier=supplier.strip()[:120], expected_at=expected_at)
        if job.state == "paused":
            pause = open_pause_of(unit, job)
            if pause is not None and pause.reason_code == FOR_PARTS:
                unit.change(pause, expected_at=expected_at)
        fact = part_fact(
            PartOrdered,
            job,
            row.part,
            row.quantity,
            shortage_id=row.pk,
            supplier=row.supplier,
            expected_at=expected_at,
        )
        tell(unit, entry=unit.record(fact), fact=fact, account_ids=[job.worker_id])
        unit.answer(Lacking(row.uid, row.state, job.state))
    return unit.answered(Lacking)


def drop_shortage(
    *,
    shortage_id: UUID,
    actor: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> Lacking:
    """The part is not needed any more: its worker or the keeper says so. A pause stands until the worker goes on.

    Records ShortageDropped. Refuses: NotAllowed, NotFound, ShortageSettled, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        row, job = _open(unit, shortage_id)
        if not authority.may(actor, "stock.keep", where=where_kept(row.store)):
            authority.require(actor, "part.ask", where=where_of(job))
        _refuse_settled(row)
        unit.change(row, seen=["state"], state="dropped", settled_at=at, settled_by_id=actor.account_id)
        fact = part_fact(ShortageDropped, job, row.part, row.quantity, shortage_id=row.pk, why="dropped")
        entry = unit.record(fact)
        tell(unit, entry=entry, fact=fact, account_ids={job.worker_id, row.asked_by_id} - {actor.account_id})
        unit.answer(Lacking(row.uid, row.state, job.state))
    return unit.answered(Lacking)


def _open(unit: Unit, shortage_id: UUID) -> tuple[Shortage, Job]:
    row = Shortage.objects.select_related("part", "store").filter(uid=shortage_id).first()
    if row is None:
        raise NotFound(kind="shortage", name=str(shortage_id))
    return row, in_hand(unit, jobs().get(pk=row.job_id))


def _refuse_settled(row: Shortage) -> None:
    if row.settled_at is not None:
        raise ShortageSettled
