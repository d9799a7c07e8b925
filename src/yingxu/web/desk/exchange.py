"""The telephone exchange: what it tells us, who rings, whom to call back and how that went."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from yingxu.demand import actions as demand
from yingxu.demand.actions.calls import EVENTS
from yingxu.demand.queries import calls as questions
from yingxu.demand.queries.calls import CallRow
from yingxu.demand.queries.doors import DoorRow, door_by_token
from yingxu.dispatch import queries as desk
from yingxu.ground.actor import engine
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, Refusal
from yingxu.ground.unit import CommandKey
from yingxu.web import errors
from yingxu.web.inside import Inside, command_of, inside, is_fragment, new_command
from yingxu.web.templatetags.yingxu import in_language

#: A hook's body is small; more is not an exchange.
BODY_LIMIT = 4096


@csrf_exempt
@require_POST
def hook(request: HttpRequest, token: str) -> HttpResponse:
    """The exchange tells of a call: ringing, answered, abandoned, ended. Signed; what is said twice changes nothing."""
    try:
        door = door_by_token("pbx", token)
        said = _signed(request, door)
        noted = _note(door, said)
    except NotFound:
        return _refused(404, "not_found", _("No exchange has this address."))
    except NotAllowed:
        return _refused(403, "wrong_signature", _("The signature does not fit the body."))
    except Refusal as refused:
        return _refused(422, refused.code, errors.sentence(refused))
    return JsonResponse({"state": noted.state, "id": str(noted.id)})


def _refused(status: int, code: str, message: str) -> HttpResponse:
    return JsonResponse({"error": {"code": code, "message": message}}, status=status)


def _signed(request: HttpRequest, door: DoorRow) -> dict[str, str]:
    """Return the body; refuses: NotAllowed (signature), Malformed. ``X-Yingxu-Signature: sha256=`` HMAC of the body."""
    secret = os.environ.get(door.settings.get("secret_env", ""), "")
    if int(request.headers.get("Content-Length") or 0) > BODY_LIMIT:
        raise Malformed(field="body", problem="too_long", limit=str(BODY_LIMIT))
    body = request.body
    right = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    given = request.headers.get("X-Yingxu-Signature", "")
    if not secret or not hmac.compare_digest(right.encode(), given.encode("utf-8", "replace")):
        raise NotAllowed(action="call.note")
    try:
        found = json.loads(body)
    except ValueError as error:
        raise Malformed(field="body", problem="wrong_type") from error
    if not isinstance(found, dict) or not all(isinstance(value, str | int) for value in found.values()):
        raise Malformed(field="body", problem="wrong_type")
    return {str(name): str(value) for name, value in found.items()}


def _note(door: DoorRow, said: dict[str, str]) -> demand.CallNoted:
    happened_at = None
    if said.get("at"):
        try:
            happened_at = parse_datetime(said["at"])
        except ValueError:
            happened_at = None
        if happened_at is None or happened_at.tzinfo is None:
            raise Malformed(field="at", problem="wrong_type")
    event, call = said.get("event", ""), said.get("call", "")
    if event not in EVENTS:
        raise Malformed(field="event", problem="unknown")
    for is_last in (False, True):
        try:
            return demand.note_call(
                door_id=door.id,
                external_id=call,
                event=event,
                number=said.get("number", ""),
                agent=said.get("agent", ""),
                happened_at=happened_at,
                actor=engine("pbx"),
                at=timezone.now(),
                command=CommandKey(f"{door.id}:{event}:{call}"[:64], event),
            )
        except IntegrityError:
            # two events of one new call at the same moment: the second finds the first one's row
            if is_last:
                raise
    raise AssertionError


@dataclass(frozen=True)
class CallSaid:
    """A call in words."""

    id: UUID
    number: str
    who: str
    state: str
    rang_at: datetime
    call_back_by: datetime | None
    n_tries: int
    outcome: str
    note: str
    clerk: str
    request_id: UUID | None
    request_number: str
    is_mine: bool


def call_said(row: CallRow, here: Inside) -> CallSaid:
    """Return a call in words."""
    name = in_language(row)
    who = f"{name} {row.number}".strip() or _("number withheld")
    return CallSaid(
        id=row.id,
        number=row.number,
        who=who,
        state=row.state,
        rang_at=row.rang_at,
        call_back_by=row.call_back_by,
        n_tries=row.n_tries,
        outcome=outcome_said(row.outcome),
        note=row.note,
        clerk=row.clerk_name or row.agent,
        request_id=row.request_id,
        request_number=row.request_number,
        is_mine=row.state == "answered" and row.clerk_id == here.actor.account_id,
    )


def outcome_said(code: str) -> str:
    """Return how a call ended in words."""
    names = {
        "reached": _("reached, settled"),
        "request": _("became a request"),
        "no_answer": _("no answer"),
        "wrong_number": _("wrong number"),
        "not_needed": _("no longer needed"),
        "called_again": _("rang again"),
        "unreached": _("not reached, three tries"),
    }
    return names.get(code, code)


def state_said(code: str) -> str:
    """Return a call's state in words."""
    names = {
        "ringing": _("rings"),
        "answered": _("call picked up"),
        "abandoned": _("to call back"),
        "over": _("call over"),
    }
    return names.get(code, code)


def note_request(here: Inside, call: str, request_id: UUID) -> None:
    """A call that was picked up became this request; a wrong id is none, the request stands."""
    try:
        key = UUID(call)
    except ValueError:
        return
    try:
        demand.settle_call(call_id=key, outcome="request", request_id=request_id, actor=here.actor, at=here.at)
    except Refusal:
        return  # the call was settled by somebody else meanwhile; nothing is owed


@require_safe
@inside
def one_call(request: HttpRequest, here: Inside, call_id: UUID) -> HttpResponse:
    return _one(request, here, call_id)


def _one(request: HttpRequest, here: Inside, call_id: UUID, *, words: str = "") -> HttpResponse:
    row = questions.one_call(here.actor, call_id)
    known = desk.caller(here.actor, here.site.id, row.number, at=here.at) if row.number else None
    outcomes = [(code, outcome_said(code)) for code in ("reached", "no_answer", "wrong_number", "not_needed")]
    values = {
        "call": call_said(row, here),
        "known": known,
        "outcomes": outcomes,
        "command": new_command(),
        "said": words,
        "now": here.at,
    }
    template = "web/desk/one_call.html" if is_fragment(request) else "web/desk/one_call_page.html"
    response = render(request, template, values)
    if words:
        response["HX-Trigger"] = "desk-changed"
    return response


@require_POST
@inside
def settle_call(request: HttpRequest, here: Inside, call_id: UUID) -> HttpResponse:
    demand.settle_call(
        call_id=call_id,
        outcome=request.POST.get("outcome", ""),
        note=request.POST.get("note", ""),
        actor=here.actor,
        at=here.at,
        command=command_of(request),
    )
    return _one(request, here, call_id, words=_("Saved.")) if is_fragment(request) else redirect("web:desk_calls")


@require_safe
@inside
def all_calls(request: HttpRequest, here: Inside) -> HttpResponse:
    """Every call, newest first; the address keeps the filter."""
    state, after = request.GET.get("state", ""), request.GET.get("after", "")
    rows, further = questions.call_page(
        here.actor,
        here.site.id,
        state=state if state in {"ringing", "answered", "abandoned", "over"} else "",
        before=int(after) if after.isdigit() else None,
    )
    values = {
        "calls": [(call_said(row, here), state_said(row.state)) for row in rows],
        "states": [(code, state_said(code)) for code in ("abandoned", "ringing", "answered", "over")],
        "state": state,
        "further": further,
        "is_first": not after,
        "now": here.at,
    }
    return render(request, "web/desk/calls.html", values)
