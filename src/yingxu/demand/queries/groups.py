"""Requests that were asked for together: one form for several places, one list."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor


@dataclass(frozen=True)
class TogetherRow:
    """Another request of the same asking."""

    id: UUID
    number: str
    state: str
    place_name: str
    place_name_en: str
    place_words: str


def asked_together(actor: Actor, group_key: int | None, *, beside: int, limit: int = 100) -> tuple[TogetherRow, ...]:
    """Return the other requests of a group that the actor may see, as they were asked.

    Budget: one query; none without a group.
    """
    if group_key is None:
        return ()
    rows = Request.objects.filter(authority.visible(actor), group_key=group_key).exclude(pk=beside)
    found = rows.order_by("id").values_list(
        "uid", "number", "shown_state", "place_name", "place_name_en", "place_words"
    )
    return tuple(TogetherRow(*row) for row in found[:limit])
