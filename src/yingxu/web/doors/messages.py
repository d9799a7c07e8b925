"""What came in: the list for the desk, and what a person does about a message that could not be taken in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.demand import actions as demand
from yingxu.demand.queries import doors as queries
from yingxu.demand.queries.doors import MessageRow
from yingxu.ground import authority
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound
from yingxu.web import errors
from yingxu.web.doors import words
from yingxu.web.inside import Inside, command_of, inside, new_command

STATES = ("failed", "new", "raised", "added", "ignored", "put_away")


@dataclass(frozen=True)
class Line:
    """A message as the list shows it."""

    row: MessageRow
    state: str
    why: str
    kind: str


@never_cache
@require_safe
@inside
def messages(request: HttpRequest, here: Inside) -> HttpResponse:
    if not authority.may_anywhere(here.actor, "message.read"):
        raise NotAllowed(action="message.read")
    state = request.GET.get("state", "")
    cursor = request.GET.get("after", "")
    page = queries.messages(here.actor, here.site.id, state=state if state in STATES else "", cursor=cursor)
    values = {
        "lines": [_line(row) for row in page.rows],
        "next": page.next,
        "is_first": not cursor,
        "state": state,
        "states": [(code, words.state_name(code)) for code in STATES],
        "now": here.at,
    }
    return render(request, "web/doors/messages.html", values)


@never_cache
@require_safe
@inside
def count(request: HttpRequest, here: Inside) -> HttpResponse:
    """The number beside the menu's entry: messages that a person has to look at."""
    n = queries.n_failed_messages(here.actor, here.site.id)
    return render(request, "web/unanswered/count.html", {"n": n, "is_alarm": n > 0})


@never_cache
@require_http_methods(["GET", "HEAD"])
@inside
def message(request: HttpRequest, here: Inside, message_id: UUID) -> HttpResponse:
    return _page(request, here, message_id)


@require_POST
@inside
def put_away(request: HttpRequest, here: Inside, message_id: UUID) -> HttpResponse:
    try:
        demand.put_away_message(
            message_id=message_id,
            reason=request.POST.get("reason", ""),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Malformed as why:
        return _page(request, here, message_id, trouble=errors.sentence(why), status=422)
    return redirect("web:message", message_id)


@require_POST
@inside
def name_sender(request: HttpRequest, here: Inside, message_id: UUID) -> HttpResponse:
    try:
        demand.name_sender(
            message_id=message_id,
            username=request.POST.get("username", ""),
            place_code=request.POST.get("place", ""),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except (Malformed, NotFound) as why:
        return _page(request, here, message_id, trouble=errors.sentence(why), status=422)
    return redirect("web:message", message_id)


@require_POST
@inside
def take_by_hand(request: HttpRequest, here: Inside, message_id: UUID) -> HttpResponse:
    """Take in by hand: the request first, under the form's command, then the message belongs to it."""
    row = queries.message_for(here.actor, message_id)
    command = command_of(request)
    try:
        raised = demand.raise_request(
            site_id=here.site.id,
            channel="desk",
            text=request.POST.get("text", ""),
            place_code=request.POST.get("place", "") or None,
            requester_name=row.sender_name or row.sender[:64],
            actor=here.actor,
            at=here.at,
            command=command,
        )
    except (Malformed, NotFound) as why:
        return _page(request, here, message_id, trouble=errors.sentence(why), status=422)
    demand.link_message(message_id=message_id, request_key=raised.key, actor=here.actor, at=here.at)
    return redirect("web:desk_request", raised.id)


def _line(row: MessageRow) -> Line:
    return Line(row, words.state_name(row.state), words.why_name(row.why), words.kind_name(row.door_kind))


def _page(
    request: HttpRequest, here: Inside, message_id: UUID, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    line = _line(queries.message_for(here.actor, message_id))
    values = {
        "line": line,
        "trouble": trouble,
        "commands": [new_command() for _ in range(3)],
        "text": request.POST.get("text", line.row.text or line.row.subject),
        "now": here.at,
    }
    return render(request, "web/doors/message.html", values, status=status)
