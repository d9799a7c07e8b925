"""Pages of stores: what lies where, one part, shortages, stock-takes, setting up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.ground import authority, queries
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotAllowed
from yingxu.team import queries as team
from yingxu.web.inside import Inside, inside, new_command
from yingxu.web.stores import words
from yingxu.web.stores.reading import uid_of
from yingxu.work.queries import parts as part_queries
from yingxu.work.queries import stores as queries_of


@never_cache
@require_safe
@inside
def stock(request: HttpRequest, here: Inside) -> HttpResponse:
    _require(here)
    get = request.GET.get
    wanted = {"q": get("q", "").strip()[:60], "store": get("store", "")[:36], "low": get("low") == "1"}
    page = queries_of.stock(
        here.actor,
        here.site.id,
        q=str(wanted["q"]),
        store_id=uid_of(str(wanted["store"])),
        only_low=bool(wanted["low"]),
        cursor=get("after") or None,
    )
    values = {
        "wanted": wanted,
        "rows": page.rows,
        "next": page.next or "",
        "is_first": not get("after"),
        "stores": queries_of.stores(here.actor, here.site.id),
        "n_lacking": part_queries.n_lacking(here.actor, here.site.id),
        "may_manage_parts": authority.may(here.actor, "part.manage", where=Where(here.site.id)),
        "may_set_up": authority.may_anywhere(here.actor, "store.manage"),
        "may_cost": authority.may_anywhere(here.actor, "cost.read"),
    }
    return render(request, "web/stores/list.html", values)


def _require(here: Inside) -> None:
    if not authority.may_anywhere(here.actor, "store.read"):
        raise NotAllowed(action="store.read")


@never_cache
@require_safe
@inside
def part(request: HttpRequest, here: Inside, part_id: UUID) -> HttpResponse:
    return part_page(request, here, part_id)


def part_page(
    request: HttpRequest, here: Inside, part_id: UUID, *, trouble: str = "", act: str = "", status: int = 200
) -> HttpResponse:
    """Return a part's page; ``act`` names the form that was refused, whose words stay."""
    _require(here)
    detail = queries_of.part_detail(here.actor, here.site.id, part_id, cursor=request.GET.get("after") or None)
    stores = queries_of.stores(here.actor, here.site.id)
    there = {row.store_id for row in detail.levels}
    kept = sorted((row for row in stores if row.may_keep), key=lambda row: row.store_id not in there)
    keys = {row.store_id for row in kept}
    values = {
        "detail": detail,
        "kept": kept,
        "open_stores": [row for row in stores if row.is_open],
        "kept_levels": [row for row in detail.levels if row.store_id in keys],
        "next": detail.movements.next or "",
        "is_first": not request.GET.get("after"),
        "typed": request.POST,
        "trouble": trouble,
        "act": act,
        "done": request.GET.get("done", ""),
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/stores/part.html", values, status=status)


@never_cache
@require_safe
@inside
def new_part(request: HttpRequest, here: Inside) -> HttpResponse:
    return part_form(request, here)


def part_form(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    """Return the form of a part that is not known yet."""
    if not authority.may_anywhere(here.actor, "part.manage"):
        raise NotAllowed(action="part.manage")
    values = {"typed": request.POST, "trouble": trouble, "command": new_command()}
    return render(request, "web/stores/new.html", values, status=status)


@never_cache
@require_safe
@inside
def set_up(request: HttpRequest, here: Inside) -> HttpResponse:
    return set_up_page(request, here)


def set_up_page(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    """Return the page that stores are set up on."""
    if not authority.may_anywhere(here.actor, "store.manage"):
        raise NotAllowed(action="store.manage")
    companies = [row for row in queries.parties_of(here.site.id) if row.kind == "company"]

    def may(party_id: int) -> bool:
        return authority.may(here.actor, "store.manage", where=Where(here.site.id, party_ids=(party_id,)))

    values: dict[str, Any] = {
        "stores": queries_of.stores(here.actor, here.site.id),
        "companies": [row for row in companies if may(row.id)],
        "may_hospital": may(-1),
        "people": team.members(here.site.id),
        "typed": request.POST,
        "trouble": trouble,
        "command": new_command(),
    }
    return render(request, "web/stores/setup.html", values, status=status)


@never_cache
@require_safe
@inside
def lacking(request: HttpRequest, here: Inside) -> HttpResponse:
    return lacking_page(request, here)


def lacking_page(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    """Return what jobs lack, or what they lacked."""
    _require(here)
    is_open = request.GET.get("settled") != "1"
    page = part_queries.shortages(here.actor, here.site.id, is_open=is_open, cursor=request.GET.get("after") or None)
    values = {
        "rows": page.rows,
        "next": page.next or "",
        "is_first": not request.GET.get("after"),
        "is_open": is_open,
        "trouble": trouble,
        "typed": request.POST,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/stores/lacking.html", values, status=status)


@never_cache
@require_safe
@inside
def takes(request: HttpRequest, here: Inside) -> HttpResponse:
    return takes_page(request, here)


def takes_page(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    """Return the stock-takes."""
    _require(here)
    values = {
        "rows": part_queries.stock_takes(here.actor, here.site.id),
        "stores": [row for row in queries_of.stores(here.actor, here.site.id) if row.may_count],
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/stores/takes.html", values, status=status)


@never_cache
@require_safe
@inside
def take(request: HttpRequest, here: Inside, take_id: UUID) -> HttpResponse:
    return take_page(request, here, take_id)


def take_page(
    request: HttpRequest, here: Inside, take_id: UUID, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    """Return one stock-take with a page of its store's parts."""
    _require(here)
    get = request.GET.get
    detail = part_queries.stock_take(
        here.actor, here.site.id, take_id, q=get("q", "").strip()[:60], cursor=get("after") or None
    )
    values = {
        "detail": detail,
        "q": get("q", "").strip()[:60],
        "next": detail.lines.next or "",
        "is_first": not get("after"),
        "whys": words.whys(),
        "typed": request.POST,
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/stores/take.html", values, status=status)
