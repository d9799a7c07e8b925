"""Requests in a few words, for notices about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from yingxu.demand.models import Request


@dataclass(frozen=True)
class Brief:
    """A request as a notice names it, without the asker's own words: who was told may no longer read them."""

    id: UUID
    number: str
    priority: int
    item_name: str
    item_name_en: str
    place_name: str
    place_name_en: str


def briefs_of(keys: Iterable[int]) -> dict[int, Brief]:
    """Return requests by key, in a few words, to those who were told about them. Budget: one query."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    rows = Request.objects.filter(pk__in=wanted).values_list(
        "id", "uid", "number", "priority", "item__name", "item__name_en", "place_name", "place_name_en"
    )
    return {
        key: Brief(uid, number, priority, item or "", item_en or "", place, place_en)
        for key, uid, number, priority, item, item_en, place, place_en in rows
    }


def priorities_of(keys: tuple[int, ...]) -> dict[int, int]:
    """Return how urgent some requests are. Budget: one query."""
    return dict(Request.objects.filter(pk__in=keys).values_list("id", "priority"))
