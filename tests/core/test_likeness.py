"""Procedures that say the same are found, whatever the order; others are not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yingxu.core.procedure.likeness import alike, likeness


def steps(*words: str) -> list[dict[str, str]]:
    return [{"type": "tick", "zh": word} for word in words]


procedures = st.lists(st.text("甲乙丙丁戊", min_size=1, max_size=2), max_size=6).map(lambda words: steps(*words))


@given(procedures, procedures)
def test_likeness_is_a_share_and_the_same_both_ways(one: list[dict[str, str]], other: list[dict[str, str]]) -> None:
    share = likeness(one, other)
    assert 0 <= share <= 1
    assert share == likeness(other, one)
    assert not one or likeness(one, list(reversed(one))) == 1


def test_three_of_four_steps_in_common() -> None:
    one, other = steps("断电", "更换", "通电", "试灯"), steps("断电", "更换 ", "通电", "清理")
    assert likeness(one, other) == 0.75
    assert alike({"b": one, "a": other, "c": steps("开门")}, at_least=0.6) == (("a", "b", 0.75),)
    assert alike({"b": one, "a": other}, at_least=0.8) == ()
    assert alike({"a": [], "b": []}, at_least=0.0) == ()


def test_another_kind_of_step_is_another_step() -> None:
    assert likeness(steps("压力"), [{"type": "number", "zh": "压力"}]) == 0
    assert likeness([], []) == 0
