"""Perfect service: the rate by line and month, the ranked spoilers, near misses; and the jobs behind each figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.voice import perfect as rooms
from yingxu.voice.perfect import EndedJob, PerfectRow
from yingxu.web.callbacks.views import said
from yingxu.web.figures.filters import Filters
from yingxu.web.inside import Inside, inside, lines_of
from yingxu.web.requests.rows import line_options
from yingxu.web.words import line_name, milestone_name

PAGE = 50


@dataclass(frozen=True)
class Row:
    """A rate as it is shown, and the addresses of its jobs."""

    name: str
    value: str
    doubt: str
    n: int
    n_silent: int
    bar: int
    url: str
    spoiled_url: str
    silent_url: str
    n_spoiled: int


@dataclass(frozen=True)
class SpoilerRow:
    """A step that spoils, in words."""

    name: str
    n: int
    n_alone: int
    without: str
    url: str
    alone_url: str


@dataclass(frozen=True)
class MarginRow:
    """What is missed by a little, in words."""

    name: str
    n_missed: int
    n_near: int
    short: str
    n_alone: int
    worth: str
    url: str
    missed_url: str
    alone_url: str


@never_cache
@require_safe
@inside
def perfect(request: HttpRequest, here: Inside) -> HttpResponse:
    filters = Filters(request.GET, here)
    found = rooms.figures_of(_jobs(here, filters))
    values = {
        **_common(here, filters),
        "whole": _row("", found.whole, filters),
        "by_line": [_row(line_name(row.code), row, filters, line=row.code) for row in found.by_line],
        "by_month": [_row(row.code, row, filters, month=row.code) for row in found.by_month],
        "spoilers": [
            SpoilerRow(
                fault_word(row.code),
                row.n,
                row.n_alone,
                f"{100 * row.share_without:.1f}%",
                filters.link(fault=row.code),
                filters.link(fault=row.code, alone=1),
            )
            for row in found.spoilers
        ],
        "margins": [
            MarginRow(
                milestone_name(row.code),
                row.n_missed,
                row.n_near,
                f"{row.short_min:.1f}" if row.short_min is not None else "—",
                row.n_alone,
                f"{row.jobs_per_min:.2f}" if row.jobs_per_min is not None else "—",
                filters.link(near=row.code),
                filters.link(fault=f"late_{row.code}"),
                filters.link(near=row.code, alone=1),
            )
            for row in found.margins
        ],
    }
    return render(request, "web/perfect/perfect.html", values)


@never_cache
@require_safe
@inside
def jobs(request: HttpRequest, here: Inside) -> HttpResponse:
    filters = Filters(request.GET, here)
    asked = {name: request.GET.get(name, "")[:24] for name in ("fault", "month", "near", "after")}
    found = rooms.narrowed(
        _jobs(here, filters),
        fault=asked["fault"],
        is_alone=request.GET.get("alone") == "1",
        month=asked["month"],
        near=asked["near"],
    )
    if request.GET.get("spoiled") == "1":
        found = tuple(job for job in found if job.faults)
    if request.GET.get("silent") == "1":
        found = tuple(job for job in found if not job.has_word)
    first = int(asked["after"]) if asked["after"].isascii() and asked["after"].isdigit() else 0
    titles = {"": _("All ended jobs"), "perfect": _("Perfect jobs")}
    title = titles[asked["fault"]] if asked["fault"] in titles else fault_word(asked["fault"])
    if request.GET.get("silent") == "1":
        title = _("Closed without a word")
    if request.GET.get("spoiled") == "1":
        title = _("Spoiled by something")
    if asked["near"]:
        title = _("Missed by a little: %(name)s") % {"name": milestone_name(asked["near"])}
    values = {
        **_common(here, filters),
        "title": title,
        "rows": [(job, _faults(job), _over(job)) for job in found[first : first + PAGE]],
        "n": len(found),
        "next": str(first + PAGE) if len(found) > first + PAGE else "",
        "is_first": not first,
    }
    return render(request, "web/perfect/jobs.html", values)


def _jobs(here: Inside, filters: Filters) -> tuple[EndedJob, ...]:
    return rooms.ended_jobs(
        here.actor,
        here.site.id,
        zone=ZoneInfo(here.site.timezone),
        from_at=filters.asked.from_at,
        to_at=filters.asked.to_at,
        line_code=filters.line,
    )


def _common(here: Inside, filters: Filters) -> dict[str, Any]:
    return {
        "filters": filters,
        "line_options": line_options(lines_of(here.site.id), filters.line),
        "now": here.at,
    }


def _row(name: str, row: PerfectRow, filters: Filters, **cell: str) -> Row:
    value, doubt = said(row.share)
    width = round(100 * (row.share.share or 0))
    return Row(
        name,
        value,
        doubt,
        row.share.n,
        row.n_silent,
        width,
        filters.link(**cell),
        filters.link(**cell, spoiled=1),
        filters.link(**cell, silent=1),
        row.share.n - row.share.hits,
    )


def _faults(job: EndedJob) -> list[str]:
    return [fault_word(code) for code in rooms.FAULTS if code in job.faults]


def _over(job: EndedJob) -> list[str]:
    return [
        _("%(name)s: %(over)s min over %(limit)s")
        % {"name": milestone_name(name), "over": f"{over:.1f}", "limit": f"{limit:g}"}
        for name, over, limit in job.misses
    ]


def fault_word(code: str) -> str:
    """Return what was not good, in words."""
    return {
        "late_acknowledged": _("no word in time"),
        "late_arrived": _("came too late"),
        "late_safe": _("made safe too late"),
        "late_done": _("done too late"),
        "veto": _("a critical step failed"),
        "step": _("a step was not good"),
        "evidence": _("doubtful evidence"),
        "rework": _("had to be done again"),
        "checked_bad": _("found not good by a check"),
        "said_no": _("the asker said no"),
        "rated_low": _("rated 1 or 2"),
        "reopened": _("came back within 7 days"),
        "not_held": _("did not hold"),
    }.get(code, code)
