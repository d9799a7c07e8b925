"""The monthly forum: agenda from the data at left, what is said at right, minutes, and one PDF of it all."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed
from yingxu.promise import queries as promise
from yingxu.voice.actions import forums as voice
from yingxu.voice.claims import day_of, new_claim_code
from yingxu.voice.queries import overseeing as queries
from yingxu.voice.queries.overseeing import Agenda, ForumRow
from yingxu.web import errors, words
from yingxu.web.boxes.public import grouped
from yingxu.web.boxes.words import fate_name, verdict_name
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.overseeing.views import SAID, card, day, forms
from yingxu.web.templatetags.yingxu import is_english

#: The agenda names so many of the worst promises, of those with at least so many cases.
WORST, LEAST_N = 6, 5


def state_name(code: str) -> str:
    """Return where a forum stands."""
    return {"planned": _("planned"), "held": _("held"), "missed": _("no forum was held")}.get(code, code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def forums(request: HttpRequest, here: Inside) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("on", "time", "room")}
    if request.method != "POST":
        return _list(request, here, {"time": "15:00"})
    try:
        made = _plan(request, here, typed)
    except SAID as why:
        return _list(request, here, typed, trouble=errors.sentence(why))
    return redirect("web:forum", made.uid)


def _plan(request: HttpRequest, here: Inside, typed: dict[str, str]) -> voice.ForumKept:
    on = day(typed["on"], "day")
    try:
        clock = datetime.strptime(typed["time"] or "15:00", "%H:%M").time()  # noqa: DTZ007 (a clock time has no zone)
    except ValueError:
        raise Malformed(field="time", problem="wrong_type") from None
    month = request.POST.get("month", "")
    return voice.plan_forum(
        site_id=here.site.id,
        month=day(f"{month}-01", "month") if month else on,
        planned_at=datetime.combine(on, clock, ZoneInfo(here.site.timezone)),
        room=typed["room"],
        actor=here.actor,
        at=here.at,
        command=command_of(request),
    )


def _list(request: HttpRequest, here: Inside, typed: dict[str, str], *, trouble: str = "") -> HttpResponse:
    values = {
        "rows": [(row, state_name(row.state)) for row in queries.forums(here.actor, here.site.id)],
        "may_plan": authority.may(here.actor, "forum.plan", where=Where(here.site.id)),
        "typed": typed,
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/overseeing/forums.html", values, status=422 if trouble else 200)


@never_cache
@require_safe
@inside
def forum(request: HttpRequest, here: Inside, forum_id: UUID) -> HttpResponse:
    return _forum(request, here, forum_id)


def _forum(request: HttpRequest, here: Inside, forum_id: UUID, *, status: int = 200, **more: Any) -> HttpResponse:
    row = queries.forum_for(here.actor, forum_id)
    found = queries.agenda(here.actor, row)
    where = Where(here.site.id, is_own=True)
    may_record = authority.may(here.actor, "forum.record", where=where)
    values = {
        "forum": row,
        "state": state_name(row.state),
        "promised": [card(here, one) for one in found.promised],
        "open": [card(here, one) for one in found.open],
        "raised": [card(here, one) for one in found.raised],
        "letters": found.letters,
        "worst": _worst_of(here, row),
        "site": here.site,
        "claim": grouped(new_claim_code()),
        "may_record": may_record,
        "may_speak": may_record or authority.may(here.actor, "forum.add_opinion", where=where),
        **forms(here),
        **more,
    }
    return render(request, "web/overseeing/forum.html", values, status=status)


def _named(one: dict[str, str]) -> dict[str, str]:
    """Return a line of a kept agenda in the reader's language, not in that of who kept it."""
    if "line_code" not in one:
        return dict(one)
    named = {"line": words.line_name(one["line_code"]), "milestone": words.milestone_name(one["milestone_code"])}
    return {**one, **named}


def _worst_of(here: Inside, row: ForumRow) -> list[dict[str, str]]:
    """Return the worst promises of the thirty days before; of a held forum, those that it had before it."""
    if row.state == "held":
        return [_named(one) for one in row.agenda if "section" not in one]
    rows = promise.attainment(here.actor, here.site.id, from_at=here.at - timedelta(days=30), to_at=here.at, at=here.at)
    judged = [one for one in rows if one.share.n >= LEAST_N and one.share.share is not None]
    judged.sort(key=lambda one: (one.share.share or 0.0) - (one.promised or 0.0))
    return [
        {
            "line_code": one.line_code,
            "line": words.line_name(one.line_code),
            "milestone_code": one.milestone,
            "milestone": words.milestone_name(one.milestone),
            "kept": f"{100 * (one.share.share or 0):.1f}%",
            "n": str(one.share.n),
            "between": f"{100 * (one.share.low or 0):.0f}–{100 * (one.share.high or 0):.0f}%",
            "promised": "—" if one.promised is None else f"{100 * one.promised:.0f}%",
        }
        for one in judged[:WORST]
    ]


@require_POST
@inside
def raise_remark(request: HttpRequest, here: Inside, forum_id: UUID) -> HttpResponse:
    text, speaker = request.POST.get("text", ""), request.POST.get("speaker", "")
    try:
        voice.raise_remark(
            forum_id=forum_id,
            text=text,
            speaker=speaker,
            claim_code=request.POST.get("claim", "")[:40] if speaker.strip() else "",
            purpose=request.POST.get("purpose", ""),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except SAID as why:
        said = {name: request.POST.get(name, "")[:2000] for name in ("text", "speaker", "claim", "purpose")}
        return _forum(request, here, forum_id, status=422, trouble=errors.sentence(why), said=said)
    return redirect("web:forum", forum_id)


@require_POST
@inside
def hold(request: HttpRequest, here: Inside, forum_id: UUID) -> HttpResponse:
    row = queries.forum_for(here.actor, forum_id)
    attendance, minutes = request.POST.get("attendance", ""), request.POST.get("minutes", "")
    try:
        voice.hold_forum(
            forum_id=forum_id,
            attendance=attendance.replace("、", "\n").replace(",", "\n").replace("，", "\n").splitlines(),
            minutes=minutes,
            agenda=_worst_of(here, row),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except SAID as why:
        said = {"attendance": attendance, "minutes": minutes}
        return _forum(request, here, forum_id, status=422, trouble=errors.sentence(why), said=said)
    return redirect("web:forum", forum_id)


@never_cache
@require_safe
@inside
def pack(request: HttpRequest, here: Inside, forum_id: UUID) -> HttpResponse:
    row = queries.forum_for(here.actor, forum_id)
    made = _pdf(here, row, queries.agenda(here.actor, row))
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="forum-{row.month:%Y-%m}.pdf"'
    return response


def _pdf(here: Inside, row: ForumRow, found: Agenda) -> bytes:
    import typst  # a compiler of several megabytes, wanted by the printed pages alone
    from pylopdf_fonts_zh_cn import sans_path

    told = {
        "locale": "en" if is_english() else "zh",
        "site": (here.site.name_en if is_english() else "") or here.site.name,
        "month": f"{row.month:%Y-%m}",
        "state": state_name(row.state),
        "held": row.held_on.isoformat() if row.held_on else "",
        "room": row.room,
        "attendance": list(row.attendance),
        "minutes": row.minutes,
        "worst": _worst_of(here, row),
        "letters": [{"text": one.text, "on": one.received_on.isoformat()} for one in found.letters],
        **{
            name: [
                {
                    **{key: str(value or "") for key, value in asdict(one).items()},
                    "verdict": verdict_name(one.verdict),
                    "fate": fate_name(one.fate),
                    "speaker": one.speaker or (_("name hidden") if one.is_hidden else "—"),
                }
                for one in rows
            ]
            for name, rows in (("promised", found.promised), ("open", found.open), ("raised", found.raised))
        },
        "printed": day_of(here.at, here.site.timezone).isoformat(),
        "words": {
            "title": _("Monthly forum"),
            "promised": _("1. What was promised last time, read back"),
            "worst": _("2. Promises that were kept worst"),
            "open": _("3. What waits for an answer"),
            "letters": _("4. Letters from the boxes"),
            "raised": _("5. What was said today, and its answer"),
            "came": _("Who came"),
            "minutes": _("Minutes"),
            "none": _("nothing"),
            "answer": _("Answer"),
            "owner": _("who"),
            "due": _("by"),
            "done": _("done"),
            "kept": _("kept"),
            "promise": _("promised"),
            "printed": _("printed on"),
            "line": _("Service line"),
            "milestone": _("Milestone"),
        },
    }
    template = files("yingxu.web.overseeing").joinpath("pack.typ").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="yingxu-") as folder:
        root = Path(folder)
        (root / "pack.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        (root / "pack.typ").write_text(template, encoding="utf-8")
        made: bytes = typst.compile(
            root / "pack.typ", root=root, font_paths=[sans_path().parent], ignore_system_fonts=True
        )
    return made
