"""What a survey found: every figure with its n and interval, small groups hidden, the wave before beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from uuid import UUID

from yingxu.core.quality.asking import Mean, Move, Nps, hidden, is_close, mean_of, moved, nps
from yingxu.core.quality.share import Share, attainment
from yingxu.core.quality.surveys import is_sample_small, kano, kano_class, quadrants
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.voice.models.surveys import Sheet, SurveyDepartment, SurveyEdition
from yingxu.voice.queries.gaps import Gaps, gaps_of
from yingxu.voice.queries.surveys import SurveyRow
from yingxu.voice.questions import KANO, WEIGHTS, Question, from_rows

#: Fewer answers than this are not shown (domain 4.2).
K_SHOWN = 5
#: Early and late answers are compared from so many on each side.
_LATE_FROM = 10


@dataclass(frozen=True)
class Scored:
    """A question (or a dimension) with its mean and what became of it since the wave before."""

    question: Question
    score: Mean
    move: Move | None


@dataclass(frozen=True)
class Placed:
    """An item of importance against satisfaction, with its quadrant; and the move of its satisfaction."""

    question: Question
    importance: Mean
    performance: Mean
    quadrant: str
    move: Move | None


@dataclass(frozen=True)
class Felt:
    """A feature with its Kano class; ``is_close``: the two foremost classes cannot be told apart."""

    question: Question
    code: str
    n: int
    counts: dict[str, int]
    better: float | None
    worse: float | None
    is_close: bool


@dataclass(frozen=True)
class Recommended:
    """A question of recommendation with its score, and the move of the mean since the wave before."""

    question: Question
    nps: Nps
    move: Move | None


@dataclass(frozen=True)
class Department:
    """A department's part; figures are None when hidden. ``score``: satisfaction as a share of the scale, 0–100."""

    name: str
    name_en: str
    population: int
    n: int | None
    responded: Share | None
    score: Mean | None
    is_hidden: bool


@dataclass(frozen=True)
class Bias:
    """What to hold against the figures: departments that answered less than half as often, and early against late."""

    silent: tuple[tuple[str, str], ...]
    late: Move | None
    is_small: bool


@dataclass(frozen=True)
class Results:
    """What a survey found. ``is_hidden``: fewer than five sheets, so that no figure is shown."""

    edition: int
    n: int
    n_apart: int
    responded: Share
    is_hidden: bool
    dimensions: tuple[Scored, ...]
    weighted: float | None
    gaps: Gaps
    scores: tuple[Scored, ...]
    placed: tuple[Placed, ...]
    felt: tuple[Felt, ...]
    recommended: tuple[Recommended, ...]
    departments: tuple[Department, ...]
    bias: Bias
    previous: str
    previous_en: str


_Rows = Sequence[tuple[dict[str, int], int | None, date]]


def results(actor: Actor, survey: SurveyRow, *, edition: int = 0) -> Results:
    """Return the figures of one edition (0: the latest); sheets held apart count nowhere.

    Refuses: NotAllowed. Budget: five queries.
    """
    authority.require(actor, "survey.read", where=Where(site_id=survey.site_id))
    number, asked, rows = _sheets(survey.id, edition)
    asked_of = list(
        SurveyDepartment.objects.filter(survey_id=survey.id).select_related("place").order_by("place__path")
    )
    before, title, title_en = _before(survey.previous_id, asked)
    is_hidden = len(rows) < K_SHOWN
    shown: _Rows = () if is_hidden else rows
    scores = _scores(asked, shown, before)
    dimensions = _dimensions(asked, shown, before)
    weights = {one.question.dimension: one.score.mean for one in dimensions}
    weighted = None
    if weights and all(mean is not None for mean in weights.values()):
        weighted = sum(WEIGHTS[key] * (mean or 0) for key, mean in weights.items()) / sum(
            WEIGHTS[key] for key in weights
        )
    parts = _departments(asked_of, asked, rows)
    n_all = survey.population
    return Results(
        number,
        len(rows),
        survey.n_apart,
        attainment(min(len(rows), n_all), n_all),
        is_hidden,
        dimensions,
        weighted,
        gaps_of(asked, shown, before, least=K_SHOWN),
        scores,
        _placed(asked, shown, before),
        _felt(asked, shown),
        _recommended(asked, shown, before),
        parts,
        _bias(parts, asked, shown, n_all),
        title,
        title_en,
    )


def sheets_without_names(
    actor: Actor, survey: SurveyRow, *, edition: int = 0
) -> tuple[tuple[str, ...], list[list[str | int]]]:
    """Return a header and one row a sheet, in no order that tells anything; small departments without their name.

    The day and the words are left out. Refuses: NotAllowed. Budget: three queries.
    """
    authority.require(actor, "survey.export", where=Where(site_id=survey.site_id))
    number, asked, rows = _sheets(survey.id, edition)
    names = dict(SurveyDepartment.objects.filter(survey_id=survey.id).values_list("pk", "place__code"))
    away = hidden(Counter(str(key) for _, key, _ in rows if key), least=K_SHOWN)
    parts = [part for one in asked for part in one.parts]
    told: list[list[str | int]] = []
    if len(rows) >= K_SHOWN:
        told = [
            [number, "" if key is None or str(key) in away else names[key], *(said.get(part, "") for part in parts)]
            for said, key, _ in sorted(rows, key=lambda row: str(sorted(row[0].items())))
        ]
    return ("edition", "department", *parts), told


def _sheets(survey_key: int, edition: int) -> tuple[int, tuple[Question, ...], _Rows]:
    rows = SurveyEdition.objects.filter(survey_id=survey_key).order_by("-number")
    found = next((row for row in rows if row.number == edition), rows[0])
    sheets = Sheet.objects.filter(edition=found, quarantine="").order_by("received_on", "pk")
    return found.number, from_rows(found.questions), list(sheets.values_list("answers", "department_id", "received_on"))


def _before(survey_id: UUID | None, asked: Sequence[Question]) -> tuple[_Rows, str, str]:
    """Return the wave before: its answers to questions that were worded the same, and its title."""
    if survey_id is None:
        return (), "", ""
    same = {(one.code, one.kind, one.text) for one in asked}
    title = title_en = ""
    rows: list[tuple[dict[str, int], int | None, date]] = []
    room: dict[int, frozenset[str]] = {}
    for sheet in Sheet.objects.filter(survey__uid=survey_id, quarantine="").select_related("edition", "survey"):
        title, title_en = sheet.survey.title, sheet.survey.title_en
        if sheet.edition_id not in room:
            room[sheet.edition_id] = frozenset(
                part
                for one in from_rows(sheet.edition.questions)
                if (one.code, one.kind, one.text) in same
                for part in one.parts
            )
        said = {part: value for part, value in sheet.answers.items() if part in room[sheet.edition_id]}
        rows.append((said, sheet.department_id, sheet.received_on))
    return (rows if len(rows) >= K_SHOWN else ()), title, title_en


def _values(rows: _Rows, part: str) -> list[float]:
    """Return the answers to one part; none at all when they are so few that a name could show."""
    found = [float(said[part]) for said, _, _ in rows if part in said]
    return found if len(found) >= K_SHOWN else []


def _scores(asked: Sequence[Question], rows: _Rows, before: _Rows) -> tuple[Scored, ...]:
    kept = [one for one in asked if one.kind == "score"]
    return tuple(
        Scored(
            one,
            mean_of(values := _values(rows, one.code), least=1, most=7),
            moved(_values(before, one.code), values, n_tests=len(kept)),
        )
        for one in kept
    )


def _dimensions(asked: Sequence[Question], rows: _Rows, before: _Rows) -> tuple[Scored, ...]:
    """Return each dimension: of every sheet the mean of its items, and of those the mean."""
    codes_of = {key: [one.code for one in asked if one.dimension == key and one.kind == "score"] for key in WEIGHTS}
    kept = {key: codes for key, codes in codes_of.items() if codes}

    def of_sheets(sheets: _Rows, codes: Sequence[str]) -> list[float]:
        found = [fmean(given) for said, _, _ in sheets if (given := [said[code] for code in codes if code in said])]
        return found if len(found) >= K_SHOWN else []

    return tuple(
        Scored(
            Question(key, "score", key, key, key),
            mean_of(values := of_sheets(rows, codes), least=1, most=7),
            moved(of_sheets(before, codes), values, n_tests=len(kept)),
        )
        for key, codes in kept.items()
    )


def _placed(asked: Sequence[Question], rows: _Rows, before: _Rows) -> tuple[Placed, ...]:
    kept = []
    for one in asked:
        if one.kind == "both":
            important, good = (mean_of(_values(rows, part), least=1, most=5) for part in one.parts)
            if important.mean is not None and good.mean is not None:
                kept.append((one, important, good))
    where = quadrants({one.code: (i.mean or 0, p.mean or 0) for one, i, p in kept}) if kept else {}
    return tuple(
        Placed(
            one,
            important,
            good,
            where[one.code],
            moved(_values(before, one.parts[1]), _values(rows, one.parts[1]), n_tests=len(kept)),
        )
        for one, important, good in kept
    )


def _felt(asked: Sequence[Question], rows: _Rows) -> tuple[Felt, ...]:
    found = []
    for one in asked:
        if one.kind != "kano":
            continue
        there, gone = one.parts
        counts = Counter(
            kano(KANO[said[there] - 1], KANO[said[gone] - 1]) for said, _, _ in rows if there in said and gone in said
        )
        if counts.total() < K_SHOWN:
            continue
        told = kano_class(counts)
        found.append(
            Felt(
                one,
                told.code,
                counts.total(),
                {code: counts[code] for code in "MOAIRQ"},
                told.better,
                told.worse,
                is_close(counts),
            )
        )
    return tuple(found)


def _recommended(asked: Sequence[Question], rows: _Rows, before: _Rows) -> tuple[Recommended, ...]:
    return tuple(
        Recommended(
            one, nps([int(v) for v in values]), moved(_nps_points(_values(before, one.code)), _nps_points(values))
        )
        for one in asked
        if one.kind == "nps"
        for values in (_values(rows, one.code),)
    )


def _nps_points(values: Sequence[float]) -> list[float]:
    return [100.0 if one >= 9 else -100.0 if one <= 6 else 0.0 for one in values]


def _overall(asked: Sequence[Question], said: dict[str, int]) -> float | None:
    """Return how content one sheet is, as a share of the scale in points: 0 the lowest answers, 100 the highest."""
    shares = []
    for one in asked:
        part = one.parts[-1]
        if one.kind != "kano" and part in said:
            low, high = one.scale
            shares.append((said[part] - low) / (high - low))
    return 100 * fmean(shares) if shares else None


def _departments(
    asked_of: Sequence[SurveyDepartment], asked: Sequence[Question], rows: _Rows
) -> tuple[Department, ...]:
    counted = Counter(str(key) for _, key, _ in rows if key)
    away = hidden(counted, least=K_SHOWN)
    found = []
    for one in asked_of:
        key = str(one.pk)
        if key in away:
            found.append(
                Department(one.place.full_name, one.place.full_name_en, one.population, None, None, None, True)
            )
            continue
        own = [score for said, at, _ in rows if at == one.pk and (score := _overall(asked, said)) is not None]
        found.append(
            Department(
                one.place.full_name,
                one.place.full_name_en,
                one.population,
                counted[key],
                attainment(min(counted[key], one.population), one.population),
                mean_of(own if len(own) >= K_SHOWN else (), least=0, most=100),
                False,
            )
        )
    return tuple(found)


def _bias(parts: Sequence[Department], asked: Sequence[Question], rows: _Rows, population: int) -> Bias:
    """Return what speaks against taking who answered for all.

    Late answers stand for those who never answered (Armstrong & Overton 1977, Journal of Marketing Research 14): the
    second half by days against the first.
    """
    n = sum(part.n or 0 for part in parts)
    asked_in = sum(part.population for part in parts if part.n is not None)
    silent = tuple(
        (part.name, part.name_en)
        for part in parts
        if part.n is not None and n and part.n / part.population < 0.5 * n / asked_in
    )
    dated = [(day, score) for said, _, day in rows if (score := _overall(asked, said)) is not None]
    half = dated[len(dated) // 2][0] if dated else None
    early = [score for day, score in dated if half is not None and day < half]
    late = [score for day, score in dated if half is not None and day >= half]
    move = moved(early, late) if min(len(early), len(late)) >= _LATE_FROM else None
    return Bias(silent, move, is_sample_small(len(rows), population))
