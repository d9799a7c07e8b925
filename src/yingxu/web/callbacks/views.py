"""The call-back list: who is asked how it was, with the words to say, and what they answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.core.quality.share import Share
from yingxu.ground import authority
from yingxu.ground.refusals import Refusal
from yingxu.verify import actions, calls
from yingxu.verify.calls import CallRow
from yingxu.web import errors
from yingxu.web.callbacks.words import outcome_word, try_word, when_word, why_word
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.words import choices

PAGE = 25
#: The figures above the list are of so many days.
DAYS = 30
_TONES = {"good": ("ok", "check"), "bad": ("late", "alert-circle"), "doubtful": ("warn", "message-question")}


@dataclass(frozen=True)
class Figure:
    """A share as it is shown: never without n and its interval."""

    name: str
    hint: str
    value: str
    doubt: str


@dataclass(frozen=True)
class Line:
    """One call on the list, in words."""

    row: CallRow
    which: str
    why: str
    state: str
    tone: str
    icon: str


@never_cache
@require_safe
@inside
def callbacks(request: HttpRequest, here: Inside) -> HttpResponse:
    shown = request.GET.get("show", "due")
    shown = shown if shown in calls.SHOWN else "due"
    after = request.GET.get("after", "")
    place = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    rows = calls.call_list(here.actor, here.site.id, at=here.at, shown=shown, after=place, limit=PAGE + 1)
    last = str(rows[PAGE - 1].key) if shown == "done" and len(rows) > PAGE else str((place or 0) + PAGE)
    found = calls.call_figures(here.actor, here.site.id, from_at=here.at - timedelta(days=DAYS), to_at=here.at)
    values = {
        "lines": [told(row) for row in rows[:PAGE]],
        "next": last if len(rows) > PAGE else "",
        "is_first": not after,
        "tabs": [(code, name, code == shown) for code, name in _tabs()],
        "shown": shown,
        "figures": figures(found),
        "days": DAYS,
        "now": here.at,
    }
    return render(request, "web/callbacks/list.html", values)


@never_cache
@require_safe
@inside
def count(request: HttpRequest, here: Inside) -> HttpResponse:
    rows = calls.call_list(here.actor, here.site.id, at=here.at, limit=100)
    is_alarm = any(row.priority == 1 for row in rows)
    return render(request, "web/unanswered/count.html", {"n": len(rows), "is_alarm": is_alarm})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def callback(request: HttpRequest, here: Inside, call_id: UUID) -> HttpResponse:
    row = calls.call_for(here.actor, call_id)
    if request.method != "POST":
        return _page(request, here, row)
    post = request.POST
    try:
        if post.get("act") == "try":
            tried = actions.note_try(
                call_id=call_id, why=post.get("why", ""), actor=here.actor, at=here.at, command=command_of(request)
            )
            if tried.is_given_up:
                up = urlencode({"told": row.number, "up": "1", "instead": tried.replaced_by})
                return redirect(f"{reverse('web:callbacks')}?{up}")
        else:
            actions.record_call(
                call_id=call_id,
                answer=post.get("act", ""),
                text=post.get("text", ""),
                reason_code=post.get("reason", ""),
                actor=here.actor,
                at=here.at,
                command=command_of(request),
            )
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        return _page(request, here, row, trouble=errors.sentence(refusal), status=refusal.status)
    return redirect(f"{reverse('web:callbacks')}?told={row.number}")


@never_cache
@require_POST
@inside
def number(request: HttpRequest, here: Inside, call_id: UUID) -> HttpResponse:
    seen = actions.show_number(call_id=call_id, actor=here.actor, at=here.at, command=command_of(request))
    return _page(request, here, calls.call_for(here.actor, call_id), phone=seen.phone)


def _page(
    request: HttpRequest, here: Inside, row: CallRow, *, trouble: str = "", phone: str = "", status: int = 200
) -> HttpResponse:
    is_open = row.state == "finished"
    typed = request.POST if trouble or phone else {}  # who looks the number up has typed already, perhaps
    values: dict[str, Any] = {
        "line": told(row),
        "row": row,
        "flags": [flag_word(code) for code in row.flags],
        "reasons": choices("rework_reasons" if is_open else "reopen_reasons"),
        "tries": [(code, try_word(code)) for code in actions.TRIES],
        "can_record": not row.outcome and authority.may_anywhere(here.actor, "callback.record"),
        "typed": typed,
        "trouble": trouble,
        "phone": phone,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/callbacks/call.html", values, status=status)


def told(row: CallRow) -> Line:
    """Return a call in words."""
    tone, icon = _TONES.get(row.outcome, ("muted", "phone"))
    return Line(row, when_word(row.after_days), why_word(row.why), outcome_word(row.outcome), tone, icon)


def flag_word(code: str) -> str:
    """Return what is doubtful about a job's evidence (S42)."""
    return {
        "unproven_arrival": _("arrival not proven by the code on the spot"),
        "photo_old": _("a photo is older than the request"),
        "photo_reused": _("a photo was used on another job before"),
        "returned_twice": _("handed back twice"),
    }.get(code, code.replace("_", " "))


def said(share: Share) -> tuple[str, str]:
    """Return a share and its doubt, in words."""
    if share.share is None or share.low is None or share.high is None:
        return "—", _("n = 0")
    return f"{100 * share.share:.0f}%", _("%(hits)s of %(n)s; 95%% interval %(low)s–%(high)s%%") % {
        "hits": share.hits,
        "n": share.n,
        "low": f"{100 * share.low:.0f}",
        "high": f"{100 * share.high:.0f}",
    }


def figures(found: calls.CallFigures) -> list[Figure]:
    """Return the figures of call-backs as they are shown."""
    return [
        Figure(_("Calls made"), _("of those drawn"), *said(found.called)),
        Figure(_("Got through"), _("of those called; 80% are meant"), *said(found.reached)),
        Figure(_("Satisfied"), _("of those reached"), *said(found.satisfied)),
        Figure(_("Still holds"), _("of those asked again after days"), *said(found.held)),
    ]


def _tabs() -> list[tuple[str, str]]:
    return [("due", _("To call now")), ("later", _("Later")), ("done", _("Asked already"))]
