"""Verbs of parts at a job: keep some for it, let them go, take them, bring them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from yingxu.core.stock.lots import Taken, back_fen, put_back
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.work.actions.shelves import StockMoved
from yingxu.work.events.stores import PartIssued, PartReleased, PartReserved, PartReturned, ShortageDropped
from yingxu.work.models import Job, Level, Lot, Movement, Reservation, Shortage
from yingxu.work.refusals import MoreThanIssued
from yingxu.work.snapshots import in_hand, in_name_of, job_of, jobs, refuse_impossible_moment, where_of
from yingxu.work.stock import (
    ENDED,
    level_locked,
    levels_locked,
    moved,
    not_enough,
    part_fact,
    plain,
    refuse_state,
    refuse_wrong_quantity,
    release,
    reservation_of,
    reserve,
    serve_waiting,
    take,
    today_of,
    where_kept,
)

#: Reservations and shortages of jobs that ended are let go so many at a time.
_AT_ONCE = 100


def reserve_part(
    *,
    job_id: UUID,
    level_id: UUID,
    quantity: Decimal,
    actor: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> StockMoved:
    """So many are kept for the job: nobody else is promised them (domain S16).

    Records PartReserved. Refuses: NotAllowed, NotFound, NotAtThisJob, Malformed, NotEnough. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job, level = _at(unit, job_id, level_id, actor)
        refuse_wrong_quantity(quantity, level.part)
        free = level.on_hand - level.reserved
        if quantity > free:
            raise not_enough(level, quantity, free)
        reserve(unit, level, job, quantity, own=reservation_of(level, job))
        unit.record(part_fact(PartReserved, job, level.part, quantity, store_id=level.store_id))
        unit.answer(StockMoved.of(level))
    return unit.answered(StockMoved)


def _at(unit: Unit, job_id: UUID, level_id: UUID, actor: Actor) -> tuple[Job, Level]:
    """Return a job and a locked level between which the actor may move parts.

    Whoever does the job may, and whoever keeps the store, for jobs of its own company.
    """
    job = job_of(unit, job_id)
    level = level_locked(unit, level_id, actor, site_id=job.site_id)
    is_ours = level.store.party_id in (None, job.party_id)
    if not (is_ours and authority.may(actor, "stock.keep", where=where_kept(level.store))):
        authority.require(actor, "part.use", where=where_of(job))
        if job.worker_id is not None:
            unit.actor = in_name_of(actor, job.worker_id)
    refuse_state(job)
    refuse_impossible_moment(unit, job)
    return job, level


def release_part(
    *,
    job_id: UUID,
    level_id: UUID,
    actor: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> StockMoved:
    """What was kept for the job is free again; who waits for it gets it.

    Records PartReleased. Refuses: NotAllowed, NotFound. Budget: 5 where nobody waits.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job, level = _at(unit, job_id, level_id, actor)
        own = reservation_of(level, job)
        if own is None:
            raise NotFound(kind="reservation", name=level.part.name)
        release(unit, level, own, how="released")
        unit.record(part_fact(PartReleased, job, level.part, own.quantity, how="released"))
        serve_waiting(unit, level)
        unit.answer(StockMoved.of(level))
    return unit.answered(StockMoved)


def issue_part(
    *,
    job_id: UUID,
    level_id: UUID,
    quantity: Decimal,
    actor: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> StockMoved:
    """Parts went from the store to the job: first what was kept for it, the oldest lots first, never what others keep.

    Records PartIssued with its cost. Refuses: NotAllowed, NotFound, NotAtThisJob, Malformed, NotEnough. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job, level = _at(unit, job_id, level_id, actor)
        refuse_wrong_quantity(quantity, level.part)
        own = reservation_of(level, job)
        kept = own.quantity if own is not None else Decimal(0)
        free = level.on_hand - level.reserved + kept
        if quantity > free:
            raise not_enough(level, quantity, free)
        taken = take(unit, level, quantity, kind="issued", on=today_of(level.site, at), job=job)
        if own is not None:
            _use_reservation(unit, level, own, min(kept, quantity))
        cost_fen = sum(cost for _lot, _n, cost in taken)
        unit.record(part_fact(PartIssued, job, level.part, quantity, store_id=level.store_id, cost_fen=cost_fen))
        unit.answer(StockMoved.of(level, cost_fen))
    return unit.answered(StockMoved)


def _use_reservation(unit: Unit, level: Level, own: Reservation, used: Decimal) -> None:
    if used == own.quantity:
        unit.change(own, ended_at=unit.at, ended_how="issued")
    else:
        unit.change(own, quantity=own.quantity - used)
    unit.change(level, reserved=level.reserved - used)


def return_part(
    *,
    job_id: UUID,
    level_id: UUID,
    quantity: Decimal,
    actor: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> StockMoved:
    """Parts of the job lie in the store again, in the lots that they came from; the job bears them no more.

    Records PartReturned. Refuses: NotAllowed, NotFound, NotAtThisJob, Malformed, MoreThanIssued. Budget: 6 where nobody
    waits for the part.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job, level = _at(unit, job_id, level_id, actor)
        refuse_wrong_quantity(quantity, level.part)
        held = held_by(job, level)
        back = put_back([Taken(key, n) for key, (n, _cost) in held.items() if n], quantity)
        if not back:
            most = sum((n for n, _cost in held.values()), Decimal(0))
            raise MoreThanIssued(part=level.part.name, part_en=level.part.name_en, issued=plain(most))
        lots = Lot.objects.in_bulk([one.key for one in back])
        total_fen = 0
        for one in back:
            n, cost_fen = held[one.key]
            back_cost = back_fen(one.quantity, held=n, cost_fen=cost_fen)
            total_fen += back_cost
            lot = lots[one.key]
            unit.change(lot, left=lot.left + one.quantity)
            moved(unit, level, lot, one.quantity, kind="returned", job=job, cost_fen=-back_cost)
        unit.change(level, on_hand=level.on_hand + quantity)
        unit.record(part_fact(PartReturned, job, level.part, quantity, store_id=level.store_id, cost_fen=total_fen))
        serve_waiting(unit, level)
        unit.answer(StockMoved.of(level, -total_fen))
    return unit.answered(StockMoved)


def held_by(job: Job, level: Level) -> dict[int, tuple[Decimal, int]]:
    """Return what a job holds of a level: lot -> (how many, their cost in fen), in the order of issue. One query."""
    held: dict[int, tuple[Decimal, int]] = {}
    rows = Movement.objects.filter(job=job, level=level).order_by("moved_at", "id")
    for lot, quantity, cost_fen in rows.values_list("lot_id", "quantity", "cost_fen"):
        n, cost = held.pop(lot, (Decimal(0), 0))
        held[lot] = (n - quantity, cost + cost_fen)
    return held


@dataclass(frozen=True)
class LetGo:
    """How many reservations and shortages of jobs that ended were let go; whether there are more."""

    n: int
    is_more: bool


def let_go_of_ended(*, actor: Actor, at: datetime) -> LetGo:
    """What was kept for jobs that are done or called off is free again, and what they lacked is asked for no more.

    Records PartReleased and ShortageDropped. Refuses: NotAllowed. Budget: 2 where there is nothing to do; any number of
    workers may do it at once.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "part.let_go", where=Where(site_id=None))
        unit.locking()
        ended = {"job__state__in": ENDED}
        kept = Reservation.objects.filter(ended_at=None, **ended).order_by("id")
        lacking = list(
            Shortage.objects.filter(settled_at=None, **ended).select_related("part").order_by("id")[:_AT_ONCE]
        )
        n_kept = _free(unit, set(kept.values_list("level_id", flat=True)[:_AT_ONCE]))
        _drop(unit, lacking)
        unit.answer(LetGo(n_kept + len(lacking), n_kept >= _AT_ONCE or len(lacking) == _AT_ONCE))
    return unit.answered(LetGo)


def _free(unit: Unit, level_keys: set[int]) -> int:
    """Release what ended jobs keep of these levels: looked at again once the levels are locked."""
    if not level_keys:
        return 0
    levels = {level.pk: level for level in levels_locked(unit, Level.objects.filter(pk__in=level_keys))}
    kept = list(Reservation.objects.filter(level__in=level_keys, ended_at=None, job__state__in=ENDED).order_by("id"))
    known = {job.pk: in_hand(unit, job) for job in jobs().filter(pk__in={row.job_id for row in kept})}
    for row in kept:
        level = levels[row.level_id]
        release(unit, level, row, how="job_ended")
        unit.record(part_fact(PartReleased, known[row.job_id], level.part, row.quantity, how="job_ended"))
    for level in levels.values():
        serve_waiting(unit, level)
    return len(kept)


def _drop(unit: Unit, lacking: list[Shortage]) -> None:
    known = {job.pk: in_hand(unit, job) for job in jobs().filter(pk__in={row.job_id for row in lacking})}
    for row in lacking:
        unit.change(row, seen=["state"], state="dropped", settled_at=unit.at)
        job = known[row.job_id]
        unit.record(part_fact(ShortageDropped, job, row.part, row.quantity, shortage_id=row.pk, why="job_ended"))
