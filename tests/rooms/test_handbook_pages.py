"""The handbook's pure parts: what changed in words, three questions from the steps' own data, the printed book."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.standards import library
from yingxu.team.handbook import quiz
from yingxu.team.handbook.booklet import Press, cover, labels, pages, qr, span
from yingxu.team.handbook.delta import delta, limits_of, segments
from yingxu.team.handbook.values import Book, Contact, Procedure, PromiseText, Reading, chapters_of, version_of

AT = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)


def procedure(item_code: str, edition_id: int = 1, **more: Any) -> Procedure:
    """Return an item of the library as a page."""
    item, said = library.by_code("items")[item_code], library.procedure(item_code)
    line = library.by_code("lines")[item["line"]]
    made = Procedure(
        edition_id=edition_id,
        item_id=edition_id,
        item_code=item_code,
        name=item["name_zh"],
        name_en=item["name_en"],
        line_code=item["line"],
        line_name=line["name_zh"],
        line_name_en=line["name_en"],
        line_icon=line["icon"],
        skill=item["skill"],
        priority=int(item["default_priority"]),
        minutes=int(item["minutes"]),
        crew=int(item["crew"]),
        number=1,
        from_at=AT,
        goal=said["goal_zh"],
        goal_en=said["goal_en"],
        requirement=said["requirement_zh"],
        requirement_en=said["requirement_en"],
        steps=tuple(said["steps"]),
        basis=tuple(said["basis"]),
        promises=tuple(
            PromiseText(
                one.priority, one.milestone, one.place_class, one.limit_s, float(one.percentile), "全天", "Always"
            )
            for one in library.terms_for(item_code)
        ),
    )
    return replace(made, **more)


def chapter(*codes: str) -> Reading:
    return Reading("PLB", "chapter", tuple(procedure(code, n) for n, code in enumerate(codes, 1)), None, AT)


GENERAL = Reading("general", "general", (), None, AT)
ITEMS = sorted(library.by_code("items"))


# what changed


@given(st.text("修好水龙头ab 12。", max_size=30), st.text("修好水龙头ab 12。", max_size=30))
@settings(max_examples=60)
def test_segments_hold_both_texts(before: str, after: str) -> None:
    said = segments(before, after)
    assert "".join(one.text for one in said if one.how != "new") == before
    assert "".join(one.text for one in said if one.how != "gone") == after


def test_the_same_edition_has_no_delta() -> None:
    for code in ITEMS:
        assert delta(procedure(code), procedure(code, 2)) == ()


def test_a_change_is_said_by_what_it_is() -> None:
    old = procedure("plb.faucet")
    steps = [dict(step) for step in old.steps]
    steps[5]["zh"] = "开阀试水3分钟，接头和关闭后均不滴漏。"
    steps[1]["critical"] = True
    del steps[4]
    steps.append(
        {"code": "flow", "type": "number", "zh": "出水量。", "en": "Flow.", "min": 6, "max": 9, "unit": "L/min"}
    )
    promises = tuple(replace(one, limit_s=1800) if one.limit_s == 3600 else one for one in old.promises)
    new = replace(old, number=2, goal="不滴。", steps=tuple(steps), promises=promises)
    found = {one.kind: one for one in delta(old, new)}
    assert {"goal", "step_words", "step_critical", "step_gone", "step_new", "promise"} <= set(found)
    assert [(one.how, one.text) for one in found["step_words"].segments][1:3] == [("gone", "2"), ("new", "3")]
    assert (found["promise"].before_s, found["promise"].after_s) == (3600, 1800)
    assert found["step_new"].after == "6–9 L/min"


def test_moved_steps_are_said_once() -> None:
    old = procedure("plb.faucet")
    steps = list(old.steps)
    steps.insert(1, steps.pop(3))
    moved = [one for one in delta(old, replace(old, steps=tuple(steps))) if one.kind == "step_moved"]
    assert len(moved) == 1


def test_limits_are_said_as_people_write_them() -> None:
    assert limits_of({"min": 0.3, "max": 0.8, "unit": "MPa"}) == "0.3–0.8 MPa"
    assert limits_of({"max": 110, "unit": "mm"}) == "≤ 110 mm"
    assert limits_of({"min": 5}) == "≥ 5"
    assert limits_of({}) == ""


# three questions


@pytest.mark.parametrize("code", ITEMS)
def test_every_item_of_the_library_gives_three_questions_with_one_right_answer(code: str) -> None:
    reading = Reading(code, "change", (procedure(code),), None, AT)
    for attempt in (1, 2, 3):
        asked = quiz.questions(reading, account_id=7, attempt=attempt)
        assert len({one.code for one in asked}) == quiz.N_QUESTIONS
        for one in asked:
            assert 3 <= len(one.choices) <= quiz.N_CHOICES
            assert len(set(one.choices)) == len(one.choices)
            assert 0 <= one.right < len(one.choices)


@given(st.integers(1, 10**6), st.integers(1, 40))
@settings(max_examples=40)
def test_the_same_person_and_attempt_get_the_same_questions(account_id: int, attempt: int) -> None:
    reading = chapter("plb.faucet", "plb.drain", "plb.leak")
    asked = quiz.questions(reading, account_id=account_id, attempt=attempt)
    assert asked == quiz.questions(reading, account_id=account_id, attempt=attempt)
    other = quiz.questions(reading, account_id=account_id, attempt=attempt + 1)
    assert {one.code for one in asked}.isdisjoint({one.code for one in other})
    assert quiz.n_right(asked, [one.right for one in asked]) == 3


def test_people_get_different_questions() -> None:
    reading = chapter("plb.faucet", "plb.drain", "plb.leak")
    drawn = {tuple(one.code for one in quiz.questions(reading, account_id=n, attempt=1)) for n in range(20)}
    assert len(drawn) > 10


def test_a_change_is_asked_about_first() -> None:
    old = procedure("plb.faucet")
    steps = [dict(step) for step in old.steps]
    steps[5]["zh"] = "开阀试水3分钟。"
    reading = Reading("plb.faucet", "change", (replace(old, edition_id=2, number=2, steps=tuple(steps)),), old, AT)
    for account_id in range(10):
        first = quiz.questions(reading, account_id=account_id, attempt=1)[0]
        assert first.code.endswith(":test")


def test_the_general_rules_are_asked_with_plausible_wrong_ones() -> None:
    asked = quiz.questions(GENERAL, account_id=1, attempt=1)
    wrong = {row["wrong_zh"] for row in library.rows("handbook_rules")}
    for one in asked:
        assert {choice.text for n, choice in enumerate(one.choices) if n != one.right} <= wrong
    assert asked != quiz.questions(GENERAL, account_id=1, attempt=2)


def test_answers_of_limits_hold_the_right_one_once() -> None:
    reading = chapter("plb.drain")
    limits = [
        one
        for attempt in range(1, 12)
        for one in quiz.questions(reading, account_id=3, attempt=attempt)
        if one.kind == "limits"
    ]
    assert limits
    assert limits[0].choices[limits[0].right].text == "0–60 s"


# the printed book


def book(*codes: str) -> Book:
    found = tuple(procedure(code, n) for n, code in enumerate(codes, 1))
    return Book(
        account_id=1,
        name="王水工",
        name_en="Wang",
        team="维修班",
        team_en="Repair",
        posts=(("水工岗", "Plumber"),),
        site="演示医院",
        site_en="Demo hospital",
        contacts=(Contact("desk", "", "", "6666"),),
        chapters=chapters_of(found),
        version=version_of(found),
        as_of=AT,
    )


def printed(one: Book, language: str = "zh") -> dict[str, Any]:
    return pages(
        one, language=language, address="https://x.example", zone=ZoneInfo("Asia/Shanghai"), printed_on=date(2025, 3, 3)
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_book_is_set_with_a_page_for_each_part(language: str) -> None:
    one = book("plb.faucet", "elv.trapped", "esc.exam")
    with Press() as press:
        pdf = press.pdf(printed(one, language), cover(one, language=language))
        drawn = press.png(printed(one, language), cover(one, language=language), ppi=20)
    assert pdf.startswith(b"%PDF-")
    # cover and its back, contents, how to, general rules, three chapters
    assert len(drawn) >= 8


def test_the_cover_alone_is_personal() -> None:
    one = book("plb.faucet")
    other = replace(one, account_id=2, name="李工")
    assert printed(one) == printed(other)
    assert cover(one, language="zh") != cover(other, language="zh")
    with Press() as press:
        first = press.png(printed(one), cover(one, language="zh"), ppi=20)
        second = press.png(printed(other), cover(other, language="zh"), ppi=20)
    assert first[0] != second[0]
    assert first[1:] == second[1:]


def test_a_text_is_printed_as_it_is_and_never_run() -> None:
    one = book("plb.faucet")
    page = replace(one.procedures[0], goal='#panic("x") *不是* _标记_ $x$ <a> @b //', steps=())
    with Press() as press:
        assert press.pdf(printed(replace(one, chapters=chapters_of((page,)))), cover(one, language="zh"))


def test_a_book_without_procedures_is_a_book() -> None:
    with Press() as press:
        assert press.pdf(printed(book()), cover(book(), language="zh")).startswith(b"%PDF-")


def test_codes_lead_to_the_page_of_the_procedure() -> None:
    said = printed(book("plb.faucet"))["chapters"][0]["procedures"][0]
    assert said["qr"] == qr("https://x.example/handbook/p/plb.faucet")
    assert said["qr"].startswith("<svg")


def test_spans_and_labels_are_said_in_both_languages() -> None:
    assert [span(s, is_english=False) for s in (45, 180, 5400, 3600, 86400, 259200)] == [
        "45 秒内",
        "3 分钟内",
        "90 分钟内",
        "1 小时内",
        "1 天内",
        "3 天内",
    ]
    assert span(7200, is_english=True) == "within 2 h"
    assert set(labels("zh")) == set(labels("en"))
    assert all(labels("zh").values())


def test_the_version_changes_with_any_edition() -> None:
    assert version_of((procedure("plb.faucet", 1),)) != version_of((procedure("plb.faucet", 2),))
