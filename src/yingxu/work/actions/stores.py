"""Verbs of stores: set up a store or a part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Holding, Party, Place
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.queries import item_codes as known_items
from yingxu.work.events.stores import PartSet, StoreSet
from yingxu.work.models import Level, Part, Store
from yingxu.work.refusals import CodeTaken
from yingxu.work.stock import (
    where_kept,
)

_NAME, _CODE = 120, 32


@dataclass(frozen=True)
class Kept:
    """The uid of what was set up."""

    uid: UUID


def set_store(
    *,
    site_id: int,
    code: str,
    name: str,
    actor: Actor,
    at: datetime,
    store_id: UUID | None = None,
    name_en: str = "",
    place_code: str = "",
    party_id: int | None = None,
    keeper_id: int | None = None,
    is_open: bool = True,
    command: CommandKey | None = None,
) -> Kept:
    """A store stands, or says something else of itself. A company sets up its own stores, the hospital every store.

    Records StoreSet. Refuses: NotAllowed, Malformed, NotFound (place, party, keeper), CodeTaken. Budget: 6.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        known = Store.objects.filter(uid=store_id, site_id=site_id).first() if store_id is not None else None
        if store_id is not None and known is None:
            raise NotFound(kind="store", name=str(store_id))
        if known is not None:
            authority.require(actor, "store.manage", where=where_kept(known))
        of_whom = where_kept(Store(site_id=site_id, party_keys=[party_id] if party_id else []))
        authority.require(actor, "store.manage", where=of_whom)
        code, name = _text("code", code, _CODE), _text("name", name, 64)
        if Store.objects.filter(site_id=site_id, code=code).exclude(pk=known.pk if known is not None else 0).exists():
            raise CodeTaken(name=code)
        place = Place.objects.filter(site_id=site_id, code=place_code).first() if place_code else None
        if place_code and place is None:
            raise NotFound(kind="place", name=place_code)
        if party_id and not Party.objects.filter(pk=party_id, site_id=site_id).exists():
            raise NotFound(kind="party", name=str(party_id))
        said: dict[str, Any] = {
            "code": code,
            "name": name,
            "name_en": name_en.strip()[:64],
            "place_id": place.pk if place else None,
            "party_id": party_id or None,
            "keeper_id": _keeper(site_id, keeper_id),
            "is_open": is_open,
            "party_keys": [party_id] if party_id else [],
        }
        if known is not None:
            store = unit.change(known, **said)
        else:
            store = unit.insert(Store(site_id=site_id, made_at=at, **said))
        unit.record(
            StoreSet(
                site_id=site_id,
                subject_id=store.pk,
                thread_id=store.pk,
                name=name,
                keeper_id=store.keeper_id,
                party_id=store.party_id,
                is_open=is_open,
            )
        )
        unit.answer(Kept(store.uid))
    return unit.answered(Kept)


def _keeper(site_id: int, keeper_id: int | None) -> int | None:
    if keeper_id is None:
        return None
    held = Holding.objects.filter(account_id=keeper_id, account__is_active=True, site_id=site_id, ends_at=None)
    found = held.values_list("account_id", flat=True).first()
    if found is None:
        raise NotFound(kind="account", name=str(keeper_id))
    return int(found)


def _text(field: str, text: str, most: int) -> str:
    text = text.strip()
    if not text:
        raise Malformed(field=field, problem="missing")
    if len(text) > most:
        raise Malformed(field=field, problem="too_long", limit=str(most))
    return text


def set_part(
    *,
    site_id: int,
    code: str,
    name: str,
    unit_name: str,
    actor: Actor,
    at: datetime,
    part_id: UUID | None = None,
    name_en: str = "",
    unit_name_en: str = "",
    spec: str = "",
    is_whole: bool = True,
    item_codes: Sequence[str] = (),
    is_active: bool = True,
    command: CommandKey | None = None,
) -> Kept:
    """A part is known, with its code and unit. The unit of a part that has moved stays what it is.

    Records PartSet. Refuses: NotAllowed, Malformed, NotFound (part, item), CodeTaken. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "part.manage", where=Where(site_id=site_id))
        known = Part.objects.filter(uid=part_id, site_id=site_id).first() if part_id is not None else None
        if part_id is not None and known is None:
            raise NotFound(kind="part", name=str(part_id))
        code, name, counted_in = _text("code", code, _CODE), _text("name", name, _NAME), _text("unit", unit_name, 16)
        if Part.objects.filter(site_id=site_id, code=code).exclude(pk=known.pk if known is not None else 0).exists():
            raise CodeTaken(name=code)
        codes = [one.strip() for one in item_codes if one.strip()]
        missing = set(codes) - set(known_items(site_id)) if codes else set()
        if missing:
            raise NotFound(kind="item", name=min(missing))
        if known is not None and (known.unit, known.is_whole) != (counted_in, is_whole) and _has_moved(known):
            raise Malformed(field="unit", problem="in_use")
        said: dict[str, Any] = {
            "code": code,
            "name": name,
            "name_en": name_en.strip()[:_NAME],
            "unit": counted_in,
            "unit_en": unit_name_en.strip()[:16],
            "spec": spec.strip()[:_NAME],
            "is_whole": is_whole,
            "item_codes": codes,
            "is_active": is_active,
        }
        if known is not None:
            part = unit.change(known, **said)
        else:
            part = unit.insert(Part(site_id=site_id, made_at=at, **said))
        unit.record(
            PartSet(
                site_id=site_id,
                subject_id=part.pk,
                thread_id=part.pk,
                code=code,
                name=name,
                unit=counted_in,
                is_active=is_active,
            )
        )
        unit.answer(Kept(part.uid))
    return unit.answered(Kept)


def _has_moved(part: Part) -> bool:
    return Level.objects.filter(part=part, lots__isnull=False).exists()
