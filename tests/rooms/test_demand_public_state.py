"""The public state, derived: sixteen codes, and the 48 legal pairs of domain 5.3."""

from __future__ import annotations

import csv
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingxu.demand.models import FinalAnswer, RequestState
from yingxu.demand.public_state import (
    BEFORE_ARRIVAL,
    BEFORE_FINISH,
    BEFORE_SENDING,
    CODES,
    PROGRESS,
    public_state,
)

_MOVES = (resources.files("yingxu.work") / "life_cycle" / "moves.csv").read_text(encoding="utf-8")
PAIRS = [(row["from_state"], row["to_state"]) for row in csv.DictReader(_MOVES.splitlines())]


def situation(code: str) -> tuple[str, str, list[str]]:
    """Return a request's own state, final answer and its job's state that stand behind a public code."""
    own = {
        "new": ("received", "", []),
        "clarifying": ("clarifying", "", []),
        "merged": ("merged", "merged", []),
        "declined": ("declined", "declined", []),
        "transferred": ("transferred", "", ["transferred"]),
        "cancelled": ("answered", "cancelled", ["cancelled"]),
        "closed": ("answered", "done", ["closed"]),
    }
    return own.get(code, ("accepted", "", [code]))


def test_there_are_48_pairs_over_16_codes() -> None:
    assert len(set(PAIRS)) == 48
    assert {code for pair in PAIRS for code in pair} == set(CODES)


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_both_ends_of_a_legal_pair_are_shown_as_such(before: str, after: str) -> None:
    assert (public_state(*situation(before)), public_state(*situation(after))) == (before, after)


def test_what_the_verbs_allow_is_what_the_pairs_say() -> None:
    def leads_to(code: str) -> set[str]:
        return {before for before, after in PAIRS if after == code}

    assert leads_to("merged") == leads_to("declined") == BEFORE_SENDING
    assert leads_to("transferred") == leads_to("cancelled") == BEFORE_FINISH
    assert {"arrived", "in_progress", "paused"} == BEFORE_FINISH - BEFORE_ARRIVAL


@given(st.lists(st.sampled_from(PROGRESS), min_size=1, max_size=4))
def test_several_jobs_show_the_least_advanced(states: list[str]) -> None:
    assert public_state("accepted", "", states) == min(states, key=PROGRESS.index)


@given(
    st.sampled_from(RequestState.values),
    st.sampled_from(["", *FinalAnswer.values]),
    st.lists(st.sampled_from(CODES), max_size=4),
)
def test_whatever_happens_some_code_is_shown(state: str, final: str, jobs: list[str]) -> None:
    assert public_state(state, final, jobs) in CODES


def test_a_job_called_off_beside_one_that_goes_on_does_not_show() -> None:
    assert public_state("accepted", "", ["cancelled", "arrived"]) == "arrived"
    assert public_state("accepted", "", ["cancelled"]) == "queued"
