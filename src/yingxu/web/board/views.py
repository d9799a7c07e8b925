"""The promise board, its wall, and the jobs behind a figure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yingxu.ground import queries
from yingxu.ground.queries import SiteRow
from yingxu.ground.refusals import NotFound
from yingxu.promise import queries as promise
from yingxu.promise.counted import OUTCOMES, counted
from yingxu.promise.queries import MILESTONES
from yingxu.standards.queries import TermRow
from yingxu.web.board import figures, qualities
from yingxu.web.clock import site_clock
from yingxu.web.inside import Inside, inside, kept, lines_of
from yingxu.web.signing import actor_of
from yingxu.web.words import line_name, milestone_name

PAGE = 50


@require_safe
def board_here(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    sites = queries.sites_of(actor) if actor is not None else kept("open sites", "", queries.open_sites)
    if not sites:
        raise NotFound(kind="site", name="")
    return board(request, sites[0].code)


@require_safe
def board(request: HttpRequest, site_code: str) -> HttpResponse:
    return render(request, "web/board/board.html", _shown(request, site_code, n_misses=10))


@require_safe
def wall(request: HttpRequest, site_code: str) -> HttpResponse:
    return render(request, "web/board/wall.html", _shown(request, site_code, n_misses=5))


def _shown(request: HttpRequest, site_code: str, *, n_misses: int) -> dict[str, object]:
    site, at, month = month_here(request, site_code)
    rows = promise.attainment(qualities.public(site), site.id, from_at=month.from_at, to_at=month.to_at, at=at)
    quality = qualities.told(qualities.counted(site, month))
    return {
        "site": site,
        "month": month,
        "sites": kept("open sites", "", queries.open_sites),
        "overall": figures.overall(rows),
        "board_lines": qualities.beside(figures.lines(rows, lines_of(site.id), _terms(site)), quality),
        "quality": quality,
        "misses": figures.misses(promise.last_misses(qualities.public(site), site.id, limit=n_misses)),
        "now": at,
    }


def _terms(site: SiteRow) -> dict[str, TermRow]:
    try:
        return dict(figures.ordinary_terms(site.id))
    except NotFound:
        return {}  # a site without a catalogue yet promises nothing


@require_safe
def line(request: HttpRequest, site_code: str, line_code: str) -> HttpResponse:
    site, at, month = month_here(request, site_code)
    known = next((row for row in lines_of(site.id) if row.code == line_code), None)
    if known is None:
        raise NotFound(kind="line", name=line_code)
    actor = qualities.public(site)
    found = promise.targets(actor, site.id, line_code=line_code, from_at=month.from_at, to_at=month.to_at, at=at)
    values = {
        "site": site,
        "month": month,
        "line": known,
        "targets": figures.targets(found),
        "quality": qualities.told(qualities.counted(site, month, line_code=line_code)),
        "misses": figures.misses(promise.last_misses(actor, site.id, limit=20, line_code=line_code)),
        "now": at,
    }
    return render(request, "web/board/line.html", values)


def month_here(request: HttpRequest, site_code: str) -> tuple[SiteRow, datetime, figures.Month]:
    site = kept("site", site_code, lambda: queries.site_by_code(site_code))
    at = site_clock(site.timezone)
    return site, at, figures.month_of(request.GET.get("month", ""), zone=ZoneInfo(site.timezone), at=at)


def own_site(here: Inside, site_code: str) -> SiteRow:
    """Return the site of an address, if the reader belongs there; refuses: NotFound."""
    keys = tuple(sorted({held.site_id or 0 for held in here.actor.holdings}))
    for site in kept("sites", keys, lambda: queries.sites_of(here.actor)):
        if site.code == site_code:
            return site
    raise NotFound(kind="site", name=site_code)


@require_safe
@inside
def jobs(request: HttpRequest, here: Inside, site_code: str) -> HttpResponse:
    site = own_site(here, site_code)
    at = site_clock(site.timezone)
    month = figures.month_of(request.GET.get("month", ""), zone=ZoneInfo(site.timezone), at=at)
    milestone, outcome = request.GET.get("milestone", ""), request.GET.get("outcome", "")
    line, after = request.GET.get("line"), request.GET.get("after", "")
    found = counted(
        here.actor,
        site.id,
        from_at=month.from_at,
        to_at=month.to_at,
        at=at,
        milestone=milestone if milestone in MILESTONES else "",
        outcome=outcome if outcome in OUTCOMES else "",
        line_code=line[:8] if line is not None else None,
        after=int(after) if after.isdigit() else None,
        limit=PAGE + 1,
    )
    values = {
        "rows": [(row, milestone_name(row.milestone), line_name(row.line_code)) for row in found[:PAGE]],
        "next": str(found[PAGE - 1].key) if len(found) > PAGE else "",
        "is_first": not after,
        "month": month,
        "milestone": milestone_name(milestone) if milestone else "",
        "line": line_name(line) if line else "",
        "outcome": outcome,
        "site": site,
        "now": at,
    }
    return render(request, "web/board/jobs.html", values)
