"""Demand as figures: by line, item, place, hour and month; what is to be expected; demand against hands."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.demand.queries import analysis
from yingxu.demand.queries.pages import RequestRow
from yingxu.ground.refusals import NotFound
from yingxu.improve import queries as improve
from yingxu.web.figures import made
from yingxu.web.figures.filters import Filters
from yingxu.web.figures.made import Figure
from yingxu.web.inside import Inside, inside, lines_of
from yingxu.web.requests.export import safe
from yingxu.web.requests.rows import line_options, listed, table_rows
from yingxu.web.templatetags.yingxu import priority_word
from yingxu.web.words import line_name

PAGE = 50


@never_cache
@require_safe
@inside
def demand(request: HttpRequest, here: Inside) -> HttpResponse:
    filters = Filters(request.GET, here)
    titles = {
        "line": _("By service line"),
        "item": _("By kind of service"),
        "place": _("By department"),
        "priority": _("By urgency"),
    }
    wanted = request.GET.get("figure", "")
    figures = []
    for key, title in titles.items():
        if wanted in ("", key):
            rows = analysis.counted(here.actor, here.site.id, filters.whole, by=key)
            figures.append(made.by_kind(rows, filters, key=key, title=title))
    if wanted in ("", "hours"):
        figures.append(made.hours(analysis.by_hour_of_week(here.actor, here.site.id, filters.whole), filters))
    if wanted in ("", "months"):
        figures.append(made.months(analysis.by_month(here.actor, here.site.id, filters.whole), filters))
    n = sum(int(row[2]) for row in figures[0].rows) if figures and figures[0].code == "line" else 1
    return _page(request, here, filters, figures, tab="figures", is_empty=not n)


@never_cache
@require_safe
@inside
def forecast(request: HttpRequest, here: Inside) -> HttpResponse:
    filters = Filters(request.GET, here)
    found = improve.outlook(here.actor, here.site.id, line_code=filters.line)
    if found is None or not found.forecast:
        return _page(request, here, filters, (), tab="figure_forecast", is_empty=True, made_at=found)
    seen = analysis.by_day(here.actor, here.site.id, filters.whole)
    figures = made.forecast(found, seen)
    return _page(
        request, here, filters, figures, tab="figure_forecast", said=made.measured_said(found.forecast), made_at=found
    )


@never_cache
@require_safe
@inside
def supply(request: HttpRequest, here: Inside) -> HttpResponse:
    filters = Filters(request.GET, here)
    known = improve.lines_short_of_hands(here.actor, here.site.id)
    code = filters.line or (known[0].line_code if known else "")
    found = next((row for row in known if row.line_code == code), None)
    shorts = [
        (line_name(row.line_code), filters.link(line=row.line_code), sum(h.is_short for h in made.balances(row)))
        for row in known
    ]
    if found is None:
        return _page(request, here, filters, (), tab="figure_supply", is_empty=True, shorts=shorts)
    filters.line = code
    figures = made.supply(found, filters)
    said = _(
        "%(line)s: a request takes %(each)s minutes with the way there (n = %(n)s of the last %(weeks)s weeks). Hands "
        "are those whom the records show at work."
    ) % {
        "line": line_name(code),
        "each": f"{found.supply['minutes_each']:.1f}",
        "n": found.supply["n_handled"],
        "weeks": found.supply["weeks"],
    }
    return _page(request, here, filters, figures, tab="figure_supply", said=said, made_at=found, shorts=shorts)


@never_cache
@require_safe
@inside
def unfamiliar(request: HttpRequest, here: Inside) -> HttpResponse:
    filters = Filters(request.GET, here)
    groups = improve.unfamiliar(here.actor, here.site.id)
    behind = filters.whole.__class__(**{**vars(filters.whole), "unfit": True})
    rows = analysis.requests_behind(here.actor, here.site.id, behind, limit=PAGE)
    if request.GET.get("as") == "csv":
        head = (_("Words"), "n", _("Without a fitting item"), _("First"), _("Last"))
        table = tuple(
            (" ".join(g.words), str(g.n), str(g.n_unfit), f"{g.first_at:%Y-%m-%d}", f"{g.last_at:%Y-%m-%d}")
            for g in groups
        )
        return _csv("unfamiliar", head, table)
    values = {
        **_common(here, filters, "figure_unfamiliar"),
        "groups": groups,
        "table_rows": table_rows(listed(rows, at=here.at)),
        "rows": rows,
        "more_url": made.jobs_url(filters, unfit=1),
    }
    return render(request, "web/figures/unfamiliar.html", values)


@never_cache
@require_safe
@inside
def group(request: HttpRequest, here: Inside, rank: int) -> HttpResponse:
    found = next((one for one in improve.unfamiliar(here.actor, here.site.id) if one.rank == rank), None)
    if found is None:
        raise NotFound(kind="group", name=str(rank))
    rows = analysis.requests_by_key(here.actor, here.site.id, found.request_keys)
    return _jobs_page(request, here, Filters(request.GET, here), rows, "、".join(found.words))


@never_cache
@require_safe
@inside
def jobs(request: HttpRequest, here: Inside) -> HttpResponse:
    filters, after = Filters(request.GET, here), request.GET.get("after", "")
    key = int(after) if after.isascii() and after.isdigit() else None
    rows = analysis.requests_behind(here.actor, here.site.id, filters.asked, after=key, limit=PAGE + 1)
    return _jobs_page(request, here, filters, rows, "")


def _jobs_page(
    request: HttpRequest, here: Inside, filters: Filters, rows: Sequence[RequestRow], title: str
) -> HttpResponse:
    values = {
        **_common(here, filters, ""),
        "title": title,
        "rows": rows[:PAGE],
        "table_rows": table_rows(listed(tuple(rows[:PAGE]), at=here.at)),
        "next": str(rows[PAGE - 1].key) if len(rows) > PAGE else "",
        "is_first": not request.GET.get("after"),
    }
    return render(request, "web/figures/jobs.html", values)


def _common(here: Inside, filters: Filters, tab: str) -> dict[str, Any]:
    return {
        "filters": filters,
        "tab": tab,
        "line_options": line_options(lines_of(here.site.id), filters.line),
        "urgencies": [(str(level), priority_word(level)) for level in (1, 2, 3, 4)],
        "now": here.at,
    }


def _page(
    request: HttpRequest,
    here: Inside,
    filters: Filters,
    figures: Sequence[Figure],
    *,
    tab: str,
    said: str = "",
    is_empty: bool = False,
    made_at: Any = None,
    shorts: Sequence[tuple[str, str, int]] = (),
) -> HttpResponse:
    """Return the page of figures, or one of them as a file when the address asks for that."""
    wanted, form = request.GET.get("figure", ""), request.GET.get("as", "")
    if form in ("csv", "svg"):
        figure = next((one for one in figures if one.code == wanted), None)
        if figure is None or (form == "svg" and figure.chart is None):
            raise NotFound(kind="figure", name=wanted)
        return _csv(wanted, figure.head, figure.rows) if form == "csv" else _svg(wanted, figure)
    values = {
        **_common(here, filters, tab),
        "figures": figures,
        "said": said,
        "is_empty": is_empty,
        "made_at": made_at.made_at if made_at is not None else None,
        "shorts": shorts,
    }
    return render(request, "web/figures/figures.html", values)


def _csv(name: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.writer(response)
    writer.writerow(head)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return response


def _svg(name: str, figure: Figure) -> HttpResponse:
    response = HttpResponse(figure.chart, content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}.svg"'
    return response
