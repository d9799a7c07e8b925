"""Erlang's formulas against a worked example, against sums written out, and against birth and death."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingxu.core.queueing import (
    BadSpec,
    Constant,
    Empirical,
    Exponential,
    Lognormal,
    SimulationSpec,
    can_we_keep_it,
    erlang_b,
    erlang_c,
    impatient_queue,
    least_servers,
    mean_queue,
    mean_wait_s,
    measure_promise,
    priority_mean_wait_s,
    read_spec,
    service_level,
)
from yingxu.core.queueing.durations import middle_shares
from yingxu.core.queueing.erlang import served_within


@pytest.mark.parametrize(
    ("s", "waits", "level", "answer_s"), [(3, 0.4444, 0.624, 53.3), (4, 0.1739, 0.875, 10.4), (5, 0.0597, 0.964, 2.4)]
)
def test_desk_with_sixty_calls_of_two_minutes(s, waits, level, answer_s):
    """The design document's vector TV-8."""
    assert erlang_c(s, 2.0) == pytest.approx(waits, abs=5e-5)
    assert service_level(s, 2.0, 120, 20) == pytest.approx(level, abs=5e-4)
    assert mean_wait_s(s, 2.0, 120) == pytest.approx(answer_s, abs=0.05)


@given(st.integers(1, 40), st.floats(0.01, 60))
@settings(max_examples=50, deadline=None)
def test_the_recursion_equals_the_sum_of_its_definition(s, a):
    terms = [a**k / math.factorial(k) for k in range(s + 1)]
    assert erlang_b(s, a) == pytest.approx(terms[-1] / sum(terms), rel=1e-9)


def test_thousands_of_servers_do_not_overflow():
    assert 0 < erlang_c(5_000, 4_950.0) < 1
    assert 0 < erlang_b(5_000, 50_000.0) < 1


def test_nobody_waits_without_load_and_everybody_is_lost_without_servers():
    assert erlang_c(1, 0.0) == 0.0
    assert erlang_b(0, 3.0) == 1.0


def test_littles_law_ties_queue_and_wait():
    assert mean_queue(4, 3.0) == pytest.approx(mean_wait_s(4, 3.0, 600) * 3.0 / 600)


@pytest.mark.parametrize(
    "call", [lambda: erlang_c(2, 2.0), lambda: service_level(1, 2.0, 60, 5), lambda: mean_queue(1, 1.0)]
)
def test_without_spare_staff_there_is_no_stationary_answer(call):
    with pytest.raises(ValueError, match="staff must exceed the load"):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: erlang_b(-1, 1.0),
        lambda: erlang_b(1, math.nan),
        lambda: erlang_b(1, -0.1),
        lambda: service_level(2, 1.0, 0.0, 5),
        lambda: least_servers(1.0, 60, 20, 1.0),
        lambda: least_servers(1.0, 60, 20, 0.0),
        lambda: impatient_queue(0, 1.0, 60, Exponential(60).survival, 5),
        lambda: impatient_queue(1, 0.0, 60, Exponential(60).survival, 5),
    ],
)
def test_meaningless_quantities_are_refused(call):
    with pytest.raises(ValueError):  # noqa: PT011  (each names its own quantity)
        call()


@given(st.floats(0.1, 50), st.floats(0, 2_000), st.sampled_from([0.5, 0.8, 0.9, 0.99]))
@settings(max_examples=30, deadline=None)
def test_least_servers_are_enough_and_one_less_is_not(a, within_s, percentile):
    s = least_servers(a, 600.0, within_s, percentile)
    assert service_level(s, a, 600.0, within_s) >= percentile
    assert s - 1 <= a or service_level(s - 1, a, 600.0, within_s) < percentile


def test_urgent_classes_wait_less_and_the_mean_over_classes_is_conserved():
    loads = (0.5, 1.0, 1.4)
    waits = priority_mean_wait_s(4, loads, 600.0)
    assert all(one < other for one, other in pairwise(waits))
    mixed = sum(load * wait for load, wait in zip(loads, waits, strict=True)) / sum(loads)
    assert mixed == pytest.approx(mean_wait_s(4, sum(loads), 600.0))


def _birth_and_death(s, a, patience_in_services):
    """Return (share that waits, share that gives up) of M/M/s+M from its stationary distribution."""
    weights = [1.0]
    for n in range(1, 2_000):
        out = min(n, s) + max(0, n - s) / patience_in_services
        weights.append(weights[-1] * a / out)
    p = np.array(weights) / sum(weights)
    gives_up = (np.maximum(np.arange(len(p)) - s, 0) / patience_in_services * p).sum() / a
    return p[s:].sum(), gives_up


@pytest.mark.parametrize(("s", "a"), [(1, 0.5), (3, 2.0), (5, 5.0), (4, 7.0), (20, 22.0)])
@pytest.mark.parametrize("patience", [0.3, 1.0, 4.0])
def test_erlang_a_agrees_with_birth_and_death(s, a, patience):
    waits, gives_up = _birth_and_death(s, a, patience)
    queue = impatient_queue(s, a, 600.0, Exponential(600.0 * patience).survival, 1e9)
    assert queue.waits == pytest.approx(waits, rel=2e-3)
    assert queue.abandons == pytest.approx(gives_up, rel=5e-3, abs=1e-6)
    assert queue.kept == pytest.approx(1 - queue.abandons, abs=1e-9)


def test_endless_patience_is_erlang_c():
    queue = impatient_queue(4, 3.0, 360.0, Exponential(1e12).survival, 600.0)
    assert queue.kept == pytest.approx(service_level(4, 3.0, 360.0, 600.0), abs=1e-4)
    assert queue.abandons == pytest.approx(0.0, abs=1e-6)


def test_an_overload_whose_patience_never_ends_still_gets_an_answer():
    queue = impatient_queue(1, 2.0, 60.0, lambda x: np.ones(x.shape), 60.0)
    assert queue.waits == pytest.approx(1.0)
    assert queue.kept == pytest.approx(0.0, abs=1e-6)


def test_a_promise_in_the_past_is_not_kept():
    assert served_within(4, 3.0, 360.0, Exponential(600).survival, np.array([-1.0]))[0] == 0.0


KINDS = [Constant(90.0), Exponential(90.0), Lognormal(90.0, 0.8), Lognormal(90.0, 0.0), Empirical((30.0, 60.0, 180.0))]


@pytest.mark.parametrize("kind", KINDS)
def test_draws_quantiles_and_survival_tell_the_same_story(kind):
    drawn = kind.draw(np.random.default_rng(5), 60_000)
    assert drawn.mean() == pytest.approx(kind.mean_s, rel=0.02)
    assert drawn.std() / drawn.mean() == pytest.approx(kind.cv, abs=0.03)
    assert kind.quantile_s(middle_shares(4_000)).mean() == pytest.approx(kind.mean_s, rel=0.01)
    for at_s in (0.0, 45.0, 100.0, 300.0):
        assert kind.survival(np.array([at_s]))[0] == pytest.approx((drawn > at_s).mean(), abs=0.01)


def test_times_that_are_all_zero_have_no_spread():
    assert Empirical((0.0, 0.0)).cv == 0.0
    assert Exponential(0.0).survival(np.array([0.0, 5.0])).tolist() == [0.0, 0.0]


def _two_classes(*, until_end: bool = False, counted: tuple[bool, bool] = (True, True)) -> SimulationSpec:
    return read_spec(
        {
            "format": "simulation-spec/1",
            "days": 60,
            "replications": 5,
            "arrivals": {"per_hour": [6.0] * 24},
            "service_s": {"kind": "exponential", "mean": 1200},
            "servers": {"by_hour": [3] * 24},
            "priorities": [
                {"share": 0.2, "respond_s": 600, "counted": counted[0]},
                {"share": 0.8, "respond_s": 600, "counted": counted[1]},
            ],
            "promise": {"respond_s": 600, "percentile": 0.5, "until_end": until_end},
        }
    )


def test_only_counted_classes_are_held_against_the_promise_and_the_others_take_up_hands():
    first, second, both = (
        measure_promise(_two_classes(counted=counted), seed=3).attainment
        for counted in ((True, False), (False, True), (True, True))
    )
    assert first.share > both.share > second.share
    assert first.n + second.n == both.n
    formula = can_we_keep_it(_two_classes(counted=(True, False)))
    assert abs(formula.share - first.share) < 0.03


def test_a_promise_until_the_work_is_done_counts_the_work():
    until_there, until_done = (measure_promise(_two_classes(until_end=end), seed=3).attainment for end in (False, True))
    # without waiting the work alone would take longer than 600 s with chance e^-0.5
    assert until_done.share < 0.394
    assert until_done.share < until_there.share
    assert abs(can_we_keep_it(_two_classes(until_end=True)).share - until_done.share) < 0.04


@pytest.mark.parametrize(("key", "value"), [("until_end", "yes"), ("counted", 1)])
def test_a_flag_that_is_no_flag_is_named(key, value):
    mapping = {
        "format": "simulation-spec/1",
        "arrivals": {"per_hour": [1.0] * 24},
        "service_s": {"kind": "constant", "mean": 60},
        "servers": {"by_hour": [1] * 24},
        "priorities": [{"share": 1.0, "respond_s": 60}],
        "promise": {"respond_s": 60, "percentile": 0.9},
    }
    (mapping["promise"] if key == "until_end" else mapping["priorities"][0])[key] = value
    with pytest.raises(BadSpec, match=key):
        read_spec(mapping)
