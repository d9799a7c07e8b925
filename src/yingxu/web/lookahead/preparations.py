"""One preparation: who answers for it, how it is made ready, put off or left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.ground.refusals import Malformed, Refusal
from yingxu.upkeep import actions, queries
from yingxu.web import errors
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.lookahead import words
from yingxu.web.lookahead.views import today_of, told


@never_cache
@require_safe
@inside
def preparation(request: HttpRequest, here: Inside, preparation_id: UUID) -> HttpResponse:
    return _page(request, here, preparation_id)


def _page(
    request: HttpRequest, here: Inside, preparation_id: UUID, *, trouble: str = "", act: str = "", status: int = 200
) -> HttpResponse:
    today = today_of(here)
    detail = queries.preparation_for(here.actor, preparation_id, today=today)
    values = {
        "detail": detail,
        "row": detail.row,
        "line": told(detail.row, today),
        "begins": words.day(detail.row.begins_on, of=today),
        "answerers": queries.answerers(here.actor, here.site.id, at=here.at) if detail.may_assign else (),
        "trouble": trouble,
        "act": act,
        "typed": request.POST,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/lookahead/preparation.html", values, status=status)


@require_POST
@inside
def act(request: HttpRequest, here: Inside, preparation_id: UUID, act: str) -> HttpResponse:
    if act not in _ACTS:
        raise Http404
    said = {"actor": here.actor, "at": here.at, "command": command_of(request)}
    try:
        _ACTS[act](request, {"preparation_id": preparation_id, **said})
    except Refusal as why:
        if why.status in {403, 404} and why.code != "not_found":
            raise
        sentence = errors.sentence(why)
        return _page(request, here, preparation_id, trouble=sentence, act=act, status=why.status)
    return redirect("web:preparation", preparation_id)


def _take(request: HttpRequest, said: dict[str, Any]) -> None:
    actions.take_on_preparation(**said)


def _assign(request: HttpRequest, said: dict[str, Any]) -> None:
    actions.assign_preparation(username=request.POST.get("username", ""), **said)


def _ready(request: HttpRequest, said: dict[str, Any]) -> None:
    actions.make_ready(note=request.POST.get("note", ""), **said)


def _skip(request: HttpRequest, said: dict[str, Any]) -> None:
    actions.skip_preparation(reason=request.POST.get("reason", ""), **said)


def _postpone(request: HttpRequest, said: dict[str, Any]) -> None:
    try:
        due_on = date.fromisoformat(request.POST.get("due_on", ""))
    except ValueError:
        raise Malformed(field="due_on", problem="wrong_type" if request.POST.get("due_on") else "missing") from None
    actions.postpone_preparation(due_on=due_on, reason=request.POST.get("reason", ""), **said)


_ACTS: dict[str, Callable[[HttpRequest, dict[str, Any]], None]] = {
    "take": _take,
    "assign": _assign,
    "ready": _ready,
    "skip": _skip,
    "postpone": _postpone,
}
