"""Why is it due then? For the house, for an asker who is signed in, and by the private link."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.demand import queries as demand
from yingxu.ground import queries as ground
from yingxu.promise import queries as promise
from yingxu.web import links
from yingxu.web.clock import site_clock
from yingxu.web.inside import Inside, inside, kept
from yingxu.web.promises.words import told


@never_cache
@require_safe
@inside
def why(request: HttpRequest, here: Inside, request_id: UUID) -> HttpResponse:
    row = demand.request_detail(here.actor, request_id).row
    values = {
        "row": row,
        "clocks": told(promise.explain_request(row.key, at=here.at), now=here.at),
        "now": here.at,
    }
    return render(request, "web/promises/why.html", values)


@never_cache
@require_safe
@inside
def why_here(request: HttpRequest, here: Inside, request_id: UUID) -> HttpResponse:
    row = demand.request_detail(here.actor, request_id).row
    values = {
        "row": row,
        "site": here.site,
        "back": reverse("web:follow_here", args=[request_id]),
        "clocks": told(promise.explain_request(row.key, at=here.at), now=here.at),
        "now": here.at,
    }
    return render(request, "web/promises/why_phone.html", values)


@never_cache
@require_safe
def why_by_link(request: HttpRequest, code: str) -> HttpResponse:
    request_id = links.request_of_code(code)
    key, site_key = demand.key_of(request_id)
    row = demand.request_detail(ground.actor_of_link(key), request_id).row
    site = kept("site", site_key, lambda: ground.site_by_id(site_key))
    at = site_clock(site.timezone)
    values = {
        "row": row,
        "site": site,
        "back": reverse("web:follow", args=[code]),
        "clocks": told(promise.explain_request(key, at=at), now=at),
        "now": at,
    }
    return render(request, "web/promises/why_phone.html", values)
