"""The vectors of domain §6.2–6.6 and §6.13, to their printed digits, and the laws behind them."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingxu.core.quality.perfect import Miss, NearMiss, hundred, margins, perfect, ranked, spoilers
from yingxu.core.quality.share import attainment
from yingxu.core.quality.surveys import (
    gaps,
    is_sample_small,
    kano,
    kano_class,
    quadrants,
    weighted_gap,
    weighted_satisfaction,
)

FAULTS = st.lists(st.sets(st.sampled_from("abcd")), min_size=1, max_size=30)


def test_s36_one_fault_and_the_service_was_not_good() -> None:
    share = perfect([set(), {"late"}, {"late", "rude"}, set()])
    assert (share.hits, share.n) == (2, 4)


@given(FAULTS)
def test_mending_one_step_wins_exactly_what_it_spoils_alone(faults: list[set[str]]) -> None:
    for row in spoilers(faults):
        mended = perfect([one - {row.code} for one in faults])
        assert mended.share is not None
        assert isclose(mended.share, row.share_without)


def test_what_spoils_alone_comes_before_what_is_frequent() -> None:
    rows = spoilers([{"late", "rude"}, {"late", "rude"}, {"dirty"}])
    assert [(row.code, row.n, row.n_alone) for row in rows] == [("dirty", 1, 1), ("late", 2, 0), ("rude", 2, 0)]


def test_hundred_counts_orders_with_any_veto_failure() -> None:
    assert (hundred([True, False, False, False]).hits, hundred([]).share) == (1, None)


def test_s37_tv_11_two_minutes_short_thirty_times_ranks_before_sixty_minutes_five_times() -> None:
    a = NearMiss("A", 30, 2, 50, 0.8)
    b = NearMiss("B", 5, 60, 200, 0.5)
    assert a.worth_per_min == 20.0
    assert b.worth_per_min is not None
    assert round(b.worth_per_min, 2) == 1.67
    assert [one.code for one in ranked([b, a])] == ["A", "B"]
    veto = NearMiss("V", 1, 600, 1, 0.1, is_veto=True)
    assert ranked([b, a, veto])[0].code == "V", "100-1=0: whatever the number"


def test_s37_a_near_miss_is_within_a_tenth_of_the_limit() -> None:
    rows = margins(
        [Miss("arrived", 2, 30, True), Miss("arrived", 3, 30), Miss("arrived", 3.1, 30), Miss("done", 60, 90)]
    )
    assert [(row.code, row.n_missed, row.n_near, row.short_min, row.n_alone) for row in rows] == [
        ("arrived", 3, 2, 2.5, 1),
        ("done", 1, 0, None, 0),
    ]
    assert rows[0].jobs_per_min == pytest.approx(0.4)


def test_wilson_vector_of_6_3() -> None:
    share = attainment(6, 9)
    assert (round(share.low or 0, 3), round(share.high or 0, 3)) == (0.354, 0.879)


def test_6_3_small_samples_say_so_and_both_satisfactions_exist() -> None:
    assert is_sample_small(29, 29)
    assert is_sample_small(30, 151)
    assert not is_sample_small(30, 150)
    assert weighted_satisfaction([5, 4, 3]) == 80
    assert weighted_satisfaction([]) is None


def test_tv_2_servqual() -> None:
    expected = {
        "TAN": (6.1, 6.0, 6.2, 5.9),
        "REL": (6.8, 6.7, 6.9, 6.6, 6.7),
        "RES": (6.7, 6.8, 6.6, 6.5),
        "ASS": (6.5, 6.6, 6.4, 6.6),
        "EMP": (6.0, 5.9, 6.1, 6.2, 5.8),
    }
    perceived = {
        "TAN": (5.6, 5.4, 5.9, 5.5),
        "REL": (5.9, 5.8, 6.2, 6.0, 5.7),
        "RES": (5.2, 5.4, 5.6, 5.3),
        "ASS": (6.1, 6.2, 6.0, 6.1),
        "EMP": (5.7, 5.5, 5.8, 5.6, 5.6),
    }
    gap = gaps(expected, perceived)
    assert [round(gap[key], 3) for key in expected] == [-0.450, -0.820, -1.275, -0.425, -0.360]
    assert round(sum(gap.values()) / 5, 3) == -0.666
    weights = {"TAN": 15, "REL": 32, "RES": 28, "ASS": 15, "EMP": 10}
    assert round(weighted_gap(gap, weights), 4) == -0.7867
    assert min(weights, key=lambda key: weights[key] * gap[key]) == "RES"


def test_tv_3_importance_and_performance() -> None:
    items = {"A": (4.8, 3.2), "B": (4.6, 4.4), "C": (3.1, 3.0), "D": (3.0, 4.5), "E": (4.0, 3.9)}
    assert quadrants(items) == {"A": "Q2", "B": "Q1", "C": "Q3", "D": "Q4", "E": "Q1"}
    assert quadrants({"A": (3, 3)}) == {"A": "Q1"}, "equal to the mean is high"


def test_tv_4_kano() -> None:
    found = kano_class({"A": 22, "O": 31, "M": 35, "I": 8, "R": 2, "Q": 2})
    assert found.code == "M"
    assert found.better is not None
    assert found.worse is not None
    assert (round(found.better, 3), round(found.worse, 3)) == (0.552, -0.688)
    assert kano_class({"M": 5, "O": 5, "A": 5}).code == "M"
    assert kano_class({"R": 3}).better is None
    assert [kano("like", "dislike"), kano("like", "neutral"), kano("must", "dislike"), kano("dislike", "like")] == list(
        "OAMR"
    )
