"""Supervisors nominated by three criteria, their rounds, and what becomes of what they find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import authority
from yingxu.ground import queries as ground
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound, ReasonNeeded, Refusal
from yingxu.voice.actions import answering
from yingxu.voice.actions import supervisors as voice
from yingxu.voice.claims import FATES, PURPOSES, VERDICTS, day_of
from yingxu.voice.queries import overseeing as queries
from yingxu.voice.queries.overseeing import RemarkRow
from yingxu.voice.refusals.overseeing import (
    CriterionMissing,
    FindingInWork,
    ForumHeldAlready,
    RemarkNotOpen,
    SupervisesAlready,
)
from yingxu.web import errors
from yingxu.web.boxes.words import fate_name, purpose_name, unclear, verdict_name
from yingxu.web.inside import Inside, command_of, inside, new_command

#: What a form says again in words, with nothing lost.
SAID: tuple[type[Refusal], ...] = (
    FindingInWork,
    Malformed,
    NotFound,
    ReasonNeeded,
    CriterionMissing,
    SupervisesAlready,
    RemarkNotOpen,
    ForumHeldAlready,
)
_NOMINATION = ("username", "department", "conscience", "insight", "in_touch", "from_on", "to_on")


def day(said: str, field: str) -> date:
    """Return a day from a form. Refuses: Malformed."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Malformed(field=field, problem="wrong_type" if said else "missing") from None


def place_code(here: Inside, said: str) -> str:
    """Return the code of the one place that was meant, by its code or by its name; what was said, if it is unclear.

    "Orthopaedics" is the ward of that name, not its eight rooms.
    """
    words = said.strip()
    if not words:
        return ""
    found = ground.find_places(here.site.id, words, limit=50)
    exact = [one for one in found if words.lower() in (one.code.lower(), one.full_name, one.full_name_en.lower())]
    wards = [one for one in found if one.full_name.endswith(words) or one.full_name_en.lower().endswith(words.lower())]
    for named in (exact, wards, found):
        if len(named) == 1:
            return named[0].code
    return words


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def supervisors(request: HttpRequest, here: Inside) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in _NOMINATION}
    if request.method != "POST":
        return _supervisors(request, here)
    try:
        voice.nominate_supervisor(
            site_id=here.site.id,
            username=typed["username"],
            department_code=place_code(here, typed["department"]),
            conscience=typed["conscience"],
            insight=typed["insight"],
            in_touch=typed["in_touch"],
            from_on=day(typed["from_on"], "from_on"),
            to_on=day(typed["to_on"], "to_on"),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except SAID as why:
        return _supervisors(request, here, trouble=unclear(why), typed=typed)
    return redirect("web:supervisors")


def _supervisors(
    request: HttpRequest, here: Inside, *, trouble: str = "", typed: dict[str, str] | None = None
) -> HttpResponse:
    rows, spread = queries.supervisors(here.actor, here.site.id)
    today = day_of(here.at, here.site.timezone)
    year = {"from_on": today.isoformat(), "to_on": (today + timedelta(days=365)).isoformat()}

    def may(act: str, **more: Any) -> bool:
        return authority.may(here.actor, act, where=Where(here.site.id, **more))

    may_name_places = may("supervisor.nominate") or may("supervisor.visit", is_own=True)
    values = {
        "places": queries.wards(here.actor, here.site.id) if may_name_places else (),
        "rows": rows,
        "spread": spread,
        "visits": queries.visits(here.actor, here.site.id),
        "today": today,
        "soon": today + timedelta(days=30),
        "may_nominate": may("supervisor.nominate"),
        "may_approve": may("supervisor.approve"),
        "may_visit": may("supervisor.visit", is_own=True),
        "typed": typed or year,
        "trouble": trouble,
        "command": new_command(),
    }
    return render(request, "web/overseeing/supervisors.html", values, status=422 if trouble else 200)


@require_POST
@inside
def decide(request: HttpRequest, here: Inside, supervisor_id: UUID) -> HttpResponse:
    voice.decide_supervisor(
        supervisor_id=supervisor_id,
        is_appointed=request.POST.get("state") == "appointed",
        actor=here.actor,
        at=here.at,
        command=command_of(request),
    )
    return redirect("web:supervisors")


@require_POST
@inside
def renew(request: HttpRequest, here: Inside, supervisor_id: UUID) -> HttpResponse:
    try:
        voice.renew_supervisor(
            supervisor_id=supervisor_id,
            to_on=day(request.POST.get("to_on", ""), "to_on"),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except (Malformed, RemarkNotOpen) as why:
        return _supervisors(request, here, trouble=unclear(why))
    return redirect("web:supervisors")


@require_POST
@inside
def plan_visit(request: HttpRequest, here: Inside) -> HttpResponse:
    try:
        voice.plan_visit(
            site_id=here.site.id,
            place_code=place_code(here, request.POST.get("place", "")),
            on=day(request.POST.get("on", ""), "day"),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except SAID as why:
        typed = {"place": request.POST.get("place", ""), "on": request.POST.get("on", "")}
        return _supervisors(request, here, trouble=unclear(why), typed=typed)
    return redirect("web:supervisors")


@require_POST
@inside
def make_visit(request: HttpRequest, here: Inside, visit_id: UUID) -> HttpResponse:
    note = request.POST.get("note", "")
    voice.make_visit(visit_id=visit_id, note=note, actor=here.actor, at=here.at, command=command_of(request))
    return redirect("web:supervisors")


@never_cache
@require_safe
@inside
def remarks(request: HttpRequest, here: Inside) -> HttpResponse:
    return _remarks(request, here)


def _remarks(request: HttpRequest, here: Inside, *, status: int = 200, **more: Any) -> HttpResponse:
    shown = request.GET.get("shown", "waiting")
    shown = shown if shown in ("waiting", "answered", "all") else "waiting"
    rows, following = queries.remarks(here.actor, here.site.id, shown=shown, after=request.GET.get("after", ""))
    values = {
        "cards": [card(here, row) for row in rows],
        "next": following,
        "is_first": not request.GET.get("after"),
        "shown": shown,
        **forms(here),
        **more,
    }
    return render(request, "web/overseeing/remarks.html", values, status=status)


def forms(here: Inside) -> dict[str, Any]:
    """Return what the forms on a remark need."""
    return {
        "verdicts": [(code, verdict_name(code)) for code in VERDICTS],
        "fates": [(code, fate_name(code)) for code in FATES],
        "purposes": [(code, purpose_name(code)) for code in PURPOSES],
        "may_reveal": authority.may(here.actor, "finding.reveal", where=Where(here.site.id)),
        "today": day_of(here.at, here.site.timezone),
        "command": new_command(),
        "now": here.at,
    }


def card(here: Inside, row: RemarkRow) -> dict[str, Any]:
    """Return a remark with its words and what may be done with it."""
    where = Where(here.site.id)
    act = "finding.answer_disputed" if row.n_disagreed > 1 else "finding.answer"
    today = day_of(here.at, here.site.timezone)
    is_keeper = not row.has_account and authority.may(here.actor, "forum.record", where=where)
    return {
        "row": row,
        "verdict": verdict_name(row.verdict),
        "fate": fate_name(row.fate),
        "purpose": purpose_name(row.purpose),
        "may_answer": row.state != "settled" and authority.may(here.actor, act, where=where),
        "may_judge": row.state == "answered" and (row.is_own or is_keeper),
        "may_do": row.due_on is not None and row.done_on is None and authority.may(here.actor, act, where=where),
        "is_late": row.due_on is not None and row.done_on is None and row.due_on < today,
    }


def _act(request: HttpRequest, here: Inside, act: Callable[[], Any], remark_id: UUID) -> HttpResponse:
    """Do one thing with a remark; back to the list or its forum, or the list again with what was typed."""
    try:
        act()
    except SAID as why:
        typed = {
            name: request.POST.get(name, "")
            for name in ("verdict", "fate", "answer", "owner", "due_on", "retold", "purpose")
        }
        return _remarks(request, here, status=422, trouble=errors.sentence(why), typed_id=remark_id, typed=typed)
    forum = request.POST.get("forum", "")
    return redirect("web:forum", forum) if forum else redirect("web:remarks")


@require_POST
@inside
def answer(request: HttpRequest, here: Inside, remark_id: UUID) -> HttpResponse:
    said = request.POST

    def act() -> None:
        answering.answer_remark(
            remark_id=remark_id,
            verdict=said.get("verdict", ""),
            fate=said.get("fate", ""),
            answer=said.get("answer", ""),
            owner_name=said.get("owner", ""),
            due_on=day(said["due_on"], "due_on") if said.get("due_on") else None,
            retold=said.get("retold", ""),
            purpose=said.get("purpose", ""),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )

    return _act(request, here, act, remark_id)


@require_POST
@inside
def judge(request: HttpRequest, here: Inside, remark_id: UUID) -> HttpResponse:
    def act() -> None:
        answering.judge_remark(
            remark_id=remark_id,
            word=request.POST.get("word", ""),
            text=request.POST.get("text", ""),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )

    return _act(request, here, act, remark_id)


@require_POST
@inside
def done(request: HttpRequest, here: Inside, remark_id: UUID) -> HttpResponse:
    def act() -> None:
        answering.do_promised(
            remark_id=remark_id,
            note=request.POST.get("note", ""),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )

    return _act(request, here, act, remark_id)


@never_cache
@require_POST
@inside
def reveal(request: HttpRequest, here: Inside, remark_id: UUID) -> HttpResponse:
    """The hidden name, on this page alone, after its reason was recorded."""
    try:
        found = voice.reveal_finder(
            remark_id=remark_id, reason=request.POST.get("reason", ""), actor=here.actor, at=here.at
        )
    except ReasonNeeded as why:
        return _remarks(request, here, status=422, trouble=errors.sentence(why))
    return _remarks(request, here, revealed_id=remark_id, revealed=found.name)
