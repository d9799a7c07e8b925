"""The backlog (积压): what is open by age, what came against what went, how hands are used; and the jobs behind it."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.verify import ageing
from yingxu.verify.ageing import BacklogRow
from yingxu.web.inside import Inside, inside
from yingxu.web.words import line_name

PAGE = 25


@dataclass(frozen=True)
class Row:
    """A line's backlog in words: each class with its number and the address of its jobs."""

    name: str
    code: str
    n: int
    classes: list[tuple[int, str, bool, str]]
    middle: str


@never_cache
@require_safe
@inside
def backlog(request: HttpRequest, here: Inside) -> HttpResponse:
    rows = [_row(row) for row in ageing.backlog(here.actor, here.site.id, at=here.at)]
    zone = ZoneInfo(here.site.timezone)
    values = {
        "whole": rows[0],
        "rows": rows[1:],
        "classes": [name for _code, name in age_names()],
        "weeks": [
            (row, "—" if row.rate is None else f"{100 * row.rate:.0f}%", row.rate is not None and row.rate < 1)
            for row in ageing.weeks(here.actor, here.site.id, zone=zone, at=here.at)
        ],
        "teams": [
            (row, "—" if row.share is None else f"{100 * row.share:.0f}%")
            for row in ageing.use_of_hands(here.actor, here.site.id, at=here.at)
        ],
        "now": here.at,
    }
    return render(request, "web/perfect/backlog.html", values)


@never_cache
@require_safe
@inside
def jobs(request: HttpRequest, here: Inside) -> HttpResponse:
    said = request.GET.get("age", "")
    age = int(said) if said in {"0", "1", "2", "3"} else None
    line = request.GET.get("line", "")[:8]
    place = request.GET.get("after", "")
    after = int(place) if place.isascii() and place.isdigit() and len(place) < 7 else 0
    rows = ageing.open_jobs(here.actor, here.site.id, at=here.at, line_code=line, age=age, after=after, limit=PAGE + 1)
    names = dict(age_names())
    values = {
        "title": " · ".join(
            one for one in (line_name(line) if line else "", names[age] if age is not None else "") if one
        ),
        "rows": rows[:PAGE],
        "next": str(after + PAGE) if len(rows) > PAGE else "",
        "is_first": not after,
        "now": here.at,
    }
    return render(request, "web/perfect/backlog_jobs.html", values)


def age_names() -> list[tuple[int, str]]:
    """Return the classes of age, in words."""
    return [(0, _("under 1 day")), (1, _("1–3 days")), (2, _("3–7 days")), (3, _("over 7 days"))]


def _row(row: BacklogRow) -> Row:
    query = f"&line={row.line_code}" if row.line_code else ""
    names = [name for _code, name in age_names()]
    classes = [(n, f"?age={code}{query}", code == 3 and n > 0, names[code]) for code, n in enumerate(row.ages.by_class)]
    name = line_name(row.line_code) if row.line_code else _("All lines")
    return Row(name, row.line_code, row.ages.n, classes, _hours(row.ages.median_h))


def _hours(hours: float | None) -> str:
    if hours is None:
        return "—"
    if hours < 48:
        return _("%(n)s hours old") % {"n": f"{hours:.1f}"}
    return _("%(n)s days old") % {"n": f"{hours / 24:.1f}"}
