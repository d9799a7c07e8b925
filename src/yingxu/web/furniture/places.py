"""Places: the tree as a list, one place with its history, added, changed, closed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import actions as ground
from yingxu.ground import authority, queries
from yingxu.ground.actions import NewPlace
from yingxu.ground.importing.columns import parts
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.setting_up import where_of_site
from yingxu.standards import library
from yingxu.web import errors
from yingxu.web.inside import Inside, inside
from yingxu.web.qr.views import kinds, wanted_of
from yingxu.web.templatetags.yingxu import is_english
from yingxu.web.timeline.lines import lines as timeline_lines

PAGE = 60


def classes() -> list[tuple[str, str]]:
    """Return the classes of places with their names."""
    return [(row["code"], row["name_en" if is_english() else "name_zh"]) for row in library.rows("place_classes")]


@never_cache
@require_safe
@inside
def listed(request: HttpRequest, here: Inside) -> HttpResponse:
    wanted = wanted_of(request)
    page = queries.furniture_places(here.actor, here.site.id, wanted, after=request.GET.get("after", ""), limit=PAGE)
    names = dict(kinds())
    values = {
        "wanted": wanted,
        "page": page,
        "rows": [(row, names.get(row.kind, row.kind)) for row in page.rows],
        "next": page.next,
        "is_first": not request.GET.get("after"),
        "kinds": kinds(),
        "now": here.at,
    }
    return render(request, "web/furniture/places.html", values)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new(request: HttpRequest, here: Inside) -> HttpResponse:
    authority.require(here.actor, "place.manage", where=where_of_site(here.actor, here.site.id))
    given = _given(request)
    if request.method != "POST":
        given["parent"] = request.GET.get("parent", "")
        return _form(request, here, given)
    try:
        if not given["code"] or not given["name"]:
            raise Malformed(field="code" if not given["code"] else "name", problem="missing")
        ground.add_places(
            site_id=here.site.id,
            places=[
                NewPlace(
                    code=given["code"],
                    parent_code=given["parent"],
                    kind=given["kind"],
                    name=given["name"],
                    name_en=given["name_en"],
                    place_class=given["place_class"],
                    aliases=parts(given["aliases"]),
                    floor_no=_floor(given["floor_no"]),
                )
            ],
            actor=here.actor,
            at=here.at,
        )
    except (Malformed, NotFound) as why:
        return _form(request, here, given, trouble=errors.sentence(why))
    return redirect("web:place", given["code"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def one(request: HttpRequest, here: Inside, code: str) -> HttpResponse:
    place = queries.furniture_place(here.actor, here.site.id, code)
    if request.method != "POST":
        given = {
            "code": place.code,
            "parent": place.parent_code,
            "kind": place.kind,
            "name": place.name,
            "name_en": place.name_en,
            "place_class": place.place_class,
            "aliases": "; ".join(place.aliases),
            "floor_no": "" if place.floor_no is None else str(place.floor_no),
        }
        return _form(request, here, given, place=place)
    given = {**_given(request), "code": code}
    try:
        ground.change_place(
            site_id=here.site.id,
            code=code,
            name=given["name"],
            name_en=given["name_en"],
            kind=given["kind"],
            parent_code=given["parent"],
            place_class=given["place_class"],
            aliases=parts(given["aliases"]),
            floor_no=_floor(given["floor_no"]),
            actor=here.actor,
            at=here.at,
        )
    except (Malformed, NotFound) as why:
        return _form(request, here, given, place=place, trouble=errors.sentence(why))
    return redirect("web:place", code)


def _given(request: HttpRequest) -> dict[str, str]:
    names = {"code": 64, "parent": 64, "kind": 16, "name": 120, "name_en": 120, "place_class": 24, "floor_no": 8}
    given = {name: request.POST.get(name, "").strip()[:limit] for name, limit in names.items()}
    return {**given, "aliases": request.POST.get("aliases", "").strip()[:400]}


def _floor(said: str) -> int | None:
    if not said:
        return None
    try:
        return int(said)
    except ValueError as why:
        raise Malformed(field="floor_no", problem="wrong_type") from why


def _form(
    request: HttpRequest, here: Inside, given: dict[str, str], *, place: Any = None, trouble: str = ""
) -> HttpResponse:
    values = {
        "given": given,
        "place": place,
        "kinds": kinds(),
        "classes": classes(),
        "trouble": trouble,
        "history": timeline_lines(queries.timeline(place.id)) if place is not None else (),
        "now": here.at,
    }
    return render(request, "web/furniture/place.html", values, status=422 if trouble else 200)


@require_POST
@inside
def close(request: HttpRequest, here: Inside, code: str) -> HttpResponse:
    ground.close_place(
        site_id=here.site.id, code=code, reason=request.POST.get("reason", ""), actor=here.actor, at=here.at
    )
    return redirect("web:place", code)


@require_POST
@inside
def revoke_code(request: HttpRequest, here: Inside, code: str) -> HttpResponse:
    ground.revoke_token(
        token=queries.live_token(here.site.id, code),
        reason=request.POST.get("reason", "").strip()[:200],
        actor=here.actor,
        at=here.at,
    )
    return redirect("web:place", code)


@require_POST
@inside
def reopen(request: HttpRequest, here: Inside, code: str) -> HttpResponse:
    ground.reopen_place(site_id=here.site.id, code=code, actor=here.actor, at=here.at)
    return redirect("web:place", code)
