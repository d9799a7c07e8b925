"""The life cycle of a job: the whole table of sixteen by sixteen, and why a move is refused."""

from __future__ import annotations

import itertools

import pytest

from yingxu.work import life_cycle
from yingxu.work.refusals import IllegalMove

#: Domain 5.3, "Exact legal pairs", copied by hand so that the data cannot agree with itself alone.
LEGAL = """
new→clarifying, new→queued, new→merged, new→transferred, new→declined, new→cancelled;
clarifying→queued, clarifying→merged, clarifying→transferred, clarifying→declined, clarifying→cancelled;
queued→dispatched, queued→merged, queued→transferred, queued→declined, queued→cancelled;
dispatched→accepted, dispatched→queued, dispatched→transferred, dispatched→cancelled;
accepted→en_route, accepted→arrived, accepted→queued, accepted→transferred, accepted→cancelled;
en_route→arrived, en_route→queued, en_route→transferred, en_route→cancelled;
arrived→in_progress, arrived→transferred, arrived→cancelled;
in_progress→paused, in_progress→finished, in_progress→transferred, in_progress→cancelled;
paused→in_progress, paused→transferred, paused→cancelled; finished→verified, finished→in_progress;
verified→closed, verified→in_progress; closed→in_progress; transferred→closed, transferred→queued;
merged→queued; declined→queued
"""
PAIRS = {tuple(pair.strip().split("→")) for pair in LEGAL.replace(";", ",").split(",")}


def test_there_are_sixteen_states_and_forty_eight_moves() -> None:
    assert len(life_cycle.states()) == 16
    assert set(life_cycle.moves()) == PAIRS
    assert len(PAIRS) == 48


@pytest.mark.parametrize("pair", list(itertools.product(life_cycle.states(), repeat=2)), ids="→".join)
def test_every_other_pair_is_refused_with_both_states_and_why(pair: tuple[str, str]) -> None:
    assert life_cycle.may_move(*pair) == (pair in PAIRS)
    if pair in PAIRS:
        assert life_cycle.require_move(*pair).who
        return
    with pytest.raises(IllegalMove) as refused:
        life_cycle.require_move(*pair)
    assert (refused.value.from_state, refused.value.to_state) == pair
    assert refused.value.why in {"already_there", "ended", "not_next"}


def test_an_unknown_state_is_named() -> None:
    with pytest.raises(IllegalMove) as refused:
        life_cycle.require_move("queued", "lost")
    assert refused.value.why == "unknown_state"


@pytest.mark.parametrize("state", ["arrived", "in_progress", "paused"])
def test_once_somebody_is_there_only_the_desk_withdraws(state: str) -> None:
    move = life_cycle.require_move(state, "cancelled")
    life_cycle.refuse_role(move, frozenset({"DK"}))
    with pytest.raises(IllegalMove) as refused:
        life_cycle.refuse_role(move, frozenset({"RQ", "PF"}))
    assert refused.value.why == "not_yours"
