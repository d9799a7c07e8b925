"""The site as a section through its buildings: which stand side by side, which floors they have."""

from __future__ import annotations

from dataclasses import dataclass

from yingxu.ground.models import Place


@dataclass(frozen=True)
class FloorRow:
    """One floor of a building; ``number`` below zero lies under the ground."""

    path: str
    number: int
    name: str
    name_en: str


@dataclass(frozen=True)
class BuildingRow:
    """A building with its floors from the lowest up; a building that nobody divided has none."""

    path: str
    name: str
    name_en: str
    floors: tuple[FloorRow, ...]


def buildings(site_id: int) -> tuple[BuildingRow, ...]:
    """Return the site's buildings in the order of their codes, with their floors. Budget: one query."""
    rows = Place.objects.filter(site_id=site_id, is_active=True, kind__in=["building", "floor"]).order_by("id")
    found = list(rows.values_list("kind", "path", "name", "name_en", "floor_no"))
    floors: dict[str, list[FloorRow]] = {}
    for kind, path, name, name_en, number in found:
        if kind == "floor":
            parent = path.rstrip("/").rsplit("/", 1)[0] + "/"
            floors.setdefault(parent, []).append(FloorRow(path, number if number is not None else 0, name, name_en))
    return tuple(
        BuildingRow(path, name, name_en, tuple(sorted(floors.get(path, ()), key=lambda floor: floor.number)))
        for kind, path, name, name_en, _ in found
        if kind == "building"
    )
