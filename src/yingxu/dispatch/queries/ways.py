"""What is known of the ways between buildings and floors: by the map, learnt, and said by somebody who knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yingxu.core.routing.walking import Spot, Ways, map_s
from yingxu.dispatch.models import WayTime
from yingxu.dispatch.queries.situation import grounds
from yingxu.dispatch.queries.walks import Walk, walked
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Place


@dataclass(frozen=True)
class SpotRow:
    """A building, or a floor of one, where ways begin and end."""

    spot: Spot
    name: str
    name_en: str


@dataclass(frozen=True)
class WayRow:
    """A way; seconds. ``said_s``: what somebody said, which the planner counts on; None: ``learnt_s``."""

    begin: SpotRow
    end: SpotRow
    n: int
    map_s: float
    learnt_s: int
    low_s: float | None
    high_s: float | None
    said_s: int | None = None
    reason: str = ""
    said_by: str = ""
    said_by_en: str = ""
    said_at: datetime | None = None


def ways_said(site_id: int) -> dict[frozenset[Spot], int]:
    """Return the seconds that somebody said of ways. Budget: one query."""
    rows = WayTime.objects.filter(site_id=site_id, is_live=True)
    found = rows.values_list("begin_id", "begin_floor", "end_id", "end_floor", "seconds")
    return {frozenset(((begin, from_floor), (end, to_floor))): said for begin, from_floor, end, to_floor, said in found}


def may_read(actor: Actor, site_id: int) -> bool:
    """Tell whether the actor may see walking times. Budget: none."""
    return authority.may(actor, "way_time.read", where=Where(site_id))


def steps_walked(actor: Actor, site_id: int, *, at: datetime) -> tuple[Walk, ...]:
    """Return the ways walked; a page keeps them for a while. Refuses: NotAllowed. Budget: two queries."""
    authority.require(actor, "way_time.read", where=Where(site_id))
    return walked(site_id, at=at)


def spots(actor: Actor, site_id: int) -> tuple[SpotRow, ...]:
    """Return the site's spots by building, from the lowest floor up. Refuses: NotAllowed. Budget: two queries."""
    authority.require(actor, "way_time.read", where=Where(site_id))
    distinct = set(grounds(site_id).values())
    rows = Place.objects.filter(site_id=site_id, kind__in=["building", "floor"])
    names: dict[Spot, tuple[str, str]] = {}
    buildings = dict[int, tuple[str, str]]()
    for key, kind, path, name, name_en, floor in rows.order_by("id").values_list(
        "id", "kind", "path", "name", "name_en", "floor_no"
    ):
        above = [int(part) for part in path.strip("/").split("/") if part]
        building = above[1] if len(above) > 1 else key
        if kind == "building":
            buildings[building] = (name, name_en)
        elif floor is not None:
            names.setdefault((building, floor), (name, name_en))
    found = []
    for spot in distinct:
        if spot[0] not in buildings:
            continue  # the campus itself is no spot that anybody walks to
        own, own_en = buildings[spot[0]]
        name, name_en = names.get(spot, ("", ""))
        full = name if name.startswith(own) else f"{own} {name}".strip()
        full_en = name_en if own_en and name_en.startswith(own_en) else f"{own_en} {name_en}".strip()
        found.append(SpotRow(spot, full, full_en))
    order = {building: at for at, building in enumerate(buildings)}
    return tuple(sorted(found, key=lambda row: (order[row.spot[0]], row.spot[1] is not None, row.spot[1] or 0)))


def ways(actor: Actor, site_id: int, *, steps: Sequence[Walk], known: Sequence[SpotRow]) -> tuple[WayRow, ...]:
    """Return the ways that were walked or spoken of, first what somebody said, then the most walked.

    Refuses: NotAllowed. Budget: two queries.
    """
    authority.require(actor, "way_time.read", where=Where(site_id))
    by_spot = {row.spot: row for row in known}
    lies = grounds(site_id)
    seen = [
        (lies[one.begin], lies[one.end], one.seconds)
        for one in steps
        if lies.get(one.begin) in by_spot and lies.get(one.end) in by_spot
    ]
    learnt = Ways(seen, map_s)
    said = {
        frozenset(((row.begin_id, row.begin_floor), (row.end_id, row.end_floor))): row
        for row in WayTime.objects.filter(site_id=site_id, is_live=True).select_related("said_by")
    }
    pairs = {frozenset(pair[:2]) for pair in seen} | set(said)
    found = []
    for pair in pairs:
        ends = sorted(pair, key=lambda spot: (spot[0], spot[1] is not None, spot[1] or 0))
        begin, end = ends[0], ends[-1]
        if begin not in by_spot or end not in by_spot:
            continue
        one, row = learnt.known(begin, end), said.get(pair)
        found.append(
            WayRow(
                by_spot[begin],
                by_spot[end],
                one.n,
                one.map_s,
                one.learnt_s,
                one.low_s,
                one.high_s,
                row.seconds if row else None,
                row.reason if row else "",
                row.said_by.name if row and row.said_by else "",
                row.said_by.name_en if row and row.said_by else "",
                row.said_at if row else None,
            )
        )
    found.sort(key=lambda way: (way.said_s is None, -way.n, way.begin.name, way.end.name))
    return tuple(found)
