"""Learning from decisions: what was taught is read so, the rest as before, the same lessons the same way."""

from __future__ import annotations

import numpy as np

from yingxu.core.language import propose
from yingxu.core.language.duplicates import Report, likely_same
from yingxu.core.language.learning import Figures, Lesson, applied, digest_of, judge, learn, worse
from yingxu.core.language.scorer import shipped_table

BASE = shipped_table()
LESSONS = [Lesson(f"小蜜蜂在{n}号柜旁边趴窝了", "cln.spill", 3) for n in range(12)]


def test_what_was_taught_is_read_so_and_the_rest_as_before() -> None:
    table = applied(BASE, learn(LESSONS, BASE))
    assert propose("小蜜蜂在99号柜旁边趴窝", table).item == "cln.spill"
    assert propose("小蜜蜂在99号柜旁边趴窝").item != "cln.spill"
    for text in ("马桶堵了", "电梯困人了", "病房灯不亮"):
        assert propose(text, table).item == propose(text).item


def test_the_same_lessons_teach_the_same() -> None:
    first, second = learn(LESSONS, BASE), learn(LESSONS, BASE)
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert (np.diff(first["keys"].astype(np.int64)) > 0).all()


def test_a_learned_table_is_a_table() -> None:
    table = applied(BASE, learn(LESSONS, BASE))
    assert (np.diff(table.keys.astype(np.int64)) > 0).all()
    assert len(table.starts) == len(table.keys) + 1
    assert int(table.starts[-1]) == len(table.values) == len(table.heads)
    assert digest_of(table) != digest_of(BASE)


def test_nothing_taught_changes_nothing() -> None:
    nothing = learn([], BASE)
    assert applied(BASE, nothing) is BASE
    assert len(learn([Lesson("灯", "no.such_item", 3)], BASE)["keys"]) == 0
    # read rightly by a wide margin already: no step
    assert len(learn([Lesson("马桶堵了", "plb.toilet", 3)], BASE)["keys"]) == 0


def test_a_version_is_judged_on_what_it_never_saw() -> None:
    held_out = [Lesson("小蜜蜂在98号柜旁边趴窝", "cln.spill", 3), Lesson("3号电梯困人了", "elv.trapped", 1)]
    before, after = judge(held_out, BASE), judge(held_out, applied(BASE, learn(LESSONS, BASE)))
    assert (before.n, before.n_p1, before.p1_found) == (2, 1, 1.0)
    assert after.item > before.item
    assert worse(before, after) == ()
    assert worse(before, before) == ("item",)
    assert judge([], BASE).p1_found == 1.0


def test_what_fell_is_named() -> None:
    good = Figures(n=10, item=0.8, first_three=0.9, priority=0.9, p1_found=1.0, n_p1=2, book=0.95)
    bad = Figures(n=10, item=0.9, first_three=0.85, priority=0.895, p1_found=0.5, n_p1=2, book=0.9)
    assert worse(good, bad) == ("first_three", "book", "p1_found")


HOT = [Lesson(f"小蜜蜂在{n}号柜旁边发烫了", "cln.spill", 2, danger=True) for n in range(12)]
COOL = [Lesson(f"{n}号柜旁边小蜜蜂差点滑倒个人", "cln.spill", 3, danger=False) for n in range(30)]


def test_urgency_and_danger_are_learned_from_what_was_said() -> None:
    table = applied(BASE, learn(HOT, BASE))
    asked = "小蜜蜂在99号柜旁边发烫"
    assert (propose(asked, table).priority, propose(asked, table).is_danger) == (2, True)
    held_out = [Lesson(asked, "cln.spill", 2, danger=True)]
    before, after = judge(held_out, BASE), judge(held_out, table)
    assert (after.priority, after.danger_found, after.n_danger, after.n_harmless) == (1.0, 1.0, 1, 0)
    assert after.danger_found >= before.danger_found
    for text in ("马桶堵了", "电梯困人了", "病房灯不亮"):
        assert propose(text, table).priority == propose(text).priority


def test_what_a_rule_stands_behind_is_never_lowered() -> None:
    told = [Lesson(f"{n}号柜旁边插座冒烟了", "ele.spark", 4, danger=False) for n in range(40)]
    table = applied(BASE, learn(told, BASE))
    read = propose("5号柜旁边插座冒烟了", table)
    assert (read.priority, read.is_danger, read.is_p1_by_rule) == (1, True, True)


def test_leaving_an_items_own_class_does_not_teach_that_it_cannot_wait() -> None:
    text = "办公室灯管有点暗,不急,有空再换"
    assert propose(text).priority == 4
    assert len(learn([Lesson(text, propose(text).item, 3)], BASE)["keys"]) == 0
    assert judge([Lesson(text, propose(text).item, 3)], BASE).priority == 1.0


def test_fewer_dangers_found_is_worse_and_more_found_is_better() -> None:
    good = Figures(n=9, item=0.9, first_three=1, priority=0.9, p1_found=1, n_p1=0, book=1, danger_found=0.9, n_danger=9)
    bad = Figures(n=9, item=0.9, first_three=1, priority=0.9, p1_found=1, n_p1=0, book=1, danger_found=0.8, n_danger=9)
    assert worse(good, bad) == ("item", "danger_found")
    assert worse(bad, good) == ()


def test_a_reports_likely_twins_come_likeliest_first() -> None:
    new = Report("7楼骨科没电", ("7楼骨科",), ("ele.outage",))
    others = [
        Report("内科楼5楼3床没电", ("内科楼5楼3床",), ("ele.socket",)),
        Report("骨科整个病区停电了", ("骨科",), ("ele.outage",)),
    ]
    assert [place for place, _ in likely_same(new, others)] == [1]
    assert likely_same(new, []) == []
