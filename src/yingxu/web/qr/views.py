"""Choosing places and printing their codes; typing a code by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.ground import actions as ground
from yingxu.ground import queries
from yingxu.ground.actions import Printed
from yingxu.ground.importing.places import KINDS
from yingxu.ground.queries import PlaceFilter
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.web.inside import Inside, inside
from yingxu.web.qr.sheet import AT_ONCE, LAYOUTS, Label, labels_pdf, typed_code
from yingxu.web.templatetags.yingxu import in_language, is_english

PAGE = 60


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of places with their names."""
    return [(code, names[-1].capitalize() if is_english() else names[0]) for code, names in KINDS.items()]


def wanted_of(request: HttpRequest) -> PlaceFilter:
    """Return the filter of places that an address or a form carries."""
    get = request.POST if request.method == "POST" else request.GET
    return PlaceFilter(
        below=get.get("below", "")[:64],
        kinds=tuple(kind for kind in get.getlist("kind") if kind in KINDS),
        words=get.get("q", "").strip()[:60],
        with_closed=get.get("closed") == "1",
        without_code=get.get("fresh") == "1",
    )


@never_cache
@require_safe
@inside
def codes(request: HttpRequest, here: Inside) -> HttpResponse:
    wanted = wanted_of(request)
    page = queries.furniture_places(here.actor, here.site.id, wanted, after=request.GET.get("after", ""), limit=PAGE)
    values = {
        "wanted": wanted,
        "page": page,
        "rows": page.rows,
        "next": page.next,
        "is_first": not request.GET.get("after"),
        "kinds": kinds(),
        "layouts": LAYOUTS.items(),
        "at_once": AT_ONCE,
        "address": settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}",
        "is_configured": bool(settings.PUBLIC_URL),
        "now": here.at,
    }
    return render(request, "web/qr/codes.html", values)


@require_POST
@inside
def print_sheet(request: HttpRequest, here: Inside) -> HttpResponse:
    def all_found() -> Sequence[str]:
        return queries.furniture_codes(here.actor, here.site.id, wanted_of(request), limit=AT_ONCE + 1)

    chosen = chosen_in(request, "place", all_found)
    printed = ground.print_codes(
        site_id=here.site.id, place_codes=chosen, actor=here.actor, at=here.at, **how_printed(request)
    )
    return sheet_of(request, here, printed)


def how_printed(request: HttpRequest) -> dict[str, str]:
    """Return the form of labels that was chosen, and what becomes of the codes that hang. Refuses: Malformed."""
    layout = request.POST.get("layout", "")
    if layout not in LAYOUTS:
        raise Malformed(field="layout", problem="unknown")
    return {"layout": layout, "codes": request.POST.get("codes", "keep")}


def chosen_in(request: HttpRequest, field: str, all_found: Callable[[], Sequence[str]]) -> list[str]:
    """Return what is ticked, or everything that the filter finds. Refuses: Malformed (more than one sheet takes)."""
    chosen = list(all_found()) if request.POST.get("which") == "all" else request.POST.getlist(field)
    if len(chosen) > AT_ONCE:
        raise Malformed(field=field, problem="too_large", limit=str(AT_ONCE))
    return chosen


def sheet_of(request: HttpRequest, here: Inside, printed: Printed) -> HttpResponse:
    """Return the sheet with the printed codes."""
    pdf = labels_pdf(
        [Label(in_language(one, "place_name"), one.token, in_language(one, "beside")) for one in printed.codes],
        layout=request.POST.get("layout", ""),
        hospital=in_language(here.site),
        phone=here.site.desk_phone,
        address=settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}",
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="codes-{here.at:%Y%m%d-%H%M}.pdf"'
    return response


@never_cache
@require_safe
def type_code(request: HttpRequest) -> HttpResponse:
    said = request.GET.get("code", "")[:40]
    if not said:
        return render(request, "web/qr/type_code.html", {"said": "", "trouble": ""})
    try:
        queries.qr_of_token(typed_code(said))
    except NotFound:
        trouble = _("This code is not known. Look at the label again: ten letters and digits.")
        values = {"said": said, "trouble": trouble, "desks": queries.desks_of_code(typed_code(said))}
        return render(request, "web/qr/type_code.html", values, status=404)
    return redirect("web:ask_by_code", typed_code(said))
