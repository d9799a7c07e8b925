"""A table of places: kinds and classes by name, parents before their children."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from yingxu.ground.actions import NewPlace
from yingxu.ground.importing.columns import Fault, Read, lengths, missing, parts
from yingxu.ground.importing.flat import unfolded
from yingxu.ground.importing.tables import Table

KINDS = {
    "campus": ("院区", "校区", "campus"),
    "building": ("楼宇", "楼栋", "楼", "大楼", "building"),
    "floor": ("楼层", "层", "floor"),
    "department": ("科室", "部门", "department"),
    "ward": ("病区", "病房区", "ward"),
    "room": ("房间", "病房", "诊室", "办公室", "room"),
    "bed": ("床位", "床", "bed"),
    "point": ("点位", "设备", "设备点", "point"),
}
_KIND_OF = {name: code for code, names in KINDS.items() for name in names}
_LIMITS = {"code": 64, "name": 120, "name_en": 120}


def read_places(table: Table, *, known: Collection[str], classes: Mapping[str, str]) -> Read[NewPlace]:
    """Return the places of a table, parents first.

    ``known``: codes that the site has; ``classes``: a class's name or code (lower case) -> its code.
    """
    table = unfolded(table, known=known)
    faults: list[Fault] = []
    first_at: dict[str, int] = {}
    new: dict[str, tuple[int, NewPlace]] = {}
    for number, cells in table.rows:
        wrong = missing(number, cells, "places") + lengths(number, cells, _LIMITS)
        code = cells.get("code", "")
        if code in first_at:
            wrong.append(Fault(number, "code", "twice", code, str(first_at[code])))
        elif code in known:
            wrong.append(Fault(number, "code", "taken", code))
        elif code:
            first_at[code] = number
        kind = _KIND_OF.get(cells.get("kind", "").lower(), "")
        if cells.get("kind") and not kind:
            wrong.append(Fault(number, "kind", "unknown", cells["kind"]))
        place_class = classes.get(cells.get("place_class", "").lower(), "")
        if cells.get("place_class") and not place_class:
            wrong.append(Fault(number, "place_class", "unknown", cells["place_class"]))
        floor = _floor(cells.get("floor_no", ""))
        if floor is None and cells.get("floor_no"):
            wrong.append(Fault(number, "floor_no", "no_number", cells["floor_no"]))
        faults += wrong
        if not wrong:
            new[code] = (
                number,
                NewPlace(
                    code=code,
                    parent_code=cells.get("parent", ""),
                    kind=kind,
                    name=cells["name"],
                    name_en=cells.get("name_en", ""),
                    place_class=place_class,
                    aliases=parts(cells.get("aliases", "")),
                    floor_no=floor,
                ),
            )
    faults += [
        Fault(number, "parent", "unknown", place.parent_code)
        for number, place in new.values()
        if place.parent_code and place.parent_code not in known and place.parent_code not in first_at
    ]
    lines, circular = _parents_first(new, known)
    faults += circular if not faults else []
    return Read(lines, tuple(sorted(faults, key=lambda fault: fault.row)))


def _floor(said: str) -> int | None:
    text = said.strip().upper().removesuffix("F").removesuffix("楼").removesuffix("层")
    if text.startswith("B"):
        text = f"-{text[1:]}"
    try:
        number = int(text)
    except ValueError:
        return None
    return number if -20 <= number <= 200 else None


def _parents_first(
    new: Mapping[str, tuple[int, NewPlace]], known: Collection[str]
) -> tuple[tuple[NewPlace, ...], list[Fault]]:
    """Return the places with every parent before its children; those that lie in themselves are faults."""
    children: dict[str, list[str]] = {}
    ready: list[str] = []
    for code, (_, place) in new.items():
        if place.parent_code in new:
            children.setdefault(place.parent_code, []).append(code)
        elif not place.parent_code or place.parent_code in known:
            ready.append(code)
    ordered: list[NewPlace] = []
    for code in ready:  # grows while it is walked
        ordered.append(new[code][1])
        ready += children.get(code, [])
    placed = set(ready)
    circular = [
        Fault(number, "parent", "circle", place.parent_code)
        for code, (number, place) in new.items()
        if code not in placed and place.parent_code in new
    ]
    return tuple(ordered), circular
