"""Peer checks: a worker looks at a colleague's job and says how it is; leaders, desk and hospital see how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yingxu.ground import authority
from yingxu.ground.refusals import NotAllowed, NotFound, OwnWork, Refusal
from yingxu.verify import actions
from yingxu.verify import peers as queries
from yingxu.verify.peers import PeerFigures, PeerRow
from yingxu.web import errors, words
from yingxu.web.callbacks.views import Figure, flag_word, said
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.peers.words import outcome_word, refusal_word, way_word, why_word
from yingxu.web.words import choices
from yingxu.work.queries import JobDetail, job_detail

PAGE = 25
#: The figures are of so many days.
DAYS = 30
_TONES = {"good": ("ok", "check"), "bad": ("late", "alert-circle"), "nobody": ("warn", "alert-triangle")}


@dataclass(frozen=True)
class Line:
    """One asking, in words."""

    row: PeerRow
    why: str
    state: str
    way: str
    reason: str
    tone: str
    icon: str
    is_late: bool


@never_cache
@require_safe
@inside
def peers(request: HttpRequest, here: Inside) -> HttpResponse:
    may_look = authority.may_anywhere(here.actor, "peer.look")
    may_oversee = authority.may_anywhere(here.actor, "peer.read")
    first = "mine" if may_look else "open"
    shown = request.GET.get("show", first)
    shown = shown if shown in queries.SHOWN and (may_look or shown != "mine") else first
    text = request.GET.get("after", "")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    rows = queries.peer_list(here.actor, here.site.id, shown=shown, after=after, limit=PAGE + 1)
    last = str(rows[PAGE - 1].key) if shown == "done" and len(rows) > PAGE else str(after + PAGE)
    values: dict[str, Any] = {
        "lines": [told(row, here) for row in rows[:PAGE]],
        "next": last if len(rows) > PAGE else "",
        "is_first": not after,
        "tabs": [(code, name, code == shown) for code, name in _tabs(may_look, may_oversee)],
        "shown": shown,
        "days": DAYS,
        "now": here.at,
    }
    if may_oversee:
        from_at = here.at - timedelta(days=DAYS)
        whole, by_line = queries.peer_figures(here.actor, here.site.id, from_at=from_at, to_at=here.at)
        values |= {
            "figures": figures(whole),
            "by_line": [(words.line_name(one.line_code), figures(one.figures)) for one in by_line],
            "n_nobody": whole.n_nobody,
        }
    return render(request, "web/peers/list.html", values)


@never_cache
@require_safe
@inside
def count(request: HttpRequest, here: Inside) -> HttpResponse:
    if not authority.may_anywhere(here.actor, "peer.look"):
        # who only oversees owes no look
        if not authority.may_anywhere(here.actor, "peer.read"):
            raise NotAllowed(action="peer.look")
        return render(request, "web/unanswered/count.html", {"n": 0, "is_alarm": False})
    n, is_alarm = queries.n_to_look(here.actor, here.site.id, at=here.at)
    return render(request, "web/unanswered/count.html", {"n": n, "is_alarm": is_alarm})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def peer(request: HttpRequest, here: Inside, check_id: UUID) -> HttpResponse:
    row = queries.peer_check_for(here.actor, check_id)
    if request.method != "POST":
        return _page(request, here, row)
    try:
        looked = _act(request, here, check_id)
    except Refusal as refusal:
        if isinstance(refusal, NotAllowed | OwnWork) or refusal.status == 403:
            raise
        return _page(request, here, row, trouble=errors.sentence(refusal), status=refusal.status)
    return redirect(f"{reverse('web:peers')}?told={looked.number}")


def _act(request: HttpRequest, here: Inside, check_id: UUID) -> actions.Looked:
    post, command = request.POST, command_of(request)
    act = post.get("act", "")
    if act == "decline":
        return actions.decline_peer_check(
            check_id=check_id,
            reason=post.get("why", ""),
            text=post.get("text", ""),
            actor=here.actor,
            at=here.at,
            command=command,
        )
    if act == "replace":
        return actions.ask_another_peer(
            check_id=check_id, reason=post.get("text", ""), actor=here.actor, at=here.at, command=command
        )
    return actions.answer_peer_check(
        check_id=check_id,
        answer=act,
        way=post.get("way", ""),
        reason_code=post.get("reason", ""),
        text=post.get("text", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _page(request: HttpRequest, here: Inside, row: PeerRow, *, trouble: str = "", status: int = 200) -> HttpResponse:
    values = {
        "line": told(row, here),
        "row": row,
        "detail": _detail(here, row),
        "flags": [flag_word(code) for code in row.flags],
        "reasons": choices("rework_reasons"),
        "ways": [(code, way_word(code)) for code in actions.WAYS],
        "refusals": [(code, refusal_word(code)) for code in actions.PEER_REFUSALS],
        "may_look": row.is_mine and not row.outcome,
        "may_replace": not row.outcome and authority.may_anywhere(here.actor, "peer.replace"),
        "typed": request.POST if trouble else {},
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/peers/peer.html", values, status=status)


def _detail(here: Inside, row: PeerRow) -> JobDetail | None:
    """Return steps and photos of the job, for who may read it."""
    try:
        return job_detail(here.actor, row.job_id)
    except (NotAllowed, NotFound):
        return None


def told(row: PeerRow, here: Inside) -> Line:
    """Return an asking in words."""
    tone, icon = _TONES.get(row.outcome, ("muted", "eye"))
    reason = refusal_word(row.reason_code) if row.outcome == "declined" else ""
    if row.outcome == "bad":
        reason = words.coded("rework_reasons", row.reason_code)
    is_late = not row.outcome and row.due_at <= here.at
    return Line(row, why_word(row.why), outcome_word(row.outcome), way_word(row.way), reason, tone, icon, is_late)


def figures(found: PeerFigures) -> list[Figure]:
    """Return the figures of peer checks as they are shown."""
    return [
        Figure(_("Have looked"), _("of those asked"), *said(found.answered)),
        Figure(_("Found good"), _("of those looked at"), *said(found.good)),
        Figure(_("Held"), _("of those found good: nobody found it bad afterwards"), *said(found.held)),
    ]


def _tabs(may_look: bool, may_oversee: bool) -> list[tuple[str, str]]:
    tabs = [("mine", _("Asked of me"))] if may_look else []
    tabs += [("open", _("All that wait"))] if may_oversee else []
    return [*tabs, ("done", _("Looked at, declined, replaced"))]
