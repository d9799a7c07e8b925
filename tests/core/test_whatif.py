"""The same days again: each job at most once, no ordinary before a critical one, the same for the same seed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yingxu.core.forecast.legs import Point
from yingxu.core.forecast.whatif import POLICIES, Decide, Hand, PastJob, Scenario, compare, run, walk_s

HERE, FAR = Point("a", "S", 1), Point("b", "N", 5)
EVERYTHING = frozenset({0, 1})
jobs = st.lists(
    st.builds(
        PastJob,
        st.integers(0, 20_000).map(float),
        st.sampled_from((1, 2, 3, 4)),
        st.sampled_from((0, 1)),
        st.sampled_from((HERE, FAR)),
        st.sampled_from((0.0, 600.0, 3600.0)),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(jobs, st.sampled_from(POLICIES), st.integers(1, 4))
def test_no_job_is_reached_twice_and_nobody_is_forgotten(some: list[PastJob], policy: str, n_hands: int) -> None:
    hands = [Hand(0.0, 1e9, EVERYTHING, HERE)] * n_hands
    outcome = run(some, hands, [300.0] * len(some), policy=policy)
    assert outcome.n_unreached == 0
    assert all(outcome.kept[level] <= outcome.n[level] for level in outcome.n)


@pytest.mark.parametrize("policy", ["priority", "nearest", "match", "reserve"])
def test_a_critical_job_is_served_before_an_older_ordinary_one(policy: str) -> None:
    """S5."""
    some = [
        PastJob(0, 3, 0, HERE, 3600.0),  # keeps the only hand busy
        PastJob(10, 3, 0, HERE, 3600.0),
        PastJob(20, 1, 0, FAR, 3600.0 + walk_s(HERE, FAR)),
    ]
    outcome = run(some, [Hand(0.0, 1e9, EVERYTHING, HERE)], [3500.0] * 3, policy=policy)
    assert outcome.kept == {3: 1, 1: 1}


def test_a_critical_job_calls_the_nearest_away_and_the_rest_of_the_other_waits() -> None:
    some = [PastJob(0, 3, 0, HERE, 3600.0), PastJob(500, 1, 0, FAR, 300.0 + walk_s(HERE, FAR))]
    outcome = run(some, [Hand(0.0, 1e9, EVERYTHING, HERE)], [3000.0] * 2, policy="preempt")
    assert outcome.kept == {3: 1, 1: 1}  # who was there before was there: that promise stays kept
    assert outcome.walked_s == walk_s(HERE, HERE) + 2 * walk_s(HERE, FAR)
    assert run(some, [Hand(0.0, 1e9, EVERYTHING, HERE)], [3000.0] * 2, policy="nearest").kept == {3: 1, 1: 0}


def test_the_last_of_a_trade_is_kept_back_until_half_of_the_promise_is_used_up() -> None:
    some = [PastJob(0, 3, 0, HERE, 3600.0), PastJob(10, 3, 0, HERE, 3600.0), PastJob(600, 1, 0, HERE, 120.0)]
    hands = [Hand(0.0, 1e9, EVERYTHING, HERE)] * 2
    assert run(some, hands, [3000.0] * 3, policy="nearest").kept == {3: 2, 1: 0}
    assert run(some, hands, [900.0] * 3, policy="reserve").kept == {3: 2, 1: 1}
    alone = run(some[:2], hands, [3000.0] * 2, policy="reserve")
    assert (alone.kept, alone.mean_wait_s) == ({3: 2}, (60 + 1800 - 10 + 5 + 60 + 5) / 2)


def test_somebody_else_may_decide_for_some_of_the_replications() -> None:
    """The planner takes long: fewer replications, differences over those alone, and it says how far it is."""
    some = [PastJob(60.0 * at, 3, 0, HERE, 600.0) for at in range(30)]
    hands = [Hand(0.0, 1e9, EVERYTHING, HERE)] * 2
    told: list[tuple[int, int]] = []

    def one() -> Decide:
        return lambda now: [(now.free[0], now.waiting[0])]

    scenarios = [Scenario("usual", "fifo", hands), Scenario("own", one, hands, 3)]
    usual, own = compare(some, scenarios, [100.0, 400.0], seed=5, replications=6, told=lambda *far: told.append(far))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert (usual.replications, own.replications) == (6, 3)
    assert own.by_class[0].difference == 0  # it decides as the first rule does, over the same draws


def test_who_lacks_the_skill_is_never_sent() -> None:
    outcome = run([PastJob(0, 1, 1, HERE, 600.0)], [Hand(0, 1e9, frozenset({0}), HERE)], [60.0], policy="match")
    assert outcome.n_unreached == 1


def test_more_hands_keep_no_fewer_promises_and_the_same_seed_says_the_same() -> None:
    some = [PastJob(60.0 * at, 3, 0, HERE, 1800.0) for at in range(60)]
    few, many = ([Hand(0.0, 1e9, EVERYTHING, HERE)] * n for n in (3, 6))
    scenarios = [Scenario("few", "priority", few), Scenario("many", "priority", many)]
    first, second = compare(some, scenarios, [300.0, 900.0], seed=7, replications=6)
    assert first.by_class[0].difference == 0
    assert second.by_class[0].difference_low > 0
    assert (first, second) == compare(some, scenarios, [300.0, 900.0], seed=7, replications=6)


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(ValueError, match="random"):
        run([], [], [], policy="random")
