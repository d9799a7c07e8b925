"""A call that comes in: who it is, what and where, read back, sent. By keyboard alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yingxu.demand import triage
from yingxu.demand.actions import Raised
from yingxu.demand.likely import likely
from yingxu.dispatch import queries as desk
from yingxu.ground import authority, queries
from yingxu.ground.queries import PlaceRow
from yingxu.ground.refusals import NotAllowed
from yingxu.standards import queries as standards
from yingxu.standards.refusals.forms import FormWrong
from yingxu.web.ask.promises import promise_line
from yingxu.web.desk import asking
from yingxu.web.desk.exchange import note_request
from yingxu.web.desk.finding import find_item, items_named
from yingxu.web.desk.proposals import proposed_in, read_here, twins_here
from yingxu.web.inside import Inside, catalogue_of, command_of, inside, is_fragment, new_command
from yingxu.web.templatetags.yingxu import in_language, priority_word


@require_POST
@inside
def take_call(request: HttpRequest, here: Inside) -> HttpResponse:
    post = request.POST
    item = find_item(here, post.get("item", ""), post.get("item_words", ""))
    places = asking.places_in(here, post)
    priority = post.get("priority", "")
    proposed = proposed_in(here, post, post.get("text", ""))
    try:
        taken = asking.raise_at(
            places,
            wanted=asking.wanted_in(here, post, item),
            command=command_of(request),
            site_id=here.site.id,
            channel="phone",
            text=post.get("text", ""),
            item_code=item or None,
            requester_name=post.get("name", "").strip()[:64],
            requester_phone=post.get("phone", "").strip()[:32],
            owner_id=_owner(here, post.get("phone", "").strip()),
            priority=int(priority) if priority in {"1", "2", "3", "4"} else None,
            proposed=proposed,
            actor=here.actor,
            at=here.at,
        )
    except FormWrong as why:
        return asking.still_asked(request, here, item, why)
    raised = taken[0]
    note_request(here, post.get("call", ""), raised.id)
    if not is_fragment(request):
        return redirect("web:desk_request", request_id=raised.id)
    said = _("Taken: %(number)s. Say this number to the caller.") % {
        "number": _(", ").join(one.number for one in taken)
    }
    address = reverse("web:desk_request", args=[raised.id])
    values = {"said": said, "address": address, "command": new_command(), "is_open": True, "can_take_calls": True}
    values |= _next(here, raised, post.get("text", ""))
    response = render(request, "web/desk/call.html", values)
    response["HX-Trigger"] = "desk-changed"
    return response


def _next(here: Inside, raised: Raised, text: str) -> dict[str, str]:
    """Return what may be done next by one key: merge it with the likely same incident, split it. Budget: one query."""
    said = read_here(here, text)
    twins = twins_here(here, text, said, beside=raised.key)
    found = {}
    if twins:
        number = twins[0].earlier.number
        found = {"merge_url": reverse("web:desk_merge", args=[raised.id, number]), "merge_number": number}
    if said.problems:
        found["split_url"] = reverse("web:desk_split", args=[raised.id])
    return found


def _owner(here: Inside, phone: str) -> int | None:
    """Return the account that has this number: the request is theirs, so that they can follow it."""
    known = desk.caller(here.actor, here.site.id, phone, at=here.at) if phone else None
    return known.account_id if known else None


@require_safe
@inside
def caller(request: HttpRequest, here: Inside) -> HttpResponse:
    _require(here)
    phone = request.GET.get("phone", "").strip()
    known = desk.caller(here.actor, here.site.id, phone, at=here.at) if len(phone) >= 4 else None
    return render(request, "web/desk/caller.html", {"known": known, "phone": phone, "now": here.at})


@require_safe
@inside
def items(request: HttpRequest, here: Inside) -> HttpResponse:
    _require(here)
    typed = request.GET.get("item_words", "").strip()
    found = items_named(here, typed) if typed else likely(request.GET.get("text", ""), catalogue_of(here.site.id)).items
    options = [(row.code, in_language(row), in_language(row, "line_name")) for row in found[:8]]
    return render(request, "web/desk/options.html", {"options": options})


@require_safe
@inside
def places(request: HttpRequest, here: Inside) -> HttpResponse:
    _require(here)
    typed = request.GET.get("place_words", "").strip()
    found: tuple[PlaceRow, ...] = queries.find_places(here.site.id, typed, limit=8) if typed else ()
    options = [(row.code, in_language(row, "full_name"), row.code) for row in found]
    return render(request, "web/desk/options.html", {"options": options})


@require_safe
@inside
def read_back(request: HttpRequest, here: Inside) -> HttpResponse:
    """The sentence that the clerk reads to the caller before sending: where, what, how urgent, what is promised."""
    _require(here)
    code, level = request.GET.get("item", ""), request.GET.get("priority", "")
    row = next((one for one in catalogue_of(here.site.id) if one.code == code), None)
    priority = int(level) if level in {"1", "2", "3", "4"} else row.default_priority if row else None
    if not level and triage.rule_hit(request.GET.get("text", ""), channel="phone") is not None:
        priority = 1
    elif request.GET.get("danger") == "yes":
        priority = min(priority or 2, 2)
    promise = ""
    if row is not None:
        terms = standards.promised_words(here.site.id, code, at=here.at, priority=priority)
        promise = promise_line(terms, at=here.at)
    where = request.GET.get("place_words", "").strip()
    parts = [where, in_language(row) if row else "", priority_word(priority) if priority else "", promise]
    return render(request, "web/desk/read_back.html", {"parts": [part for part in parts if part]})


def _require(here: Inside) -> None:
    if not authority.may_anywhere(here.actor, "request.create_for_another"):
        raise NotAllowed(action="request.create_for_another")
