"""A table of parts and opening balances: each row goes through the verbs of stores, rights included."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from yingxu.ground.actor import Actor
from yingxu.ground.importing import Fault, Table
from yingxu.ground.importing.parts import KnownPart, KnownStock, PartLine, read_parts
from yingxu.ground.queries import SiteRow
from yingxu.standards import queries as standards
from yingxu.work.actions import shelves, stores
from yingxu.work.queries import opening


def read(found: Table, site: SiteRow) -> Any:
    """Return what the table says, against what the stores know. Budget: three queries."""
    known = KnownStock(
        stores={
            name.lower(): row.code
            for row in opening.known_stores(site.id)
            for name in (row.name_en, row.name, row.code)
            if name
        },
        parts={
            code: KnownPart(row.name, row.unit, row.is_whole)
            for code, row in opening.known_stock_parts(site.id).items()
            if row.is_active
        },
        items=standards.item_codes(site.id),
    )
    return read_parts(found, known=known)


def refused(lines: Sequence[PartLine], site: SiteRow, actor: Actor, at: datetime) -> tuple[Fault, ...]:
    """Return the rows that the verbs would refuse to this person, or today. Budget: one query."""
    kept = opening.stores_kept(actor, site.id)
    today = at.astimezone(ZoneInfo(site.timezone)).date()
    faults = [Fault(line.row, "store", "not_yours", line.store) for line in lines if line.store not in kept]
    faults += [
        Fault(line.row, "received_on", "in_future", str(line.received_on))
        for line in lines
        if line.received_on is not None and line.received_on > today
    ]
    faults += [
        Fault(line.row, "expires_on", "before", str(line.expires_on), str(today))
        for line in lines
        if line.quantity and line.expires_on is not None and line.expires_on < (line.received_on or today)
    ]
    return tuple(faults)


def bring_in(lines: Sequence[PartLine], site: SiteRow, actor: Actor, at: datetime) -> dict[str, list[Any]]:
    """Make the parts known, receive what lies there, set the minimum levels; returns what can be taken back."""
    codes = {line.code for line in lines}
    lots, before = opening.lots_of_parts(site.id, codes), opening.minimums_of_parts(site.id, codes)
    made = _parts(lines, site, actor, at)
    parts = {code: row.uid for code, row in opening.known_stock_parts(site.id).items()}
    at_store = {row.code: row.uid for row in opening.known_stores(site.id)}
    minimums: dict[tuple[str, str], Decimal] = {
        (line.store, line.code): line.minimum for line in lines if line.minimum is not None
    }
    for (store, code), minimum in minimums.items():
        shelves.set_minimum(store_id=at_store[store], part_id=parts[code], minimum=minimum, actor=actor, at=at)
    for line in lines:
        if line.quantity:
            shelves.receive_stock(
                store_id=at_store[line.store],
                part_id=parts[line.code],
                quantity=line.quantity,
                price_fen=line.price_fen,
                received_on=line.received_on,
                batch=line.batch,
                expires_on=line.expires_on,
                supplier=line.supplier,
                actor=actor,
                at=at,
            )
    after = opening.minimums_of_parts(site.id, codes)
    changed = [
        [key, before.get(key, "0"), value]
        for key, value in after.items()
        if Decimal(before.get(key, "0")) != Decimal(value)
    ]
    return {"lot": sorted(opening.lots_of_parts(site.id, codes) - lots), "minimum": changed, "part": made}


def _parts(lines: Sequence[PartLine], site: SiteRow, actor: Actor, at: datetime) -> list[int]:
    """Make the parts known that are not, or not any more; returns their keys."""
    known = opening.known_stock_parts(site.id)
    items: dict[str, list[str]] = {}
    for line in lines:
        items[line.code] = list(dict.fromkeys([*items.get(line.code, []), *line.item_codes]))
    new: set[str] = set()
    for line in lines:
        stands = known.get(line.code)
        if line.code in new or (stands is not None and stands.is_active):
            continue
        part_id: UUID | None = stands.uid if stands is not None else None
        stores.set_part(
            site_id=site.id,
            part_id=part_id,
            code=line.code,
            name=line.name,
            name_en=line.name_en,
            spec=line.spec,
            unit_name=line.unit,
            unit_name_en=line.unit_en,
            is_whole=line.is_whole,
            item_codes=items[line.code],
            actor=actor,
            at=at,
        )
        new.add(line.code)
    found = opening.known_stock_parts(site.id)
    return sorted(found[code].id for code in new)
