"""Questions to the catalogue: lines and items that can be asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.setting_up import where_of_site
from yingxu.standards.forms import Field, fields_of
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
    #: Said while it is suspended.
    notice: str = ""
    notice_en: str = ""
    hours_code: str = ""
    place_classes: Sequence[str] = ()
    own_form: list[dict[str, Any]] | None = None

    def fields(self) -> tuple[Field, ...]:
        """Return what the item asks besides the words."""
        return fields_of(self.code, self.own_form)

    def is_offered_at(self, place_class: str) -> bool:
        """Tell whether it is offered at places of a class; a place without one is offered everything."""
        return not self.place_classes or not place_class or place_class in self.place_classes


def catalogue(site_id: int) -> tuple[CatalogueRow, ...]:
    """Return the items that can be asked for, in the lines' order. Budget: one query."""
    return _catalogue(site_id, "active")


def suspended(site_id: int) -> tuple[CatalogueRow, ...]:
    """Return the items that are suspended, with their notices. Budget: one query."""
    return _catalogue(site_id, "held")


def _catalogue(site_id: int, state: str) -> tuple[CatalogueRow, ...]:
    rows = Item.objects.filter(site_id=site_id, state=state, line__is_active=True).order_by("line__sort", "sort")
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
            "notice",
            "notice_en",
            "hours_code",
            "place_classes",
            "form",
        )
    )


def item_codes(site_id: int) -> dict[str, int]:
    """Return the keys of all items of the site by code, retired ones too. Budget: one query."""
    return dict(Item.objects.filter(site_id=site_id).values_list("code", "id"))


@dataclass(frozen=True)
class FurnitureItem:
    """An item as those who keep the catalogue see it."""

    code: str
    name: str
    name_en: str
    line_code: str
    line_name: str
    line_name_en: str
    default_priority: int
    minutes: int
    state: str
    notice: str
    notice_en: str
    hours_code: str
    place_classes: tuple[str, ...]
    form: list[dict[str, Any]] | None


def furniture_items(
    actor: Actor, site_id: int, *, words: str = "", line: str = "", state: str = "", code: str = ""
) -> tuple[FurnitureItem, ...]:
    """Return the site's items in the lines' order, whatever their state; refuses: NotAllowed. Budget: 2."""
    authority.require(actor, "catalogue.manage", where=where_of_site(actor, site_id))
    rows = Item.objects.filter(site_id=site_id)
    if code:
        rows = rows.filter(code=code)
    if line:
        rows = rows.filter(line__code=line)
    if state:
        rows = rows.filter(state=state)
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(name_en__icontains=word) | Q(code__icontains=word))
    found = rows.order_by("line__sort", "sort", "code").values_list(
        "code",
        "name",
        "name_en",
        "line__code",
        "line__name",
        "line__name_en",
        "default_priority",
        "minutes",
        "state",
        "notice",
        "notice_en",
        "hours_code",
        "place_classes",
        "form",
    )
    return tuple(FurnitureItem(*row[:12], tuple(row[12]), row[13]) for row in found)
