"""Questions about assets: the register by page, one of them, and what its printed code or its own code stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import Asset, AssetState, Place, PlaceToken
from yingxu.ground.queries.places import AssetName, PlaceRow
from yingxu.ground.refusals import NotFound
from yingxu.ground.setting_up import where_of_site

#: The states, in the order of a life.
ASSET_STATES = tuple(AssetState.values)


@dataclass(frozen=True)
class AssetRow:
    """An asset as the register shows it. ``token``: the code that hangs on it, empty where none does."""

    id: int
    uid: UUID
    code: str
    name: str
    name_en: str
    class_code: str
    line_code: str
    serial: str
    state: str
    in_service_on: date | None
    place_id: int
    place_code: str
    place_name: str
    place_name_en: str
    place_path: str
    party_id: int | None
    party_name: str
    party_name_en: str
    token: str


_ROW = (
    "id", "uid", "code", "name", "name_en", "class_code", "line_code", "serial", "state", "in_service_on", "place_id",
    "place__code", "place__full_name", "place__full_name_en", "place__path", "party_id", "party__name",
    "party__name_en", "token",
)  # fmt: skip


@dataclass(frozen=True)
class AssetFilter:
    """Which assets: with words in code, name, serial or place; of a class, a state, below a place; retired ones too."""

    words: str = ""
    class_code: str = ""
    state: str = ""
    below: str = ""
    without_code: bool = False


@dataclass(frozen=True)
class AssetPage:
    """A page of assets by code; ``n`` counts all that fit."""

    rows: tuple[AssetRow, ...]
    n: int
    next: str


def _assets(site_id: int, wanted: AssetFilter) -> QuerySet[Asset]:
    rows = Asset.objects.filter(site_id=site_id)
    rows = rows.filter(state=wanted.state) if wanted.state else rows.exclude(state=AssetState.RETIRED)
    if wanted.class_code:
        rows = rows.filter(class_code=wanted.class_code)
    if wanted.below:
        root = Place.objects.filter(site_id=site_id, code=wanted.below).values_list("path", flat=True).first()
        rows = rows.filter(place__path__startswith=root) if root else rows.none()
    for word in wanted.words.split():
        rows = rows.filter(
            Q(code__icontains=word)
            | Q(name__icontains=word)
            | Q(name_en__icontains=word)
            | Q(serial__icontains=word)
            | Q(place__full_name__icontains=word)
            | Q(place__full_name_en__icontains=word)
        )
    live = PlaceToken.objects.filter(asset=OuterRef("pk"), revoked_at=None).values("token")
    rows = rows.annotate(token=Coalesce(Subquery(live[:1]), Value("")))
    return rows.filter(token="") if wanted.without_code else rows


def _row(values: Sequence[Any]) -> AssetRow:
    known: list[Any] = list(values)
    for name in ("party__name", "party__name_en"):  # nobody is named
        known[_ROW.index(name)] = known[_ROW.index(name)] or ""
    return AssetRow(*known)


def asset_page(actor: Actor, site_id: int, wanted: AssetFilter, *, after: str = "", limit: int = 50) -> AssetPage:
    """Return a page of the register; refuses: NotAllowed. Budget: 2, one more each for setting up and a root."""
    authority.require(actor, "asset.read", where=where_of_site(actor, site_id))
    rows = _assets(site_id, wanted).order_by("code")
    n = rows.order_by().count()
    page = (rows.filter(code__gt=after) if after else rows).values_list(*_ROW)[: limit + 1]
    found = tuple(_row(row) for row in page)
    return AssetPage(found[:limit], n, found[limit - 1].code if len(found) > limit else "")


def asset_codes(actor: Actor, site_id: int, wanted: AssetFilter, *, limit: int) -> tuple[str, ...]:
    """Return the codes of the assets that fit; refuses: NotAllowed. Budget: 1, one more each for setting up, a root."""
    authority.require(actor, "asset.read", where=where_of_site(actor, site_id))
    return tuple(_assets(site_id, wanted).order_by("code").values_list("code", flat=True)[:limit])


def asset_by_code(actor: Actor, site_id: int, code: str) -> AssetRow:
    """Return one asset, retired or not; refuses: NotAllowed, NotFound. Budget: 1, one more for setting up."""
    authority.require(actor, "asset.read", where=where_of_site(actor, site_id))
    live = PlaceToken.objects.filter(asset=OuterRef("pk"), revoked_at=None).values("token")
    rows = Asset.objects.filter(site_id=site_id, code=code).annotate(token=Coalesce(Subquery(live[:1]), Value("")))
    found = rows.values_list(*_ROW).first()
    if found is None:
        raise NotFound(kind="asset", name=code)
    return _row(found)


def asset_to_ask_about(site_id: int, code: str) -> tuple[AssetName, PlaceRow]:
    """Return an asset that serves and the place where it stands; refuses: NotFound. Budget: 1."""
    names = tuple(AssetName.__dataclass_fields__)
    places = tuple(PlaceRow.__dataclass_fields__)
    rows = Asset.objects.filter(site_id=site_id, code=code, place__is_active=True).exclude(state=AssetState.RETIRED)
    row = rows.values_list(*names, *(f"place__{name}" for name in places)).first()
    if row is None:
        raise NotFound(kind="asset", name=code)
    return AssetName(*row[: len(names)]), PlaceRow(*row[len(names) :])


def asset_keys(site_id: int) -> dict[str, int]:
    """Return the keys of the site's assets by code. Budget: 1."""
    return dict(Asset.objects.filter(site_id=site_id).values_list("code", "id"))
