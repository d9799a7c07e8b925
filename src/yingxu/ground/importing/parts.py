"""A table of parts with what lies in the stores: opening balances with lots, and minimum levels."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from yingxu.ground.importing.columns import Fault, Read, lengths, missing, parts
from yingxu.ground.importing.papers import read_day
from yingxu.ground.importing.tables import Table

_LIMITS = {
    "code": 32,
    "name": 120,
    "name_en": 120,
    "spec": 120,
    "unit": 16,
    "unit_en": 16,
    "batch": 64,
    "supplier": 120,
}
_YES, _NO = {"是", "yes", "y", "1", "true"}, {"否", "no", "n", "0", "false"}
#: Most of a unit in one row, and dearest price of a unit in yuan.
MOST, DEAREST = Decimal(999_999), Decimal(1_000_000)
#: Quantities are kept to a thousandth of the unit.
_FINEST = Decimal("0.001")


@dataclass(frozen=True)
class KnownPart:
    """A part that is known: its name and unit, which a table does not change."""

    name: str
    unit: str
    is_whole: bool


@dataclass(frozen=True)
class KnownStock:
    """What parts are said by: stores by name or code (lower case) -> code; parts by code; codes of items."""

    stores: Mapping[str, str]
    parts: Mapping[str, KnownPart]
    items: Collection[str]


@dataclass(frozen=True)
class PartLine:
    """A part in one store, in one lot when something lies there."""

    row: int
    code: str
    name: str
    name_en: str
    spec: str
    unit: str
    unit_en: str
    is_whole: bool
    item_codes: tuple[str, ...]
    store: str
    minimum: Decimal | None
    quantity: Decimal
    price_fen: int
    batch: str
    supplier: str
    received_on: date | None
    expires_on: date | None


def read_parts(table: Table, *, known: KnownStock) -> Read[PartLine]:
    """Return the parts of a table; rows of one code must say the same part, and what stands already stays."""
    faults: list[Fault] = []
    lines: list[PartLine] = []
    first: dict[str, KnownPart] = {}
    seen: dict[tuple[str, str, str, str], int] = {}
    for number, cells in table.rows:
        wrong = missing(number, cells, "parts") + lengths(number, cells, _LIMITS)
        code, whole = cells.get("code", ""), cells.get("whole", "").lower() or "是"
        if whole not in _YES | _NO:
            wrong.append(Fault(number, "whole", "unknown", cells["whole"]))
        said = KnownPart(cells.get("name", ""), cells.get("unit", ""), whole in _YES)
        stands = known.parts.get(code) or first.setdefault(code, said)
        if not wrong:
            wrong += _differs(number, cells, said, stands)
        store = known.stores.get(cells.get("store", "").lower(), "")
        if cells.get("store") and not store:
            wrong.append(Fault(number, "store", "unknown", cells["store"]))
        items = parts(cells.get("items", ""))
        wrong += [Fault(number, "items", "unknown", one) for one in items if one not in known.items]
        minimum = _number(number, cells, "minimum", wrong, is_whole=stands.is_whole)
        quantity = _number(number, cells, "quantity", wrong, is_whole=stands.is_whole) or Decimal(0)
        fen = _price(number, cells, wrong, is_needed=quantity > 0)
        days = {name: _day(number, cells, name, wrong) for name in ("received_on", "expires_on")}
        came, ends = days["received_on"], days["expires_on"]
        if came is not None and ends is not None and ends < came:
            wrong.append(Fault(number, "expires_on", "before", cells["expires_on"], cells["received_on"]))
        key = (code, store, cells.get("batch", ""), str(came))
        if not wrong and key in seen:
            wrong.append(Fault(number, "code", "twice", code, str(seen[key])))
        seen.setdefault(key, number)
        faults += wrong
        if not wrong:
            texts = {name: cells.get(name, "") for name in ("name_en", "spec", "unit_en", "batch", "supplier")}
            lines.append(
                PartLine(
                    row=number,
                    code=code,
                    name=said.name,
                    unit=said.unit,
                    is_whole=stands.is_whole,
                    item_codes=items,
                    store=store,
                    minimum=minimum,
                    quantity=quantity,
                    price_fen=fen,
                    received_on=came,
                    expires_on=ends,
                    **texts,
                )
            )
    return Read(tuple(lines), tuple(faults))


def _differs(number: int, cells: Mapping[str, str], said: KnownPart, stands: KnownPart) -> list[Fault]:
    """Return where a row says another part than the one of its code."""
    found = [
        Fault(number, column, "differs", cells[column], getattr(stands, column))
        for column in ("name", "unit")
        if getattr(said, column) != getattr(stands, column)
    ]
    if cells.get("whole") and said.is_whole != stands.is_whole:
        found.append(Fault(number, "whole", "differs", cells["whole"], "是" if stands.is_whole else "否"))
    return found


def _number(
    number: int, cells: Mapping[str, str], column: str, wrong: list[Fault], *, is_whole: bool
) -> Decimal | None:
    said = cells.get(column, "")
    if not said:
        return None
    found = _decimal(said)
    if found is None:
        wrong.append(Fault(number, column, "no_number", said))
        return None
    if not 0 <= found <= MOST:
        wrong.append(Fault(number, column, "out_of_range", said, f"0–{MOST}"))
        return None
    if found % (Decimal(1) if is_whole else _FINEST):
        wrong.append(Fault(number, column, "not_whole" if is_whole else "too_fine", said, str(_FINEST)))
        return None
    return found


def _price(number: int, cells: Mapping[str, str], wrong: list[Fault], *, is_needed: bool) -> int:
    """Return the price of a unit in fen."""
    said = cells.get("price", "").lstrip("¥￥").strip()
    if not said:
        if is_needed:
            wrong.append(Fault(number, "price", "missing"))
        return 0
    found = _decimal(said)
    if found is None:
        wrong.append(Fault(number, "price", "no_number", said))
        return 0
    if not 0 <= found <= DEAREST:
        wrong.append(Fault(number, "price", "out_of_range", said, str(DEAREST)))
        return 0
    if found * 100 % 1:
        wrong.append(Fault(number, "price", "too_fine", said, "0.01"))
        return 0
    return int(found * 100)


def _decimal(said: str) -> Decimal | None:
    """Return a number; 1,200 and 1，200 are twelve hundred."""
    try:
        found = Decimal(said.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _day(number: int, cells: Mapping[str, str], column: str, wrong: list[Fault]) -> date | None:
    said = cells.get(column, "")
    found = read_day(said) if said else None
    if said and found is None:
        wrong.append(Fault(number, column, "no_day", said))
    return found
