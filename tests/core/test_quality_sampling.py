"""Sampling laws: a drawn case stays drawn, chance is fair, one stratum is the plain interval."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.quality.sampling import BadSample, Estimate, Stratum, estimate, is_drawn
from yingxu.core.quality.share import attainment

STRATA = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)).map(
        lambda three: Stratum(*sorted(three, reverse=True))
    ),
    max_size=5,
)


@given(st.text(max_size=12), st.floats(0.01, 1), st.floats(0.01, 1))
@settings(max_examples=100)
def test_what_is_drawn_at_a_share_is_drawn_at_every_higher_one(case: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert not is_drawn(case, plan="p", share=low) or is_drawn(case, plan="p", share=high)
    assert is_drawn(case, plan="p", share=1.0)


def test_chance_is_fair_and_plans_draw_apart() -> None:
    cases = [f"job-{n}" for n in range(4000)]
    drawn = {case for case in cases if is_drawn(case, plan="floors", share=0.1)}
    assert 320 <= len(drawn) <= 480  # four standard deviations around 400
    other = {case for case in cases if is_drawn(case, plan="beds", share=0.1)}
    assert 15 <= len(drawn & other) <= 75  # 40 expected of independent plans


@given(STRATA)
@settings(max_examples=100)
def test_an_estimate_lies_in_its_interval_and_speaks_for_what_was_measured(strata: list[Stratum]) -> None:
    found = estimate(strata)
    if found.share is None:
        assert not any(row.n_measured for row in strata)
        return
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert 0 < found.covered <= 1
    assert found.n_effective <= found.n_measured + 1e-9 or len(strata) == 1


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
def test_one_stratum_is_the_plain_wilson_interval(n: int, good: int, more: int) -> None:
    good = min(good, n)
    found, plain = estimate([Stratum(n + more, n, good)]), attainment(good, n)
    assert (found.share, found.low, found.high) == pytest.approx((plain.share, plain.low, plain.high))


def test_strata_sampled_at_different_rates_count_by_their_cases() -> None:
    """10 urgent jobs all checked, all good; 90 ordinary ones, 9 checked, 6 good: 0.1·1 + 0.9·2/3 = 0.7, not 15/19."""
    found = estimate([Stratum(10, 10, 10), Stratum(90, 9, 6)])
    assert found.share == pytest.approx(0.7)
    assert found.n_effective == pytest.approx(1 / (0.01 / 10 + 0.81 / 9))


def test_what_nobody_measured_is_not_spoken_for() -> None:
    assert estimate([Stratum(10, 0, 0)]) == Estimate(None, None, None, 0, 0.0, 0.0)
    assert estimate([Stratum(10, 5, 5), Stratum(30, 0, 0)]).covered == 0.25


@pytest.mark.parametrize("counts", [(1, 2, 0), (2, 1, 2), (2, 1, -1)])
def test_counts_that_cannot_be_are_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(BadSample):
        Stratum(*counts)
