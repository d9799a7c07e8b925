"""What could be promised, and where the same thing happens again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.quality.promising import promise_for, spoken
from yingxu.core.quality.repeat import busiest_windows

OPEN = np.nan
seconds = st.lists(st.integers(0, 30 * 86_400), min_size=1, max_size=60).map(lambda xs: np.array(xs, dtype=float))


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, 5),
        (5, 5),
        (5.1, 10),
        (61, 90),
        (1441, 2160),
        (2161, 2880),
        (14.5 * 1440, 21 * 1440),
        (100 * 1440, 120 * 1440),
    ],
)
def test_times_are_rounded_up_to_what_people_say(minutes, said):
    assert spoken(minutes) == said


def test_an_endless_time_cannot_be_said():
    with pytest.raises(ValueError, match="finite"):
        spoken(float("inf"))


@settings(max_examples=60, deadline=None)
@given(seconds)
def test_a_promise_for_ninety_percent_would_have_been_kept_by_ninety_percent(took):
    found = promise_for(took, np.full(took.size, 1e9), percentile=0.9)
    assert found is not None
    assert found.would_have_kept >= 0.9
    assert found.would_have_kept == pytest.approx(float((took <= found.minutes * 60).mean()))


def test_it_is_the_shortest_time_that_people_would_say():
    took = np.r_[np.full(90, 600.0), np.full(10, 7200.0)]
    assert promise_for(took, np.full(100, 1e9), percentile=0.9).minutes == 10
    assert promise_for(took, np.full(100, 1e9), percentile=0.91).minutes == 120


def test_an_open_request_counts_against_a_promise_that_it_has_outlived():
    took = np.r_[np.full(9, 600.0), OPEN]
    assert promise_for(took, np.full(10, 7200.0), percentile=0.9).would_have_kept == 0.9
    assert promise_for(np.r_[took, OPEN], np.full(11, 7200.0), percentile=0.9) is None


def test_young_requests_are_not_judged_so_that_the_quick_ones_do_not_flatter():
    took = np.r_[np.full(50, 60.0), np.full(50, OPEN)]  # half are done at once, half not yet
    age = np.r_[np.full(50, 200.0), np.full(50, 200.0)]  # none is five minutes old
    assert promise_for(took, age, percentile=0.9) is None


def test_nothing_finished_or_too_few_to_judge_is_no_promise():
    assert promise_for(np.array([OPEN]), np.array([10.0]), percentile=0.9) is None
    assert promise_for(np.array([60.0]), np.array([9e9]), percentile=0.9, at_least=20) is None


def test_repeats_count_inside_the_window_only():
    day = 86_400
    groups = np.array([0, 0, 0, 0, 1, 1, 1, -1, -1, -1, 2])
    at = np.array([0, 10, 20, 200, 0, 31, 62, 1, 2, 3, 5]) * day
    assert busiest_windows(groups, at, within_s=30 * day) == [(0, 3, 0)]
    assert busiest_windows(groups, at, within_s=31 * day, at_least=2) == [(0, 3, 0), (1, 2, 4)]
    assert busiest_windows(np.array([-1]), np.array([0]), within_s=1) == []
