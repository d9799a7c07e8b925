"""Laws of the ratchet: it asks for three months, never for more than was kept, never for a leap."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.quality.ratchet import LEAST_A_MONTH, MOST_STEP, Month, said_limit, tighter

LIMIT = 3_600


def months(*used):
    return [Month(f"2025-0{at}", tuple(one)) for at, one in enumerate(used, 1)]


def test_three_good_months_propose_a_shorter_limit():
    """Forty arrivals a month, all within 48 minutes of a promised hour: three quarters of an hour is one step."""
    found = tighter(months(*[[2_000 + 20 * n for n in range(40)]] * 3), limit_s=LIMIT, percentile=0.9)
    assert found is not None
    assert (found.limit_s, found.percentile) == (2_700, 0.9)
    assert [month.n for month in found.months] == [40, 40, 40]


def test_one_month_below_the_target_stops_it():
    good, bad = [600] * 40, [600] * 30 + [9_000] * 10
    assert tighter(months(good, bad, good), limit_s=LIMIT, percentile=0.9) is None


def test_two_months_or_few_cases_say_nothing():
    good = [600] * 40
    assert tighter(months(good, good), limit_s=LIMIT, percentile=0.9) is None
    assert tighter(months(good, good, [600] * (LEAST_A_MONTH - 1)), limit_s=LIMIT, percentile=0.9) is None


def test_where_the_limit_cannot_fall_the_share_rises_a_notch():
    close = [3_500] * 40
    found = tighter(months(close, close, close), limit_s=LIMIT, percentile=0.9)
    assert found is not None
    assert (found.limit_s, found.percentile) == (LIMIT, 0.95)
    assert tighter(months(close, close, close), limit_s=LIMIT, percentile=0.99) is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 7_200), min_size=20, max_size=60), min_size=3, max_size=3),
    st.sampled_from([0.8, 0.9, 0.95]),
)
def test_every_month_would_have_kept_what_is_proposed(used, percentile):
    found = tighter(months(*used), limit_s=LIMIT, percentile=percentile)
    if found is None:
        return
    assert found.limit_s < LIMIT or found.percentile > percentile
    assert found.limit_s >= LIMIT * (1 - MOST_STEP)
    for one in used:
        assert sum(value <= found.limit_s for value in one) / len(one) >= found.percentile - 1e-9


@pytest.mark.parametrize(
    ("seconds", "said"), [(61, 120), (901, 1_200), (3_601, 4_500), (15_000, 16_200), (90_000, 90_000)]
)
def test_limits_are_round(seconds, said):
    assert said_limit(seconds) == said
