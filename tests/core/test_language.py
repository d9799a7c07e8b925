"""Triage: what a request says, where, how urgent, and why. Texts here are written for these tests."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.language import Report, propose, same_incident
from yingxu.core.language.book import book_shares, catalogue, line_of, phrase_book
from yingxu.core.language.scorer import line_codes, shipped_table


def test_catalogue_has_the_166_items_of_25_lines() -> None:
    assert len(catalogue()) == 166
    assert len(line_codes()) == 25
    assert line_of("elv.trapped") == "ELV"


def test_every_item_has_at_least_fifteen_phrases_none_twice() -> None:
    phrases = phrase_book()
    for code in catalogue():
        texts = [p.text for p in phrases if p.item == code]
        assert len(texts) >= 15, code
        assert len(texts) == len(set(texts)), code


def test_shares_of_the_book_are_shares() -> None:
    assert book_shares()[:, :4].sum(axis=1) == pytest.approx(1.0)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80) | st.text(alphabet="电梯氧气没有了3楼床漏水,。取消 A\n\x00", max_size=60))
def test_any_text_gets_a_well_formed_proposal(text: str) -> None:
    proposal = propose(text)
    assert proposal.item in catalogue()
    assert proposal.line == line_of(proposal.item)
    assert 1 <= proposal.priority <= 4
    assert 0.0 <= proposal.confidence <= 1.0
    assert proposal.problems == len(set(proposal.items)) >= 1
    assert proposal.item not in proposal.alternatives
    assert len(set(proposal.alternatives)) == len(proposal.alternatives)
    assert all(place and place in text for place in proposal.places)
    assert not proposal.is_danger or proposal.priority <= 2


def test_the_same_text_gets_the_same_proposal() -> None:
    assert propose("3楼走廊灯管闪") == propose("3楼走廊灯管闪")


def test_a_very_long_text_is_read_and_answered() -> None:
    assert propose("灯坏了," * 20_000).item == "ele.light"


@pytest.mark.parametrize("text", ["", "   ", "。。。!?", "🙏"])
def test_a_text_that_says_nothing_asks_for_a_call_back(text: str) -> None:
    proposal = propose(text)
    assert (proposal.item, proposal.places, proposal.is_danger) == ("gen.unclear", (), False)
    assert proposal.priority == (4 if text.strip() else 3)


@pytest.mark.parametrize("text", ["谢谢", "好的收到", "没事了,谢谢师傅!", "Test", "ok", "???"])
def test_a_bare_word_is_nothing_to_do_and_says_by_which_words(text: str) -> None:
    proposal = propose(text)
    assert (proposal.item, proposal.priority, proposal.is_bare) == ("gen.unclear", 4, True)
    assert proposal.reasons == (text,)


@given(st.sampled_from(["谢谢", "好的", "收到", "没事了", "test"]), st.sampled_from(["", "!", "，", " 🙏"]))
def test_what_is_wrong_is_read_through_thanks(thanks: str, sign: str) -> None:
    assert not propose(f"电梯困人了{sign}{thanks}").is_bare
    assert propose(f"{thanks}{sign}电梯困人了").priority == 1


@pytest.mark.parametrize(
    ("text", "item", "priority", "danger"),
    [
        ("电梯卡在四楼五楼之间,里面有个坐轮椅的老太太出不来", "elv.trapped", 1, True),
        ("配药间插座冒火花还有糊味", "ele.spark", 1, True),
        ("家属抡凳子要打医生,保安快来", "sec.fight", 1, True),
        ("我爸痴呆,一转眼人不见了,穿灰外套", "sec.missing", 1, True),
        ("走廊地上有水,一个阿姨刚滑倒了", "cln.spill", 2, True),
        ("7床水龙头关不紧滴答滴答", "plb.faucet", 3, False),
        ("预约下周三的小会议室", "cnf.book", 4, False),
        ("表扬一下夜里来修灯的师傅,又快又好", "gen.praise", 4, False),
    ],
)
def test_plain_requests(text: str, item: str, priority: int, danger: bool) -> None:
    proposal = propose(text)
    assert (proposal.item, proposal.priority, proposal.is_danger) == (item, priority, danger)


def test_p1_by_rule_names_its_rule() -> None:
    proposal = propose("治疗室插座冒烟了")
    assert proposal.is_p1_by_rule
    assert any(reason.startswith("FIRE: ") for reason in proposal.reasons)
    assert not propose("打印机卡纸").is_p1_by_rule


def test_the_first_reasons_are_words_of_the_text() -> None:
    proposal = propose("马桶堵了冲不下去")
    assert proposal.reasons
    assert all(reason in "马桶堵了冲不下去" or ": " in reason for reason in proposal.reasons)


def test_several_problems_are_told_apart() -> None:
    proposal = propose("三件事:马桶堵了,窗帘轨道掉了,另外呼叫铃按了不响")
    assert proposal.problems >= 2
    assert {"plb.toilet", "itt.call"} <= set(proposal.items)


def test_a_wrong_character_that_sounds_right_is_understood() -> None:
    """马捅赌了 is 马桶堵了 typed by sound."""
    assert propose("马捅赌了冲不下去").item == "plb.toilet"


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("There is smoke in the corridor", "fir.fire"),
        ("The toilet is clogged", "plb.toilet"),
        ("hello there", "gen.unclear"),
    ],
)
def test_english_falls_back_to_plain_words(text: str, item: str) -> None:
    assert propose(text).item == item


def report_of(text: str) -> Report:
    proposal = propose(text)
    return Report(text, proposal.places, (*proposal.items, *proposal.alternatives[:2]))


def test_two_reports_of_one_leak_are_one_incident() -> None:
    reports = [
        report_of("外科楼9楼走廊水管漏水,地上一大滩"),
        report_of("食堂打印机卡纸"),
        report_of("外科楼九楼走廊漏水怎么还没人来"),
    ]
    (pair,) = same_incident(reports)
    assert (pair.earlier, pair.later) == (0, 2)
    assert "9楼" in pair.reason


def test_the_same_fault_on_two_floors_is_two_incidents() -> None:
    assert not same_incident([report_of("内科楼3楼5床呼叫铃不响"), report_of("外科楼12楼17床呼叫铃不响")])


def test_table_is_small_enough_for_a_web_process() -> None:
    table = shipped_table()
    arrays = (table.keys, table.idf, table.starts, table.heads, table.values)
    assert sum(array.nbytes for array in arrays) < 8_000_000
