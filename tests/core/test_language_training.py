"""Training: the same table for the same input, and a table that proposes. A small book keeps it quick."""

from __future__ import annotations

import numpy as np
import pytest

from yingxu.core.language import propose, training
from yingxu.core.language.book import catalogue, phrase_book
from yingxu.core.language.scorer import Table
from yingxu.core.language.training import Example, book_examples, folds_by_incident, train_same, train_table

EXAMPLES = [
    Example("外科楼3楼5床马桶堵了", ("plb.toilet",), 3, False, "a", 1, ("外科楼3楼5床",)),
    Example("外科楼3楼马桶还没人来通", ("plb.toilet",), 3, False, "a", 1, ("外科楼3楼",)),
    Example("内科楼8楼插座冒烟", ("ele.spark",), 1, True, "b", 1, ("内科楼8楼",)),
    Example("走廊滑倒一个老人,隔壁门诊看到的", ("cln.spill",), 2, True, "c", 1, ("走廊",)),
    Example("预约周五会议室", ("cnf.book",), 4, False, "d", 2, ()),
    Example("急诊科灯不亮,另外门关不上", ("ele.light", "bld.door"), 3, False, "e", 2, ("急诊科",)),
    Example("心内科的病人送CT室", ("esc.exam",), 3, False, "f", 2, ("心内科", "CT室")),
    Example("产科窗帘掉了,还有呼叫铃不响", ("fur.curtain", "itt.call"), 2, False, "g", 3, ("产科",)),
    Example("大厅打架", ("sec.fight",), 1, True, "h", 3, ()),
    Example("表扬保洁", ("gen.praise",), 4, False, "i", 3, ()),
]


@pytest.fixture
def small_book(monkeypatch: pytest.MonkeyPatch) -> None:
    first: dict[str, Example] = {}
    for phrase in phrase_book():
        first.setdefault(phrase.item, Example(phrase.text, (phrase.item,), phrase.priority, phrase.danger))
    monkeypatch.setattr(training, "book_examples", lambda: list(first.values()))
    monkeypatch.setattr(training, "N_VARIATIONS", 1)


def test_the_same_input_gives_the_same_table(small_book: None) -> None:
    once, again = train_table(EXAMPLES, n_folds=2), train_table(EXAMPLES, n_folds=2)
    assert once.keys() == again.keys()
    for name, array in once.items():
        assert np.array_equal(array, again[name]), name
    proposal = propose("厕所马桶堵了,另外插座冒烟", Table(once))
    assert proposal.item in catalogue()


def test_the_book_and_the_item_names_are_always_part_of_training() -> None:
    texts = {example.text for example in book_examples()}
    assert {item.name for item in catalogue().values()} <= texts


def test_folds_never_part_two_reports_of_one_incident() -> None:
    for train, test in folds_by_incident(EXAMPLES, 3):
        assert not {EXAMPLES[i].incident for i in train} & {EXAMPLES[i].incident for i in test}


def test_without_a_duplicate_nothing_is_learnt_about_duplicates() -> None:
    assert not train_same([], []).any()
