"""A table of a hospital's own catalogue items."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from yingxu.ground.importing.columns import Fault, Read, lengths, missing
from yingxu.ground.importing.tables import Table

_PRIORITY = {
    **{f"p{n}": n for n in (1, 2, 3, 4)},
    **{str(n): n for n in (1, 2, 3, 4)},
    "特急": 1,
    "紧急": 2,
    "一般": 3,
    "预约": 4,
    "低": 4,
}
_CODE = re.compile(r"^[a-z0-9][a-z0-9._-]*$")
_LIMITS = {"code": 32, "name": 64, "name_en": 96}
_HOURS_AT_MOST = 24 * 90


@dataclass(frozen=True)
class ItemLine:
    """An item of the table: done within ``limit_s`` around the clock."""

    code: str
    line_code: str
    name: str
    name_en: str
    priority: int
    limit_s: int
    minutes: int


def read_catalogue(table: Table, *, known: Collection[str], lines: Mapping[str, str]) -> Read[ItemLine]:
    """Return the items of a table; ``known``: item codes of the site, ``lines``: a line's name or code -> code."""
    faults: list[Fault] = []
    found: list[ItemLine] = []
    first_at: dict[str, int] = {}
    for number, cells in table.rows:
        wrong = missing(number, cells, "catalogue") + lengths(number, cells, _LIMITS)
        code = cells.get("code", "")
        if code in first_at:
            wrong.append(Fault(number, "code", "twice", code, str(first_at[code])))
        elif code in known:
            wrong.append(Fault(number, "code", "taken", code))
        elif code and not _CODE.match(code):
            wrong.append(Fault(number, "code", "letters", code))
        first_at.setdefault(code, number)
        line_code = lines.get(cells.get("line", "").lower(), "")
        if cells.get("line") and not line_code:
            wrong.append(Fault(number, "line", "unknown", cells["line"]))
        priority = _PRIORITY.get(cells.get("priority", "").lower() or "3")
        if priority is None:
            wrong.append(Fault(number, "priority", "unknown", cells["priority"]))
        hours = _number(cells.get("limit_h", ""))
        if cells.get("limit_h") and hours is None:
            wrong.append(Fault(number, "limit_h", "no_number", cells["limit_h"]))
        elif hours is not None and not 0 < hours <= _HOURS_AT_MOST:
            wrong.append(Fault(number, "limit_h", "out_of_range", cells["limit_h"], str(_HOURS_AT_MOST)))
        minutes = _number(cells.get("minutes", "") or "30")
        if minutes is None:
            wrong.append(Fault(number, "minutes", "no_number", cells["minutes"]))
        elif not 1 <= minutes <= 1440:
            wrong.append(Fault(number, "minutes", "out_of_range", cells["minutes"], "1440"))
        faults += wrong
        if not wrong and priority is not None and hours is not None and minutes is not None:
            found.append(
                ItemLine(
                    code, line_code, cells["name"], cells.get("name_en", ""), priority, int(hours * 3600), int(minutes)
                )
            )
    return Read(tuple(found), tuple(faults))


def _number(said: str) -> float | None:
    try:
        return float(said)
    except ValueError:
        return None
