"""How many to ask, intervals, NPS, moves, doubts, hidden groups: laws and worked examples (domain §6.3, O6)."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from yingxu.core.quality.asking import doubts, hidden, is_close, mean_of, moved, nps, sample_size, student

ANSWERS = st.lists(st.integers(0, 10), min_size=1, max_size=60)
SCORES = st.lists(st.integers(1, 7), min_size=5, max_size=40)


def test_a_sample_of_385_of_very_many_and_292_of_1200() -> None:
    assert sample_size(10**9, margin=0.05) == 385
    assert sample_size(1200, margin=0.05) == 292
    assert sample_size(2000, margin=0.03, confidence=0.99) == 960
    for wrong in ({"population": 0, "margin": 0.05}, {"population": 9, "margin": 0}, {"population": 9, "margin": 1.0}):
        with pytest.raises(ValueError, match="population"):
            sample_size(**wrong)  # type: ignore[arg-type]


@given(st.integers(1, 5000), st.sampled_from([0.02, 0.05, 0.1]))
def test_a_sample_is_never_more_than_there_are_and_grows_with_them(population: int, margin: float) -> None:
    n = sample_size(population, margin=margin)
    assert 1 <= n <= population
    assert sample_size(population + 1, margin=margin) >= n
    assert sample_size(population, margin=margin / 2) >= n


@pytest.mark.parametrize("freedom", [4, 5, 9, 30, 400])
@pytest.mark.parametrize("alpha", [0.1, 0.05, 0.05 / 22])
def test_students_t_agrees_with_scipy(freedom: int, alpha: float) -> None:
    tolerance = 0.02 if freedom < 9 and alpha < 0.01 else 0.002
    assert isclose(student(freedom, alpha), stats.t.ppf(1 - alpha / 2, freedom), rel_tol=tolerance)


@given(SCORES)
def test_a_mean_lies_in_its_interval_and_the_interval_in_its_scale(values: list[int]) -> None:
    found = mean_of(values, least=1, most=7)
    assert found.mean is not None
    assert found.low is not None
    assert found.high is not None
    assert 1 <= found.low <= found.mean + 1e-9
    assert found.mean - 1e-9 <= found.high <= 7


def test_few_answers_have_a_mean_without_an_interval() -> None:
    assert mean_of([3, 4]).mean == 3.5
    assert mean_of([3, 4]).low is None
    assert mean_of([]).mean is None


def test_tv_1_nps_of_nine_ratings_is_eleven() -> None:
    """TV-1: nine answers 10 8 6 3 9 7 10 9 5: (4 − 3)/9."""
    found = nps([10, 8, 6, 3, 9, 7, 10, 9, 5])
    assert (found.promoters, found.passives, found.detractors, round(found.score or 0, 1)) == (4, 2, 3, 11.1)


@given(ANSWERS)
def test_nps_lies_in_its_interval_and_is_never_certain(answers: list[int]) -> None:
    found = nps(answers)
    assert found.score is not None
    assert found.low is not None
    assert found.high is not None
    assert -100 <= found.low <= found.score <= found.high <= 100
    assert found.high - found.low > 1
    assert nps([10] * 9).score == 100


def test_no_answer_has_no_score() -> None:
    assert nps([]).score is None


@given(SCORES, SCORES)
def test_what_moved_moved_back_by_as_much(before: list[int], now: list[int]) -> None:
    there, back = moved(before, now), moved(now, before)
    assert there is not None
    assert back is not None
    assert isclose(there.difference, -back.difference, abs_tol=1e-9)
    assert there.is_moved == back.is_moved


def test_a_move_is_welchs_test() -> None:
    before, now = [4, 5, 4, 6, 5, 4, 5, 4], [6, 6, 5, 7, 6, 6, 5, 6, 7]
    found = moved(before, now)
    assert found is not None
    assert found.is_moved == (stats.ttest_ind(before, now, equal_var=False).pvalue < 0.05)
    assert moved(before, now, n_tests=10**6).is_moved is False  # type: ignore[union-attr]
    assert moved([1, 2], now).is_moved is None  # type: ignore[union-attr]
    assert moved([], now) is None
    assert moved([3] * 5, [4] * 5).is_moved  # type: ignore[union-attr]


def test_a_straight_line_and_a_race_are_doubted() -> None:
    assert doubts([5] * 22, seconds_each=0.8) == ("straight", "fast")
    assert doubts([5] * 22, seconds_each=None) == ("straight",)
    assert doubts([5] * 7, seconds_each=4) == ()
    assert doubts([5, 6, 5, 6], seconds_each=1.9) == ("fast",)


GROUPS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12), max_size=8)


@given(GROUPS)
def test_k5_nobody_small_is_shown_nor_can_be_worked_out_from_the_whole(n_of: dict[str, int]) -> None:
    away = hidden(n_of)
    shown = {key: n for key, n in n_of.items() if key not in away and n}
    assert all(n >= 5 for n in shown.values())
    left = sum(n for key, n in n_of.items() if key in away)
    assert left == 0 or left >= 5 or not shown


def test_two_kano_classes_may_be_too_close_to_tell() -> None:
    assert is_close({"A": 22, "O": 31, "M": 35, "I": 8, "R": 2, "Q": 2})
    assert not is_close({"M": 60, "O": 20})
    assert not is_close({})
