"""A promise held against the record: laws, worked examples, and when the record is too thin to speak."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.queueing.history import TooLittle
from yingxu.core.queueing.record import Case, held_against, is_enough, require_enough

DAY = 86_400

cases = st.lists(
    st.builds(Case, st.integers(0, 60 * DAY), st.integers(0, 7_200), st.booleans()), min_size=0, max_size=60
)


@settings(max_examples=60, deadline=None)
@given(cases, st.integers(60, 3_600), st.sampled_from([0.5, 0.8, 0.9, 0.95, 1.0]))
def test_every_case_is_counted_once_or_said_to_be_open(found, limit_s, percentile):
    answer = held_against(found, limit_s=limit_s, percentile=percentile)
    assert answer.n + answer.n_open == len(found)
    assert sum(hour.n for hour in answer.by_hour) == answer.n
    assert sum(hour.kept for hour in answer.by_hour) == answer.kept
    assert answer.kept == sum(case.is_reached and case.used_s <= limit_s for case in found)
    if answer.n:
        assert 0 <= answer.low <= answer.share <= answer.high <= 1
    else:
        assert answer.share is answer.low is answer.high is None


@settings(max_examples=60, deadline=None)
@given(cases, st.integers(60, 3_600), st.integers(0, 3_600))
def test_a_longer_limit_never_keeps_fewer_of_those_that_were_reached(found, limit_s, more_s):
    found = [case for case in found if case.is_reached]
    short = held_against(found, limit_s=limit_s, percentile=0.9)
    long = held_against(found, limit_s=limit_s + more_s, percentile=0.9)
    assert long.kept >= short.kept
    assert long.n == short.n


@settings(max_examples=60, deadline=None)
@given(cases, st.sampled_from([0.5, 0.8, 0.9, 0.95, 1.0]))
def test_the_time_that_is_really_reached_would_have_been_kept(found, percentile):
    """What the answer says could be promised, held against the same record, reaches the share."""
    found = [case for case in found if case.is_reached]
    answer = held_against(found, limit_s=600, percentile=percentile)
    if answer.reached_s is not None:
        assert held_against(found, limit_s=answer.reached_s, percentile=percentile).share >= percentile - 1e-9
        if answer.reached_s > 0:
            shorter = held_against(found, limit_s=answer.reached_s - 1, percentile=percentile)
            assert shorter.share < percentile


def test_an_example_to_check_by_hand():
    """20 cases at nine, each a minute longer than the one before; one at three at night that nobody answered."""
    found = [Case(9 * 3_600 + at * DAY, 60 * (at + 1), True) for at in range(20)]
    found += [Case(3 * 3_600, 5_000, False), Case(4 * 3_600, 30, False)]
    answer = held_against(found, limit_s=900, percentile=0.9)
    assert (answer.n, answer.kept, answer.n_open) == (21, 15, 1)
    assert math.isclose(answer.share, 15 / 21)
    assert (round(answer.low, 4), round(answer.high, 4)) == (0.5004, 0.8619)
    assert (answer.median_s, answer.reached_s) == (660, 1_140)
    assert answer.weak_hours == (9, 3), "five misses at nine before one at three"
    assert answer.by_hour[3].share == 0.0


def test_a_share_that_was_never_reached_has_no_time():
    found = [Case(at * DAY, 60, at % 2 == 0) for at in range(30)]
    answer = held_against(found, limit_s=30, percentile=0.9)
    assert answer.reached_s is None
    assert answer.median_s == 60


def test_thin_records_are_refused_with_their_numbers():
    few = held_against([Case(at * DAY, 60, True) for at in range(19)], limit_s=60, percentile=0.9)
    with pytest.raises(TooLittle) as refused:
        require_enough(few)
    assert (refused.value.what, refused.value.n, refused.value.needed) == ("cases", 19, 20)
    crowd = held_against([Case(at * 600, 60, True) for at in range(500)], limit_s=60, percentile=0.9)
    with pytest.raises(TooLittle) as refused:
        require_enough(crowd)
    assert (refused.value.what, refused.value.n) == ("days", 3)
    enough = held_against([Case(at * DAY, 60, True) for at in range(20)], limit_s=60, percentile=0.9)
    require_enough(enough)
    assert is_enough(enough)
    assert not is_enough(few)
    assert not is_enough(crowd)


def test_nothing_at_all_is_no_share():
    answer = held_against([], limit_s=60, percentile=0.9)
    assert (answer.n, answer.share, answer.days, answer.reached_s) == (0, None, 0.0, None)


def test_none_kept_and_all_kept_lie_within_their_intervals():
    """Found by 400 random examples: at 0 of 7 Wilson's lower end came out a hair above nothing."""
    for n in range(1, 60):
        none = held_against([Case(at * DAY, 61, False) for at in range(n)], limit_s=60, percentile=0.9)
        every = held_against([Case(at * DAY, 60, True) for at in range(n)], limit_s=60, percentile=0.9)
        assert (none.low, every.high) == (0.0, 1.0)
