"""Questions about surveys: which there are, what one asks, how far it has come, which sheets are doubtful."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Place
from yingxu.ground.refusals import NotFound
from yingxu.voice.models.surveys import Sheet, Survey, SurveyDepartment, SurveyEdition
from yingxu.voice.questions import Question, from_rows

_MOST_WARDS = 200


@dataclass(frozen=True)
class DepartmentRow:
    """A department that is asked."""

    key: int
    place_code: str
    name: str
    name_en: str
    token: str
    population: int


@dataclass(frozen=True)
class SurveyRow:
    """A survey as its pages need it; ``n`` counts sheets that are not held apart."""

    uid: UUID
    id: int
    site_id: int
    title: str
    title_en: str
    kind: str
    token: str
    opens_on: date
    closes_on: date
    is_on: bool
    population: int
    margin_points: float
    confidence: int
    n_target: int
    previous_id: UUID | None
    n: int
    n_apart: int

    def state(self, today: date) -> str:
        """``stopped``, ``planned``, ``open`` or ``over``."""
        if not self.is_on:
            return "stopped"
        return "planned" if today < self.opens_on else "open" if today <= self.closes_on else "over"


@dataclass(frozen=True)
class AskedRow:
    """What the page of a code asks: the survey, the department of the code, the latest questions."""

    survey: SurveyRow
    department: str
    department_en: str
    edition: int
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class EditionRow:
    """The questions as they were asked, and whether somebody answered them."""

    number: int
    questions: tuple[Question, ...]
    n: int


@dataclass(frozen=True)
class SheetRow:
    """A sheet that is doubtful or held apart; without its answers and its department."""

    uid: UUID
    received_on: date
    n_answers: int
    seconds_each: int | None
    flags: tuple[str, ...]
    quarantine: str


def surveys(actor: Actor, site_id: int) -> tuple[SurveyRow, ...]:
    """Return the site's surveys, the latest first. Refuses: NotAllowed. Budget: one query."""
    authority.require(actor, "survey.read", where=Where(site_id=site_id))
    return tuple(_row(row) for row in _counted().filter(site_id=site_id).order_by("-opens_on", "-id")[:100])


def survey_for(actor: Actor, survey_id: UUID) -> SurveyRow:
    """Return one survey. Refuses: NotAllowed, NotFound. Budget: one query."""
    row = _counted().filter(uid=survey_id).first()
    if row is None:
        raise NotFound(kind="survey", name=str(survey_id))
    authority.require(actor, "survey.read", where=Where(site_id=row.site_id))
    return _row(row)


def departments(actor: Actor, survey: SurveyRow) -> tuple[DepartmentRow, ...]:
    """Return who is asked, by name. Refuses: NotAllowed. Budget: one query."""
    authority.require(actor, "survey.read", where=Where(site_id=survey.site_id))
    rows = SurveyDepartment.objects.filter(survey_id=survey.id).select_related("place").order_by("place__path", "id")
    return tuple(
        DepartmentRow(row.pk, row.place.code, row.place.full_name, row.place.full_name_en, row.token, row.population)
        for row in rows
    )


def askable(actor: Actor, site_id: int) -> tuple[tuple[str, str, str], ...]:
    """Return the wards and departments that may be asked: code, name, English name.

    Refuses: NotAllowed. Budget: one query.
    """
    authority.require(actor, "survey.manage", where=Where(site_id=site_id))
    rows = Place.objects.filter(site_id=site_id, kind__in=("ward", "department")).order_by("path")[:_MOST_WARDS]
    return tuple((row.code, row.full_name, row.full_name_en) for row in rows)


def editions(actor: Actor, survey: SurveyRow) -> tuple[EditionRow, ...]:
    """Return the editions of its questions, the latest first. Refuses: NotAllowed. Budget: one query."""
    authority.require(actor, "survey.read", where=Where(site_id=survey.site_id))
    rows = SurveyEdition.objects.filter(survey_id=survey.id).annotate(n=Count("sheets")).order_by("-number")
    return tuple(EditionRow(row.number, from_rows(row.questions), row.n) for row in rows)


def asked_by(token: str) -> AskedRow:
    """Return what a code asks; for everybody. Refuses: NotFound. Budget: three queries."""
    survey = Survey.objects.filter(token=token).first()
    department = None
    if survey is None:
        department = SurveyDepartment.objects.filter(token=token).select_related("survey", "place").first()
        if department is None:
            raise NotFound(kind="survey", name="")
        survey = department.survey
    edition = survey.editions.latest("number")
    place = department.place if department else None
    return AskedRow(
        _row(survey),
        place.full_name if place else "",
        place.full_name_en if place else "",
        edition.number,
        from_rows(edition.questions),
    )


def doubtful_sheets(
    actor: Actor, survey: SurveyRow, *, after: str = "", limit: int = 25
) -> tuple[tuple[SheetRow, ...], str]:
    """Return flagged sheets and those held apart, with the key of the next page. Budget: one query."""
    authority.require(actor, "survey.manage", where=Where(site_id=survey.site_id))
    rows = Sheet.objects.filter(~Q(quarantine="") | Q(flags__len__gt=0), survey_id=survey.id)
    if after.isascii() and after.isdigit() and len(after) < 20:
        rows = rows.filter(pk__gt=int(after))
    found = list(rows.order_by("pk")[: limit + 1])
    more = str(found[limit - 1].pk) if len(found) > limit else ""
    return tuple(
        SheetRow(row.uid, row.received_on, len(row.answers), row.seconds_each, tuple(row.flags), row.quarantine)
        for row in found[:limit]
    ), more


def _counted() -> QuerySet[Survey, Survey]:
    counting = Q(sheets__quarantine="")
    return Survey.objects.annotate(
        previous_uid=F("previous__uid"),
        n=Count("sheets", filter=counting),
        n_apart=Count("sheets", filter=~counting),
    )


def _row(row: Survey) -> SurveyRow:
    return SurveyRow(
        row.uid,
        row.pk,
        row.site_id,
        row.title,
        row.title_en,
        row.kind,
        row.token,
        row.opens_on,
        row.closes_on,
        row.is_on,
        row.population,
        row.margin_points,
        row.confidence,
        row.n_target,
        getattr(row, "previous_uid", None),
        getattr(row, "n", 0),
        getattr(row, "n_apart", 0),
    )
