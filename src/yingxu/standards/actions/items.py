"""Verbs of single catalogue items: what they are called and ask for, whether they are offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.setting_up import where_of_site
from yingxu.ground.unit import Unit
from yingxu.standards import library, queries
from yingxu.standards.events import ItemChanged, ItemMoved
from yingxu.standards.forms import check_definition
from yingxu.standards.models import Item, ItemState
from yingxu.standards.refusals import StandardMissing

#: From -> to: a draft is offered, what is offered is suspended or retired, what is suspended comes back or goes.
MOVES = {
    "draft": ("active", "retired"),
    "active": ("held", "retired"),
    "held": ("active", "retired"),
    "retired": ("active",),
}


@dataclass(frozen=True)
class ItemSaid:
    """An item as it stands now."""

    code: str
    state: str


def change_item(
    *,
    site_id: int,
    code: str,
    name: str,
    name_en: str,
    default_priority: int,
    minutes: int,
    hours_code: str,
    place_classes: Sequence[str],
    form: Sequence[dict[str, Any]] | None,
    actor: Actor,
    at: datetime,
) -> ItemSaid:
    """The item is called so, offered then and there, and asks for these fields (``None``: the library's).

    Requests that stand keep what they were asked. Records ItemChanged (which fields).
    Refuses: NotAllowed, NotFound (item, calendar), Malformed. Budget: 3.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "catalogue.manage", where=where_of_site(actor, site_id))
        item = _item(site_id, code)
        if not name.strip():
            raise Malformed(field="name", problem="missing")
        if not 1 <= default_priority <= 4:
            raise Malformed(field="priority", problem="unknown")
        if not 1 <= minutes <= 1440:
            raise Malformed(field="minutes", problem="too_large", limit="1440")
        if hours_code:
            queries.calendar_id(site_id, hours_code)
        unknown = set(place_classes) - set(library.by_code("place_classes"))
        if unknown:
            raise Malformed(field="place_class", problem="unknown", limit=min(unknown))
        given: dict[str, Any] = {
            "name": name.strip(),
            "name_en": name_en.strip(),
            "default_priority": default_priority,
            "minutes": minutes,
            "hours_code": hours_code,
            "place_classes": list(dict.fromkeys(place_classes)),
            "form": check_definition(form) if form is not None else None,
        }
        changed = {field: value for field, value in given.items() if getattr(item, field) != value}
        if changed:
            unit.change(item, **changed)
            unit.record(
                ItemChanged(
                    site_id=site_id, subject_id=item.pk, thread_id=item.pk, item_code=code, fields=tuple(changed)
                )
            )
        unit.answer(ItemSaid(code, item.state))
    queries.forget()
    return unit.answered(ItemSaid)


def move_item(
    *, site_id: int, code: str, to: str, notice: str = "", notice_en: str = "", actor: Actor, at: datetime
) -> ItemSaid:
    """The item is offered, suspended with a notice, or retired; requests that stand go on. Records ItemMoved.

    Refuses: NotAllowed, NotFound, Malformed (no such move; a suspension without a notice), StandardMissing, Stale.
    Budget: 3.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "catalogue.manage", where=where_of_site(actor, site_id))
        item = _item(site_id, code)
        if to not in MOVES[item.state]:
            raise Malformed(field="state", problem="unknown", limit=to)
        if to == ItemState.HELD and not notice.strip():
            raise Malformed(field="notice", problem="missing")
        if to == ItemState.ACTIVE and not queries.has_standard(item.pk, at=at):
            raise StandardMissing(item_code=code)
        before = item.state
        unit.change(item, seen=["state"], state=to, notice=notice.strip()[:200], notice_en=notice_en.strip()[:200])
        unit.record(
            ItemMoved(
                site_id=site_id,
                subject_id=item.pk,
                thread_id=item.pk,
                item_code=code,
                before=before,
                after=to,
                notice=notice.strip()[:200],
            )
        )
        unit.answer(ItemSaid(code, to))
    queries.forget()
    return unit.answered(ItemSaid)


def _item(site_id: int, code: str) -> Item:
    item = Item.objects.filter(site_id=site_id, code=code).first()
    if item is None:
        raise NotFound(kind="item", name=code)
    return item
