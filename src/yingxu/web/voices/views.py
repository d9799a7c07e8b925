"""The one ledger of voices: read and answered; spoken and read by who spoke; answers in public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import authority
from yingxu.ground import queries as ground
from yingxu.ground.refusals import NotAllowed, Refusal
from yingxu.voice import actions
from yingxu.voice.claims import PURPOSES
from yingxu.voice.queries import heard as queries
from yingxu.voice.queries import ledger as whole
from yingxu.voice.queries.heard import VoiceRow
from yingxu.voice.queries.ledger import LedgerRow
from yingxu.web import errors
from yingxu.web.boxes.codes import page_code
from yingxu.web.boxes.words import purpose_name
from yingxu.web.clock import site_clock
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.voices.words import fate_word, kind_word, not_known, reason_word

PAGE = 25
_FATES = ("answered", "done", "studied", "declined", "clarified")
#: Icon of each kind of voice.
ICONS = {
    "complaint": "thumb-down",
    "praise": "thumb-up",
    "vent": "message",
    "conduct": "user-check",
    "abuse": "hand-stop",
    "low_rating": "mood-sad",
    "words": "star",
    "finding": "eye",
    "letter": "inbox",
    "survey": "clipboard-list",
    "forum": "users-group",
}


@dataclass(frozen=True)
class Line:
    """One voice, in words."""

    row: VoiceRow
    kind: str
    icon: str
    fate: str
    tone: str
    is_overdue: bool
    is_finding: bool
    purpose: str


@dataclass(frozen=True)
class Told:
    """One voice of the ledger, in words, with the page where it is answered."""

    row: LedgerRow
    kind: str
    icon: str
    fate: str
    tone: str
    is_overdue: bool
    url: str
    purpose: str


@never_cache
@require_safe
@inside
def voices(request: HttpRequest, here: Inside) -> HttpResponse:
    shown, kind = request.GET.get("show", "waiting"), request.GET.get("kind", "")[:12]
    shown = shown if shown in whole.SHOWN else "waiting"
    purpose = request.GET.get("purpose", "")
    purpose = purpose if purpose in (*PURPOSES, whole.UNTAGGED) else ""
    after = _place(request) or 0
    rows = whole.ledger(here.actor, here.site.id, shown=shown, kind=kind, purpose=purpose, after=after, limit=PAGE + 1)
    values = {
        "lines": [_of_ledger(row, here.at) for row in rows[:PAGE]],
        "next": str(after + PAGE) if len(rows) > PAGE else "",
        "is_first": not after,
        "tabs": [(code, name, code == shown) for code, name in _tabs()],
        "kinds": [(code, kind_word(code), code == kind) for code in (*whole.HEARD, *whole.OTHERS)],
        "purposes": [(code, name, code == purpose) for code, name in (*purposes(), (whole.UNTAGGED, _("not said")))],
        "shown": shown,
        "kind": kind,
        "purpose": purpose,
        "say_code": page_code(request, reverse("web:say", args=[here.site.code])),
        "site": here.site,
        "now": here.at,
    }
    return render(request, "web/voices/list.html", values)


def purposes() -> list[tuple[str, str]]:
    """Return what a voice may be for, in words."""
    return [(code, purpose_name(code)) for code in PURPOSES]


def _of_ledger(row: LedgerRow, at: datetime) -> Told:
    is_overdue = not row.fate and row.answer_by is not None and row.answer_by <= at
    if row.source == "remark":
        url = f"{reverse('web:remarks')}?shown=all#r-{row.id}"
    else:
        url = reverse("web:letter" if row.source == "letter" else "web:voice", args=[row.id])
    tone = "late" if is_overdue else "ok" if row.fate else "warn"
    return Told(
        row, kind_word(row.kind), ICONS[row.kind], fate_word(row.fate), tone, is_overdue, url, purpose_name(row.purpose)
    )


@never_cache
@require_safe
@inside
def count(request: HttpRequest, here: Inside) -> HttpResponse:
    n, n_overdue = whole.n_waiting(here.actor, here.site.id, at=here.at)
    return render(request, "web/unanswered/count.html", {"n": n, "is_alarm": bool(n_overdue)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def voice(request: HttpRequest, here: Inside, voice_id: UUID) -> HttpResponse:
    row = queries.voice_for(here.actor, voice_id)
    if request.method != "POST":
        return _one(request, here, row)
    try:
        actions.answer_voice(
            voice_id=voice_id,
            fate=request.POST.get("fate", ""),
            answer=request.POST.get("answer", ""),
            is_public=request.POST.get("public") == "1",
            purpose=request.POST.get("purpose", ""),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refusal:
        if isinstance(refusal, NotAllowed):
            raise
        return _one(request, here, row, trouble=errors.sentence(refusal), status=refusal.status)
    return redirect(f"{reverse('web:voices')}?told=1")


@never_cache
@require_POST
@inside
def take(request: HttpRequest, here: Inside, voice_id: UUID) -> HttpResponse:
    row = queries.voice_for(here.actor, voice_id)
    try:
        actions.take_voice(voice_id=voice_id, actor=here.actor, at=here.at, command=command_of(request))
    except Refusal as refusal:
        if isinstance(refusal, NotAllowed):
            raise
        return _one(request, here, row, trouble=errors.sentence(refusal), status=refusal.status)
    return redirect("web:voice", voice_id)


def _one(request: HttpRequest, here: Inside, row: VoiceRow, *, trouble: str = "", status: int = 200) -> HttpResponse:
    values = {
        "line": told((row,), here.at)[0],
        "row": row,
        "fates": [(code, fate_word(code)) for code in _FATES],
        "purposes": purposes(),
        "can_answer": not row.fate and authority.may_anywhere(here.actor, "voice.answer"),
        "reasons": [reason_word(code) for code in row.reasons],
        "is_kept_by_me": row.keeper_key is not None and row.keeper_key == here.actor.account_id,
        "typed": request.POST if trouble else {},
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/voices/voice.html", values, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def mine(request: HttpRequest, here: Inside) -> HttpResponse:
    if not authority.may_anywhere(here.actor, "voice.speak"):
        raise NotAllowed(action="voice.speak")
    if request.method != "POST":
        return _mine(request, here)
    post = request.POST
    try:
        actions.speak(
            site_id=here.site.id,
            kind=post.get("kind", ""),
            text=post.get("text", ""),
            number=post.get("number", "")[:20],
            badge=post.get("badge", "")[:32],
            is_named=post.get("named") == "1",
            purpose=post.get("purpose", ""),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        return _mine(request, here, trouble=not_known(refusal), status=refusal.status)
    return redirect(f"{reverse('web:my_voices')}?told=1")


def _mine(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    rows = queries.my_voices(here.actor, here.site.id)
    values = {
        "lines": told(rows, here.at),
        "praise": queries.praise_of(here.actor, here.site.id) if len(_may_say(here)) > len(actions.KINDS) else (),
        "kinds": [(code, kind_word(code), ICONS[code]) for code in _may_say(here)],
        "purposes": purposes(),
        "typed": request.POST if trouble else {"number": request.GET.get("number", "")[:20]},
        "trouble": trouble,
        "site": here.site,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/voices/mine.html", values, status=status)


def _may_say(here: Inside) -> tuple[str, ...]:
    """Return what the actor may say: who does the work may mark uncivil treatment too."""
    return (*actions.KINDS, actions.ABUSE) if here.actor.roles & {"WK", "TL", "EX"} else actions.KINDS


@never_cache
@require_POST
@inside
def judge(request: HttpRequest, here: Inside, voice_id: UUID) -> HttpResponse:
    actions.judge_voice(
        voice_id=voice_id,
        is_content=request.POST.get("content") == "1",
        actor=here.actor,
        at=here.at,
        command=command_of(request),
    )
    return redirect("web:my_voices")


@require_safe
def answers(request: HttpRequest, site_code: str) -> HttpResponse:
    site = ground.site_by_code(site_code)
    at = site_clock(site.timezone)
    after = _place(request) or 0
    rows = whole.public_board(site.id, after=after, limit=PAGE + 1)
    values: dict[str, Any] = {
        "lines": [(row, kind_word(row.kind), ICONS[row.kind], fate_word(row.fate)) for row in rows[:PAGE]],
        "next": str(after + PAGE) if len(rows) > PAGE else "",
        "is_first": not after,
        "site": site,
        "now": at,
    }
    return render(request, "web/voices/answers.html", values)


def told(rows: Sequence[VoiceRow], at: datetime) -> list[Line]:
    """Return voices in words."""
    return [_told(row, at) for row in rows]


def _told(row: VoiceRow, at: datetime) -> Line:
    is_overdue = not row.fate and row.answer_by is not None and row.answer_by <= at
    tone = "late" if is_overdue else "ok" if row.fate else "warn"
    return Line(
        row,
        kind_word(row.kind),
        ICONS[row.kind],
        fate_word(row.fate),
        tone,
        is_overdue,
        row.kind == "finding",
        purpose_name(row.purpose),
    )


def _place(request: HttpRequest) -> int | None:
    after = request.GET.get("after", "")
    return int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None


def _tabs() -> list[tuple[str, str]]:
    return [
        ("waiting", _("Wait for an answer")),
        ("fated", _("With their fate")),
        ("all", _("All")),
    ]
