"""Ageing of open orders (domain 6.9): age classes, median age, throughput, utilisation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yingxu.core.quality.ageing import Work, ages, throughput, utilisation

NOW = datetime(2025, 3, 31, 1, 0, tzinfo=UTC)


def opened(*days: float) -> list[datetime]:
    return [NOW - timedelta(days=one) for one in days]


def test_6_9_classes_and_median_of_a_countable_backlog() -> None:
    found = ages(opened(0.1, 0.5, 1, 2.9, 3, 5, 7, 7.1, 30), at=NOW)
    assert found.by_class == (2, 2, 3, 2)
    assert found.n == 9
    assert found.median_h == 72.0
    assert ages(opened(1, 2), at=NOW).median_h == 36.0
    assert ages([], at=NOW).median_h is None
    assert ages([NOW + timedelta(seconds=1)], at=NOW).n == 0


@given(st.lists(st.floats(0, 60), max_size=40))
def test_every_open_order_is_in_exactly_one_class(days: list[float]) -> None:
    found = ages(opened(*days), at=NOW)
    assert sum(found.by_class) == found.n == len(days)


def test_6_9_throughput_below_one_means_that_the_backlog_grows() -> None:
    assert throughput(45, 60) == 0.75
    assert throughput(3, 0) is None, "nothing came: no rate, not 100 %"


def stretch(begin_h: float, end_h: float) -> Work:
    return Work(NOW + timedelta(hours=begin_h), NOW + timedelta(hours=end_h))


def test_6_9_utilisation_is_work_minutes_of_on_shift_minutes() -> None:
    shift = stretch(0, 8)
    assert utilisation(shift, [stretch(1, 3), stretch(4, 6)]) == 0.5
    assert utilisation(shift, [stretch(1, 3), stretch(2, 5)]) == 0.5, "two at once are one pair of hands"
    assert utilisation(shift, [stretch(-1, 2), stretch(7, 9)]) == 0.375, "what lies outside the shift does not count"
    assert utilisation(shift, []) == 0
    assert utilisation(stretch(0, 0), [stretch(0, 1)]) is None


@given(st.lists(st.tuples(st.floats(-2, 10), st.floats(0, 4)), max_size=12))
def test_nobody_works_more_than_the_shift(work: list[tuple[float, float]]) -> None:
    used = utilisation(stretch(0, 8), [stretch(begin, begin + length) for begin, length in work])
    assert used is not None
    assert 0 <= used <= 1
