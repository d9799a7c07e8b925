"""Questions to the catalogue: lines and items that can be asked for."""

from __future__ import annotations

from dataclasses import dataclass

from yingxu.standards.models import Item, Line


@dataclass(frozen=True)
class LineRow:
    """A service line for pickers and boards."""

    id: int
    code: str
    name: str
    name_en: str
    icon: str


def lines(site_id: int) -> tuple[LineRow, ...]:
    """Return the active lines in their order. Budget: one query."""
    rows = Line.objects.filter(site_id=site_id, is_active=True).order_by("sort")
    return tuple(LineRow(*row) for row in rows.values_list("id", "code", "name", "name_en", "icon"))


@dataclass(frozen=True)
class CatalogueRow:
    """A catalogue item for pickers."""

    id: int
    code: str
    name: str
    name_en: str
    line_code: str
    line_name: str
    line_name_en: str
    icon: str
    default_priority: int
    is_answered_only: bool
    is_place_needed: bool
    advice: str
    advice_en: str


def catalogue(site_id: int) -> tuple[CatalogueRow, ...]:
    """Return the items that can be asked for, in the lines' order. Budget: one query."""
    rows = Item.objects.filter(site_id=site_id, state="active", line__is_active=True).order_by("line__sort", "sort")
    return tuple(
        CatalogueRow(*row)
        for row in rows.values_list(
            "id",
            "code",
            "name",
            "name_en",
            "line__code",
            "line__name",
            "line__name_en",
            "line__icon",
            "default_priority",
            "is_answered_only",
            "is_place_needed",
            "advice",
            "advice_en",
        )
    )
