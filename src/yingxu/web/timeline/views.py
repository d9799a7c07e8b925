"""The timeline of one object."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yingxu.demand import queries as demand
from yingxu.ground import authority, queries, threads
from yingxu.web.inside import Inside, inside
from yingxu.web.templatetags.yingxu import in_language
from yingxu.web.timeline.lines import lines
from yingxu.work import hands


@require_safe
@inside
def timeline(request: HttpRequest, here: Inside, kind: str, uid: UUID) -> HttpResponse:
    key, title = _thread(here, kind, uid)
    values = {"title": title, "lines": lines(queries.timeline(key)), "kind": kind}
    return render(request, "web/timeline/timeline.html", values)


def _thread(here: Inside, kind: str, uid: UUID) -> tuple[int, str]:
    """Return the object's key and name; refuses what the actor may not read."""
    if kind == "job":
        uid = hands.job_in_hand(here.actor, uid).request_uid
        kind = "request"
    if kind == "request":
        detail = demand.request_detail(here.actor, uid)
        authority.require(here.actor, "ledger.read_timeline", where=detail.where)
        return detail.row.key, detail.row.number
    row = threads.thread(kind, uid)
    authority.require(
        here.actor, "ledger.read_timeline", where=authority.Where(site_id=row.site_id, party_ids=row.party_ids)
    )
    return row.key, in_language(row)
