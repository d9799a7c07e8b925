"""Questions of an upload of parts: what is known, and what it brought, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.work.models import Level, Lot, Part, Store
from yingxu.work.stock import where_kept


@dataclass(frozen=True)
class StoreKnown:
    """An open store."""

    uid: UUID
    code: str
    name: str
    name_en: str


@dataclass(frozen=True)
class PartKnown:
    """A part of the site, active or not."""

    id: int
    uid: UUID
    code: str
    name: str
    unit: str
    is_whole: bool
    is_active: bool


def known_stores(site_id: int) -> tuple[StoreKnown, ...]:
    """Return the open stores of a site. Budget: one query."""
    rows = Store.objects.filter(site_id=site_id, is_open=True).order_by("code")
    return tuple(StoreKnown(*row) for row in rows.values_list("uid", "code", "name", "name_en"))


def known_stock_parts(site_id: int) -> dict[str, PartKnown]:
    """Return all parts of a site by code. Budget: one query."""
    rows = Part.objects.filter(site_id=site_id)
    found = rows.values_list("id", "uid", "code", "name", "unit", "is_whole", "is_active")
    return {row[2]: PartKnown(*row) for row in found}


def stores_kept(actor: Actor, site_id: int) -> frozenset[str]:
    """Return the codes of the stores whose stock the actor keeps. Budget: one query."""
    rows = Store.objects.filter(site_id=site_id, is_open=True)
    return frozenset(row.code for row in rows if authority.may(actor, "stock.keep", where=where_kept(row)))


def lots_of_parts(site_id: int, codes: Collection[str]) -> frozenset[int]:
    """Return the keys of the lots of these parts. Budget: one query."""
    rows = Lot.objects.filter(level__part__site_id=site_id, level__part__code__in=list(codes))
    return frozenset(rows.values_list("id", flat=True))


def minimums_of_parts(site_id: int, codes: Collection[str]) -> dict[int, str]:
    """Return the minimum of each level of these parts, by the level's key. Budget: one query."""
    rows = Level.objects.filter(site_id=site_id, part__code__in=list(codes)).values_list("id", "minimum")
    return {key: str(minimum) for key, minimum in rows}
