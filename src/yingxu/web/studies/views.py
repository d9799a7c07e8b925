"""Can we keep it? The list of studies, the question, the answer."""

from __future__ import annotations

import csv
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.standards import actions, queries
from yingxu.web import words
from yingxu.web.inside import Inside, catalogue_of, command_of, inside, lines_of, new_command
from yingxu.web.sentences import sentence
from yingxu.web.standards.shown import calendar_name as shown_calendar
from yingxu.web.standards.views import calendars_of
from yingxu.web.studies.asking import SHIFTS, Typed
from yingxu.web.studies.reading import more_said, shown, subject_said, weekdays
from yingxu.web.studies.recorded import is_of_record
from yingxu.web.templatetags.yingxu import priority_word

PAGE = 25
_MINUTE = 60


@never_cache
@require_safe
@inside
def studies(request: HttpRequest, here: Inside) -> HttpResponse:
    after, line, item = (request.GET.get(name, "").replace("\x00", "") for name in ("after", "line", "item"))
    key = int(after) if after.isascii() and after.isdigit() else None
    rows = queries.studies_page(
        here.actor, here.site.id, line_code=line[:8], item_code=item[:32], after=key, limit=PAGE + 1
    )
    values = {
        "rows": [shown(row) for row in rows[:PAGE]],
        "next": str(rows[PAGE - 1].key) if len(rows) > PAGE else "",
        "is_first": not after,
        "may_ask": authority.may_anywhere(here.actor, "promise.study"),
        "now": here.at,
    }
    return render(request, "web/studies/list.html", values)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new_study(request: HttpRequest, here: Inside) -> HttpResponse:
    typed = Typed.of(request.POST if request.method == "POST" else request.GET)
    if request.method != "POST":
        authority.require(here.actor, "promise.study", where=Where(here.site.id, line_code=_line_held(here)))
        return _form(request, here, typed)
    try:
        asked = actions.ask_study(
            site_id=here.site.id,
            item_code=typed.text["item"],
            line_code=typed.text["line"],
            priority=int(typed.number("priority")),
            milestone=typed.text["milestone"],
            limit_s=round(typed.number("limit_min") * _MINUTE),
            percentile=typed.number("percent") / 100,
            calendar_code=typed.text["calendar"],
            is_pausable={"yes": True, "no": False}.get(typed.text["pauses"]),
            assumptions=typed.assumptions(),
            weeks=int(typed.number("weeks")),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except (Malformed, NotFound) as refusal:
        return _form(request, here, typed, wrong=sentence(refusal), status=422)
    return redirect("web:study", asked.id)


def _line_held(here: Inside) -> str:
    """Return a line that the actor may ask about: the one that a holding is limited to, if it is."""
    return next((held.line_code for held in here.actor.holdings if held.line_code), "")


def _form(request: HttpRequest, here: Inside, typed: Typed, *, wrong: str = "", status: int = 200) -> HttpResponse:
    text = typed.text
    if text["item"] and not text["limit_min"]:
        text.update(_promised(here, text))
    names = calendars_of(here.site.id)
    values = {
        "typed": text,
        "wrong": wrong,
        "command": new_command(),
        "catalogue": catalogue_of(here.site.id),
        "lines": lines_of(here.site.id),
        "urgencies": [(str(level), priority_word(level)) for level in (1, 2, 3, 4)],
        "milestones": [(code, words.milestone_name(code)) for code in actions.STUDIED],
        "calendars": [(code, shown_calendar(code, names)) for code in names],
        "weeks": [str(n) for n in actions.WEEKS],
        "shifts": [(f"hands_{name}", f"{first}–{after}", text[f"hands_{name}"]) for name, first, after in SHIFTS],
        "has_typed": any(text[name] for name in ("per_day", "service_min", "travel_min", "by_hour")),
        "now": here.at,
    }
    return render(request, "web/studies/new.html", values, status=status)


def _promised(here: Inside, text: dict[str, str]) -> dict[str, str]:
    """Return what is promised for the item now, so that the question begins there."""
    level = int(text["priority"]) if text["priority"] in ("1", "2", "3", "4") else None
    try:
        terms = queries.promised_words(here.site.id, text["item"], priority=level)
    except NotFound:
        return {}
    item = next((row for row in catalogue_of(here.site.id) if row.code == text["item"]), None)
    milestone = (
        text["milestone"] if text["milestone"] in terms else next((c for c in actions.STUDIED if c in terms), "")
    )
    found = {"priority": str(level or (item.default_priority if item else 3))}
    if milestone:
        term = terms[milestone]
        found |= {
            "milestone": milestone,
            "limit_min": f"{term.limit_s / 60:g}",
            "percent": f"{100 * term.percentile:g}",
        }
    return found


@never_cache
@require_safe
@inside
def study(request: HttpRequest, here: Inside, study_id: UUID) -> HttpResponse:
    return render(request, "web/studies/study.html", _answer(here, study_id))


@never_cache
@require_safe
@inside
def answer(request: HttpRequest, here: Inside, study_id: UUID) -> HttpResponse:
    values = _answer(here, study_id)
    if values["shown"].row.state == request.GET.get("seen"):  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    return render(request, "web/studies/answer.html", values)


def _answer(here: Inside, study_id: UUID) -> dict[str, object]:
    seen = shown(queries.study(here.actor, study_id))
    period = len(seen.row.result.get("staff_needed", {}).get("by_hour") or ())
    may_ask = authority.may_anywhere(here.actor, "promise.study")
    more = more_said(seen.n_more, period) if seen.n_more else ""
    ended = seen.row.state in ("too_little", "impossible")
    return {
        "shown": seen,
        "more": more,
        "may_ask": may_ask,
        "may_type": may_ask and ended and seen.row.milestone in actions.SIMULATED,
        "now": here.at,
    }


@never_cache
@require_safe
@inside
def hours_csv(request: HttpRequest, here: Inside, study_id: UUID) -> HttpResponse:
    row = queries.study(here.actor, study_id)
    by_hour = row.result.get("by_hour") or row.instant.get("by_hour") or []
    needed = row.result.get("staff_needed", {}).get("by_hour") or []
    present = row.spec.get("servers", {}).get("by_hour") or [0]
    rates = row.spec.get("arrivals", {}).get("per_hour") or [0.0]
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="study-{row.line_code}-{row.asked_at:%Y%m%d}.csv"'
    writer = csv.writer(response)
    writer.writerow([_("Promise"), subject_said(row)])
    if is_of_record(row):
        writer.writerow([_("Hour"), "n", _("Kept"), _("Share kept"), "2.5%", "97.5%"])
        for at, hour in enumerate(by_hour):
            shares = ["" if hour[name] is None else f"{hour[name]:.4f}" for name in ("share", "low", "high")]
            writer.writerow([at, hour["n"], hour["kept"], *shares])
        return response
    writer.writerow([_("Day"), _("Hour"), _("Requests"), _("Share kept"), _("Hands"), _("Hands needed")])
    for at, hour in enumerate(by_hour):
        day = weekdays()[at // 24] if len(by_hour) == 168 else ""
        least = needed[at] if at < len(needed) else ""
        share = "" if hour["share"] is None else f"{hour['share']:.4f}"
        writer.writerow([day, at % 24, f"{rates[at % len(rates)]:.3f}", share, present[at % len(present)], least])
    return response
