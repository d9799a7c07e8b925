"""Verbs of shelves: minimum levels, receive a lot, send to another store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.work.events.stores import MinimumSet, StockArrived, StockReceived, StockSent
from yingxu.work.models import Level, Part, Store
from yingxu.work.stock import (
    levels_locked,
    not_enough,
    plain,
    put_in,
    refuse_wrong_quantity,
    serve_waiting,
    stock_fact,
    take,
    today_of,
    where_kept,
    where_read,
)

#: A unit costs at most a million yuan.
DEAREST_FEN = 100_000_000


@dataclass(frozen=True)
class StockMoved:
    """A level as the verb left it: quantities as text, with the part's unit."""

    level_id: UUID
    on_hand: str
    free: str
    cost_fen: int = 0

    @classmethod
    def of(cls, level: Level, cost_fen: int = 0) -> StockMoved:
        """Return the answer for a level."""
        return cls(level.uid, plain(level.on_hand), plain(level.on_hand - level.reserved), cost_fen)


def set_minimum(
    *,
    store_id: UUID,
    part_id: UUID,
    minimum: Decimal,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> StockMoved:
    """Below so many free ones the part is shown as low in this store; 0: it is not kept in stock there.

    Records MinimumSet. Refuses: NotAllowed, NotFound, Malformed. Budget: 6.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        store, part = _store(store_id), _part(part_id)
        authority.require(actor, "stock.keep", where=where_kept(store))
        _refuse_apart(store, part)
        refuse_wrong_quantity(minimum, part, field="minimum", least=Decimal(0))
        level = _level(unit, store, part)
        unit.change(level, minimum=minimum)
        unit.record(stock_fact(MinimumSet, level, minimum=plain(minimum)))
        unit.answer(StockMoved.of(level))
    return unit.answered(StockMoved)


def _store(store_id: UUID) -> Store:
    store = Store.objects.select_related("site").filter(uid=store_id).first()
    if store is None:
        raise NotFound(kind="store", name=str(store_id))
    return store


def _part(part_id: UUID) -> Part:
    part = Part.objects.filter(uid=part_id).first()
    if part is None:
        raise NotFound(kind="part", name=str(part_id))
    return part


def _refuse_apart(store: Store, part: Part) -> None:
    if part.site_id != store.site_id or not part.is_active:
        raise NotFound(kind="part", name=part.code)
    if not store.is_open:
        raise NotFound(kind="store", name=store.code)


def _level(unit: Unit, store: Store, part: Part) -> Level:
    """Return the level of a part in a store, locked, or a new one; the store is locked so that it is made once."""
    unit.locking()
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    found = levels_locked(unit, Level.objects.filter(store=store, part=part))
    if found:
        return found[0]
    return _new_level(unit, store, part)


def _new_level(unit: Unit, store: Store, part: Part) -> Level:
    none = Decimal(0)
    return unit.insert(Level(site=store.site, store=store, part=part, on_hand=none, reserved=none, minimum=none))


def receive_stock(
    *,
    store_id: UUID,
    part_id: UUID,
    quantity: Decimal,
    price_fen: int,
    actor: Actor,
    at: datetime,
    received_on: date | None = None,
    batch: str = "",
    expires_on: date | None = None,
    supplier: str = "",
    document: str = "",
    command: CommandKey | None = None,
) -> StockMoved:
    """A lot lies in the store at its price; jobs that wait for the part get it kept, and go on.

    Records StockReceived, PartCame and JobResumed where somebody waited. Refuses: NotAllowed, NotFound, Malformed.
    Budget: 6 where nobody waits.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        store, part = _store(store_id), _part(part_id)
        authority.require(actor, "stock.keep", where=where_kept(store))
        _refuse_apart(store, part)
        refuse_wrong_quantity(quantity, part)
        if not 0 <= price_fen <= DEAREST_FEN:
            problem = "too_small" if price_fen < 0 else "too_large"
            raise Malformed(field="price", problem=problem, limit="0" if price_fen < 0 else "1000000")
        today = today_of(store.site, at)
        came_on = received_on or today
        if came_on > today:
            raise Malformed(field="received_on", problem="in_future")
        if expires_on is not None and expires_on < came_on:
            raise Malformed(field="expires_on", problem="out_of_order")
        level = _level(unit, store, part)
        lot = put_in(
            unit,
            level,
            quantity,
            kind="received",
            batch=batch.strip()[:64],
            supplier=supplier.strip()[:120],
            document=document.strip()[:64],
            received_on=came_on,
            expires_on=expires_on,
            price_fen=price_fen,
        )
        unit.record(
            stock_fact(
                StockReceived,
                level,
                lot_id=lot.pk,
                quantity=plain(quantity),
                price_fen=price_fen,
                batch=lot.batch,
                document=lot.document,
                expires_on=expires_on,
            )
        )
        if expires_on is None or expires_on >= today:
            serve_waiting(unit, level)
        unit.answer(StockMoved.of(level))
    return unit.answered(StockMoved)


def transfer_stock(
    *,
    site_id: int,
    level_id: UUID,
    to_store_id: UUID,
    quantity: Decimal,
    actor: Actor,
    at: datetime,
    note: str = "",
    command: CommandKey | None = None,
) -> StockMoved:
    """Parts lie in another store, lot by lot at the price they came in at; who sends keeps the store they leave.

    Records StockSent and StockArrived. Refuses: NotAllowed, NotFound, Malformed, NotEnough. Budget: 8.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        target = _store(to_store_id)
        level = _kept_level(level_id, site_id)
        authority.require(actor, "stock.keep", where=where_kept(level.store))
        authority.require(actor, "store.read", where=where_read(target))
        _refuse_apart(target, level.part)
        if target.pk == level.store_id:
            raise Malformed(field="to_store", problem="same")
        refuse_wrong_quantity(quantity, level.part)
        level, there = _both_levels(unit, level, target)
        free = level.on_hand - level.reserved
        if quantity > free:
            raise not_enough(level, quantity, free)
        for lot, n, _cost in take(unit, level, quantity, kind="sent", on=None, note=note):
            put_in(
                unit,
                there,
                n,
                kind="arrived",
                note=note,
                batch=lot.batch,
                supplier=lot.supplier,
                document=lot.document,
                received_on=lot.received_on,
                expires_on=lot.expires_on,
                price_fen=lot.price_fen,
            )
        named = {"quantity": plain(quantity)}
        unit.record(stock_fact(StockSent, level, to_store_name=target.name, to_store_name_en=target.name_en, **named))
        unit.record(
            stock_fact(
                StockArrived,
                there,
                from_store_name=level.store.name,
                from_store_name_en=level.store.name_en,
                **named,
            )
        )
        serve_waiting(unit, there)
        unit.answer(StockMoved.of(level))
    return unit.answered(StockMoved)


def _both_levels(unit: Unit, level: Level, target: Store) -> tuple[Level, Level]:
    """Lock where parts leave and where they go, in the order of keys, so that crossing ways never block each other."""
    unit.locking()
    Store.objects.select_for_update(no_key=True).get(pk=target.pk)
    both = Q(pk=level.pk) | Q(store=target, part=level.part)
    found = {one.store_id: one for one in levels_locked(unit, Level.objects.filter(both))}
    there = found.get(target.pk) or _new_level(unit, target, level.part)
    return found[level.store_id], there


def _kept_level(level_id: UUID, site_id: int) -> Level:
    level = Level.objects.select_related("store", "part").filter(uid=level_id, site_id=site_id).first()
    if level is None:
        raise NotFound(kind="stock", name=str(level_id))
    return level
