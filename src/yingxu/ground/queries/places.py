"""Questions about sites, places and their printed codes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from yingxu.ground.actor import Actor
from yingxu.ground.models import Place, PlaceToken, Site
from yingxu.ground.refusals import NotFound


@dataclass(frozen=True)
class PlaceRow:
    """A place as a page or a verb needs it."""

    id: int
    uid: UUID
    site_id: int
    code: str
    kind: str
    name: str
    name_en: str
    full_name: str
    full_name_en: str
    path: str
    place_class: str
    department_id: int | None
    floor_no: int | None


_PLACE = tuple(PlaceRow.__dataclass_fields__)


def place_by_code(site_id: int, code: str) -> PlaceRow:
    """Return an active place; refuses: NotFound. Budget: one query."""
    row = Place.objects.filter(site_id=site_id, code=code, is_active=True).values_list(*_PLACE).first()
    if row is None:
        raise NotFound(kind="place", name=code)
    return PlaceRow(*row)


def place_by_key(key: int) -> PlaceRow:
    """Return an active place by its key; refuses: NotFound. Budget: one query."""
    row = Place.objects.filter(pk=key, is_active=True).values_list(*_PLACE).first()
    if row is None:
        raise NotFound(kind="place", name=str(key))
    return PlaceRow(*row)


@dataclass(frozen=True)
class QrRow:
    """A printed code: its own key, its place and site, and the asset that it hangs on."""

    token_id: int
    place: PlaceRow
    site: SiteRow
    asset: AssetName | None = None


@dataclass(frozen=True)
class AssetName:
    """What an asset is called, and of which class it is."""

    id: int
    code: str
    name: str
    name_en: str
    class_code: str


@dataclass(frozen=True)
class SiteRow:
    """A site as every page needs it."""

    id: int
    uid: UUID
    code: str
    name: str
    name_en: str
    timezone: str
    state: str
    desk_phone: str


_SITE = tuple(SiteRow.__dataclass_fields__)


def site_by_code(code: str) -> SiteRow:
    """Return a site; refuses: NotFound. Budget: one query."""
    row = Site.objects.filter(code=code).values_list(*_SITE).first()
    if row is None:
        raise NotFound(kind="site", name=code)
    return SiteRow(*row)


def site_by_id(key: int) -> SiteRow:
    """Return a site by its key; refuses: NotFound. Budget: one query."""
    row = Site.objects.filter(pk=key).values_list(*_SITE).first()
    if row is None:
        raise NotFound(kind="site", name=str(key))
    return SiteRow(*row)


def open_sites() -> tuple[SiteRow, ...]:
    """Return the sites whose figures are published, for pages without a login. Budget: one query."""
    return tuple(SiteRow(*row) for row in Site.objects.order_by("code").values_list(*_SITE))


def sites_of(actor: Actor) -> tuple[SiteRow, ...]:
    """Return the sites at which the actor holds a role. Budget: one query."""
    keys = [held.site_id for held in actor.holdings if held.site_id is not None]
    rows = Site.objects.order_by("code")
    if len(keys) == len(actor.holdings):
        rows = rows.filter(pk__in=keys)
    return tuple(SiteRow(*row) for row in rows.values_list(*_SITE))


def has_sites() -> bool:
    """Tell whether any site stands. Budget: one query."""
    return Site.objects.exists()


def live_token(site_id: int, place_code: str) -> str:
    """Return a place's printed code; refuses: NotFound. Budget: one query."""
    row = PlaceToken.objects.filter(place__site_id=site_id, place__code=place_code, asset=None, revoked_at=None)
    token = row.values_list("token", flat=True).first()
    if token is None:
        raise NotFound(kind="qr", name=place_code)
    return token


def qr_of_token(token: str) -> QrRow:
    """Return what a printed code stands for; refuses: NotFound (unknown or revoked). Budget: one query."""
    row = (
        PlaceToken.objects.filter(token=token, revoked_at=None, place__is_active=True)
        .values_list(
            "id",
            *(f"place__{name}" for name in _PLACE),
            *(f"place__site__{name}" for name in _SITE),
            *(f"asset__{name}" for name in AssetName.__dataclass_fields__),
        )
        .first()
    )
    if row is None:
        raise NotFound(kind="qr", name=token)
    to_site, to_asset = 1 + len(_PLACE), 1 + len(_PLACE) + len(_SITE)
    asset = AssetName(*row[to_asset:]) if row[to_asset] is not None else None
    return QrRow(row[0], PlaceRow(*row[1:to_site]), SiteRow(*row[to_site:to_asset]), asset)


def desks_of_code(token: str) -> tuple[SiteRow, ...]:
    """Return whose desk answers for a code that is no longer good: its own site's, of an unknown one every site's.

    A desk without a number is left out. Budget: two queries.
    """
    rows = Site.objects.exclude(desk_phone="").order_by("code").values_list(*_SITE)
    own = PlaceToken.objects.filter(token=token).values_list("place__site_id", flat=True).first()
    return tuple(SiteRow(*row) for row in (rows if own is None else rows.filter(pk=own)))


def place_keys(site_id: int) -> dict[str, int]:
    """Return the keys of a site's places by code. Budget: one query."""
    return dict(Place.objects.filter(site_id=site_id).values_list("code", "id"))


def find_places(site_id: int, text: str, *, limit: int = 12) -> tuple[PlaceRow, ...]:
    """Return active places whose code, name or alias holds every word of ``text``. Budget: one query."""
    rows = Place.objects.filter(site_id=site_id, is_active=True)
    for word in text.split():
        rows = rows.filter(
            Q(full_name__icontains=word)
            | Q(full_name_en__icontains=word)
            | Q(code__iexact=word)
            | Q(aliases__icontains=word)
        )
    return tuple(PlaceRow(*row) for row in rows.order_by("path").values_list(*_PLACE)[:limit])
