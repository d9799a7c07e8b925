"""Blind spots: the points of the site where no worker has been for so many days."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.web.inside import Inside, inside
from yingxu.work.coverage import coverage

DAYS = (7, 31, 90)
PAGE = 50


@never_cache
@require_safe
@inside
def coverage_page(request: HttpRequest, here: Inside) -> HttpResponse:
    wanted = request.GET.get("days", "")
    days = int(wanted) if wanted in map(str, DAYS) else 31
    words = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    number = request.GET.get("after", "")
    first = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 0
    found = coverage(here.actor, here.site.id, since=here.at - timedelta(days=days))
    fitting = [spot for spot in found.unseen if words.lower() in f"{spot.name} {spot.name_en} {spot.code}".lower()]
    values = {
        "spots": fitting[first : first + PAGE],
        "next": str(first + PAGE) if len(fitting) > first + PAGE else "",
        "is_first": first == 0,
        "n_unseen": len(found.unseen),
        "n_spots": found.n_spots,
        "n_fitting": len(fitting),
        "days": days,
        "choices": DAYS,
        "q": words,
        "now": here.at,
    }
    return render(request, "web/coverage/coverage.html", values)
