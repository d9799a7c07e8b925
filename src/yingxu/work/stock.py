"""Writes on shelves that several verbs share: a level locked, parts taken and put in, what waits for them served."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from yingxu.core.stock.lots import GRAIN, LotLeft, fifo, parts_fen
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Site
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import Unit
from yingxu.work.events.jobs import JobResumed
from yingxu.work.events.stores import PartCame, PartFact, StockFact
from yingxu.work.models import Job, Level, Lot, Movement, Part, Reservation, Shortage, Store
from yingxu.work.moves import move
from yingxu.work.refusals import NotAtThisJob, NotEnough
from yingxu.work.snapshots import fact_of, in_hand, jobs, open_pause_of, tell

#: Parts move for a job while somebody has it in hand; what was forgotten is booked until it is judged.
WITH_PARTS = frozenset({"accepted", "en_route", "arrived", "in_progress", "paused", "finished"})
#: A job in one of these needs no parts any more.
ENDED = ("finished", "verified", "closed", "cancelled", "merged", "declined", "transferred")
#: No more of a part is moved at once.
MOST = Decimal(999_999)
#: A pause for want of a part (domain 5.5).
FOR_PARTS = "W1"
#: For a store of the hospital's own: no company is inside.
_NO_COMPANY = -1

Kind = TypeVar("Kind", bound=StockFact)
JobKind = TypeVar("JobKind", bound=PartFact)


def plain(quantity: Decimal) -> str:
    """Return a quantity as people write it: no zeros behind the point."""
    return f"{quantity.normalize():f}" if quantity else "0"


def where_read(store: Store) -> Where:
    """Return where a store stands for who looks: the hospital's own serves every company."""
    return Where(site_id=store.site_id, party_ids=tuple(store.party_keys), owner_ids=_keepers(store))


def where_kept(store: Store) -> Where:
    """Return where a store stands for who moves its stock: the hospital's own is no company's."""
    return Where(site_id=store.site_id, party_ids=tuple(store.party_keys) or (_NO_COMPANY,), owner_ids=_keepers(store))


def _keepers(store: Store) -> tuple[int, ...]:
    return (store.keeper_id,) if store.keeper_id is not None else ()


def refuse_wrong_quantity(quantity: Decimal, part: Part, *, field: str = "quantity", least: Decimal = GRAIN) -> None:
    """Refuse a quantity that is not the part's: too small, too large, too fine. Refuses: Malformed."""
    least = max(least, Decimal(1)) if part.is_whole and least > 0 else least
    if not quantity.is_finite() or quantity < least:
        raise Malformed(field=field, problem="too_small", limit=plain(least))
    if quantity > MOST:
        raise Malformed(field=field, problem="too_large", limit=plain(MOST))
    if part.is_whole and quantity != quantity.to_integral_value():
        raise Malformed(field=field, problem="not_whole", limit=part.unit)
    if quantity != quantity.quantize(GRAIN):
        raise Malformed(field=field, problem="too_fine", limit=plain(GRAIN))


def refuse_state(job: Job) -> None:
    """Refuse a job that nobody has in hand. Refuses: NotAtThisJob."""
    if job.state not in WITH_PARTS:
        raise NotAtThisJob(number=job.number, state=job.state)


def levels_locked(unit: Unit, rows: QuerySet[Level]) -> list[Level]:
    """Lock levels in the order of their keys and return them with their parts and stores. One query."""
    unit.locking()
    found = rows.select_related("part", "store", "site").select_for_update(of=("self",))
    return list(found.order_by("id"))


def level_locked(unit: Unit, level_id: UUID, actor: Actor, *, site_id: int) -> Level:
    """Lock a level that the actor may see at the site; refuses: NotFound, NotAllowed. One query."""
    found = levels_locked(unit, Level.objects.filter(uid=level_id, site_id=site_id))
    if not found:
        raise NotFound(kind="stock", name=str(level_id))
    authority.require(actor, "store.read", where=where_read(found[0].store))
    return found[0]


def today_of(site: Site, at: datetime) -> date:
    """Return the day it is at the site."""
    return at.astimezone(ZoneInfo(site.timezone)).date()


def stock_fact(kind: type[Kind], level: Level, **facts: Any) -> Kind:
    """Return a fact about a part in a store."""
    part, store = level.part, level.store
    return kind(
        site_id=level.site_id,
        subject_id=level.pk,
        thread_id=level.pk,
        part_name=part.name,
        part_name_en=part.name_en,
        unit=part.unit,
        unit_en=part.unit_en,
        store_name=store.name,
        store_name_en=store.name_en,
        **facts,
    )


def part_fact(kind: type[JobKind], job: Job, part: Part, quantity: Decimal, **facts: Any) -> JobKind:
    """Return a fact about a part of a job."""
    return fact_of(
        kind,
        job,
        part_id=part.pk,
        part_name=part.name,
        part_name_en=part.name_en,
        unit=part.unit,
        unit_en=part.unit_en,
        quantity=plain(quantity),
        **facts,
    )


def not_enough(level: Level, wanted: Decimal, free: Decimal, *, why: str = "") -> NotEnough:
    """Return the refusal that says how many are free, and why not more."""
    part = level.part
    reason = why or ("reserved" if level.on_hand >= wanted else "none")
    return NotEnough(
        part=part.name,
        part_en=part.name_en,
        unit=part.unit,
        unit_en=part.unit_en,
        wanted=plain(wanted),
        free=plain(max(free, Decimal(0))),
        why=reason,
    )


def take(
    unit: Unit, level: Level, quantity: Decimal, *, kind: str, on: date | None, job: Job | None = None, note: str = ""
) -> list[tuple[Lot, Decimal, int]]:
    """Take so many of a locked level's oldest lots; returns (lot, how many, their cost in fen). One query.

    ``on``: the day of use; expired lots are passed over. Refuses: NotEnough.
    """
    lots = {lot.pk: lot for lot in Lot.objects.filter(level=level, left__gt=0)}
    left = [LotLeft(lot.pk, lot.received_on, lot.expires_on, lot.left) for lot in lots.values()]
    taken = fifo(left, quantity, on=on)
    if not taken:
        usable = sum((one.left for one in left if not on or not one.expires_on or one.expires_on >= on), Decimal(0))
        raise not_enough(level, quantity, usable, why="expired")
    out = []
    for one in taken:
        lot = lots[one.key]
        cost_fen = parts_fen(one.quantity, lot.price_fen)
        unit.change(lot, left=lot.left - one.quantity)
        moved(unit, level, lot, -one.quantity, kind=kind, job=job, cost_fen=cost_fen if job else 0, note=note)
        out.append((lot, one.quantity, cost_fen))
    unit.change(level, on_hand=level.on_hand - quantity)
    return out


def put_in(unit: Unit, level: Level, quantity: Decimal, *, kind: str, note: str = "", **lot: Any) -> Lot:
    """Put a new lot into a locked (or new) level."""
    new = unit.insert(Lot(level=level, quantity=quantity, left=quantity, **lot))
    moved(unit, level, new, quantity, kind=kind, note=note)
    unit.change(level, on_hand=level.on_hand + quantity)
    return new


def moved(
    unit: Unit,
    level: Level,
    lot: Lot,
    quantity: Decimal,
    *,
    kind: str,
    job: Job | None = None,
    cost_fen: int = 0,
    note: str = "",
) -> None:
    """Keep that stock moved."""
    unit.insert(
        Movement(
            kind=kind,
            level=level,
            lot=lot,
            quantity=quantity,
            cost_fen=cost_fen,
            job=job,
            account_id=unit.actor.account_id,
            note=note[:200],
            moved_at=unit.happened_at,
        )
    )


def reserve(unit: Unit, level: Level, job: Job, quantity: Decimal, *, own: Reservation | None) -> None:
    """Keep so many of a locked level for a job, beside what is kept for it already."""
    if own is not None:
        unit.change(own, quantity=own.quantity + quantity)
    else:
        unit.insert(
            Reservation(
                level=level, job=job, quantity=quantity, made_by_id=unit.actor.account_id, made_at=unit.happened_at
            )
        )
    unit.change(level, reserved=level.reserved + quantity)


def release(unit: Unit, level: Level, own: Reservation, *, how: str) -> None:
    """Keep it for the job no more."""
    unit.change(own, ended_at=unit.at, ended_how=how)
    unit.change(level, reserved=level.reserved - own.quantity)


def reservation_of(level: Level, job: Job) -> Reservation | None:
    """Return what a locked level keeps for a job. One query."""
    return Reservation.objects.filter(level=level, job=job, ended_at=None).first()


def serve_waiting(unit: Unit, level: Level) -> None:
    """Keep what has come for the jobs that wait for it, the most urgent and longest waiting first; their pauses end.

    Records PartCame, and JobResumed for a job that waited for nothing else. Budget: none where nobody waits but one
    query; else one for each of: jobs, reservations, pauses, other shortages.
    """
    rows = Shortage.objects.filter(store_id=level.store_id, part_id=level.part_id, settled_at=None)
    rows = rows.exclude(job__state__in=ENDED).select_related("part")
    waiting = list(rows.order_by("job__priority", "asked_at", "id"))
    if not waiting:
        return
    known = {job.pk: in_hand(unit, job) for job in jobs().filter(pk__in=[row.job_id for row in waiting])}
    own = {row.job_id: row for row in Reservation.objects.filter(level=level, ended_at=None)}
    for row in waiting:
        if level.on_hand - level.reserved < row.quantity:
            break  # nobody passes who waits longer
        job = known[row.job_id]
        reserve(unit, level, job, row.quantity, own=own.get(job.pk))
        unit.change(row, seen=["state"], state="received", settled_at=unit.at, settled_by_id=unit.actor.account_id)
        fact = part_fact(PartCame, job, row.part, row.quantity, shortage_id=row.pk, store_id=level.store_id)
        tell(unit, entry=unit.record(fact), fact=fact, account_ids=[job.worker_id])
        others = Shortage.objects.filter(job=job, settled_at=None).exclude(pk=row.pk)
        if job.state == "paused" and not others.exists():
            go_on(unit, job)


def go_on(unit: Unit, job: Job) -> None:
    """End the pause for want of a part; a pause for another reason stands."""
    pause = open_pause_of(unit, job)
    if pause is None or pause.reason_code != FOR_PARTS:
        return
    move(unit, job, "in_progress")
    unit.change(pause, resumed_at=unit.at)
    unit.record(fact_of(JobResumed, job, reason_code=FOR_PARTS))


def keepers(store: Store) -> Iterable[int | None]:
    """Return who is told of what a store is asked."""
    return (store.keeper_id,)
