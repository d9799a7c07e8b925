"""The parts of triage: numbers, sounds, denials, rules, clauses, places, words."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingxu.core.language.danger import alarms, rules
from yingxu.core.language.duplicates import Report, look, pair_facts, same_incident
from yingxu.core.language.english import is_english, propose_item
from yingxu.core.language.finals import chance, shares_of, urgency_of
from yingxu.core.language.grams import features, grams, plain
from yingxu.core.language.negation import is_denied
from yingxu.core.language.numbers import half_width, spoken_number
from yingxu.core.language.pinyin import fold, syllables
from yingxu.core.language.places import facts_of_runs, parts_of, places_in, runs_of, trimmed
from yingxu.core.language.reasons import deciding_words
from yingxu.core.language.scorer import LINE_SHARE, Reading, shipped_table
from yingxu.core.language.splitting import asked_for, clauses, several_facts
from yingxu.core.language.variations import variations
from yingxu.core.language.words import WordList, concepts

PLACE = shipped_table().finals["final_place"]
ENDING = shipped_table().finals["final_place_end"]


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("7", 7),
        ("七", 7),
        ("十", 10),
        ("十六", 16),
        ("二十", 20),
        ("二十三", 23),
        ("两", 2),
        ("一零三", 103),
        ("７", 7),
    ],
)
def test_spoken_numbers(word: str, number: int) -> None:
    assert spoken_number(word) == number


@pytest.mark.parametrize("word", ["", "床", "二三十", "十二三", "十十"])
def test_what_is_no_number(word: str) -> None:
    assert spoken_number(word) is None


@given(st.integers(0, 999))
def test_digits_are_read_as_they_are(number: int) -> None:
    assert spoken_number(str(number)) == number


@given(st.text())
def test_half_width_keeps_the_length(text: str) -> None:
    assert len(half_width(text)) == len(text)


def test_sounds_that_dialects_confuse_are_folded() -> None:
    assert fold("zhang") == "zan"
    assert fold("lan") == fold("nan")
    assert fold("hua") == fold("fa")
    assert fold("hui") == "fui"
    assert fold("hu") == "hu"
    assert syllables("漏a") == [fold("lou"), "a"]


def test_longest_word_wins() -> None:
    words = WordList({"门诊": "D", "门诊楼": "B"})
    assert [(f.word, f.kind) for f in words.scan("去门诊楼和门诊")] == [("门诊楼", "B"), ("门诊", "D")]
    assert words.kinds == ("B", "D")
    assert any(found.kind == "LIFT" for found in concepts().scan("货梯坏了"))


def test_floors_and_beds_are_no_features() -> None:
    assert plain("内科楼7楼3床马桶堵了") == plain("外科楼12楼45床马桶堵了")
    assert "c马桶" in set(grams(plain("马桶堵了")))
    assert "rFIRE" in features("冒烟了")


@pytest.mark.parametrize(
    "text", ["没有冒烟", "没看到烟,就是没冒烟", "冒烟的事已排除", "不是着火,是蒸汽", "没发现有明火"]
)
def test_a_denied_hazard_is_no_hazard(text: str) -> None:
    assert "FIRE" not in {alarm.rule.code for alarm in alarms(text)}


@pytest.mark.parametrize("text", ["不是漏水是着火了", "是不是着火了", "有没有人管,冒烟了", "没人管,插座冒烟"])
def test_what_only_sounds_like_a_denial(text: str) -> None:
    assert "FIRE" in {alarm.rule.code for alarm in alarms(text)}


def test_denial_reaches_to_the_next_stop_only() -> None:
    assert is_denied("没有冒烟", 2, 4)
    assert not is_denied("没有声音,冒烟", 5, 7)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("洗手碰到龙头手一麻", "SHOCK_TOLD"),
        ("插线板摸着烫手", "HOT_WIRING"),
        ("充电宝着了,拿被子捂着", "BURNING_WORDS"),
        ("病人嘴唇都紫了,氧气表开到最大没动静", "CYANOSIS"),
        ("气管切开的痰多,墙上那个不吸了", "AIRWAY_SUCTION"),
        ("透析机水压掉没了", "CARE_WATER"),
        ("隔离间压差归零,里面是结核", "ISOLATION_LOST"),
        ("一个男的举着板凳往护士站冲", "HIT_SOMEBODY"),
        ("痴呆的老爷子上个厕所人就没了", "GONE_TOLD"),
        ("他拿水果刀在手腕上划", "SELF_HARM_TOLD"),
        ("大妈突然捂着胸口倒下去", "COLLAPSE_TOLD"),
        ("自动门把小朋友的手夹了", "HURT_TOLD"),
        ("护士站顶上扣板一个角搭下来", "LOOSE_TOLD"),
        ("黄袋子破了血纱布掉一地", "WASTE_SPILL"),
        ("内镜洗消槽不下水,镜子洗不了", "CARE_WORK_STOPS"),
    ],
)
def test_hazards_told_without_their_name(text: str, code: str) -> None:
    assert code in {alarm.rule.code for alarm in alarms(text)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("没有夹到人,就是门关不上", "HURT_TOLD"),
        ("老鼠咬了米袋", "INJURED"),
        ("负压病房病人转院了", "HURT_TOLD"),
        ("锅炉打不着火", "BURNING_WORDS"),
        ("术前要打麻药,麻烦送来", "SHOCK_TOLD"),
    ],
)
def test_words_that_only_look_like_a_hazard(text: str, code: str) -> None:
    assert code not in {alarm.rule.code for alarm in alarms(text)}


def test_rules_hold_for_their_lines_and_items_only() -> None:
    (oxygen,) = [a for a in alarms("墙上氧气没有了") if a.rule.code == "OXYGEN"]
    assert oxygen.holds_for("gas.o2_low")
    assert not oxygen.holds_for("fur.bed")
    (insulin,) = [a for a in alarms("打了胰岛素饭还没来") if a.rule.code == "INSULIN"]
    assert insulin.holds_for("cat.late")
    assert not insulin.holds_for("cat.quality")
    (fire,) = [a for a in alarms("着火了") if a.rule.code == "FIRE"]
    assert fire.holds_for("gen.unclear")


def test_rules_have_distinct_codes_and_classes() -> None:
    codes = [rule.code for rule in rules()]
    assert len(codes) == len(set(codes))
    assert {rule.priority for rule in rules()} <= {1, 2, 3}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("内科楼七楼12床灯不亮", ["内科楼七楼12床"]),
        ("7F护士站没网", ["7F护士站"]),
        ("负一楼漏水", ["负一楼"]),
        ("心内科5床送CT室", ["心内科5床", "CT室"]),
        ("外科楼3号电梯不动", ["外科楼3号电梯"]),
        ("打印机坏了", []),
        ("CCU 3床护栏松", ["CCU 3床"]),
        ("ICU3床要终末消毒", ["ICU3床"]),
        ("产科18床床头灯不亮", ["产科18床"]),
        ("肿瘤三科6床呼叫铃不响", ["肿瘤三科6床"]),
        ("规培楼203下水堵了", ["规培楼203"]),
        ("护士站和治疗室垃圾桶都满了", ["护士站", "治疗室"]),
        ("困在外科楼5号里了,门只开条缝", ["外科楼5号"]),
        ("急诊楼顶层漏雨", ["急诊楼顶层"]),
        ("过道尽头的灯不亮", ["过道尽头"]),
    ],
)
def test_places(text: str, places: list[str]) -> None:
    assert places_in(text, PLACE, ENDING) == places


@pytest.mark.parametrize("text", ["想要两床厚被子", "骨科一辆平车都没有", "要三层袋子"])
def test_things_that_are_counted_are_no_places(text: str) -> None:
    assert {part.kind for part in parts_of(text)} <= {"DEPARTMENT"}
    assert all("一" not in text[part.start : part.end] for part in parts_of(text))


def test_a_name_loses_its_last_parts_only() -> None:
    run = runs_of("门诊3楼换药室门口的周转箱倒了")[0]
    never, always = np.zeros(len(ENDING)), np.zeros(len(ENDING))
    never[-1], always[-1] = -1.0, 1.0
    text = "门诊3楼换药室门口的周转箱倒了"
    assert trimmed(text, run, never) == run[:-1]
    assert trimmed(text, run, always) == run


def test_a_place_is_named_once() -> None:
    assert places_in("急诊科灯坏了,急诊科插座也没电", PLACE) == ["急诊科"]


@given(st.text(alphabet="内科楼7楼3床急诊CT走廊送到的 ,", max_size=30))
def test_parts_never_overlap_and_facts_have_one_row_a_run(text: str) -> None:
    parts = parts_of(text)
    assert all(a.end <= b.start for a, b in pairwise(parts))
    runs = runs_of(text)
    assert facts_of_runs(text, runs).shape[0] == len(runs)


def test_a_word_before_machine_is_a_thing_not_a_place() -> None:
    assert places_in("ICU 4床呼吸机报警", PLACE) == ["ICU 4床"]


def test_clauses_are_cut_at_stops_and_joiners() -> None:
    assert clauses("灯坏了,另外门关不上;谢谢") == ["灯坏了", "门关不上", "谢谢"]
    assert clauses("") == []


def test_one_clause_asks_for_nothing_else() -> None:
    table = shipped_table()
    assert asked_for("灯坏了", "ele.light", table) == []
    assert several_facts("灯坏了", [])[0] == 0.0
    others = asked_for("灯坏了,马桶堵了,窗帘掉了", "ele.light", table)
    assert others[0].share >= others[-1].share
    assert "ele.light" not in {asked.item for asked in others}


def test_shares_sum_to_one_and_chance_is_logistic() -> None:
    assert shares_of(np.array([1.0, 2.0, -50.0])).sum() == pytest.approx(1.0)
    assert chance(np.array([0.0]), np.array([5.0])) == 0.5
    assert chance(np.array([1e9]), np.array([1.0])) <= 1.0


def test_a_fair_chance_of_p1_is_called_p1() -> None:
    weights = np.array([[0.0], [0.5], [0.0], [0.0]])
    assert urgency_of(weights, np.array([1.0])) == 1
    weights = np.array([[-9.0], [0.0], [0.0], [1.0]])
    assert urgency_of(weights, np.array([1.0])) == 4


def test_variations_repeat_and_leave_chasing_words_to_the_general_items() -> None:
    once = list(variations(["催一下", "灯坏了"], ["gen.urge", "ele.light"], n_each=3, seed=4))
    assert once == list(variations(["催一下", "灯坏了"], ["gen.urge", "ele.light"], n_each=3, seed=4))
    assert [index for index, _ in once] == [0, 0, 0, 1, 1, 1]
    assert all(("催一下" if index == 0 else "灯坏了") in text for index, text in once)


def test_an_unknown_text_reads_as_the_biases() -> None:
    reading = shipped_table().read("\u4e00" * 0)
    assert isinstance(reading, Reading)
    assert reading.grams == [] or reading.weights.size == len(reading.grams)
    assert deciding_words(shipped_table(), reading, 0, "") == []


def test_gains_add_up_to_the_decision() -> None:
    table = shipped_table()
    item, line = table.items.index("plb.toilet"), len(table.items) + int(table.line_of[table.items.index("plb.toilet")])
    reading = table.read("马桶堵了")
    parts = table.gains(reading, item).sum() + table.bias[item]
    parts += LINE_SHARE * (table.gains(reading, line).sum() + table.bias[line])
    assert parts == pytest.approx(reading.items[item])


def test_english_is_told_by_its_letters() -> None:
    assert is_english("no water")
    assert not is_english("CT坏了")
    assert not is_english("123")
    assert propose_item("the lift is broken")[0] == "elv.stopped"


def test_places_of_a_report_compare_by_number_not_by_spelling() -> None:
    a, b = Report("七楼漏水", ("七楼",), ("plb.leak",)), Report("7层漏水", ("7层",), ("plb.leak",))
    assert look(a).places == look(b).places
    assert pair_facts(a, look(a), b, look(b))[1] == 1.0


def test_the_reason_names_what_a_pair_shares() -> None:
    sure = np.zeros(len(pair_facts(a := Report("漏水", (), ("plb.leak",)), look(a), a, look(a))))
    sure[-1] = 9.0
    reports = [
        Report("漏水", (), ("plb.leak",)),
        Report("龙头坏", (), ("plb.faucet",)),
        Report("灯坏了还没修", (), ("ele.light",)),
    ]
    second, third = same_incident(reports, sure)
    assert second.reason.startswith("line PLB")
    assert third.reason.startswith("chase")
    assert (second.earlier, third.earlier) == (0, 0)
    assert not same_incident(reports, -sure)
