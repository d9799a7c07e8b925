"""Boxes from inside: open them, answer what lay in them, hold abuse apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.voice import actions as voice
from yingxu.voice.claims import FATES, UNOPENED, VERDICTS, day_of
from yingxu.voice.queries import boxes as queries
from yingxu.voice.queries.boxes import LetterRow
from yingxu.voice.refusals import NotOpenedYet
from yingxu.web import errors
from yingxu.web.boxes.codes import page_code
from yingxu.web.boxes.paper import is_paper_late
from yingxu.web.boxes.words import fate_name, purpose_name, unclear, verdict_name
from yingxu.web.inside import Inside, command_of, inside, new_command

SHOWN = ("open", "answered", "apart")


@dataclass(frozen=True)
class Card:
    """A letter with its words; ``is_late``: a vent without an answer on the day after (domain S60)."""

    row: LetterRow
    purpose: str
    verdict: str
    fate: str
    is_late: bool
    may_answer: bool


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def boxes(request: HttpRequest, here: Inside) -> HttpResponse:
    trouble = ""
    if request.method == "POST":
        try:
            made = voice.make_box(
                site_id=here.site.id,
                name=request.POST.get("name", ""),
                place_code=request.POST.get("place", "").strip(),
                actor=here.actor,
                at=here.at,
                command=command_of(request),
            )
        except (Malformed, NotFound) as why:
            trouble = unclear(why)
        else:
            return redirect("web:box_inside", made.uid)
    values = {
        "rows": [
            (row, _is_unopened(here, row), is_paper_late(row.paper_at, here.at))
            for row in queries.boxes(here.actor, here.site.id)
        ],
        "may_manage": authority.may(here.actor, "box.manage", where=Where(here.site.id)),
        "may_read": authority.may(here.actor, "letter.read", where=Where(here.site.id)),
        "name": request.POST.get("name", ""),
        "place": request.POST.get("place", ""),
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/boxes/list.html", values, status=422 if trouble else 200)


def _is_unopened(here: Inside, row: queries.BoxRow) -> bool:
    return row.oldest_on is not None and day_of(here.at, here.site.timezone) - row.oldest_on >= UNOPENED


@never_cache
@require_safe
@inside
def box(request: HttpRequest, here: Inside, box_id: UUID) -> HttpResponse:
    return _box(request, here, box_id)


def _box(
    request: HttpRequest,
    here: Inside,
    box_id: UUID,
    *,
    trouble: str = "",
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    row = queries.box_for(here.actor, box_id)
    shown = request.GET.get("shown", "open")
    shown = shown if shown in SHOWN else "open"
    letters, more = queries.letters_of(here.actor, row, shown=shown, after=request.GET.get("after", ""))

    def may(act: str) -> bool:
        return authority.may(here.actor, act, where=Where(row.site_id))

    values = {
        "box": row,
        **page_code(request, reverse("web:box", args=[row.token])),
        "shown": shown,
        "tabs": [("open", _("to answer")), ("answered", _("answered")), ("apart", _("held apart"))],
        "cards": [_card(here, letter, may) for letter in letters],
        "next": more,
        "is_first": not request.GET.get("after"),
        "openings": queries.openings(here.actor, row),
        "may_see_paper": may("slip.type") or may("box.open"),
        "verdicts": [(code, verdict_name(code)) for code in VERDICTS],
        "fates": [(code, fate_name(code)) for code in FATES],
        "may_open": may("box.open"),
        "may_manage": may("box.manage"),
        "may_hold": may("letter.hold_apart"),
        "typed": typed or {},
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/boxes/inside.html", values, status=422 if trouble else 200)


def _card(here: Inside, row: LetterRow, may: Callable[[str], bool]) -> Card:
    days = (day_of(here.at, here.site.timezone) - row.received_on).days
    return Card(
        row,
        purpose_name(row.purpose),
        verdict_name(row.verdict),
        fate_name(row.fate),
        is_late=row.state == "open" and row.purpose == "vent" and days > 0,
        may_answer=may("letter.answer_disputed" if row.n_disagreed > 1 else "letter.answer"),
    )


def _act(request: HttpRequest, here: Inside, act: Callable[[], Any], **typed: str) -> HttpResponse:
    """Do one thing with what lies in a box; back to the box, or the page again with what was typed."""
    box_id = UUID(request.POST["box"]) if _is_uid(request.POST.get("box", "")) else None
    if box_id is None:
        raise NotFound(kind="box", name="")
    try:
        act()
    except (Malformed, NotOpenedYet) as why:
        return _box(request, here, box_id, trouble=errors.sentence(why), typed=typed)
    return redirect("web:box_inside", box_id)


def _is_uid(said: str) -> bool:
    try:
        UUID(said)
    except ValueError:
        return False
    return True


@never_cache
@require_safe
@inside
def code(request: HttpRequest, here: Inside, box_id: UUID) -> HttpResponse:
    """The sheet that hangs beside the box; the box's own page, printed, would carry its letters."""
    row = queries.box_of_wood(here.actor, box_id)
    values = {"box": row, "site": here.site, **page_code(request, reverse("web:box", args=[row.token]))}
    return render(request, "web/boxes/code.html", values)


@require_POST
@inside
def open_box(request: HttpRequest, here: Inside, box_id: UUID) -> HttpResponse:
    voice.open_box(box_id=box_id, actor=here.actor, at=here.at, command=command_of(request))
    return redirect("web:box_inside", box_id)


@never_cache
@require_safe
@inside
def photo(request: HttpRequest, here: Inside, photo_id: UUID) -> HttpResponse:
    content, media_type = queries.photo_for(here.actor, photo_id)
    return HttpResponse(content, content_type=media_type)


@require_POST
@inside
def switch_box(request: HttpRequest, here: Inside, box_id: UUID) -> HttpResponse:
    is_on = request.POST.get("is_on") == "1"
    voice.switch_box(box_id=box_id, is_on=is_on, actor=here.actor, at=here.at, command=command_of(request))
    return redirect("web:box_inside", box_id)


@require_POST
@inside
def answer_letter(request: HttpRequest, here: Inside, letter_id: UUID) -> HttpResponse:
    said = {name: request.POST.get(name, "") for name in ("verdict", "fate", "answer", "retold")}
    return _act(
        request,
        here,
        lambda: voice.answer_letter(
            letter_id=letter_id, **said, actor=here.actor, at=here.at, command=command_of(request)
        ),
        letter=str(letter_id),
        **said,
    )


@require_POST
@inside
def hold_apart(request: HttpRequest, here: Inside, letter_id: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _act(
        request,
        here,
        lambda: voice.hold_letter_apart(
            letter_id=letter_id, reason=reason, actor=here.actor, at=here.at, command=command_of(request)
        ),
    )
