"""A flat list of rooms (building, floor, room in columns) as a table of places: each building and floor once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from yingxu.ground.importing.tables import Table


def is_flat(table: Table) -> bool:
    """Tell whether rows name their building in a column instead of a parent's code."""
    return any(cells.get("building") for _, cells in table.rows)


def unfolded(table: Table, *, known: Collection[str]) -> Table:
    """Return the rows as places with parents; a table that is none of rooms comes back as it is.

    A row without a room is its floor, one without a floor its building. Codes are made of the names, so that the same
    list read again finds the same places; a room's own code stands where one is given.
    """
    if not is_flat(table):
        return table
    rows: list[tuple[int, dict[str, str]]] = []
    seen = set(known)
    for number, cells in table.rows:
        building, floor, room = (cells.get(column, "").strip() for column in ("building", "floor_no", "room"))
        if not building:
            rows.append((number, cells))  # said with its row as a place without a code
            continue
        chain = [("building", building, building, "")]
        if floor:
            name = f"{floor}楼" if floor.isdigit() else floor
            chain.append(("floor", f"{building}-{floor}", name, floor))
        if room:
            chain.append(("room", cells.get("code") or f"{chain[-1][1]}-{room}", room, ""))
        parent = ""
        for place, (kind, code, name, floor_no) in enumerate(chain, 1):
            is_last = place == len(chain)
            if code not in seen or (is_last and kind == "room"):
                row = {"code": code, "parent": parent, "kind": kind, "name": name, "floor_no": floor_no}
                if is_last:
                    row |= {key: cells[key] for key in ("name_en", "place_class", "aliases") if cells.get(key)}
                rows.append((number, row))
                seen.add(code)
            parent = code
    return replace(table, rows=tuple(rows))
