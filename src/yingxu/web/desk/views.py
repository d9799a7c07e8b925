"""The desk's page, its live part, and a request's drawer."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.demand import queries as demand
from yingxu.demand.likely import likely
from yingxu.dispatch import desk as rows
from yingxu.dispatch.desk import DeskFilter
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotAllowed
from yingxu.standards.queries import CatalogueRow
from yingxu.web.desk import acts, cards
from yingxu.web.desk.drawers import Drawer
from yingxu.web.desk.drawers import drawer as drawer_of
from yingxu.web.desk.forms import act_forms
from yingxu.web.inside import Inside, catalogue_of, command_of, inside, is_fragment, lines_of, new_command
from yingxu.web.templatetags.yingxu import in_language
from yingxu.web.words import choices


@never_cache
@require_safe
@inside
def desk(request: HttpRequest, here: Inside) -> HttpResponse:
    _require(here.actor)
    return render(request, "web/desk/desk.html", {**_live(request, here), **_call(here)})


@never_cache
@require_safe
@inside
def now(request: HttpRequest, here: Inside) -> HttpResponse:
    """The live part alone; nothing when nothing was recorded at the site since the mark in the address."""
    _require(here.actor)
    if request.GET.get("mark") == demand.change_mark(here.site.id):
        return HttpResponse(status=204)
    return render(request, "web/desk/live.html", _live(request, here))


def _require(actor: Actor) -> None:
    if not authority.may_anywhere(actor, "queue.read"):
        raise NotAllowed(action="queue.read")


def _live(request: HttpRequest, here: Inside) -> dict[str, object]:
    wanted = _wanted(request)
    mark = demand.change_mark(here.site.id)
    found = rows.desk_rows(here.actor, here.site.id, wanted=wanted)
    view = "list" if request.GET.get("view") == "list" else "board"
    return {
        "view": view,
        "wanted": wanted,
        "mark": mark,
        "query": _query(request),
        "lines": lines_of(here.site.id),
        "columns": cards.board(found, at=here.at) if view == "board" else (),
        "rows": [cards.card(row) for row in found] if view == "list" else (),
        "n": len(found),
        "n_late": sum(row.act_by is not None and row.act_by < here.at for row in found),
        "teams": cards.loads(rows.workers(here.actor, here.site.id)),
        "now": here.at,
    }


def _wanted(request: HttpRequest) -> DeskFilter:
    level = request.GET.get("priority", "")
    return DeskFilter(
        state=request.GET.get("state", "")[:12],
        line=request.GET.get("line", "")[:8],
        priority=int(level) if level in {"1", "2", "3", "4"} else None,
        text=request.GET.get("q", "").strip()[:60],
    )


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("mark", None)
    return query.urlencode()


def _call(here: Inside) -> dict[str, object]:
    where = authority.Where(site_id=here.site.id)
    return {
        "can_take_calls": authority.may(here.actor, "request.create_for_another", where=where)
        or authority.may_anywhere(here.actor, "request.create_for_another"),
        "command": new_command(),
    }


@never_cache
@require_safe
@inside
def drawer(request: HttpRequest, here: Inside, request_id: UUID) -> HttpResponse:
    return _drawer(request, here, request_id)


def _drawer(request: HttpRequest, here: Inside, request_id: UUID, *, said: str = "") -> HttpResponse:
    shown = drawer_of(here, request_id)
    row = shown.detail.row
    guess = _likeliest(here, shown) if "accept" in shown.may else None
    values = {
        "drawer": shown,
        "forms": act_forms(shown.may, shown.detail, shown.receivers),
        "accept_item": guess.code if guess else "",
        "accept_item_words": in_language(guess) if guess else "",
        "accept_place_words": in_language(row, "place_name") or row.place_words,
        "command": new_command(),
        "said": said,
        "rework_reasons": choices("rework_reasons"),
        "reopen_reasons": choices("reopen_reasons"),
        "now": here.at,
    }
    template = "web/desk/drawer.html" if is_fragment(request) else "web/desk/request.html"
    response = render(request, template, values)
    if said:
        response["HX-Trigger"] = "desk-changed"
    return response


def _likeliest(here: Inside, shown: Drawer) -> CatalogueRow | None:
    """Return the item that is known, else the one that the words probably mean: a proposal to look at, not a choice."""
    known = catalogue_of(here.site.id)
    code = shown.detail.row.item_code
    if code:
        return next((row for row in known if row.code == code), None)
    return next(iter(likely(shown.detail.row.text, known).items), None)


@require_POST
@inside
def act_on_request(request: HttpRequest, here: Inside, request_id: UUID, name: str) -> HttpResponse:
    act = acts.REQUEST_ACTS.get(name)
    if act is None:
        raise Http404
    act(here, request_id, request.POST, command_of(request))
    return _acted(request, here, request_id)


@require_POST
@inside
def act_on_job(request: HttpRequest, here: Inside, job_id: UUID, name: str) -> HttpResponse:
    act = acts.JOB_ACTS.get(name)
    if act is None:
        raise Http404
    act(here, job_id, request.POST, command_of(request))
    return _acted(request, here, UUID(request.POST["request"]))


def _acted(request: HttpRequest, here: Inside, request_id: UUID) -> HttpResponse:
    if is_fragment(request):
        return _drawer(request, here, request_id, said=_("Saved."))
    return redirect("web:desk_request", request_id=request_id)
