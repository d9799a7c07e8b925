"""A table of assets: classes, places and suppliers by name or code."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yingxu.ground.actions import NewAsset
from yingxu.ground.importing.columns import Fault, Read, lengths, missing
from yingxu.ground.importing.tables import Table

STATES = {
    "in_use": ("在用", "使用中", "正常", "in use", "in_use"),
    "stopped": ("停用", "停运", "封存", "stopped"),
    "retired": ("报废", "退役", "retired"),
}
_STATE_OF = {name: code for code, names in STATES.items() for name in names}
_LIMITS = {"code": 64, "name": 120, "name_en": 120, "serial": 64}


@dataclass(frozen=True)
class KnownAround:
    """What assets are said by: codes that are taken; classes, places and parties by what people call them; the
    line that looks after each class.
    """

    taken: Collection[str]
    classes: Mapping[str, str]
    lines: Mapping[str, str]
    places: Mapping[str, int]
    parties: Mapping[str, int]


def read_assets(table: Table, *, known: KnownAround) -> Read[NewAsset]:
    """Return the assets of a table; a code that is taken, in the table or outside, is a fault."""
    faults: list[Fault] = []
    lines: list[NewAsset] = []
    first_at: dict[str, int] = {}
    looked_up: dict[str, Mapping[str, Any]] = {
        "class": known.classes,
        "place": known.places,
        "state": _STATE_OF,
        "party": known.parties,
    }
    for number, cells in table.rows:
        wrong = missing(number, cells, "assets") + lengths(number, cells, _LIMITS)
        code = cells.get("code", "")
        if code in first_at:
            wrong.append(Fault(number, "code", "twice", code, str(first_at[code])))
        elif code in known.taken:
            wrong.append(Fault(number, "code", "taken", code))
        first_at.setdefault(code, number)

        found: dict[str, Any] = {}
        for column, names in looked_up.items():
            said = cells.get(column, "")
            found[column] = names.get(said) or names.get(said.lower())
            if said and found[column] is None:
                wrong.append(Fault(number, column, "unknown", said))
        begins = _day(cells.get("in_service_on", ""))
        if begins is None and cells.get("in_service_on"):
            wrong.append(Fault(number, "in_service_on", "no_day", cells["in_service_on"]))
        faults += wrong
        if not wrong:
            lines.append(
                NewAsset(
                    code=code,
                    name=cells["name"],
                    name_en=cells.get("name_en", ""),
                    class_code=found["class"],
                    line_code=known.lines[found["class"]],
                    place_id=found["place"],
                    serial=cells.get("serial", ""),
                    state=found["state"] or "in_use",
                    party_id=found["party"],
                    in_service_on=begins,
                )
            )
    return Read(tuple(lines), tuple(faults))


def _day(said: str) -> date | None:
    """Return a day as tables write it: 2015-03-01, 2015/3/1, 2015.3.1, 2015年3月1日; a month stands for its first."""
    text = said.split(" ")[0]
    for mark in "/.年月":
        text = text.replace(mark, "-")
    parts = [part for part in text.rstrip("日").split("-") if part]
    try:
        numbers = [int(part) for part in parts]
        return date(numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else 1)
    except (ValueError, IndexError):
        return None
