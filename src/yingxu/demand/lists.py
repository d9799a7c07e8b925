"""A list of requests: rows with words or an item, a place, a time, an own id, and the item's own fields as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from yingxu.demand.wanted import AHEAD_AT_MOST
from yingxu.ground.importing import Fault, Table
from yingxu.standards.forms import Field, checked
from yingxu.standards.refusals.forms import FormWrong

#: So many at once: a hospital's escorts of a day.
ROWS_AT_MOST = 1000
#: Column code -> its names.
BASE = {
    "ref": ("编号", "行号", "id", "ref", "row id"),
    "item": ("项目", "服务项目", "服务项目编码", "项目编码", "item", "item code", "kind of service"),
    "place": ("地点", "地点编码", "位置", "出发地点", "病区", "place", "place code", "from"),
    "text": ("内容", "需求", "故障描述", "说明", "备注", "text", "what", "words"),
    "wanted": ("时间", "预约时间", "wanted", "time"),
    "name": ("联系人", "报修人", "name", "contact"),
    "phone": ("联系电话", "电话", "phone"),
}
#: Column -> how many characters it may have.
_LONGEST = {"ref": 48, "text": 2000, "name": 64, "phone": 32}
#: Field that gets the appointment where the item asks for one.
_WHEN = ("appointment", "starts", "when")


@dataclass(frozen=True)
class ListedItem:
    """An item that a list may name."""

    code: str
    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class ListedRow:
    """One row as it was understood; with ``faults`` it cannot be asked. ``text``: the row's words, else the item."""

    number: int
    ref: str
    item_code: str
    item_name: str
    place_id: int | None
    place_said: str
    text: str
    name: str
    phone: str
    wanted_from: datetime | None
    form: dict[str, Any]
    faults: tuple[Fault, ...]


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
) -> tuple[ListedRow, ...]:
    """Return the rows of a list, each with what is wrong. ``items``: by code and by name; ``places``: by code and name.

    Without an item the row's words are asked as they are and the desk decides; with one its form must be whole.
    """
    seen: dict[str, int] = {}
    return tuple(_row(number, cells, items, places, zone, at, seen) for number, cells in table.rows)


def _row(
    number: int,
    cells: Mapping[str, str],
    items: Mapping[str, ListedItem],
    places: Mapping[str, int],
    zone: str,
    at: datetime,
    seen: dict[str, int],
) -> ListedRow:
    wrong = [
        Fault(number, code, "too_long", cells[code][:20], str(longest))
        for code, longest in _LONGEST.items()
        if len(cells.get(code, "")) > longest
    ]
    if ref := cells.get("ref", ""):
        if ref in seen:
            wrong.append(Fault(number, "ref", "twice", ref, str(seen[ref])))
        seen.setdefault(ref, number)
    item, item_said, text = items.get(cells.get("item", "")), cells.get("item", ""), cells.get("text", "")
    if item is None and item_said:
        wrong.append(Fault(number, "item", "unknown", item_said))
    elif item is None and not text:
        wrong.append(Fault(number, "text", "missing", ""))
    place_said = cells.get("place", "")
    place_id = places.get(place_said) if place_said else None
    if place_id is None and (place_said or item is not None):
        wrong.append(Fault(number, "place", "unknown" if place_said else "missing", place_said))
    wanted, trouble = _wanted(cells.get("wanted", ""), zone, at)
    if trouble:
        wrong.append(Fault(number, "wanted", trouble, cells["wanted"]))
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
    return ListedRow(
        number,
        ref,
        item.code if item else "",
        item.name if item else "",
        place_id,
        place_said,
        text or (item.name if item else ""),
        cells.get("name", ""),
        cells.get("phone", ""),
        wanted,
        form,
        tuple(wrong),
    )


def _wanted(said: str, zone: str, at: datetime) -> tuple[datetime | None, str]:
    """Return the moment that a row asks for, and what is wrong with it."""
    if not said:
        return None, ""
    wanted = _moment(said, zone)
    if wanted is None:
        return None, "no_moment"
    if wanted < at - timedelta(hours=1):
        return wanted, "past"
    return wanted, "far" if wanted > at + AHEAD_AT_MOST else ""


def _moment(said: str, zone: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said.strip().replace("/", "-")).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return None
