"""Surveys (O6): frozen editions, sheets from nobody, quarantine, figures with n, small groups hidden, waves."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from yingxu.ground.models import Command, Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound
from yingxu.voice.actions.sheets import SURVEY, SheetKept, answer_survey, hold_sheet_apart
from yingxu.voice.actions.surveys import Asked, Frame, SurveyKept, change_survey, make_survey, set_questions
from yingxu.voice.claims import new_claim_code
from yingxu.voice.models import Letter, Sheet, SurveyDepartment, SurveyEdition
from yingxu.voice.queries import surveyed
from yingxu.voice.queries import surveys as queries
from yingxu.voice.questions import Question, template
from yingxu.voice.refusals.surveys import SurveyNotOpen

pytestmark = pytest.mark.django_db

FRAME = Frame(date(2025, 3, 1), date(2025, 3, 31), 100, departments=(Asked("S7-ORT", 20), Asked("S4-ICU", 12)))


def made(house: House, kind: str = "servperf", **more: Any) -> SurveyKept:
    return make_survey(
        site_id=house.site_id, title="三月后勤满意度", kind=kind, actor=house.actor("officer"), at=MONDAY_NINE,
        **{"frame": FRAME, **more},
    )  # fmt: skip


def fill(token: str, answers: dict[str, int], **more: Any) -> SheetKept:
    said = {"code": new_claim_code(), "at": MONDAY_NINE, **more}
    return answer_survey(token=token, answers=answers, actor=SURVEY, **said)


def items(value: int, but: int = 0) -> dict[str, int]:
    """Return answers to the 22 items: all ``value``, the first ``value - but``."""
    return {one.code: value - (but if n == 0 else 0) for n, one in enumerate(template("servperf"))}


def row_of(house: House, kept: SurveyKept) -> queries.SurveyRow:
    return queries.survey_for(house.actor("officer"), kept.uid)


def department(kept: SurveyKept, code: str) -> str:
    return SurveyDepartment.objects.get(survey__uid=kept.uid, place__code=code).token


def test_the_template_has_the_22_items_of_domain_6_4() -> None:
    asked = template("servperf")
    assert len(asked) == 22
    assert [sum(one.dimension == key for one in asked) for key in ("TAN", "REL", "RES", "ASS", "EMP")] == [
        4,
        5,
        4,
        4,
        5,
    ]
    assert {one.scale for one in asked} == {(1, 7)}


def test_a_survey_says_how_many_sheets_its_sample_takes(house: House) -> None:
    kept = made(house)
    assert kept.n_target == 80, "of 100 people, five points at 95 %"
    fact = Entry.objects.get(kind="voice.survey.made").facts
    assert (fact["n_target"], fact["n_questions"]) == (80, 22)
    for wrong in (
        Frame(date(2025, 3, 2), date(2025, 3, 1), 100),
        Frame(date(2025, 3, 1), date(2025, 3, 1), 0),
        Frame(date(2025, 3, 1), date(2025, 3, 1), 5, margin_points=0.5),
        Frame(date(2025, 3, 1), date(2025, 3, 1), 5, confidence=42),
        Frame(date(2025, 3, 1), date(2025, 3, 1), 5, departments=(Asked("S7-ORT", 3), Asked("S7-ORT", 3))),
    ):
        with pytest.raises(Malformed):
            made(house, frame=wrong)
    with pytest.raises(NotFound):
        made(house, frame=Frame(date(2025, 3, 1), date(2025, 3, 1), 5, departments=(Asked("NOWHERE", 3),)))
    with pytest.raises(NotAllowed):
        make_survey(
            site_id=house.site_id, title="x", kind="nps", frame=FRAME, actor=house.actor("manager"), at=MONDAY_NINE
        )


def test_a_sheet_leads_to_nobody(house: House) -> None:
    """S66's rule for surveys: no account, no clock, no entry, no command; ticks and words do not lead to each other."""
    kept = made(house)
    entries = Entry.objects.count()
    fill(kept.token, items(6, 1), text="夜班来得慢", code="ABCD2345EFGH", seconds=90)
    sheet, letter = Sheet.objects.get(), Letter.objects.get()
    assert (letter.origin, letter.state, letter.text) == ("survey", "open", "夜班来得慢")
    assert sheet.code_digest != letter.claim_digest
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM voice_sheet t UNION ALL SELECT t::text FROM voice_letter t")
        stored = " ".join(row[0] for row in cursor.fetchall())
    assert re.search(r"\d\d:\d\d", stored) is None
    assert "ABCD2345EFGH" not in stored
    assert Entry.objects.count() == entries
    assert not Command.objects.filter(result__icontains="words").exists()


def test_keys_of_sheets_say_nothing_about_their_order(house: House) -> None:
    kept = made(house, "nps")
    for n in range(8):
        fill(kept.token, {"nps": n})
    rows = sorted(Sheet.objects.all(), key=lambda row: row.pk)
    assert min(b.pk - a.pk for a, b in pairwise(rows)) > 1000
    assert {row.uid.version for row in rows} == {4}


def test_the_same_sheet_sent_twice_is_one(house: House) -> None:
    kept = made(house, "nps")
    assert fill(kept.token, {"nps": 9}, code="ABCD2345EFGH", text="好").is_new
    assert not fill(kept.token, {"nps": 9}, code="ABCD-2345-EFGH".replace("-", ""), text="好").is_new
    assert (Sheet.objects.count(), Letter.objects.count()) == (1, 1)


def test_a_sheet_is_refused_out_of_its_window_and_kept_when_it_waited_in_a_phone(house: House) -> None:
    kept = made(house, "nps")
    after = MONDAY_NINE + timedelta(days=30)
    with pytest.raises(SurveyNotOpen):
        fill(kept.token, {"nps": 9}, at=after)
    assert fill(kept.token, {"nps": 9}, at=after, ago_s=5 * 86400).is_new
    assert Sheet.objects.get().received_on == date(2025, 3, 28)
    change_survey(survey_id=kept.uid, frame=FRAME, is_on=False, actor=house.actor("officer"), at=MONDAY_NINE)
    with pytest.raises(SurveyNotOpen):
        fill(kept.token, {"nps": 9})
    with pytest.raises(NotFound):
        fill("guess", {"nps": 9})


def test_answers_stay_within_what_was_asked(house: House) -> None:
    kept = made(house, "nps")
    for wrong in ({"nps": 11}, {"nps": -1}, {"other": 3}, {}):
        with pytest.raises(Malformed):
            fill(kept.token, wrong)
    with pytest.raises(Malformed):
        fill(kept.token, {"nps": 3}, code="SHORT")


def test_an_edition_is_frozen_once_it_is_answered(house: House) -> None:
    kept = made(house, "nps")
    officer = house.actor("officer")
    asked = [Question("nps", "nps", "会推荐吗"), Question("", "score", "来得快")]
    assert set_questions(survey_id=kept.uid, questions=asked, actor=officer, at=MONDAY_NINE).edition == 1
    fill(kept.token, {"nps": 9, "q1": 6})
    # asked in other words it is another question; the old one keeps its answers
    asked = [Question("nps", "nps", "您会推荐我们吗"), Question("q1", "score", "来得快")]
    assert set_questions(survey_id=kept.uid, questions=asked, actor=officer, at=MONDAY_NINE).edition == 2
    first, second = SurveyEdition.objects.filter(survey__uid=kept.uid).order_by("number")
    assert [row["code"] for row in first.questions] == ["nps", "q1"]
    assert [row["code"] for row in second.questions] == ["nps~2", "q1"]
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
        SurveyEdition.objects.filter(pk=first.pk).update(questions=[])
    with pytest.raises(Malformed):
        set_questions(survey_id=kept.uid, questions=[], actor=officer, at=MONDAY_NINE)


def test_careless_sheets_are_held_apart_and_none_is_deleted(house: House) -> None:
    kept = made(house)
    officer = house.actor("officer")
    assert fill(kept.token, items(5), seconds=10).quarantine == "careless"
    assert fill(kept.token, items(5), seconds=200).quarantine == "", "a straight line alone is shown, and counts"
    assert fill(kept.token, items(5, 1), is_suspect=True).quarantine == "too_many"
    rows, _ = queries.doubtful_sheets(officer, row_of(house, kept))
    assert sorted(row.flags for row in rows) == [(), ("straight",), ("straight", "fast")]
    careless = next(row for row in rows if row.quarantine == "careless")
    assert (row_of(house, kept).n, row_of(house, kept).n_apart) == (1, 2)
    hold_sheet_apart(sheet_id=careless.uid, reason="", actor=officer, at=MONDAY_NINE)
    assert (row_of(house, kept).n, Sheet.objects.count()) == (2, 3)
    assert Entry.objects.get(kind="voice.sheet.held_apart").facts["reason"] == ""
    with pytest.raises(NotAllowed):
        hold_sheet_apart(sheet_id=careless.uid, reason="abuse", actor=house.actor("manager"), at=MONDAY_NINE)


def test_figures_come_with_n_and_small_departments_are_hidden(house: House) -> None:
    kept = made(house)
    officer = house.actor("officer")
    ward, icu = department(kept, "S7-ORT"), department(kept, "S4-ICU")
    for n in range(4):
        fill(ward, items(6, n % 2))
    found = surveyed.results(officer, row_of(house, kept))
    assert (found.is_hidden, found.n, found.scores[0].score.mean) == (True, 4, None)
    assert surveyed.sheets_without_names(officer, row_of(house, kept))[1] == []
    for n in range(5):
        fill(ward, items(6, n % 2))
    for _ in range(3):
        fill(icu, items(2))
    found = surveyed.results(officer, row_of(house, kept))
    assert not found.is_hidden
    first = found.scores[0].score
    assert (first.n, round(first.mean or 0, 3)) == (12, round((9 * 6 - 4 + 6) / 12, 3))
    assert (first.low or 9) < (first.mean or 0) < (first.high or 0)
    # three of the intensive care alone could be worked out from the whole: the next smallest is hidden with them
    assert [(one.n, one.is_hidden) for one in found.departments] == [(None, True), (None, True)]
    assert [one.question.code for one in found.dimensions] == ["TAN", "REL", "RES", "ASS", "EMP"]
    assert found.bias.is_small
    header, rows = surveyed.sheets_without_names(officer, row_of(house, kept))
    assert header[:2] == ("edition", "department")
    assert {row[1] for row in rows} == {""}
    for _ in range(2):
        fill(icu, items(2))
    found = surveyed.results(officer, row_of(house, kept))
    assert [(one.n, one.is_hidden) for one in found.departments] == [(5, False), (9, False)]
    with CaptureQueriesContext(
        connection,
    ) as caught:
        surveyed.results(officer, row_of(house, kept))
    assert len(caught) <= 6


def test_importance_kano_and_recommendation_of_one_survey(house: House) -> None:
    asked = (*template("ipa")[:3], template("kano")[0], *template("nps"))
    kept = made(house, "own", questions=asked)
    a, b, c = (one.parts for one in asked[:3])
    for n in range(10):
        fill(
            kept.token,
            {a[0]: 5, a[1]: 2, b[0]: 3, b[1]: 4, c[0]: 5, c[1]: 5, "k1_f": 1, "k1_d": 5, "nps": 10 if n < 6 else 5},
        )
    found = surveyed.results(house.actor("officer"), row_of(house, kept))
    assert [one.quadrant for one in found.placed] == ["Q2", "Q4", "Q1"]
    felt = found.felt[0]
    assert (felt.code, felt.n, felt.better, felt.worse, felt.is_close) == ("O", 10, 1.0, -1.0, False)
    told = found.recommended[0].nps
    assert (told.promoters, told.detractors, round(told.score or 0, 6)) == (6, 4, 20.0)


def test_a_wave_is_compared_with_the_one_before(house: House) -> None:
    before = made(house)
    for n in range(12):
        fill(before.token, items(4 + n % 2))
    now = made(house, previous_id=before.uid)
    for n in range(12):
        fill(now.token, items(6 + n % 2))
    found = surveyed.results(house.actor("officer"), row_of(house, now))
    move = found.dimensions[0].move
    assert found.previous == "三月后勤满意度"
    assert (move.difference, move.is_moved) == (2.0, True) if move else False
    assert all(one.move is not None and one.move.is_moved for one in found.scores)
    # the next wave asks what this one asked
    assert queries.editions(house.actor("officer"), row_of(house, now))[0].questions == template("servperf")
