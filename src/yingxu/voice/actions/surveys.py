"""Verbs of surveys: make one, change its window and sample, set its questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yingxu.core.quality.asking import sample_size
from yingxu.ground import authority, ids
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Place
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.voice.events.surveys import SurveyChanged, SurveyMade, SurveyQuestionsSet
from yingxu.voice.models.surveys import Sheet, Survey, SurveyDepartment, SurveyEdition
from yingxu.voice.questions import TEMPLATES, Question, as_next_edition, checked, from_rows, template, to_rows

CONFIDENCES = (90, 95, 99)
_TITLE, _MOST_ASKED = 120, 200_000


@dataclass(frozen=True)
class Asked:
    """A department and how many people it has."""

    place_code: str
    population: int


@dataclass(frozen=True)
class Frame:
    """When a survey asks, and how many people; of whom it asks in departments."""

    opens_on: date
    closes_on: date
    population: int
    margin_points: float = 5.0
    confidence: int = 95
    departments: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class SurveyKept:
    """A survey, the code of its page, how many sheets its sample takes, the edition that it asks."""

    uid: UUID
    token: str
    n_target: int
    edition: int


def make_survey(
    *,
    site_id: int,
    title: str,
    kind: str,
    frame: Frame,
    actor: Actor,
    at: datetime,
    title_en: str = "",
    questions: Sequence[Question] = (),
    previous_id: UUID | None = None,
    command: CommandKey | None = None,
) -> SurveyKept:
    """A survey stands: with given questions, those of the wave before, or those of its template. Records SurveyMade.

    Refuses: NotAllowed, NotFound, Malformed. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "survey.manage", where=Where(site_id=site_id))
        if not title.strip():
            raise Malformed(field="title", problem="missing")
        if max(len(title), len(title_en)) > _TITLE:
            raise Malformed(field="title", problem="too_long", limit=str(_TITLE))
        if kind not in (*TEMPLATES, "own"):
            raise Malformed(field="kind", problem="unknown")
        said = _framed(frame)
        previous = _survey(previous_id, site_id) if previous_id else None
        asked = tuple(questions)
        if not asked and previous is not None:
            asked = from_rows(previous.editions.latest("number").questions)
        asked = checked(asked or template(kind)) if asked or kind != "own" else ()
        survey = unit.insert(
            Survey(
                site_id=site_id,
                title=title.strip(),
                title_en=title_en.strip(),
                kind=kind,
                token=ids.new_code(),
                previous=previous,
                made_at=at,
                **said,
            )
        )
        unit.insert(SurveyEdition(survey=survey, number=1, questions=to_rows(asked), made_at=at))
        for place, n in _places(site_id, frame.departments):
            unit.insert(SurveyDepartment(survey=survey, place=place, token=ids.new_code(), population=n))
        unit.record(
            SurveyMade(
                site_id=site_id,
                subject_id=survey.pk,
                thread_id=survey.pk,
                title=survey.title,
                opens_on=frame.opens_on.isoformat(),
                closes_on=frame.closes_on.isoformat(),
                population=frame.population,
                n_target=survey.n_target,
                n_questions=len(asked),
            )
        )
        unit.answer(SurveyKept(survey.uid, survey.token, survey.n_target, 1))
    return unit.answered(SurveyKept)


def change_survey(
    *, survey_id: UUID, frame: Frame, is_on: bool, actor: Actor, at: datetime, command: CommandKey | None = None
) -> SurveyKept:
    """A survey has another window, sample or switch, and more departments; one that has its code keeps it.

    Records SurveyChanged. Refuses: NotAllowed, NotFound, Malformed. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        survey = _survey(survey_id)
        authority.require(actor, "survey.manage", where=Where(site_id=survey.site_id))
        unit.change(survey, is_on=is_on, **_framed(frame))
        known = {row.place_id: row for row in survey.departments.all()}
        for place, n in _places(survey.site_id, frame.departments):
            row = known.get(place.pk)
            if row is None:
                unit.insert(SurveyDepartment(survey=survey, place=place, token=ids.new_code(), population=n))
            elif row.population != n:
                unit.change(row, population=n)
        unit.record(
            SurveyChanged(
                site_id=survey.site_id,
                subject_id=survey.pk,
                thread_id=survey.pk,
                opens_on=frame.opens_on.isoformat(),
                closes_on=frame.closes_on.isoformat(),
                population=frame.population,
                n_target=survey.n_target,
                is_on=is_on,
            )
        )
        unit.answer(SurveyKept(survey.uid, survey.token, survey.n_target, survey.editions.count()))
    return unit.answered(SurveyKept)


def set_questions(
    *,
    survey_id: UUID,
    questions: Sequence[Question],
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> SurveyKept:
    """A survey asks these questions; once there is an answer they become a new edition, and the old one stays.

    Records SurveyQuestionsSet. Refuses: NotAllowed, NotFound, Malformed. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        survey = _survey(survey_id)
        authority.require(actor, "survey.manage", where=Where(site_id=survey.site_id))
        asked = checked(questions)
        unit.locking()
        Survey.objects.select_for_update().get(pk=survey.pk)  # a sheet that comes in now waits for its edition
        editions = list(survey.editions.order_by("number"))
        latest = editions[-1]
        number = latest.number
        if Sheet.objects.filter(edition=latest).exists():
            number += 1
            used = {row["code"] for edition in editions for row in edition.questions}
            asked = as_next_edition(asked, from_rows(latest.questions), number, used)
            unit.insert(SurveyEdition(survey=survey, number=number, questions=to_rows(asked), made_at=at))
        else:
            unit.change(latest, questions=to_rows(asked))
        unit.record(
            SurveyQuestionsSet(
                site_id=survey.site_id,
                subject_id=survey.pk,
                thread_id=survey.pk,
                edition=number,
                n_questions=len(asked),
            )
        )
        unit.answer(SurveyKept(survey.uid, survey.token, survey.n_target, number))
    return unit.answered(SurveyKept)


def _framed(frame: Frame) -> dict[str, Any]:
    if frame.closes_on < frame.opens_on:
        raise Malformed(field="closes_on", problem="out_of_order")
    if not 1 <= frame.population <= _MOST_ASKED:
        problem = "too_small" if frame.population < 1 else "too_large"
        raise Malformed(field="population", problem=problem, limit=f"1–{_MOST_ASKED}")
    if not 1 <= frame.margin_points <= 20:
        problem = "too_small" if frame.margin_points < 1 else "too_large"
        raise Malformed(field="margin_points", problem=problem, limit="1–20")
    if frame.confidence not in CONFIDENCES:
        raise Malformed(field="confidence", problem="unknown")
    return {
        "opens_on": frame.opens_on,
        "closes_on": frame.closes_on,
        "population": frame.population,
        "margin_points": frame.margin_points,
        "confidence": frame.confidence,
        "n_target": sample_size(frame.population, margin=frame.margin_points / 100, confidence=frame.confidence / 100),
    }


def _places(site_id: int, asked: Sequence[Asked]) -> list[tuple[Place, int]]:
    codes = [one.place_code for one in asked]
    if len(set(codes)) < len(codes):
        raise Malformed(field="departments", problem="twice")
    found = {row.code: row for row in Place.objects.filter(site_id=site_id, code__in=codes)} if codes else {}
    for one in asked:
        if one.place_code not in found:
            raise NotFound(kind="place", name=one.place_code)
        if not 1 <= one.population <= _MOST_ASKED:
            raise Malformed(field="departments", problem="too_small", limit="1")
    return [(found[one.place_code], one.population) for one in asked]


def _survey(survey_id: UUID, site_id: int | None = None) -> Survey:
    survey = Survey.objects.filter(uid=survey_id).select_related("site").first()
    if survey is None or site_id not in (None, survey.site_id):
        raise NotFound(kind="survey", name=str(survey_id))
    return survey
