"""Walking times: without history the map, with much the history, between them what lies between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingxu.core.routing.walking import MOST_FACTOR, PRIOR_WAYS, Spot, Ways

A1: Spot = ("A", 1)
A5: Spot = ("A", 5)
B1: Spot = ("B", 1)
C1: Spot = ("C", 1)
SPOTS = st.tuples(st.sampled_from("AB"), st.sampled_from([1, 2, None]))


def by_map(begin: Spot | None, end: Spot | None) -> float:
    if begin is None or end is None:
        return 240.0
    return 60.0 if begin[0] == end[0] else 300.0


def test_without_history_the_map_stands() -> None:
    assert Ways([], by_map).seconds(A1, B1) == 300
    assert Ways([(A1, B1, 0.0)], by_map).n == 0


def test_with_much_history_a_pair_speaks_for_itself() -> None:
    ways = Ways([(A1, A5, 120.0)] * 400, by_map)
    assert ways.seconds(A1, A5) == pytest.approx(120, abs=2)
    assert ways.seconds(A5, A1) == ways.seconds(A1, A5)


def test_as_many_ways_as_the_prior_meet_it_half_way() -> None:
    ways = Ways([(A1, A1, 240.0)] * int(PRIOR_WAYS), by_map)
    half = 0.5 + 0.5 * 0.5
    assert ways.factor(A1, A1) == pytest.approx(4.0 ** (half + 0.5 * (1 - half)))


def test_a_pair_that_nobody_walked_has_its_buildings_pace_then_the_houses() -> None:
    ways = Ways([(A1, A5, 120.0)] * 400, by_map)
    assert ways.factor(("A", 2), ("A", 3)) == pytest.approx(2.0, rel=0.05)
    assert ways.factor(B1, C1) == pytest.approx(2.0, rel=0.05)
    assert ways.factor(None, B1) == 1.0, "where nobody knows, the map's guess stays"


def test_one_who_stopped_for_an_hour_moves_little() -> None:
    calm = [(A1, B1, 300.0)] * 30
    assert Ways([*calm, (A1, B1, 36000.0)], by_map).factor(A1, B1) < 1.06


@given(st.lists(st.tuples(SPOTS, SPOTS, st.floats(-10, 1e6)), max_size=30), SPOTS, SPOTS)
def test_no_way_is_further_from_the_map_than_a_single_one_may_be(walked, begin, end) -> None:
    factor = Ways(walked, by_map).factor(begin, end)
    assert 1 / MOST_FACTOR - 1e-9 <= factor <= MOST_FACTOR + 1e-9


@given(st.lists(st.floats(1, 1e5), min_size=1, max_size=20), st.integers(0, 19), st.floats(1, 3))
def test_a_longer_way_never_makes_the_estimate_shorter(seconds, which, times) -> None:
    at = which % len(seconds)
    longer = [one * times if x == at else one for x, one in enumerate(seconds)]
    before, after = (Ways([(A1, B1, one) for one in row], by_map).factor(A1, B1) for row in (seconds, longer))
    assert after >= before - 1e-9
