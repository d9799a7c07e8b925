"""Places of a site's own tree in a text: however floors, beds and rooms are said; a tie is a question, not a guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingxu.core.language.placing import Named, Places

TREE = (
    Named(1, None, "本部院区"),
    Named(2, 1, "外科楼", ("1号楼",)),
    Named(3, 2, "外科楼7楼"),
    Named(4, 3, "骨科", (), "Orthopaedics"),
    Named(5, 4, "骨科公共卫生间"),
    Named(6, 4, "骨科1床"),
    Named(7, 4, "骨科11床"),
    Named(8, 1, "内科楼"),
    Named(9, 8, "内科楼7楼"),
    Named(10, 9, "消化科"),
    Named(11, 10, "消化科公共卫生间"),
    Named(12, 2, "3号梯"),
    Named(13, 8, "内科楼负一楼"),
)
PLACES = Places(TREE)


def keys(text: str, **more: object) -> list[int]:
    return [found.key for found in PLACES.find(text, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("外科楼七楼骨科卫生间漏水", [5]),
        ("７楼骨科厕所堵了", [5]),
        ("骨科11床呼叫铃坏了", [7]),
        ("骨科一床要换床单", [6]),
        ("1号楼3号电梯困人", [12]),
        ("内科楼7F消化科洗手间", [11]),
        ("内科楼地下一层停电", [13]),
        ("骨 科 灯坏了", [4]),
        ("Orthopaedics: light broken", [4]),
        ("灯坏了", []),
        ("", []),
    ],
)
def test_the_chain_that_explains_most_wins(text: str, expected: list[int]) -> None:
    assert keys(text) == expected


def test_a_tie_is_a_question_unless_the_asker_is_near_one() -> None:
    assert keys("7楼厕所堵了") == [5, 11]
    assert keys("7楼厕所堵了", near=[10]) == [11]


def test_where_service_is_needed_counts_before_other_places() -> None:
    assert keys("骨科的病人送消化科", spans=("消化科",)) == [10]
    assert keys("骨科灯坏了", spans=("没有的词",)) == [4]


def test_verbatim_words_are_given_as_reason() -> None:
    (found,) = PLACES.find("请到外科楼七楼，骨科的厕所")
    assert "".join(found.words) == "外科楼七楼骨科厕所"
    assert found.n_explained == 9


def test_above_lists_the_chain_to_the_root() -> None:
    assert PLACES.above(5) == [4, 3, 2, 1]


@given(st.text(alphabet="外科内楼七7床1一号梯骨卫生间厕所 ABC负层", max_size=40))
def test_words_of_a_place_always_stand_in_the_text(text: str) -> None:
    for found in PLACES.find(text):
        assert all(word in text for word in found.words)
        assert found.n_explained >= 2
