"""The page of a survey's code: no account, no cookie, no hour. One form without a script; small steps with one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from yingxu.ground import queries as ground
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.voice.actions.sheets import SURVEY, SheetKept, answer_survey
from yingxu.voice.claims import LETTER_LIMIT, day_of, new_claim_code
from yingxu.voice.queries import surveys as queries
from yingxu.voice.queries.surveys import AskedRow
from yingxu.voice.questions import OF_DIMENSION, Question
from yingxu.voice.refusals.surveys import SurveyNotOpen
from yingxu.web import errors
from yingxu.web.addresses import address_of
from yingxu.web.boxes.abuse import Rotating
from yingxu.web.boxes.public import grouped
from yingxu.web.clock import site_clock
from yingxu.web.surveys.words import dimension_name, kano_answers

#: A meeting room answers behind one address: so many sheets of a quarter of an hour count, so many are taken at all.
APART_AFTER, REFUSED_AFTER = 150, 600
#: Questions in one step of the phone.
STEP = 4
apart, refused = Rotating(APART_AFTER), Rotating(REFUSED_AFTER)


@dataclass(frozen=True)
class Part:
    """One row of answers: its code, what it asks beyond the question, (value, word, ticked), the words at both ends."""

    code: str
    asks: str
    choices: list[tuple[int, str, bool]]
    low: str
    high: str
    is_words: bool


@dataclass(frozen=True)
class Step:
    """What the phone shows at once."""

    title: str
    rows: list[tuple[Question, list[Part]]]


@never_cache
@csrf_exempt  # whoever holds the code is nobody: there is no session to abuse, and no cookie is set
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    try:
        row = queries.asked_by(token)
    except NotFound:
        return render(request, "web/surveys/no_survey.html", {"actor": None}, status=404)
    if request.method != "POST":
        return _page(request, token, row)
    said = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    try:
        kept = _take(request, token, row, said, text=said.get("text", ""), code=said.get("code", ""))
    except (Malformed, SurveyNotOpen) as why:
        return _page(request, token, row, said=said, trouble=errors.sentence(why), status=422)
    if kept is None:
        trouble = _("Very many sheets came at once. Yours is kept below: wait a quarter of an hour, then send it.")
        return _page(request, token, row, said=said, trouble=trouble, status=429)
    return _page(request, token, row, thanked=grouped(said.get("code", "")) if kept.has_words else "-")


@csrf_exempt
@require_POST
def sheets(request: HttpRequest, token: str) -> JsonResponse:
    """One sheet of a phone's queue; what was taken or refused for good may be forgotten there."""
    try:
        row = queries.asked_by(token)
        said = json.loads(request.body or b"{}")
        kept = _take(
            request,
            token,
            row,
            {str(name): value for name, value in said["answers"].items()},
            text=str(said.get("text", "")),
            code=str(said["code"]),
            seconds=float(said["seconds"]) if said.get("seconds") is not None else None,
            ago_s=float(said.get("ago_s", 0)),
            edition=int(said.get("edition", 0)),
        )
    except NotFound:
        return JsonResponse({"problem": "closed"}, status=404)
    except SurveyNotOpen as why:
        return JsonResponse({"problem": "closed", "said": errors.sentence(why)}, status=409)
    except Malformed as why:
        return JsonResponse({"problem": "malformed", "said": errors.sentence(why)}, status=422)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return JsonResponse({"problem": "malformed"}, status=422)
    if kept is None:
        return JsonResponse({"problem": "too_many"}, status=429)
    return JsonResponse({"kept": True})


def _take(
    request: HttpRequest,
    token: str,
    row: AskedRow,
    said: dict[str, Any],
    *,
    text: str,
    code: str,
    seconds: float | None = None,
    ago_s: float = 0.0,
    edition: int = 0,
) -> SheetKept | None:
    """Keep a sheet; None when too many come from one address."""
    address = address_of(request)
    if not refused.allows(address):
        return None
    known = {part for one in row.questions for part in one.parts}
    answers = {
        name: int(value) for name, value in said.items() if (edition or name in known) and str(value).strip().isdigit()
    }
    return answer_survey(
        token=token,
        answers=answers,
        text=text,
        code=code,
        seconds=seconds,
        ago_s=ago_s,
        edition=edition,
        is_suspect=not apart.allows(address),
        actor=SURVEY,
        at=site_clock(ground.site_by_id(row.survey.site_id).timezone),
    )


def _page(
    request: HttpRequest,
    token: str,
    row: AskedRow,
    *,
    said: dict[str, str] | None = None,
    trouble: str = "",
    thanked: str = "",
    status: int = 200,
) -> HttpResponse:
    site = ground.site_by_id(row.survey.site_id)
    today = day_of(site_clock(site.timezone), site.timezone)
    values = {
        "asked": row,
        "survey": row.survey,
        "site": site,
        "token": token,
        "state": row.survey.state(today),
        "steps": _steps(row.questions, said or {}),
        "said": {name: str(value) for name, value in (said or {}).items()},
        "code": (said or {}).get("code") or new_claim_code(),
        "limit": LETTER_LIMIT,
        "trouble": trouble,
        "thanked": thanked,
        "actor": None,
    }
    return render(request, "web/surveys/survey.html", values, status=status)


def _steps(questions: tuple[Question, ...], said: dict[str, str]) -> list[Step]:
    """Return the questions in small steps: a dimension together, others a few at a time."""
    steps: list[Step] = []
    group = None
    for one in questions:
        key = (one.kind, one.dimension if one.kind in OF_DIMENSION else "")
        most = 5 if one.kind == "score" and one.dimension else 2 if len(one.parts) > 1 else STEP
        if not steps or key != group or len(steps[-1].rows) >= most:
            steps.append(Step(dimension_name(one.dimension) if one.kind in OF_DIMENSION and one.dimension else "", []))
            group = key
        steps[-1].rows.append((one, _parts(one, said)))
    return steps


def _parts(one: Question, said: dict[str, str]) -> list[Part]:
    low, high = one.scale
    numbers = [(n, str(n)) for n in range(low, high + 1)]

    def part(code: str, asks: str, choices: list[tuple[int, str]], low_word: str = "", high_word: str = "") -> Part:
        ticked = [(value, word, said.get(code) == str(value)) for value, word in choices]
        return Part(code, asks, ticked, low_word, high_word, is_words=not low_word)

    if one.kind == "kano":
        there, gone = one.parts
        return [part(there, _("If it is so"), kano_answers()), part(gone, _("If it is not so"), kano_answers())]
    if one.kind == "gap":
        expected, found = one.parts
        return [
            part(expected, _("An excellent service would be so"), numbers, _("need not"), _("absolutely")),
            part(found, _("Here it is so"), numbers, _("not true at all"), _("wholly true")),
        ]
    if one.kind == "both":
        important, good = one.parts
        return [
            part(important, _("How important"), numbers, _("unimportant"), _("very important")),
            part(good, _("How good it is now"), numbers, _("bad"), _("very good")),
        ]
    ends = (_("not at all"), _("certainly")) if one.kind == "nps" else (_("not true at all"), _("wholly true"))
    return [part(one.code, "", numbers, *ends)]
