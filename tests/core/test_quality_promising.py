"""What could be promised, and where the same thing happens again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.quality.promising import promise_for, spoken
from yingxu.core.quality.repeat import busiest_windows

NONE = np.array([])
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
def test_a_promise_for_ninety_percent_would_have_been_kept_by_ninety_percent(done):
    found = promise_for(done, NONE, percentile=0.9)
    assert found is not None
    assert found.would_have_kept >= 0.9
    assert found.would_have_kept == pytest.approx(float((done <= found.minutes * 60).mean()))


def test_an_open_request_older_than_the_promise_counts_against_it():
    done = np.full(9, 600.0)
    assert promise_for(done, np.array([60.0]), percentile=0.9).n == 9
    assert promise_for(done, np.array([7200.0]), percentile=0.9).would_have_kept == 0.9
    assert promise_for(done, np.full(2, 7200.0), percentile=0.9) is None
    assert promise_for(NONE, NONE, percentile=0.9) is None


def test_longer_open_requests_push_the_promise_out():
    done = np.r_[np.full(80, 600.0), np.full(16, 7200.0)]
    assert promise_for(done, np.full(4, 1e7), percentile=0.9).minutes == 120


def test_repeats_count_inside_the_window_only():
    day = 86_400
    groups = np.array([0, 0, 0, 0, 1, 1, 1, -1, -1, -1, 2])
    at = np.array([0, 10, 20, 200, 0, 31, 62, 1, 2, 3, 5]) * day
    assert busiest_windows(groups, at, within_s=30 * day) == [(0, 3, 0)]
    assert busiest_windows(groups, at, within_s=31 * day, at_least=2) == [(0, 3, 0), (1, 2, 4)]
    assert busiest_windows(np.array([-1]), np.array([0]), within_s=1) == []
