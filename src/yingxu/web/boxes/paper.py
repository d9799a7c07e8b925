"""The box of wood: opened before two witnesses, its slips counted, then typed by two people apart from each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound, OwnWork, Refusal
from yingxu.voice import actions as voice
from yingxu.voice.claims import PAPER_WITHIN
from yingxu.voice.queries import boxes as queries
from yingxu.voice.refusals import NoSlipCounted, SlipsDiffer, WitnessesNeeded
from yingxu.web import errors
from yingxu.web.boxes.words import unclear
from yingxu.web.inside import Inside, command_of, inside, new_command


def is_paper_late(opened_at: datetime | None, at: datetime) -> bool:
    """Tell whether the box of wood should have been opened; where it never was, there is only the page."""
    return opened_at is not None and at - opened_at > PAPER_WITHIN


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def paper(request: HttpRequest, here: Inside, box_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return _paper(request, here, box_id)
    typed = {name: request.POST.get(name, "") for name in ("n", "witness", "second_witness", "note")}

    def act() -> None:
        if not (typed["n"].isascii() and typed["n"].isdigit()):
            raise Malformed(field="n_slips", problem="wrong_type" if typed["n"] else "missing")
        voice.take_out_paper(
            box_id=box_id,
            n=int(typed["n"][:9]),
            witnesses=(typed["witness"], typed["second_witness"]),
            note=typed["note"],
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )

    return _act(request, here, box_id, act, **typed)


def _paper(
    request: HttpRequest,
    here: Inside,
    box_id: UUID,
    *,
    trouble: str = "",
    typed: dict[str, str] | None = None,
    differences: tuple[tuple[str, str], ...] = (),
) -> HttpResponse:
    row = queries.box_of_wood(here.actor, box_id)
    openings = queries.paper_openings(here.actor, row)
    where = Where(row.site_id)
    values = {
        "box": row,
        "openings": openings,
        "n_left": sum(one.n_left for one in openings),
        "is_late": bool(openings) and is_paper_late(openings[0].opened_at, here.at),
        "slips": queries.slips_waiting(here.actor, row),
        "may_open": authority.may(here.actor, "box.open", where=where),
        "may_type": authority.may(here.actor, "slip.type", where=where),
        "may_read": authority.may(here.actor, "letter.read", where=where),
        "me": here.actor.account_id,
        "typed": typed or {},
        "differences": differences,
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/boxes/paper.html", values, status=422 if trouble else 200)


def _act(request: HttpRequest, here: Inside, box_id: UUID, act: Callable[[], Any], **typed: str) -> HttpResponse:
    """Do one thing with the paper; back to its page, or the page again with what was typed."""
    try:
        act()
    except (Malformed, SlipsDiffer, OwnWork, WitnessesNeeded, NoSlipCounted) as why:
        differences = why.differences if isinstance(why, SlipsDiffer) else ()
        return _paper(request, here, box_id, trouble=_sentence(why), typed=typed, differences=differences)
    except NotFound as why:
        if "witness" not in typed:
            raise
        return _paper(request, here, box_id, trouble=unclear(why), typed=typed)
    return redirect("web:box_paper", box_id)


def _sentence(why: Refusal) -> str:
    if isinstance(why, OwnWork):
        return _("You typed this slip yourself. A second person reads the paper and types it again.")
    return errors.sentence(why)


@require_POST
@inside
def type_slip(request: HttpRequest, here: Inside, box_id: UUID) -> HttpResponse:
    text = request.POST.get("text", "")
    return _act(
        request,
        here,
        box_id,
        lambda: voice.type_slip(box_id=box_id, text=text, actor=here.actor, at=here.at, command=command_of(request)),
        slip="new",
        text=text,
    )


@require_POST
@inside
def confirm_slip(request: HttpRequest, here: Inside, slip_id: UUID) -> HttpResponse:
    """The second typing; ``instead``: the first was wrong, and this one stands in its place."""
    try:
        box_id = UUID(request.POST.get("box", ""))
    except ValueError:
        raise NotFound(kind="box", name="") from None
    text = request.POST.get("text", "")
    act = voice.retype_slip if request.POST.get("instead") == "1" else voice.confirm_slip
    return _act(
        request,
        here,
        box_id,
        lambda: act(slip_id=slip_id, text=text, actor=here.actor, at=here.at, command=command_of(request)),
        slip=str(slip_id),
        text=text,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def witnessed(request: HttpRequest, here: Inside) -> HttpResponse:
    """What the signed-in account was second witness to; one press signs for it."""
    if request.method == "POST":
        try:
            opening_id = UUID(request.POST.get("opening", ""))
        except ValueError:
            raise NotFound(kind="box", name="") from None
        voice.countersign_opening(opening_id=opening_id, actor=here.actor, at=here.at, command=command_of(request))
        return redirect("web:witnessed")
    values = {"rows": queries.witnessed(here.actor), "command": new_command(), "now": here.at}
    return render(request, "web/boxes/witnessed.html", values)
