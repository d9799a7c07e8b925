"""The wall screen of a site: the page, and its live part; names only for whoever may read the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.dispatch.queries.wall import WAITING, HandsRow, OpenRow, hands_present, open_rows
from yingxu.ground import authority, queries
from yingxu.ground.actor import Actor, engine
from yingxu.ground.queries import SiteRow
from yingxu.ground.queries.campus import BuildingRow, buildings
from yingxu.ground.refusals import NotFound
from yingxu.web.clock import site_clock
from yingxu.web.fragments import Fragments
from yingxu.web.inside import kept
from yingxu.web.live import Live, fragment, is_same, screen_mark
from yingxu.web.signing import actor_of
from yingxu.web.templatetags.yingxu import in_language, priority_word
from yingxu.web.wall.curve import asked_today, curve, expected_today
from yingxu.web.wall.section import section
from yingxu.web.words import line_name

#: Rows of the queue and of the oldest that fit on a screen at five metres.
QUEUE, OLDEST, TEAMS = 5, 3, 6
#: Of a team so many are named, those with most in hand.
NAMED = 2
#: Where a worker arrived is where he or she is for so long.
SEEN = timedelta(hours=4)
_GOING = frozenset({"dispatched", "accepted", "en_route"})
_fragments: Fragments[Live] = Fragments()


@dataclass(frozen=True)
class Line:
    """A row of the queue in words."""

    urgency: str
    priority: int
    what: str
    where: str
    number: str
    state: str
    since: datetime
    act_by: datetime | None


@dataclass(frozen=True)
class TeamLoad:
    """A team's hands, and how many of them have something to do."""

    name: str
    n_present: int
    n_busy: int
    n_jobs: int
    #: Of a bar of 100.
    busy: int
    said: str
    #: Who has most in hand, for whoever may read the queue.
    people: str


@never_cache
@require_safe
def wall(request: HttpRequest, site_code: str) -> HttpResponse:
    site, reader = _site(site_code), _reader(request, site_code)
    values = {
        "site": site,
        "live": _part(request, site, reader, screen_mark(site.id)).text.decode(),
        "may_read_incidents": reader is not None and authority.may_anywhere(reader, "incident.read"),
        "now": site_clock(site.timezone),
    }
    return render(request, "web/wall/wall.html", values)


@never_cache
@require_safe
def now(request: HttpRequest, site_code: str) -> HttpResponse:
    """The live part alone; nothing when nothing was recorded and the screen is not old."""
    site, reader = _site(site_code), _reader(request, site_code)
    mark = screen_mark(site.id)
    if is_same(request.GET.get("mark", ""), mark):
        return HttpResponse(status=204)
    return _part(request, site, reader, mark).answer(request)


def _site(site_code: str) -> SiteRow:
    return kept("site", site_code, lambda: queries.site_by_code(site_code))


def _reader(request: HttpRequest, site_code: str) -> Actor | None:
    """Return who reads, if he or she may read this site's queue; None sees what is published."""
    actor = actor_of(request)
    if actor is None or not authority.may_anywhere(actor, "queue.read"):
        return None
    keys = tuple(sorted({held.site_id or 0 for held in actor.holdings}))
    known = kept("sites", keys, lambda: queries.sites_of(actor))
    return actor if site_code in {site.code for site in known} else None


def _part(request: HttpRequest, site: SiteRow, reader: Actor | None, mark: str) -> Live:
    at = site_clock(site.timezone)
    alike = authority.seen_alike(reader, "queue.read") if reader is not None else None
    return fragment(
        _fragments,
        (site.id, alike, get_language()),
        mark,
        lambda: render_to_string("web/wall/live.html", shown(site, reader, at=at, mark=mark), request),
    )


def shown(site: SiteRow, reader: Actor | None, *, at: datetime, mark: str) -> dict[str, object]:
    """Return what the wall shows to a reader (None: everybody). Budget: 3, and 3 more each half minute."""
    actor = reader or engine("wall")
    zone = ZoneInfo(site.timezone)
    rows = open_rows(actor, site.id)
    hands = hands_present(actor, site.id, since_at=at - SEEN)
    standing = kept("buildings", site.id, lambda: buildings(site.id))
    figures = engine("wall")  # counts by hour are published
    expected = kept(
        "expected",
        (site.id, at.astimezone(zone).date()),
        lambda: expected_today(figures, site.id, zone=zone, at=at),
    )
    today = asked_today(figures, site.id, zone=zone, at=at)
    local = at.astimezone(zone)
    waiting = [row for row in rows if row.state in WAITING]
    urgent = sorted(rows, key=lambda row: (row.priority, row.act_by or at + timedelta(days=9), row.created_at))
    return {
        "site": site,
        "mark": mark,
        "is_named": reader is not None,
        "n_open": len(rows),
        "n_waiting": len(waiting),
        "n_late": sum(is_late(row, at) for row in rows),
        "n_present": len(hands),
        "n_free": sum(not row.n_in_hand and not row.n_offered for row in hands),
        "section": section(
            standing,
            [(row.place_path, kind_of(row, at)) for row in rows],
            [row.place_path for row in hands if row.place_path],
            said=_("%(open)d open, %(late)d late") % {"open": len(rows), "late": sum(is_late(r, at) for r in rows)},
        ),
        "n_unplaced": sum(not row.place_path for row in hands),
        "queue": [_line(row, standing, is_named=reader is not None) for row in urgent[:QUEUE]],
        "n_more": max(0, len(rows) - QUEUE),
        "oldest": [
            _line(row, standing, is_named=reader is not None)
            for row in sorted(waiting, key=lambda row: row.created_at)[:OLDEST]
        ],
        "teams": _teams(hands, is_named=reader is not None)[:TEAMS],
        "curve": curve(today, expected, hour=local.hour, minute=local.minute),
        "now": at,
    }


def is_late(row: OpenRow, at: datetime) -> bool:
    """Tell whether what is owed next is owed since before now."""
    return row.act_by is not None and row.act_by < at


def kind_of(row: OpenRow, at: datetime) -> str:
    """Return how something open is drawn."""
    if is_late(row, at):
        return "late"
    if row.state in WAITING:
        return "waiting"
    return "going" if row.state in _GOING else "there"


def _line(row: OpenRow, standing: tuple[BuildingRow, ...], *, is_named: bool) -> Line:
    known = line_name(row.line_code) or _("not sorted yet")
    return Line(
        urgency=priority_word(row.priority),
        priority=row.priority,
        what=(in_language(row, "item_name") or known) if is_named else known,
        where=(in_language(row, "place_name") if is_named else _floor_said(row.place_path, standing)),
        number=row.number if is_named else "",
        state=row.state,
        since=row.created_at,
        act_by=row.act_by,
    )


def _floor_said(path: str, standing: tuple[BuildingRow, ...]) -> str:
    """Return building and floor, never the room: whoever passes by need not know whose bed it is."""
    for building in standing:
        if path and path.startswith(building.path):
            floor = next((one for one in building.floors if path.startswith(one.path)), None)
            return in_language(floor) if floor is not None else in_language(building)
    return ""


def _teams(hands: tuple[HandsRow, ...], *, is_named: bool) -> list[TeamLoad]:
    by_team: dict[int, list[HandsRow]] = {}
    for row in hands:
        by_team.setdefault(row.team_id, []).append(row)
    found = []
    for rows in by_team.values():
        n_busy = sum(row.n_in_hand > 0 for row in rows)
        n_jobs = sum(row.n_in_hand + row.n_offered for row in rows)
        found.append(
            TeamLoad(
                name=in_language(rows[0], "team_name"),
                n_present=len(rows),
                n_busy=n_busy,
                n_jobs=n_jobs,
                busy=round(100 * n_busy / len(rows)),
                said=ngettext("%(n)d job", "%(n)d jobs", n_jobs) % {"n": n_jobs},
                people=_most_loaded(rows) if is_named else "",
            )
        )
    return sorted(found, key=lambda team: (-team.n_jobs / team.n_present, team.name))


def _most_loaded(rows: list[HandsRow]) -> str:
    loads = sorted(((row.n_in_hand + row.n_offered, row) for row in rows), key=lambda one: -one[0])
    loaded = [f"{in_language(row)} {n}" for n, row in loads if n]
    return "  ".join(loaded[:NAMED]) + (f" +{len(loaded) - NAMED}" if len(loaded) > NAMED else "")


@never_cache
@require_safe
def wall_here(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    sites = queries.sites_of(actor) if actor is not None else kept("open sites", "", queries.open_sites)
    if not sites:
        raise NotFound(kind="site", name="")
    return wall(request, sites[0].code)
