"""Who is followed up: the domain's rule of sampling (§5.9), more after a long good run, again after 7 and 30 days."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yingxu.core.quality.following import (
    LEAST_N,
    first_by_chance,
    is_long_run,
    must_call,
    recheck_days,
    wanted_of_week,
)

CASES = st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 900), max_size=7)


@given(CASES)
def test_s40_at_least_five_percent_and_thirty_a_week_of_every_line(cases: dict[str, int]) -> None:
    wanted, n = wanted_of_week(cases), sum(cases.values())
    assert sum(wanted.values()) >= min(n, LEAST_N)
    assert sum(wanted.values()) * 20 >= n
    assert all(1 <= wanted[line] <= count for line, count in cases.items() if count)


@given(CASES, st.sets(st.sampled_from("ABCDEFG")))
def test_a_long_good_run_asks_for_more_and_takes_from_nobody(cases: dict[str, int], runs: set[str]) -> None:
    plain, more = wanted_of_week(cases), wanted_of_week(cases, long_runs=runs)
    assert all(more[line] >= plain[line] for line in plain)


def test_2000_jobs_of_a_week_are_100_calls_in_proportion() -> None:
    assert wanted_of_week({"PLB": 1000, "ELE": 600, "ELV": 400}) == {"PLB": 50, "ELE": 30, "ELV": 20}
    assert wanted_of_week({"PLB": 1000, "ELE": 600, "ELV": 400}, long_runs=["ELV"])["ELV"] == 30


def test_one_doubt_ends_a_long_run() -> None:
    assert is_long_run([True] * 20 + [False])
    assert not is_long_run([True] * 19)
    assert not is_long_run([True] * 10 + [False] + [True] * 30)


def test_chance_is_fixed_so_that_all_can_check() -> None:
    names = [f"job{n}" for n in range(50)]
    ten = first_by_chance(names, plan="2025-10", n=10)
    assert ten == first_by_chance(reversed(names), plan="2025-10", n=12)[:10]
    assert ten != first_by_chance(names, plan="2025-11", n=10)


def test_s40_urgent_ones_repeats_and_held_ones_are_always_called() -> None:
    assert must_call(priority=2, is_repeat=False, is_held=False) == "priority"
    assert must_call(priority=4, is_repeat=True, is_held=False) == "repeat"
    assert must_call(priority=1, is_repeat=True, is_held=True) == "held"
    assert must_call(priority=3, is_repeat=False, is_held=False) == ""


def test_s40_what_came_back_is_looked_at_after_7_and_30_days() -> None:
    assert recheck_days(priority=1, is_repeat=False, was_redone=False) == (7, 30)
    assert recheck_days(priority=3, is_repeat=True, was_redone=False) == (7, 30)
    assert recheck_days(priority=3, is_repeat=False, was_redone=True) == (7,)
    assert recheck_days(priority=4, is_repeat=False, was_redone=False) == ()
