"""What is done on an incident's page: each act one call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from yingxu.ground.refusals import Malformed, NotFound, Refusal
from yingxu.web import errors
from yingxu.web.emergency.incidents import page
from yingxu.web.emergency.views import place_code_of
from yingxu.web.inside import Inside, command_of, inside
from yingxu.work.actions import incident_log, incidents

Given = dict[str, Any]


def _uid(said: str, field: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise Malformed(field=field, problem="missing") from None


def _moment(here: Inside, said: str) -> datetime | None:
    """Return the moment that a clock time names: today, or yesterday if it would lie ahead."""
    if not said.strip():
        return None
    try:
        clock = datetime.strptime(said.strip()[:8], "%H:%M:%S" if said.count(":") == 2 else "%H:%M").time()  # noqa: DTZ007
    except ValueError:
        raise Malformed(field="time", problem="wrong_type") from None
    there = here.at.astimezone(ZoneInfo(here.site.timezone))
    found = datetime.combine(there.date(), clock, ZoneInfo(here.site.timezone))
    return found if found <= here.at else found - timedelta(days=1)


def _open(post: Given, here: Inside, given: Given) -> None:
    leader = post.get("commander", "")
    incidents.open_incident(commander_id=_uid(leader, "commander") if leader else None, words=post["text"], **given)


def _drop(post: Given, here: Inside, given: Given) -> None:
    incidents.drop_incident(words=post["text"], **given)


def _join(post: Given, here: Inside, given: Given) -> None:
    incidents.join_incident(into_id=_uid(post.get("into", ""), "incident"), **given)


def _mark(post: Given, here: Inside, given: Given) -> None:
    incident_log.note_mark(
        mark=post.get("mark", ""), words=post["text"], happened_at=_moment(here, post.get("time", "")), **given
    )


def _release(post: Given, here: Inside, given: Given) -> None:
    said = post.get("releaser", "")
    uid = _uid(said, "releaser") if said else None
    incident_log.note_mark(mark="released", words=post["text"], releaser_id=uid, **given)


def _line(post: Given, here: Inside, given: Given) -> None:
    incident_log.note_line(code=post.get("code", ""), text=post["text"], **given)


def _place(post: Given, here: Inside, given: Given) -> None:
    words = post.get("place", "")
    code = place_code_of(here, words)
    if words.strip() and not code:
        raise Malformed(field="place", problem="unknown")
    incident_log.touch_place(place_code=code, is_told=bool(post.get("told")), **given)


def _command(post: Given, here: Inside, given: Given) -> None:
    incidents.take_command(commander_id=_uid(post.get("commander", ""), "commander"), **given)


def _end(post: Given, here: Inside, given: Given) -> None:
    incidents.end_incident(outcome=post.get("outcome", ""), words=post["text"], **given)


def _review(post: Given, here: Inside, given: Given) -> None:
    said = {name: post.get(name, "") for name in incidents.REVIEW}
    incidents.review_incident(**said, **given)


_ACTS: dict[str, Callable[[Given, Inside, Given], None]] = {
    "open": _open,
    "drop": _drop,
    "join": _join,
    "mark": _mark,
    "release": _release,
    "line": _line,
    "place": _place,
    "command": _command,
    "end": _end,
    "review": _review,
}


@require_POST
@inside
def act(request: HttpRequest, here: Inside, incident_id: UUID, act: str) -> HttpResponse:
    carry_out = _ACTS.get(act)
    if carry_out is None:
        raise NotFound(kind="act", name=act)
    post: Given = {"text": "", **request.POST.dict()}
    given = {"incident_id": incident_id, "actor": here.actor, "at": here.at, "command": command_of(request)}
    try:
        carry_out(post, here, given)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return page(request, here, incident_id, trouble=errors.sentence(refusal), act=act, status=refusal.status)
    return redirect("web:incident", incident_id=incident_id)


@require_POST
@inside
def tried(request: HttpRequest, here: Inside, call_id: UUID) -> HttpResponse:
    noted = incident_log.record_try(
        call_id=call_id,
        outcome=request.POST.get("outcome", ""),
        actor=here.actor,
        at=here.at,
        command=command_of(request),
    )
    return redirect("web:incident", incident_id=noted.incident_id)
