"""The quality promises of a site: what is promised, how it is sampled, the drawn jobs; and promising."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.queries import SiteRow
from yingxu.ground.refusals import Malformed, NotAllowed, Refusal
from yingxu.promise import actions
from yingxu.promise.actions import Reading, SamplingRule
from yingxu.voice.quality import sampled_jobs
from yingxu.web import errors
from yingxu.web.board import figures, qualities
from yingxu.web.board.views import month_here, own_site
from yingxu.web.calendars.forms import day_of
from yingxu.web.clock import site_clock
from yingxu.web.inside import Inside, command_of, forget, inside, lines_of, new_command
from yingxu.web.signing import actor_of
from yingxu.web.words import choices

PAGE = 200


@require_http_methods(["GET", "HEAD", "POST"])
def quality(request: HttpRequest, site_code: str) -> HttpResponse:
    site, at, month = month_here(request, site_code)
    if request.method != "POST":
        return _page(request, site, month)
    actor = actor_of(request)
    if actor is None:
        raise NotAllowed(action="catalogue.manage")
    try:
        actions.promise_quality(site_id=site.id, **_typed(request), actor=actor, at=at, command=command_of(request))
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return _page(request, site, month, trouble=errors.sentence(refusal), status=refusal.status)
    forget()
    return redirect("web:board_quality", site_code=site.code)


@require_POST
@inside
def end(request: HttpRequest, here: Inside, site_code: str, code: str) -> HttpResponse:
    site = own_site(here, site_code)
    actions.end_quality_promise(
        site_id=site.id, code=code, actor=here.actor, at=site_clock(site.timezone), command=command_of(request)
    )
    forget()
    return redirect("web:board_quality", site_code=site.code)


@require_safe
@inside
def jobs(request: HttpRequest, here: Inside, site_code: str, code: str) -> HttpResponse:
    site = own_site(here, site_code)
    at = site_clock(site.timezone)
    zone = ZoneInfo(site.timezone)
    month = figures.month_of(request.GET.get("month", ""), zone=zone, at=at)
    is_unmeasured_only = request.GET.get("only") == "unmeasured"
    found = sampled_jobs(
        here.actor,
        site.id,
        code=code,
        zone=zone,
        from_at=month.from_at,
        to_at=month.to_at,
        is_unmeasured_only=is_unmeasured_only,
    )
    values = {
        "site": site,
        "month": month,
        "rows": found[:PAGE],
        "n": len(found),
        "is_unmeasured_only": is_unmeasured_only,
        "code": code,
        "now": at,
    }
    return render(request, "web/board/quality_jobs.html", values)


def _page(
    request: HttpRequest, site: SiteRow, month: figures.Month, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    at = site_clock(site.timezone)
    actor = actor_of(request)
    may_edit = actor is not None and authority.may(actor, "catalogue.manage", where=Where(site_id=site.id))
    values = {
        "site": site,
        "month": month,
        "quality": qualities.told(qualities.counted(site, month)),
        "may_edit": may_edit,
        "lines": lines_of(site.id),
        "measures": qualities.measures(),
        "keys": qualities.stratum_keys(),
        "priorities": choices("priorities"),
        "posted": request.POST,
        "tomorrow": (at.astimezone(ZoneInfo(site.timezone)).date() + timedelta(days=1)).isoformat(),
        "command": request.POST.get("command", "") or new_command(),
        "trouble": trouble,
        "now": at,
    }
    return render(request, "web/board/quality.html", values, status=status)


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Return what the form says. Refuses: Malformed."""
    post = request.POST
    key = post.get("stratum_key", "none")
    shares = [
        (str(level), share)
        for level in range(1, 5)
        if key == "priority" and (share := _percent(post.get(f"share_{level}", ""), "sample_share")) is not None
    ]
    target, share = _percent(post.get("target", ""), "target"), _percent(post.get("share", ""), "sample_share")
    if target is None:
        raise Malformed(field="target", problem="missing")
    return {
        "code": post.get("code", ""),
        "name": post.get("name", ""),
        "name_en": post.get("name_en", ""),
        "line_code": post.get("line", ""),
        "item_code": post.get("item", "").strip(),
        "measure": post.get("measure", ""),
        "at_least": _whole(post.get("at_least", ""), "at_least"),
        "reading": Reading(
            post.get("step", ""), _number(post.get("low", ""), "limits"), _number(post.get("high", ""), "limits")
        ),
        "target": target,
        "sampling": SamplingRule(
            share=1.0 if share is None else share,
            key=key,
            shares=tuple(shares),
            n_least=_whole(post.get("n_least", ""), "n_least") or 0,
        ),
        "from_on": day_of(post.get("from_on", ""), "from_on"),
    }


def _percent(text: str, field: str) -> float | None:
    text = text.strip().rstrip("%")
    if not text:
        return None
    try:
        return round(float(text) / 100, 4)
    except ValueError as error:
        raise Malformed(field=field, problem="wrong_type") from error


def _number(text: str, field: str) -> float | None:
    text = text.strip().rstrip("℃").removesuffix("°C").strip()
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise Malformed(field=field, problem="wrong_type") from error


def _whole(text: str, field: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not text.isdigit():
        raise Malformed(field=field, problem="wrong_type")
    return int(text)
