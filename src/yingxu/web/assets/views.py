"""The register of assets, one of them, and sheets with their codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.demand import queries as demand
from yingxu.ground import actions as ground
from yingxu.ground import authority, queries
from yingxu.ground.actions import NewAsset
from yingxu.ground.queries import AssetFilter, AssetRow
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.setting_up import where_of_site
from yingxu.web import errors
from yingxu.web.assets.words import class_names, lines_of_classes, state_names
from yingxu.web.desk.finding import find_place
from yingxu.web.inside import Inside, inside
from yingxu.web.qr.sheet import AT_ONCE, LAYOUTS
from yingxu.web.qr.views import chosen_in, how_printed, sheet_of
from yingxu.web.timeline.lines import lines as timeline_lines

PAGE = 50
_FIELDS = {"code": 64, "name": 120, "name_en": 120, "class": 24, "place": 120, "serial": 64, "state": 8, "party": 20}


def _wanted(request: HttpRequest) -> AssetFilter:
    get = request.POST if request.method == "POST" else request.GET
    return AssetFilter(
        words=get.get("q", "").strip()[:60],
        class_code=get.get("class", "")[:24],
        state=get.get("state", "") if get.get("state") in queries.ASSET_STATES else "",
        below=get.get("below", "")[:64],
        without_code=get.get("fresh") == "1",
    )


def _may(here: Inside, action: str, *, line: str = "") -> bool:
    where = where_of_site(here.actor, here.site.id)
    return authority.may(here.actor, action, where=replace(where, line_code=line))


@never_cache
@require_safe
@inside
def listed(request: HttpRequest, here: Inside) -> HttpResponse:
    wanted = _wanted(request)
    page = queries.asset_page(here.actor, here.site.id, wanted, after=request.GET.get("after", ""), limit=PAGE)
    classes, states = class_names(), state_names()
    values = {
        "wanted": wanted,
        "page": page,
        "rows": [(row, classes.get(row.class_code, row.class_code), states[row.state]) for row in page.rows],
        "next": page.next,
        "is_first": not request.GET.get("after"),
        "classes": classes.items(),
        "states": states.items(),
        "layouts": LAYOUTS.items(),
        "at_once": AT_ONCE,
        "may_manage": _may(here, "asset.manage"),
        "may_print": _may(here, "token.manage"),
        "address": settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}",
        "is_configured": bool(settings.PUBLIC_URL),
        "now": here.at,
    }
    return render(request, "web/assets/assets.html", values)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new(request: HttpRequest, here: Inside) -> HttpResponse:
    authority.require(here.actor, "asset.manage", where=where_of_site(here.actor, here.site.id))
    given = _given(request)
    if request.method != "POST":
        given["place"] = request.GET.get("place", "")[:64]
        return _form(request, here, given)
    try:
        ground.add_assets(site_id=here.site.id, assets=(_asset(here, given),), actor=here.actor, at=here.at)
    except (Malformed, NotFound) as why:
        return _form(request, here, given, trouble=errors.sentence(why))
    return redirect("web:asset", given["code"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def one(request: HttpRequest, here: Inside, code: str) -> HttpResponse:
    asset = queries.asset_by_code(here.actor, here.site.id, code)
    if request.method != "POST":
        return _form(request, here, _as_given(asset), asset=asset)
    given = {**_given(request), "code": code}
    try:
        ground.change_asset(site_id=here.site.id, asset=_asset(here, given), actor=here.actor, at=here.at)
    except (Malformed, NotFound) as why:
        return _form(request, here, given, asset=asset, trouble=errors.sentence(why))
    return redirect("web:asset", code)


@require_POST
@inside
def revoke(request: HttpRequest, here: Inside, code: str) -> HttpResponse:
    ground.revoke_asset_code(
        site_id=here.site.id, code=code, reason=request.POST.get("reason", ""), actor=here.actor, at=here.at
    )
    return redirect("web:asset", code)


@require_POST
@inside
def print_sheet(request: HttpRequest, here: Inside) -> HttpResponse:
    def all_found() -> Sequence[str]:
        return queries.asset_codes(here.actor, here.site.id, _wanted(request), limit=AT_ONCE + 1)

    chosen = chosen_in(request, "asset", all_found)
    printed = ground.print_asset_codes(
        site_id=here.site.id, asset_codes=chosen, actor=here.actor, at=here.at, **how_printed(request)
    )
    return sheet_of(request, here, printed)


def _given(request: HttpRequest) -> dict[str, str]:
    given = {name: request.POST.get(name, "").strip()[:limit] for name, limit in _FIELDS.items()}
    return {**given, "in_service_on": request.POST.get("in_service_on", "").strip()[:10]}


def _as_given(asset: AssetRow) -> dict[str, str]:
    return {
        "code": asset.code,
        "name": asset.name,
        "name_en": asset.name_en,
        "class": asset.class_code,
        "place": asset.place_code,
        "serial": asset.serial,
        "state": asset.state,
        "party": str(asset.party_id or ""),
        "in_service_on": asset.in_service_on.isoformat() if asset.in_service_on else "",
    }


def _asset(here: Inside, given: dict[str, str]) -> NewAsset:
    if not given["place"]:
        raise Malformed(field="place", problem="missing")
    place_code, words = find_place(here, "", given["place"])
    if words:
        raise Malformed(field="place", problem="unknown")
    if given["class"] not in class_names():
        raise Malformed(field="class_code", problem="unknown")
    try:
        begins = date.fromisoformat(given["in_service_on"]) if given["in_service_on"] else None
    except ValueError as why:
        raise Malformed(field="date", problem="wrong_type") from why
    return NewAsset(
        code=given["code"],
        name=given["name"],
        class_code=given["class"],
        line_code=lines_of_classes()[given["class"]],
        place_id=queries.place_by_code(here.site.id, place_code).id,
        name_en=given["name_en"],
        serial=given["serial"],
        state=given["state"] or "in_use",
        party_id=int(given["party"]) if given["party"].isdigit() else None,
        in_service_on=begins,
    )


def _form(
    request: HttpRequest, here: Inside, given: dict[str, str], *, asset: AssetRow | None = None, trouble: str = ""
) -> HttpResponse:
    values: dict[str, Any] = {
        "given": given,
        "asset": asset,
        "classes": class_names().items(),
        "states": state_names().items(),
        "parties": queries.parties_of(here.site.id),
        "may_manage": _may(here, "asset.manage", line=asset.line_code if asset else ""),
        "may_print": _may(here, "token.manage"),
        "may_ask": authority.may_anywhere(here.actor, "request.create"),
        "layouts": LAYOUTS.items(),
        "trouble": trouble,
        "now": here.at,
    }
    if asset is not None:
        cursor = request.GET.get("after") or None
        values |= {
            "class_name": class_names().get(asset.class_code, asset.class_code),
            "state_name": state_names()[asset.state],
            "page": demand.requests_of_asset(here.actor, here.site.id, asset.id, cursor=cursor),
            "is_first": not cursor,
            "history": timeline_lines(queries.timeline(asset.id)),
        }
    return render(request, "web/assets/asset.html", values, status=422 if trouble else 200)
