"""What was held apart (隔离): taps, letters and words, sheets; let in or kept apart by a person with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Refusal
from yingxu.voice.actions import apart as actions
from yingxu.voice.queries import apart as queries
from yingxu.voice.queries.apart import ApartRow
from yingxu.web import errors
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.stands.words import FACES, face_name, reason_name
from yingxu.web.surveys.words import apart_name, doubt_name
from yingxu.web.voices.words import kind_word

PAGE = 25


@dataclass(frozen=True)
class Line:
    """One thing held apart, in words."""

    row: ApartRow
    said: str
    icon: str
    why: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def apart(request: HttpRequest, here: Inside) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in queries.KINDS else "tap"
    if request.method != "POST":
        return _page(request, here, kind)
    post = request.POST
    judge = actions.let_in if post.get("act") == "let_in" else actions.keep_apart
    try:
        judge(
            site_id=here.site.id,
            kind=kind,
            ids=_ids(post.getlist("id")),
            why=post.get("why", ""),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        return _page(request, here, kind, trouble=errors.sentence(refusal), status=refusal.status)
    return redirect(f"{reverse('web:apart')}?kind={kind}&told=1")


def _ids(said: list[str]) -> list[UUID]:
    """Return the keys that a form names; what is none is left out."""
    found = []
    for one in said[: actions.AT_ONCE + 1]:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found


def _page(request: HttpRequest, here: Inside, kind: str, *, trouble: str = "", status: int = 200) -> HttpResponse:
    shown = request.GET.get("show", "waiting")
    shown = shown if shown in queries.SHOWN else "waiting"
    said = request.GET.get("after", "")
    after = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0
    rows = queries.held_apart(here.actor, here.site.id, kind=kind, shown=shown, after=after, limit=PAGE + 1)
    counts = queries.n_apart(here.actor, here.site.id)
    values: dict[str, Any] = {
        "kind": kind,
        "shown": shown,
        "kinds": [(code, _kind(code), getattr(counts, code), code == kind) for code in queries.KINDS],
        "tabs": [(code, name, code == shown) for code, name in (("waiting", _("To look at")), ("judged", _("Judged")))],
        "lines": [_line(row) for row in rows[:PAGE]],
        "next": str(after + PAGE) if len(rows) > PAGE else "",
        "is_first": not after,
        "may_judge": shown == "waiting" and authority.may(here.actor, actions.ACTS[kind], where=Where(here.site.id)),
        "chosen": request.POST.getlist("id") if trouble else [],
        "why": request.POST.get("why", "") if trouble else "",
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/voices/apart.html", values, status=status)


def _kind(code: str) -> str:
    return {
        "tap": _("Taps at stands"),
        "letter": _("Letters and words of surveys"),
        "voice": _("Said without an account"),
        "sheet": _("Ticked sheets"),
    }[code]


def _line(row: ApartRow) -> Line:
    why = apart_name(row.held_as)
    if row.kind == "tap":
        said = face_name(row.face) + (f" · {reason_name(row.reason)}" if row.reason else "")
        return Line(row, said, FACES[row.face][0], why)
    if row.kind == "letter":
        return Line(row, row.text, "inbox", why)
    if row.kind == "voice":
        return Line(replace(row, at_name=kind_word(row.at_name)), row.text, "message", why)
    doubts = _(", ").join(doubt_name(code) for code in row.flags)
    said = _("%(n)s answers") % {"n": row.n_answers}
    return Line(row, f"{said} · {doubts}" if doubts else said, "clipboard-list", why)
