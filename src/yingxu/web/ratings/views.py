"""Scores by line: never without how many answered; small numbers hidden from those who could guess the name."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.core.quality.share import attainment
from yingxu.ground import authority
from yingxu.voice.queries.scores import K_SHOWN, N_ENOUGH, ScoreRow, scores_by_line
from yingxu.web.callbacks.views import said
from yingxu.web.figures.filters import Filters
from yingxu.web.inside import Inside, inside
from yingxu.web.words import line_name


@dataclass(frozen=True)
class Line:
    """A line's score as it is shown."""

    row: ScoreRow
    name: str
    satisfied: tuple[str, str]
    mean: str
    mean_doubt: str
    weighted: str
    responded: tuple[str, str]
    #: Stars, how many, height of the bar in per cent.
    bars: tuple[tuple[int, int, int], ...]
    low_url: str


@never_cache
@require_safe
@inside
def ratings(request: HttpRequest, here: Inside) -> HttpResponse:
    filters = Filters(request.GET, here)
    rows = scores_by_line(here.actor, here.site.id, since=filters.asked.from_at, until=filters.asked.to_at)
    opens_jobs = authority.may_anywhere(here.actor, "report.read")
    values = {
        "filters": filters,
        "lines": [_line(row, filters, opens_jobs=opens_jobs) for row in rows],
        "k": K_SHOWN,
        "n_enough": N_ENOUGH,
        "now": here.at,
    }
    return render(request, "web/ratings/ratings.html", values)


def _line(row: ScoreRow, filters: Filters, *, opens_jobs: bool) -> Line:
    most = max(row.counts, default=0) or 1
    has_low = opens_jobs and sum(row.counts[:2]) > 0
    return Line(
        row,
        line_name(row.line_code),
        said(row.satisfied or attainment(0, 0)),
        "—" if row.mean is None else f"{row.mean:.1f}",
        ""
        if row.mean_low is None or row.mean_high is None
        else _("95%% interval %(low)s–%(high)s") % {"low": f"{row.mean_low:.1f}", "high": f"{row.mean_high:.1f}"},
        "—" if row.weighted is None else f"{row.weighted:.1f}",
        said(row.responded),
        tuple((star, n, round(100 * n / most)) for star, n in enumerate(row.counts, 1)),
        filters.link(line=row.line_code, fault="rated_low") if has_low else "",
    )
