"""The list of requests, its export, and one request in whole."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.demand import queries as demand
from yingxu.demand.queries import Page, found
from yingxu.demand.queries import doors as door_queries
from yingxu.demand.queries.found import FollowUpRow
from yingxu.demand.queries.groups import asked_together
from yingxu.ground import authority, queries
from yingxu.ground.actor import Actor
from yingxu.web.desk.drawers import clock_said
from yingxu.web.inside import Inside, inside, lines_of
from yingxu.web.requests.export import csv_lines
from yingxu.web.requests.rows import line_options, listed, state_options, table_rows
from yingxu.web.templatetags.yingxu import states
from yingxu.web.timeline.lines import lines as timeline_lines
from yingxu.web.whole import Whole, request_in_whole

PAGE = 25
EXPORT_PAGE = 100


class Wanted:
    """What the address asks for."""

    def __init__(self, request: HttpRequest) -> None:
        get = request.GET.get
        state = get("state", "")
        self.state = state if state in states() else ""
        self.line = get("line", "")[:8]
        self.q = get("q", "").strip()[:60]
        self.order = "urgent" if get("order") == "urgent" else "newest"
        self.is_open = {"1": True, "0": False}.get(get("open", ""))
        self.cursor = get("after") or None

    @property
    def open_code(self) -> str:
        """The filter's code: 1 open, 0 closed, empty all."""
        return {True: "1", False: "0"}.get(self.is_open, "") if self.is_open is not None else ""

    def page(self, actor: Actor, site_id: int, *, cursor: str | None, limit: int) -> Page:
        """Return the page of what is asked for."""
        return demand.request_page(
            actor,
            site_id,
            state=self.state or None,
            is_open=self.is_open,
            line=self.line or None,
            q=self.q,
            order=self.order,
            cursor=cursor,
            limit=limit,
        )


@never_cache
@require_safe
@inside
def requests(request: HttpRequest, here: Inside) -> HttpResponse:
    wanted = Wanted(request)
    page = wanted.page(here.actor, here.site.id, cursor=wanted.cursor, limit=PAGE)
    values = {
        "wanted": wanted,
        "rows": page.rows,
        "table_rows": table_rows(listed(page.rows, at=here.at)),
        "next": page.next or "",
        "is_first": wanted.cursor is None,
        "line_options": line_options(lines_of(here.site.id), wanted.line),
        "state_options": state_options(wanted.state),
        "now": here.at,
    }
    return render(request, "web/requests/list.html", values)


@never_cache
@require_safe
@inside
def export(request: HttpRequest, here: Inside) -> StreamingHttpResponse:
    wanted, language = Wanted(request), translation.get_language() or "zh-hans"
    zone = ZoneInfo(here.site.timezone)

    def page_after(cursor: str | None) -> Page:
        return wanted.page(here.actor, here.site.id, cursor=cursor, limit=EXPORT_PAGE)

    def in_language() -> Iterator[str]:
        # the answer is written after the middleware has let go of the reader's language
        lines = csv_lines(page_after, zone)
        while True:
            with translation.override(language):
                line = next(lines, None)
            if line is None:
                return
            yield line

    response = StreamingHttpResponse(in_language(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="requests-{here.at:%Y%m%d-%H%M}.csv"'
    return response


@never_cache
@require_safe
@inside
def request_page(request: HttpRequest, here: Inside, request_id: UUID) -> HttpResponse:
    whole = request_in_whole(here.actor, request_id)
    where = whole.detail.where
    may_read = authority.may(here.actor, "ledger.read_timeline", where=where)
    past = queries.timeline(whole.detail.row.key) if may_read else ()
    # whoever sees what happened knows by it whether there are follow-ups to ask for
    has_follow_ups = not may_read or any(row.kind == "demand.request.follow_up_named" for row in past)
    values = {
        "whole": whole,
        "clocks": [clock_said(row) for row in whole.clocks],
        "timeline": timeline_lines(past),
        "may_read": may_read,
        "together": asked_together(here.actor, whole.detail.group_key, beside=whole.detail.row.key),
        "may_see_patient": authority.may(here.actor, "patient.see_identifiers", where=where),
        "follow_ups": _follow_ups(whole) if has_follow_ups else (),
        "followed": found.followed(request_id) if whole.detail.row.channel == "follow_up" else None,
        "alarm": door_queries.readings_of(request_id) if whole.detail.row.channel == "alarm" else None,
        "may_outside": authority.may_anywhere(here.actor, "outside.read"),
        "may_cost": authority.may(here.actor, "cost.read", where=where),
        "can_act": authority.may(here.actor, "queue.read", where=where),
        "now": here.at,
    }
    return render(request, "web/requests/request.html", values)


def _follow_ups(whole: Whole) -> tuple[FollowUpRow, ...]:
    """Return what was opened because steps of the request's finished jobs were not good. Budget: one query at most."""
    ended = [job.number for job in whole.jobs if job.state in {"finished", "verified", "closed"}]
    return found.follow_ups(whole.detail.where.site_id or 0, ended)
