"""A list of requests for tomorrow: rows with an item, a place, a time, and the item's own fields as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from yingxu.demand.wanted import AHEAD_AT_MOST
from yingxu.ground.importing import Fault, Read, Table
from yingxu.standards.forms import Field, checked
from yingxu.standards.refusals.forms import FormWrong

#: So many at once: a hospital's escorts of a day.
ROWS_AT_MOST = 1000
#: Column code -> its names.
BASE = {
    "item": ("项目", "服务项目", "item", "kind of service"),
    "place": ("地点", "出发地点", "病区", "place", "from"),
    "text": ("说明", "备注", "text", "words"),
    "wanted": ("时间", "预约时间", "wanted", "time"),
    "phone": ("联系电话", "电话", "phone"),
}
#: Field that gets the appointment where the item asks for one.
_WHEN = ("appointment", "starts", "when")


@dataclass(frozen=True)
class ListedItem:
    """An item that a list may name."""

    code: str
    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class ListedRequest:
    """One row, ready to be raised."""

    row: int
    item_code: str
    item_name: str
    place_id: int
    text: str
    phone: str
    wanted_from: datetime | None
    form: dict[str, Any]


def column_names(items: Mapping[str, ListedItem]) -> dict[str, str]:
    """Return the names by which columns are known (lower case) -> ``item`` … or ``f.<field>``."""
    found = {name: code for code, names in BASE.items() for name in names}
    for item in items.values():
        for field in item.fields:
            for name in (field.name.partition("（")[0], field.name_en.partition("(")[0]):
                found.setdefault(name.strip().lower(), f"f.{field.code}")
    return found


def read_list(
    table: Table, *, items: Mapping[str, ListedItem], places: Mapping[str, int], zone: str, at: datetime
) -> Read[ListedRequest]:
    """Return the rows of a list. ``items``: by code and by name; ``places``: by code and full name."""
    faults: list[Fault] = []
    lines: list[ListedRequest] = []
    for number, cells in table.rows:
        wrong: list[Fault] = []
        item = items.get(cells.get("item", ""))
        if item is None:
            wrong.append(Fault(number, "item", "unknown" if cells.get("item") else "missing", cells.get("item", "")))
        place_id = places.get(cells.get("place", ""))
        if place_id is None:
            wrong.append(Fault(number, "place", "unknown" if cells.get("place") else "missing", cells.get("place", "")))
        wanted = _moment(cells.get("wanted", ""), zone)
        if wanted is None and cells.get("wanted"):
            wrong.append(Fault(number, "wanted", "no_moment", cells["wanted"]))
        elif wanted is not None and wanted < at - timedelta(hours=1):
            wrong.append(Fault(number, "wanted", "past", cells["wanted"]))
        elif wanted is not None and wanted > at + AHEAD_AT_MOST:
            wrong.append(Fault(number, "wanted", "far", cells["wanted"]))
        form: dict[str, Any] = {}
        if item is not None:
            given = {code[2:]: said for code, said in cells.items() if code.startswith("f.")}
            for code in _WHEN:
                if wanted is not None and not given.get(code) and any(field.code == code for field in item.fields):
                    given[code] = wanted.strftime("%Y-%m-%dT%H:%M")
            try:
                form = checked(item.fields, given)
            except FormWrong as refused:
                wrong += [
                    Fault(number, f"f.{one.code}", one.problem, str(given.get(one.code, "")), one.limit)
                    for one in refused.fields
                ]
        faults += wrong
        if not wrong and item is not None and place_id is not None:
            text = cells.get("text") or item.name
            lines.append(
                ListedRequest(
                    number, item.code, item.name, place_id, text[:2000], cells.get("phone", "")[:32], wanted, form
                )
            )
    if len(table.rows) > ROWS_AT_MOST:
        faults.insert(0, Fault(table.rows[-1][0], "item", "out_of_range", str(len(table.rows)), str(ROWS_AT_MOST)))
    return Read(tuple(lines), tuple(faults))


def _moment(said: str, zone: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said.strip().replace("/", "-")).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return None
