"""Who is followed up: the domain's rule of sampling (§5.9), more after a long good run, again after 7 and 30 days."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yingxu.core.quality.following import (
    LEAST_N,
    Peer,
    first_by_chance,
    first_peer,
    is_long_run,
    must_call,
    must_look,
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


def test_a_colleague_always_looks_at_doubts_repeats_and_what_is_urgent_on_the_spot() -> None:
    plain = {"priority": 3, "leaves_something": True, "is_held": False, "is_doubtful": False, "came_back": False}
    assert must_look(**plain) == ""  # type: ignore[arg-type]
    assert must_look(**{**plain, "priority": 2}) == "priority"  # type: ignore[arg-type]
    # what was only carried leaves nothing to look at, however urgent it was
    assert must_look(**{**plain, "priority": 1, "leaves_something": False}) == ""  # type: ignore[arg-type]
    assert must_look(**{**plain, "came_back": True, "priority": 1}) == "repeat"  # type: ignore[arg-type]
    assert must_look(**{**plain, "is_doubtful": True, "came_back": True}) == "flagged"  # type: ignore[arg-type]
    assert must_look(**{**plain, "is_held": True, "is_doubtful": True}) == "held"  # type: ignore[arg-type]


PEERS = st.lists(
    st.builds(Peer, st.integers(1, 50), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 4)),
    unique_by=lambda peer: peer.key,
    max_size=12,
)


@given(PEERS)
def test_who_looks_does_not_hang_on_the_order(peers: list[Peer]) -> None:
    chosen = first_peer(peers, case="J-1")
    assert chosen == first_peer(list(reversed(peers)), case="J-1")
    if not peers:
        assert chosen is None
        return
    one = next(peer for peer in peers if peer.key == chosen)
    best = min((p.is_mutual, not p.is_near, not p.is_here, p.n_open) for p in peers)
    assert (one.is_mutual, not one.is_near, not one.is_here, one.n_open) == best


def test_among_equals_chance_spreads_the_looks_over_people() -> None:
    peers = [Peer(key) for key in range(1, 6)]
    counted = [first_peer(peers, case=f"J-{n}") for n in range(200)]
    assert all(20 <= counted.count(key) <= 65 for key in range(1, 6))
