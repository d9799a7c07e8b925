"""Verbs of a stock-take: begin it, count part by part, and a second person settles it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.work.events.stores import PartCounted, StockCorrected, StockTakeBegun, StockTakeSettled
from yingxu.work.models import Counted, Level, Lot, StockTake, Store
from yingxu.work.refusals import CountBelowReserved, SecondPersonNeeded, StockTakeEnded, StockTakeOpen
from yingxu.work.stock import (
    levels_locked,
    plain,
    put_in,
    refuse_wrong_quantity,
    serve_waiting,
    stock_fact,
    take,
    today_of,
    where_kept,
)

#: Why the book and the shelf differ.
WHY_DIFFERENT = ("miscounted", "unbooked", "broken", "expired", "lost", "found")


@dataclass(frozen=True)
class TakeKept:
    """A stock-take as the verb left it."""

    take_id: UUID
    n_counted: int = 0
    n_differ: int = 0


def begin_stock_take(*, store_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> TakeKept:
    """A store is being counted; one count at a time.

    Records StockTakeBegun. Refuses: NotAllowed, NotFound, StockTakeOpen. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        store = Store.objects.filter(uid=store_id).first()
        if store is None:
            raise NotFound(kind="store", name=str(store_id))
        authority.require(actor, "stock.count", where=where_kept(store))
        if StockTake.objects.filter(store=store, settled_at=None).exists():
            raise StockTakeOpen
        row = unit.insert(StockTake(site_id=store.site_id, store=store, begun_by_id=actor.account_id, begun_at=at))
        unit.record(
            StockTakeBegun(
                site_id=store.site_id,
                subject_id=row.pk,
                thread_id=row.pk,
                store_name=store.name,
                store_name_en=store.name_en,
            )
        )
        unit.answer(TakeKept(row.uid))
    return unit.answered(TakeKept)


def _take(take_id: UUID, actor: Actor, action: str) -> StockTake:
    row = StockTake.objects.select_related("store", "site").filter(uid=take_id).first()
    if row is None:
        raise NotFound(kind="stock_take", name=str(take_id))
    authority.require(actor, action, where=where_kept(row.store))
    if row.settled_at is not None:
        raise StockTakeEnded
    return row


def count_part(
    *,
    take_id: UUID,
    level_id: UUID,
    counted: Decimal,
    actor: Actor,
    at: datetime,
    reason: str = "",
    note: str = "",
    command: CommandKey | None = None,
) -> TakeKept:
    """A part was counted, beside what the book says now; counted again, the last count holds. Stock does not change.

    Records PartCounted. Refuses: NotAllowed, NotFound, StockTakeEnded, Malformed (a difference needs a reason).
    Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _take(take_id, actor, "stock.count")
        level = Level.objects.select_related("part").filter(uid=level_id, store_id=row.store_id).first()
        if level is None:
            raise NotFound(kind="stock", name=str(level_id))
        refuse_wrong_quantity(counted, level.part, field="counted", least=Decimal(0))
        if counted != level.on_hand and reason not in WHY_DIFFERENT:
            raise Malformed(field="reason", problem="unknown" if reason else "missing")
        said: dict[str, Any] = {
            "expected": level.on_hand,
            "counted": counted,
            "reason": reason if counted != level.on_hand else "",
            "note": note.strip()[:200],
            "counted_by_id": actor.account_id,
            "counted_at": at,
        }
        before = Counted.objects.filter(take=row, level=level).first()
        if before is None:
            unit.insert(Counted(take=row, level=level, **said))
        else:
            unit.change(before, **said)
        unit.record(
            PartCounted(
                site_id=row.site_id,
                subject_id=row.pk,
                thread_id=row.pk,
                part_name=level.part.name,
                part_name_en=level.part.name_en,
                expected=plain(level.on_hand),
                counted=plain(counted),
                reason=str(said["reason"]),
            )
        )
        unit.answer(TakeKept(row.uid))
    return unit.answered(TakeKept)


def settle_stock_take(*, take_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> TakeKept:
    """A second person agrees: each difference between count and book becomes a movement, whatever moved since.

    Records StockCorrected for each difference, StockTakeSettled. Refuses: NotAllowed, NotFound, StockTakeEnded,
    SecondPersonNeeded, Malformed (nothing counted), CountBelowReserved, Stale. Budget: 4, and 2 a difference.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _take(take_id, actor, "stock.settle")
        lines = list(Counted.objects.filter(take=row))
        if actor.account_id is None or actor.account_id in {row.begun_by_id, *(line.counted_by_id for line in lines)}:
            raise SecondPersonNeeded
        if not lines:
            raise Malformed(field="counted", problem="missing")
        differ = {line.level_id: line for line in lines if line.counted != line.expected}
        for level in levels_locked(unit, Level.objects.filter(pk__in=differ)):
            _correct(unit, row, level, differ[level.pk])
        _end(unit, row, "settled", len(lines), len(differ))
        unit.answer(TakeKept(row.uid, len(lines), len(differ)))
    return unit.answered(TakeKept)


def _correct(unit: Unit, row: StockTake, level: Level, line: Counted) -> None:
    difference = line.counted - line.expected
    if level.on_hand + difference < level.reserved:
        raise CountBelowReserved(part=level.part.name, part_en=level.part.name_en, reserved=plain(level.reserved))
    if difference < 0:
        take(unit, level, -difference, kind="counted", on=None, note=line.note)
    else:
        last = Lot.objects.filter(level=level).order_by("-received_on", "-id").first()
        put_in(
            unit,
            level,
            difference,
            kind="counted",
            note=line.note,
            received_on=today_of(row.site, unit.at),
            price_fen=last.price_fen if last is not None else 0,
        )
    unit.record(stock_fact(StockCorrected, level, take_id=row.pk, difference=plain(difference), reason=line.reason))
    if difference > 0:
        serve_waiting(unit, level)


def drop_stock_take(*, take_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> TakeKept:
    """The count is given up; stock does not change. Records StockTakeSettled. Refuses: NotAllowed, StockTakeEnded."""
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _take(take_id, actor, "stock.count")
        _end(unit, row, "dropped", 0, 0)
        unit.answer(TakeKept(row.uid))
    return unit.answered(TakeKept)


def _end(unit: Unit, row: StockTake, how: str, n_counted: int, n_differ: int) -> None:
    unit.change(row, seen=["ended_how"], settled_at=unit.at, settled_by_id=unit.actor.account_id, ended_how=how)
    unit.record(
        StockTakeSettled(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=row.pk,
            how=how,
            n_counted=n_counted,
            n_differ=n_differ,
        )
    )
