"""Surveys from inside: make one with its sample, word its questions, print its codes, read what it found."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.core.quality.asking import sample_size
from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.voice.actions import sheets as keeping
from yingxu.voice.actions import surveys as actions
from yingxu.voice.actions.surveys import CONFIDENCES, Asked, Frame
from yingxu.voice.claims import day_of
from yingxu.voice.queries import surveyed
from yingxu.voice.queries import surveys as queries
from yingxu.voice.queries.surveys import SurveyRow
from yingxu.voice.questions import KINDS, TEMPLATES, WEIGHTS, Question
from yingxu.web import errors
from yingxu.web.boxes.codes import page_code
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.surveys import shown
from yingxu.web.surveys.words import dimension_name, kind_name, question_kind, state_name

_TYPED = ("title", "title_en", "kind", "opens_on", "closes_on", "population", "margin", "confidence")
_BLANKS = 3


@never_cache
@require_safe
@inside
def surveys(request: HttpRequest, here: Inside) -> HttpResponse:
    today = day_of(here.at, here.site.timezone)
    rows = queries.surveys(here.actor, here.site.id)
    values = {
        "rows": [(row, kind_name(row.kind), row.state(today), state_name(row.state(today))) for row in rows],
        "may_manage": _may_manage(here, here.site.id),
    }
    return render(request, "web/surveys/list.html", values)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new(request: HttpRequest, here: Inside) -> HttpResponse:
    """A new survey; ``work`` works out the sample and keeps nothing, ``previous`` names the wave before."""
    previous_id = _uid(request.GET.get("previous", "") or request.POST.get("previous", ""))
    wards = queries.askable(here.actor, here.site.id)
    previous = queries.survey_for(here.actor, previous_id) if previous_id else None
    if request.method != "POST":
        return _new(request, here, _begun(here, previous), wards, previous)
    typed = request.POST.dict()
    try:
        frame = _frame(typed)
        if "work" in typed:
            return _new(request, here, typed, wards, previous, n_target=_target(frame))
        made = actions.make_survey(
            site_id=here.site.id,
            title=typed.get("title", ""),
            title_en=typed.get("title_en", ""),
            kind=previous.kind if previous else typed.get("kind", ""),
            frame=frame,
            previous_id=previous_id,
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except (Malformed, NotFound) as why:
        return _new(request, here, typed, wards, previous, trouble=errors.sentence(why))
    return redirect("web:survey_questions" if previous is None else "web:survey_codes", made.uid)


def _new(
    request: HttpRequest,
    here: Inside,
    typed: dict[str, Any],
    wards: tuple[tuple[str, str, str], ...],
    previous: SurveyRow | None,
    *,
    n_target: int | None = None,
    trouble: str = "",
) -> HttpResponse:
    values = {
        "typed": typed,
        "kinds": [(code, kind_name(code)) for code in (*TEMPLATES, "own")],
        "confidences": CONFIDENCES,
        "wards": shown.wards(wards, typed),
        "previous": previous,
        "n_target": n_target,
        "trouble": trouble,
        "command": new_command(),
    }
    return render(request, "web/surveys/new.html", values, status=422 if trouble else 200)


def _begun(here: Inside, previous: SurveyRow | None) -> dict[str, Any]:
    today = day_of(here.at, here.site.timezone)
    begun = {
        "kind": "servperf",
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=14)).isoformat(),
        "population": "",
        "margin": "5",
        "confidence": "95",
    }
    if previous is None:
        return begun
    begun |= {
        "title": previous.title,
        "title_en": previous.title_en,
        "population": str(previous.population),
        "margin": f"{previous.margin_points:g}",
        "confidence": str(previous.confidence),
    }
    return begun | {f"pop-{row.place_code}": str(row.population) for row in queries.departments(here.actor, previous)}


def _frame(typed: dict[str, Any]) -> Frame:
    """Return when and whom a form asks. Refuses: Malformed."""
    asked = [(name[4:], said.strip()) for name, said in typed.items() if name.startswith("pop-") and said.strip()]
    return Frame(
        _day(typed.get("opens_on", ""), "opens_on"),
        _day(typed.get("closes_on", ""), "closes_on"),
        _number(typed.get("population", ""), "population"),
        _margin(typed.get("margin", "")),
        _number(typed.get("confidence", ""), "confidence"),
        tuple(Asked(code, _number(said, "departments")) for code, said in asked),
    )


def _target(frame: Frame) -> int:
    if frame.population < 1 or not 1 <= frame.margin_points <= 20 or frame.confidence not in CONFIDENCES:
        raise Malformed(field="population" if frame.population < 1 else "margin_points", problem="out_of_range")
    return sample_size(frame.population, margin=frame.margin_points / 100, confidence=frame.confidence / 100)


@never_cache
@require_safe
@inside
def survey(request: HttpRequest, here: Inside, survey_id: UUID) -> HttpResponse:
    row = queries.survey_for(here.actor, survey_id)
    said = request.GET.get("edition", "")
    found = surveyed.results(here.actor, row, edition=int(said) if said.isdigit() and len(said) < 4 else 0)
    editions = queries.editions(here.actor, row)
    return _results(request, here, row, found, editions)


def _results(
    request: HttpRequest,
    here: Inside,
    row: SurveyRow,
    found: surveyed.Results,
    editions: tuple[queries.EditionRow, ...],
    *,
    trouble: str = "",
    typed: dict[str, Any] | None = None,
) -> HttpResponse:
    today = day_of(here.at, here.site.timezone)
    may_manage = _may_manage(here, row.site_id)
    known = {f"pop-{one.place_code}": str(one.population) for one in queries.departments(here.actor, row)}
    values = {
        "survey": row,
        "kind": kind_name(row.kind),
        "state": row.state(today),
        "state_name": state_name(row.state(today)),
        "found": found,
        "told": shown.told(found),
        "editions": editions,
        "may_manage": may_manage,
        "may_export": authority.may(here.actor, "survey.export", where=Where(row.site_id)),
        "confidences": CONFIDENCES,
        "wards": shown.wards(queries.askable(here.actor, row.site_id), typed or known) if may_manage else (),
        "typed": typed or _as_typed(row),
        "trouble": trouble,
        "command": new_command(),
    }
    return render(request, "web/surveys/results.html", values, status=422 if trouble else 200)


def _as_typed(row: SurveyRow) -> dict[str, str]:
    return {
        "opens_on": row.opens_on.isoformat(),
        "closes_on": row.closes_on.isoformat(),
        "population": str(row.population),
        "margin": f"{row.margin_points:g}",
        "confidence": str(row.confidence),
        "is_on": "1" if row.is_on else "",
    }


@require_POST
@inside
def change(request: HttpRequest, here: Inside, survey_id: UUID) -> HttpResponse:
    typed = request.POST.dict()
    try:
        actions.change_survey(
            survey_id=survey_id,
            frame=_frame(typed),
            is_on=typed.get("is_on") == "1",
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Malformed as why:
        row = queries.survey_for(here.actor, survey_id)
        found, editions = surveyed.results(here.actor, row), queries.editions(here.actor, row)
        return _results(request, here, row, found, editions, trouble=errors.sentence(why), typed=typed)
    return redirect("web:survey_results", survey_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def questions(request: HttpRequest, here: Inside, survey_id: UUID) -> HttpResponse:
    row = queries.survey_for(here.actor, survey_id)
    authority.require(here.actor, "survey.manage", where=Where(row.site_id))
    latest = queries.editions(here.actor, row)[0]
    if request.method != "POST":
        return _questions(request, row, latest, latest.questions)
    asked = _asked(request)
    try:
        actions.set_questions(
            survey_id=survey_id, questions=asked, actor=here.actor, at=here.at, command=command_of(request)
        )
    except Malformed as why:
        return _questions(request, row, latest, asked, trouble=errors.sentence(why))
    return redirect("web:survey_codes", survey_id)


def _questions(
    request: HttpRequest,
    row: SurveyRow,
    latest: queries.EditionRow,
    asked: tuple[Question, ...],
    *,
    trouble: str = "",
) -> HttpResponse:
    values = {
        "survey": row,
        "latest": latest,
        "asked": (*asked, *(Question("", "score", "") for _n in range(_BLANKS))),
        "kinds": [(code, question_kind(code)) for code in KINDS],
        "dimensions": [(code, dimension_name(code)) for code in WEIGHTS],
        "trouble": trouble,
        "command": new_command(),
    }
    return render(request, "web/surveys/questions.html", values, status=422 if trouble else 200)


def _asked(request: HttpRequest) -> tuple[Question, ...]:
    """Return the questions of the form in their order; a row without words is left out."""
    columns = [request.POST.getlist(name) for name in ("code", "q_kind", "text", "text_en", "dimension")]
    rows = [Question(*(value[:400] for value in row)) for row in zip(*columns, strict=False)]
    return tuple(one for one in rows if one.text.strip())


@never_cache
@require_safe
@inside
def codes(request: HttpRequest, here: Inside, survey_id: UUID) -> HttpResponse:
    row = queries.survey_for(here.actor, survey_id)
    everybody = page_code(request, reverse("web:survey", args=[row.token]))
    places = [
        (place, page_code(request, reverse("web:survey", args=[place.token])))
        for place in queries.departments(here.actor, row)
    ]
    values = {"survey": row, "site": here.site, "everybody": everybody, "places": places}
    return render(request, "web/surveys/codes.html", values)


@never_cache
@require_safe
@inside
def doubtful(request: HttpRequest, here: Inside, survey_id: UUID) -> HttpResponse:
    row = queries.survey_for(here.actor, survey_id)
    after = request.GET.get("after", "")
    rows, following = queries.doubtful_sheets(here.actor, row, after=after)
    values = {"survey": row, "rows": shown.doubtful(rows), "next": following, "is_first": not after}
    return render(request, "web/surveys/doubtful.html", values)


@require_POST
@inside
def hold_apart(request: HttpRequest, here: Inside, sheet_id: UUID) -> HttpResponse:
    keeping.hold_sheet_apart(
        sheet_id=sheet_id,
        reason=request.POST.get("reason", ""),
        actor=here.actor,
        at=here.at,
        command=command_of(request),
    )
    survey_id = _uid(request.POST.get("survey", ""))
    return redirect("web:survey_doubtful", survey_id) if survey_id else redirect("web:surveys")


@require_safe
@inside
def answers(request: HttpRequest, here: Inside, survey_id: UUID) -> HttpResponse:
    row = queries.survey_for(here.actor, survey_id)
    head, told = surveyed.sheets_without_names(here.actor, row)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="answers.csv"'
    writer = csv.writer(response)
    writer.writerow(head)
    writer.writerows(told)
    return response


def _may_manage(here: Inside, site_id: int) -> bool:
    return authority.may(here.actor, "survey.manage", where=Where(site_id))


def _uid(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


def _day(said: str, field: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Malformed(field=field, problem="wrong_type" if said else "missing") from None


def _number(said: str, field: str) -> int:
    said = said.strip()
    if not said.isascii() or not said.isdigit() or len(said) > 9:
        raise Malformed(field=field, problem="wrong_type" if said else "missing")
    return int(said)


def _margin(said: str) -> float:
    try:
        return float(said)
    except ValueError:
        raise Malformed(field="margin_points", problem="wrong_type" if said else "missing") from None
