"""Standard times of legs: nearest kin first, there and back alike, never nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.forecast.legs import Leg, Point, Standards, by_distance_s, round_order

PLACES = [Point(key, key % 3, key % 5 - 1) for key in range(9)]
points = st.sampled_from(PLACES)
legs = st.lists(st.builds(Leg, points, points, st.integers(1, 7200)), max_size=14)
WARD, CT = Point("ward", "S", 7), Point("ct", "MT", 1)


@settings(max_examples=30)
@given(legs, points, points)
def test_there_and_back_take_the_same_and_always_some_time(walked: list[Leg], begin: Point, end: Point) -> None:
    standards = Standards(walked)
    there = standards.expected(begin, end)
    assert there == standards.expected(end, begin)
    assert there.seconds > 0


def test_the_own_pair_speaks_when_it_was_walked_often_enough() -> None:
    standards = Standards([Leg(WARD, CT, seconds) for seconds in (600, 620, 640, 660, 7200)])
    assert standards.expected(WARD, CT).seconds == 640  # one stretcher that waited two hours says nothing of the way
    assert standards.expected(WARD, CT).basis == "places"
    neighbour = Point("other ward", "S", 7)
    assert standards.expected(neighbour, CT).basis == "floors"
    assert standards.expected(Point("x", "S", 9), CT).basis == "buildings"


def test_too_few_legs_leave_it_to_distance() -> None:
    standards = Standards([Leg(WARD, CT, 600)])
    assert standards.expected(WARD, CT).basis == "distance"
    assert by_distance_s(WARD, CT) == 180 + 240 + 15 * 6
    assert by_distance_s(WARD, Point("x", "S", 9)) == 180 + 30


def test_a_slow_house_is_slow_where_it_never_went() -> None:
    walked = [Leg(WARD, CT, 2 * by_distance_s(WARD, CT))] * 5
    unknown = Point("lab", "L", 2)
    assert Standards(walked).expected(WARD, unknown).seconds == 2 * by_distance_s(WARD, unknown)


@given(st.lists(points, max_size=8), points)
def test_a_round_visits_every_stop_once(stops: list[Point], start: Point) -> None:
    assert sorted(round_order(stops, start=start, standards=Standards([]))) == list(range(len(stops)))
