"""Surveys in the browser: without a script one form, with one a queue; what it found, its codes, its sheets as CSV."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.web.test_boxes import ADDRESS, BROWSER, dumped
from tests.web.test_shell import signed_in
from yingxu.voice.actions.surveys import Asked, Frame, SurveyKept, make_survey
from yingxu.voice.models import Letter, Sheet, SurveyDepartment, SurveyEdition
from yingxu.web.boxes import abuse
from yingxu.web.boxes.quiet import Quiet
from yingxu.web.surveys import public

pytestmark = pytest.mark.django_db

CODE = "ABCD2345EFGH"


@pytest.fixture(autouse=True)
def counters_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "apart", abuse.Rotating(public.APART_AFTER))
    monkeypatch.setattr(public, "refused", abuse.Rotating(public.REFUSED_AFTER))
    monkeypatch.setattr(abuse, "tries", abuse.Rotating(abuse.TRIES))


def made(house: House, kind: str = "servperf") -> SurveyKept:
    now = datetime.now(UTC)
    today = now.date()
    frame = Frame(
        today - timedelta(days=3),
        today + timedelta(days=30),
        100,
        departments=(Asked("S7-ORT", 20), Asked("S4-ICU", 9)),
    )
    return make_survey(
        site_id=house.site_id, title="满意度", title_en="Survey", kind=kind, frame=frame,
        actor=house.actor("officer"), at=now - timedelta(days=3),
    )  # fmt: skip


def send(client: Client, token: str, said: Any) -> int:
    return client.post(f"/s/{token}/sheets", json.dumps(said), content_type="application/json").status_code


def test_without_a_script_the_page_is_one_form_that_can_be_sent(house: House, client: Client) -> None:
    kept = made(house)
    page = client.get(f"/s/{kept.token}").content.decode()
    assert page.count('class="survey-step') == 6, "five dimensions, and the words"
    assert page.count("<fieldset") == 22
    code = re.search(r'name="code" value="([A-Z2-9]{12})"', page)
    assert code
    said = client.post(f"/s/{kept.token}", {"s01": "7", "s05": "2", "text": "夜里来得慢", "code": code[1]})
    assert re.search(r'id="code-said">\w{4}-\w{4}-\w{4}<', said.content.decode())
    assert Sheet.objects.get().answers == {"s01": 7, "s05": 2}
    assert Letter.objects.get().text == "夜里来得慢"


def test_a_wrong_answer_is_said_in_words_and_nothing_is_lost(house: House, client: Client) -> None:
    kept = made(house)
    answer = client.post(f"/s/{kept.token}", {"s01": "9", "s02": "5", "text": "留着", "code": CODE})
    page = answer.content.decode()
    assert (answer.status_code, "留着" in page) == (422, True)
    assert 'name="s02" id="s02-5" value="5" checked' in page
    assert not Sheet.objects.exists()


def test_the_database_holds_nothing_that_leads_to_who_answered(house: House) -> None:
    """O6 like S66: a signed-in nurse answers; every row of every table before and after."""
    client, kept = signed_in(house, "nurse"), made(house)
    client.get(f"/s/{kept.token}")
    before = set(dumped().splitlines())
    answer = client.post(
        f"/s/{kept.token}",
        {"s01": "3", "text": "说不出口", "code": CODE},
        REMOTE_ADDR=ADDRESS,
        HTTP_USER_AGENT=BROWSER,
    )
    assert answer.status_code == 200
    new = [line for line in dumped().splitlines() if line not in before]
    assert len(new) == 2, "the sheet and its words"
    for trace in (ADDRESS, "TELLTALE", CODE, client.cookies["yingxu_session"].value):
        assert all(trace not in line for line in new)
    assert all(re.search(r"\d\d:\d\d", line) is None for line in new)
    assert not Quiet().filter(
        __import__("logging").LogRecord("x", 30, "x", 1, "Not Found: %s", (f"/s/{kept.token}",), None)
    )


def test_a_phone_sends_its_queue_twice_and_it_counts_once(house: House, client: Client) -> None:
    kept = made(house, "nps")
    ward = SurveyDepartment.objects.get(place__code="S7-ORT").token
    sheet = {"code": CODE, "answers": {"nps": 9}, "text": "好", "edition": 1, "seconds": 30, "ago_s": 7200}
    assert [send(client, ward, sheet) for _ in range(2)] == [200, 200]
    assert Sheet.objects.get().department is not None
    # an older page of the phone: its edition is answered, not the latest
    edition = SurveyEdition.objects.get(survey__uid=kept.uid)
    SurveyEdition.objects.create(survey=edition.survey, number=2, questions=[], made_at=edition.made_at)
    assert send(client, ward, {**sheet, "code": "WXYZ2345EFGH"}) == 200
    for nonsense in ({}, [1], {"code": CODE}, {"code": CODE, "answers": [1]}, {**sheet, "answers": {"nps": 11}}):
        assert send(client, ward, nonsense) == 422
    assert send(client, "guess", sheet) == 404
    assert Sheet.objects.count() == 2


def test_too_many_of_one_address_are_held_apart_then_refused(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = made(house, "nps")
    monkeypatch.setattr(public, "apart", abuse.Rotating(1))
    monkeypatch.setattr(public, "refused", abuse.Rotating(2))
    codes = [f"ABCD2345EFG{n}" for n in (2, 3, 4)]
    assert [send(client, kept.token, {"code": code, "answers": {"nps": 9}}) for code in codes] == [200, 200, 429]
    assert sorted(Sheet.objects.values_list("quarantine", flat=True)) == ["", "too_many"]


def test_an_officer_works_out_a_sample_makes_a_survey_and_words_it(house: House) -> None:
    officer = signed_in(house, "officer")
    typed = {
        "title": "三月满意度", "kind": "kano", "opens_on": "2025-03-01", "closes_on": "2025-03-31",
        "population": "1200", "margin": "5", "confidence": "95", "pop-S7-ORT": "32",
    }  # fmt: skip
    worked = officer.post("/surveys/new", {**typed, "work": "1"})
    assert worked.status_code == 200
    assert "292" in worked.content.decode()
    assert not SurveyEdition.objects.exists()
    wrong = officer.post("/surveys/new", {**typed, "closes_on": "2025-02-01"})
    assert wrong.status_code == 422
    assert "三月满意度" in wrong.content.decode()
    answer = officer.post("/surveys/new", {**typed, "command": "c-1"})
    assert answer.status_code == 302
    assert officer.get(answer["Location"]).status_code == 200
    rows = {"code": ["k1", ""], "q_kind": ["kano", "score"], "text": ["修完拍照给我看", "来得快"]}
    saved = officer.post(answer["Location"], {**rows, "text_en": ["", ""], "dimension": ["", "RES"]})
    assert saved.status_code == 302
    assert "32" in officer.get(answer["Location"].replace("/questions", "")).content.decode()
    assert officer.get(saved["Location"]).content.decode().count("<figure") == 2
    assert [row["code"] for row in SurveyEdition.objects.get().questions] == ["k1", "q1"]
    assert officer.post(answer["Location"], {"code": [""], "text": [""]}).status_code == 422


def test_what_it_found_and_the_next_wave(house: House, client: Client) -> None:
    officer, kept = signed_in(house, "officer"), made(house)
    empty = officer.get(f"/surveys/{kept.uid}").content.decode()
    assert "不足五份" in empty
    for n in range(6):
        send(
            client,
            kept.token,
            {"code": f"ABCD2345EFG{n + 2}", "answers": {f"s{k:02d}": 4 + (k + n) % 3 for k in range(1, 23)}},
        )
    with CaptureQueriesContext(connection) as caught:
        page = officer.get(f"/surveys/{kept.uid}").content.decode()
    assert len(caught) <= 17
    assert page.count("<progress") == 1 + 5 + 22
    told = officer.get(f"/surveys/{kept.uid}/answers.csv").content.decode()
    assert told.splitlines()[0].endswith("s21,s22")
    assert len(told.splitlines()) == 7
    assert "20" not in "".join(line.split(",")[1] for line in told.splitlines()[1:]), "no day, no department"
    assert officer.get(f"/surveys/new?previous={kept.uid}").status_code == 200


def test_importance_is_drawn_with_words_for_who_does_not_see_it(house: House, client: Client) -> None:
    officer, kept = signed_in(house, "officer"), made(house, "ipa")
    asked = SurveyEdition.objects.get().questions
    for n in range(5):
        answers = {f"{q['code']}{part}": 1 + (k + n) % 5 for k, q in enumerate(asked) for part in ("_i", "_p")}
        send(client, kept.token, {"code": f"ABCD2345EFG{n + 2}", "answers": answers})
    page = officer.get(f"/surveys/{kept.uid}").content.decode()
    assert 'class="quadrant"' in page
    assert page.count("quadrant-dot") == len(asked)
    assert re.search(r'role="img" aria-label="\d+', page)


def test_a_doubtful_sheet_is_held_apart_and_let_back(house: House, client: Client) -> None:
    officer, kept = signed_in(house, "officer"), made(house)
    send(client, kept.token, {"code": CODE, "answers": {f"s{k:02d}": 7 for k in range(1, 23)}, "seconds": 5})
    page = officer.get(f"/surveys/{kept.uid}/doubtful").content.decode()
    assert "作答过快" in page or "两秒" in page
    sheet = Sheet.objects.get()
    assert sheet.quarantine == "careless"
    officer.post(f"/sheets/{sheet.uid}/apart", {"reason": "", "survey": str(kept.uid)})
    sheet.refresh_from_db()
    assert (sheet.quarantine, sheet.flags) == ("", ["straight", "fast"])


#: TV-2 of domain 6.4: the mean expectation and perception of each item.
TV_2 = {
    "e": (6.1, 6.0, 6.2, 5.9, 6.8, 6.7, 6.9, 6.6, 6.7, 6.7, 6.8, 6.6, 6.5, 6.5, 6.6, 6.4, 6.6, 6.0, 5.9, 6.1, 6.2, 5.8),
    "p": (5.6, 5.4, 5.9, 5.5, 5.9, 5.8, 6.2, 6.0, 5.7, 5.2, 5.4, 5.6, 5.3, 6.1, 6.2, 6.0, 6.1, 5.7, 5.5, 5.8, 5.6, 5.6),
}


def sheets_of_tv_2() -> list[dict[str, int]]:
    """Ten sheets whose means are TV-2's to the digit."""
    sheets: list[dict[str, int]] = [{} for _ in range(10)]
    for half, means in TV_2.items():
        for item, mean in enumerate(means, start=1):
            n_higher = round((mean - int(mean)) * 10)
            for n, sheet in enumerate(sheets):
                sheet[f"g{item:02d}_{half}"] = int(mean) + ((n + item) % 10 < n_higher)
    return sheets


def test_tv_2_of_servqual_to_the_digit_through_the_page(house: House, client: Client) -> None:
    from yingxu.voice.actions.sheets import SURVEY, answer_survey
    from yingxu.voice.claims import new_claim_code
    from yingxu.voice.queries import surveyed
    from yingxu.voice.queries import surveys as reading

    kept = made(house, "servqual")
    page = client.get(f"/s/{kept.token}").content.decode()
    assert 'name="g01_e"' in page
    assert 'name="g22_p"' in page
    for answers in sheets_of_tv_2():
        answer_survey(
            token=kept.token, answers=answers, seconds=200, code=new_claim_code(), actor=SURVEY, at=datetime.now(UTC)
        )
    officer = house.actor("officer")
    gaps = surveyed.results(officer, reading.survey_for(officer, kept.uid)).gaps
    assert [round(one.gap.mean or 0, 3) for one in gaps.dimensions] == [-0.450, -0.820, -1.275, -0.425, -0.360]
    assert (round(gaps.mean or 0, 3), gaps.first) == (-0.666, "RES")
    # 0.78665 in whole, which the domain prints half up as 0.7867
    assert gaps.weighted == pytest.approx(-0.78665)
    for one in gaps.dimensions:
        assert one.gap.n == 10
        assert one.gap.low is not None
        assert one.gap.high is not None
        assert one.gap.low < (one.gap.mean or 0) < one.gap.high
    shown = signed_in(house, "officer").get(f"/surveys/{kept.uid}").content.decode()
    # half a hundredth is rounded as it lies in the machine
    for said in ("-0.82", "-0.36", "-0.787", "-0.666", "15/32/28/15/10", "gap-line is-short"):
        assert said in shown, said
    assert "survey-notes" in shown, "what to hold against the figures"
    assert "n = 10" in shown or ">10<" in shown


def test_gaps_of_fewer_than_five_sheets_are_hidden_and_half_a_pair_is_no_gap(house: House, client: Client) -> None:
    kept = made(house, "servqual")
    for n, answers in enumerate(sheets_of_tv_2()[:6]):
        said = {name: value for name, value in answers.items() if n < 4 or name.endswith("_e")}
        assert send(client, kept.token, {"answers": said, "code": f"ABCD2345EF{n:02d}"}) == 200
    shown = signed_in(house, "officer").get(f"/surveys/{kept.uid}").content.decode()
    assert "gap-line" not in shown, "six sheets, of which four have both halves"
