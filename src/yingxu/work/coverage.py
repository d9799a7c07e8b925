"""Where nobody of the service has been for long: the blind spots of a wide site (点多面广, domain S43)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Place
from yingxu.work.models import Job

#: Beds are seen with their room.
_PART_OF_ANOTHER = "bed"


@dataclass(frozen=True)
class Spot:
    """A point of the site where people could look: a place without a smaller one in it, its beds aside."""

    id: UUID
    code: str
    name: str
    name_en: str
    path: str
    #: The last arrival of a worker there, at all; None: never.
    seen_at: datetime | None


@dataclass(frozen=True)
class Coverage:
    """The site's points, and those not visited since a moment: never seen first, then the longest ago."""

    n_spots: int
    unseen: tuple[Spot, ...]


def coverage(actor: Actor, site_id: int, *, since: datetime) -> Coverage:
    """Return the points of a site that no worker arrived at since a moment; a visit to a bed is one to its room.

    Refuses: NotAllowed. Budget: two queries.
    """
    authority.require(actor, "report.read", where=Where(site_id))
    places = Place.objects.filter(site_id=site_id, is_active=True).order_by("path")
    rows = list(places.values_list("id", "uid", "code", "kind", "full_name", "full_name_en", "path", "parent_id"))
    has_parts = {row[7] for row in rows if row[3] != _PART_OF_ANOTHER}
    last: dict[int, datetime] = {}
    arrived = Job.objects.filter(site_id=site_id, arrived_at__isnull=False, place__isnull=False)
    for path, moment in arrived.values_list("place__path").annotate(last=Max("arrived_at")).order_by():
        for key in map(int, path.strip("/").split("/")):
            last[key] = max(moment, last.get(key, moment))
    spots = [
        Spot(uid, code, name, name_en, path, last.get(key))
        for key, uid, code, kind, name, name_en, path, _parent in rows
        if kind != _PART_OF_ANOTHER and key not in has_parts
    ]
    unseen = [spot for spot in spots if spot.seen_at is None or spot.seen_at < since]
    unseen.sort(key=lambda spot: (spot.seen_at is not None, spot.seen_at or since, spot.path))
    return Coverage(len(spots), tuple(unseen))
