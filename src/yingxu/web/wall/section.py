"""The campus in section as figures of an SVG: buildings side by side, floors stacked, dots where something is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from yingxu.ground.queries.campus import BuildingRow
from yingxu.web.templatetags.yingxu import in_language

WIDTH, GROUND, HEIGHT = 1000.0, 342.0, 430.0
_GAP, _TALLEST_FLOOR, _DOT, _LOW = 10.0, 34.0, 6.5, 52.0
#: Buildings in section; what lies in others is counted beside them.
MOST_BUILDINGS = 12


class Mark(NamedTuple):
    """Something at a place. ``kind``: late, waiting, going, there, worker; ``uid`` and ``said`` if it can be opened."""

    path: str
    kind: str
    uid: str = ""
    said: str = ""


@dataclass(frozen=True)
class Dot:
    """A mark as it is drawn on a floor."""

    kind: str
    x: float
    y: float
    uid: str = ""
    said: str = ""


@dataclass(frozen=True)
class Storey:
    """A floor as a box with its marks; ``n_more`` found no room."""

    y: float
    height: float
    text_y: float
    number: str
    dots: tuple[Dot, ...]
    n_more: int


@dataclass(frozen=True)
class Tower:
    """A building as a column of storeys."""

    name: str
    x: float
    width: float
    middle: float
    storeys: tuple[Storey, ...]
    n_open: int


@dataclass(frozen=True)
class Section:
    """The whole picture, and what lies outside the buildings that it shows."""

    towers: tuple[Tower, ...]
    n_elsewhere: int
    n_workers_elsewhere: int
    said: str = ""


def section(
    buildings: Sequence[BuildingRow],
    jobs: Iterable[Mark | tuple[str, str]],
    workers: Iterable[str],
    *,
    said: str = "",
) -> Section:
    """Return the picture: ``jobs`` as marks or (place path, kind), ``workers`` as place paths."""
    towers = [row for row in buildings if row.floors]
    if not towers:
        towers = list(buildings)
    # the busiest stay when there is no room for all, in their own order
    marks, workers = [Mark(*job) for job in jobs], list(workers)
    if len(towers) > MOST_BUILDINGS:
        busy = sorted(towers, key=lambda row: (-_n_in(row, marks, workers), -len(row.floors)))[:MOST_BUILDINGS]
        towers = [row for row in towers if row in busy]
    on_floor: dict[str, list[Mark]] = {}
    n_elsewhere = n_workers_elsewhere = 0
    for mark in [*marks, *(Mark(path, "worker") for path in workers)]:
        floor = floor_of(towers, mark.path)
        if floor is not None:
            on_floor.setdefault(floor, []).append(mark)
        elif mark.kind == "worker":
            n_workers_elsewhere += 1
        else:
            n_elsewhere += 1
    drawn = _drawn(towers, on_floor) if towers else ()
    return Section(drawn, n_elsewhere, n_workers_elsewhere, said)


def _n_in(row: BuildingRow, marks: Sequence[Mark], workers: Sequence[str]) -> int:
    return sum(mark.path.startswith(row.path) for mark in marks) + sum(path.startswith(row.path) for path in workers)


def floor_of(towers: Sequence[BuildingRow], path: str) -> str | None:
    """Return the path of the floor that a place lies on; a place of no floor stands on the building's ground floor."""
    for tower in towers:
        if path and path.startswith(tower.path):
            for floor in tower.floors:
                if path.startswith(floor.path):
                    return floor.path
            ground = next((floor for floor in tower.floors if floor.number >= 0), None)
            return ground.path if ground is not None else tower.path
    return None


def _drawn(towers: Sequence[BuildingRow], on_floor: dict[str, list[Mark]]) -> tuple[Tower, ...]:
    width = WIDTH / len(towers)
    up = max((sum(floor.number >= 0 for floor in row.floors) for row in towers), default=1) or 1
    down = max((sum(floor.number < 0 for floor in row.floors) for row in towers), default=0)
    height = min(_TALLEST_FLOOR, GROUND / up, (HEIGHT - GROUND - _LOW) / down if down else _TALLEST_FLOOR)
    found = []
    for at, row in enumerate(towers):
        x, wide = at * width + _GAP / 2, width - _GAP
        storeys = []
        above = [floor for floor in row.floors if floor.number >= 0]
        below = [floor for floor in row.floors if floor.number < 0][::-1]
        boxes = [(floor.path, str(floor.number), GROUND - (up_at + 1) * height) for up_at, floor in enumerate(above)]
        boxes += [(floor.path, f"B{-floor.number}", GROUND + at_down * height) for at_down, floor in enumerate(below)]
        if not boxes:
            boxes = [(row.path, "", GROUND - height)]
        n_open = 0
        for path, number, y in boxes:
            marks = on_floor.get(path, [])
            n_open += sum(mark.kind != "worker" for mark in marks)
            storeys.append(_storey(marks, x=x, y=y, wide=wide, height=height, number=number))
        found.append(
            Tower(in_language(row), round(x, 1), round(wide, 1), round(x + wide / 2, 1), tuple(storeys), n_open)
        )
    return tuple(found)


_ORDER = ("late", "waiting", "going", "there", "worker")


def _storey(marks: Sequence[Mark], *, x: float, y: float, wide: float, height: float, number: str) -> Storey:
    first = x + 30  # the floor's number stands before the marks
    room = max(1, int((wide - 36) // (2.6 * _DOT)))
    shown = sorted(marks, key=lambda mark: _ORDER.index(mark.kind))
    n_more = max(0, len(shown) - room)
    if n_more:
        shown, n_more = shown[: room - 1], n_more + 1
    middle = y + height / 2
    dots = tuple(
        Dot(mark.kind, round(first + at * 2.6 * _DOT + _DOT, 1), round(middle, 1), mark.uid, mark.said)
        for at, mark in enumerate(shown)
    )
    return Storey(round(y, 1), round(height - 2, 1), round(middle, 1), number, dots, n_more)
