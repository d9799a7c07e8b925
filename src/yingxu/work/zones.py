"""Questions about zones: who is in which building now, and which buildings there are to sign in to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import Place
from yingxu.team.models import Member
from yingxu.work.models import ZoneSignIn

#: A shift: who signed in to a zone is looked for there so long.
SHIFT = timedelta(hours=12)


@dataclass(frozen=True)
class InZone:
    """A worker in a zone."""

    account_id: int
    name: str
    name_en: str
    place: str
    place_en: str
    place_path: str
    signed_at: datetime


_ZONE_COLUMNS = (
    "account_id",
    "account__name",
    "account__name_en",
    "place__full_name",
    "place__full_name_en",
    "place_path",
    "signed_at",
)


def in_zones(actor: Actor, site_id: int, *, since_at: datetime) -> tuple[InZone, ...]:
    """Return who of the actor's side signed in to which zone since a moment. Budget: one query."""
    rows = ZoneSignIn.objects.filter(site_id=site_id, left_at=None, signed_at__gte=since_at, account__is_active=True)
    parties = authority.parties_of(actor, "queue.read", site_id)
    if parties is not None:
        theirs = Member.objects.filter(site_id=site_id, team__party_id__in=parties)
        rows = rows.filter(account__in=theirs.values("account"))
    found = rows.order_by("place_path", "account__name").values_list(*_ZONE_COLUMNS)
    return tuple(InZone(*row) for row in found)


def zone_now(account_id: int, *, since_at: datetime) -> InZone | None:
    """Return the zone that a worker signed in to since a moment. Budget: one query."""
    rows = ZoneSignIn.objects.filter(account_id=account_id, left_at=None, signed_at__gte=since_at)
    found = rows.values_list(*_ZONE_COLUMNS).first()
    return InZone(*found) if found else None


@dataclass(frozen=True)
class Zone:
    """A building that a worker may sign in to by choosing it."""

    code: str
    name: str
    name_en: str


def zones_of(site_id: int) -> tuple[Zone, ...]:
    """Return the site's buildings, which are its zones. Budget: one query."""
    rows = Place.objects.filter(site_id=site_id, kind="building", is_active=True).order_by("path")
    return tuple(Zone(*row) for row in rows.values_list("code", "name", "name_en"))
