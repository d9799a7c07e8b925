"""The desk's page, its live part, and a request's drawer."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.demand.queries.calls import on_the_line, waiting_calls
from yingxu.demand.queries.groups import asked_together
from yingxu.demand.triage import receiver_for
from yingxu.dispatch import queries as rows
from yingxu.dispatch.queries import DeskFilter
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotAllowed
from yingxu.web.desk import acts, cards
from yingxu.web.desk.drawers import Drawer
from yingxu.web.desk.drawers import drawer as drawer_of
from yingxu.web.desk.exchange import call_said
from yingxu.web.desk.forms import act_forms
from yingxu.web.desk.proposals import Choice, beside_asset, read_here, twins_here
from yingxu.web.desk.proposals import shown as in_words
from yingxu.web.fragments import Fragments
from yingxu.web.inside import Inside, catalogue_of, command_of, inside, is_fragment, kept, lines_of, new_command
from yingxu.web.live import Live, fragment, is_same, screen_mark
from yingxu.web.templatetags.yingxu import in_language
from yingxu.web.wall.floors import floors_shown
from yingxu.web.words import choices

_VIEWS = ("list", "section")
#: The item of what somebody outside logistics owns.
OUTSIDE = "gen.transfer"
#: A critical request that nobody was sent for yet sounds the alarm.
_UNTAKEN = frozenset({"new", "clarifying", "queued"})
_fragments: Fragments[Live] = Fragments()
_talking: Fragments[frozenset[int]] = Fragments()


@never_cache
@require_safe
@inside
def desk(request: HttpRequest, here: Inside) -> HttpResponse:
    _require(here.actor)
    mark = screen_mark(here.site.id, at_once=True)
    return render(request, "web/desk/desk.html", {**_live(request, here, mark), **_call(here)})


@never_cache
@require_safe
@inside
def now(request: HttpRequest, here: Inside) -> HttpResponse:
    """The live part alone; nothing when nothing was recorded at the site since the mark in the address."""
    _require(here.actor)
    at_once = "at_once" in request.GET
    mark = screen_mark(here.site.id, at_once=at_once)
    if not at_once and is_same(request.GET.get("mark", ""), mark):
        return HttpResponse(status=204)
    alike = authority.seen_alike(here.actor, "queue.read")
    talking = _talking.get(here.site.id, mark, lambda: on_the_line(here.site.id, at=here.at), at_once=at_once)
    own = here.actor.id if here.actor.id in talking else None  # who is on the line sees the own call
    part = fragment(
        _fragments,
        (here.site.id, alike, own, get_language(), _query(request)),
        mark,
        lambda: render_to_string("web/desk/live.html", _live(request, here, mark), request),
        at_once=at_once,
    )
    return part.answer(request)


def _require(actor: Actor) -> None:
    if not authority.may_anywhere(actor, "queue.read"):
        raise NotAllowed(action="queue.read")


def _live(request: HttpRequest, here: Inside, mark: str) -> dict[str, object]:
    wanted = _wanted(request)
    found = rows.desk_rows(here.actor, here.site.id, wanted=wanted)
    columns = cards.board(found, at=here.at)
    urgent = (
        found if wanted == DeskFilter() else rows.desk_rows(here.actor, here.site.id, wanted=DeskFilter(priority=1))
    )
    view = said if (said := request.GET.get("view", "")) in _VIEWS else "board"
    return {
        "view": view,
        "floors": floors_shown(here, {row.uid for row in found}) if view == "section" else None,
        "wanted": wanted,
        "mark": mark,
        "query": _query(request),
        "lines": lines_of(here.site.id),
        "columns": columns if view == "board" else (),
        "empty_columns": [column.name for column in columns if not column.n],
        "alarms": [cards.card(row) for row in urgent if row.priority == 1 and row.state in _UNTAKEN],
        "calls": [call_said(row, here) for row in waiting_calls(here.actor, here.site.id, at=here.at)],
        "rows": [cards.card(row) for row in found] if view == "list" else (),
        "n": len(found),
        "n_late": sum(row.act_by is not None and row.act_by < here.at for row in found),
        "teams": cards.loads(rows.workers(here.actor, here.site.id)),
        "is_planned": kept("planned", here.site.id, lambda: rows.is_planned_now(here.site.id, at=here.at)),
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
    query.pop("at_once", None)
    return query.urlencode()


def _call(here: Inside) -> dict[str, object]:
    where = authority.Where(site_id=here.site.id)
    return {
        "can_take_calls": authority.may(here.actor, "request.create_for_another", where=where)
        or authority.may_anywhere(here.actor, "request.create_for_another"),
        "command": new_command(),
        "may_read_incidents": authority.may_anywhere(here.actor, "incident.read"),
    }


@never_cache
@require_safe
@inside
def drawer(request: HttpRequest, here: Inside, request_id: UUID) -> HttpResponse:
    return _drawer(request, here, request_id)


def _drawer(request: HttpRequest, here: Inside, request_id: UUID, *, said: str = "") -> HttpResponse:
    shown = drawer_of(here, request_id)
    seen = _proposal(here, shown)
    values = {
        "drawer": shown,
        "together": asked_together(here.actor, shown.detail.group_key, beside=shown.detail.row.key),
        "may_see_patient": authority.may(here.actor, "patient.see_identifiers", where=shown.detail.where),
        "forms": act_forms(shown.may, shown.detail, shown.receivers, likely_receiver=_likely_receiver(shown, seen)),
        **seen,
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


def _likely_receiver(drawer_: Drawer, seen: dict[str, object]) -> str:
    """Return the department outside logistics that seems to own it; empty unless it is out of scope."""
    is_outside = OUTSIDE in (seen.get("accept_item"), drawer_.detail.row.item_code)
    if not is_outside or "transfer" not in drawer_.may:
        return ""
    return receiver_for(drawer_.detail.row.text, {row.code: row.name for row in drawer_.receivers})


def _proposal(here: Inside, drawer_: Drawer) -> dict[str, object]:
    """Return what the text seems to ask for, as long as that can matter: a proposal to look at, never a choice."""
    detail, row = drawer_.detail, drawer_.detail.row
    if not {"accept", "merge"} & drawer_.may:
        return {}
    said = read_here(here, row.text, place_code=detail.place_code, has_phone=detail.has_phone)
    beside, path = row.key, detail.where.place_path
    twins = twins_here(here, row.text, said, beside=beside, place_path=path) if "merge" in drawer_.may else ()
    offer = beside_asset(here, in_words(said, twins), detail.asset_class)
    has = {job.job.item_code for job in drawer_.jobs}
    further = [one for one in offer.problems if one.code not in has]
    may_split = bool(further) and authority.may(here.actor, "request.split", where=detail.where)
    known = next((one for one in catalogue_of(here.site.id) if one.code == row.item_code), None)
    item = Choice(known.code, in_language(known)) if known else offer.item
    place = offer.place if not detail.place_code and not row.place_words else None
    return {
        "proposal": offer if "accept" in drawer_.may else None,
        "twins": offer.twins,
        "problems": offer.problems if may_split else (),
        "accept_item": item.code if item else "",
        "accept_item_words": item.name if item else "",
        "accept_place": place.code if place else detail.place_code,
        "accept_place_words": place.name if place else in_language(row, "place_name") or row.place_words,
    }


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
