"""The last one free for some kind of work is not spent on what can wait: the rule, its formula, and what it changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.routing_material import order, problem, worker
from tests.core.test_routing_foresight import always, evaluate, first_starts, gas_emergencies
from yingxu.core.routing.fallback import fallback_plan
from yingxu.core.routing.foresight import Moves, foresee
from yingxu.core.routing.outlook import COLUMNS, Day, Outlook, blocking, order_row, scene_of
from yingxu.core.routing.problem import read_problem
from yingxu.core.routing.rollout import FOLLOW, PAUSE, STEP_S

LONG = order("long", weight=1, duration=5400, respond_by=80000, resolve_by=90000)
FITTER = worker("fitter", skills={"gas": 2, "it": 2}, location=1)


def gas_day() -> Day:
    """A day that had twelve gas emergencies in its last hour."""
    day = Day(began=-3600)
    day.note(read_problem(problem([FITTER], gas_emergencies(12))))
    return day


def sent(workers, orders, look=None, day=None) -> list[int]:
    """What a plain dispatcher would send everybody to (all are free)."""
    look = look or Outlook()
    checked = read_problem(problem(workers, orders))
    day = day or gas_day()
    day.note(checked)
    scene = scene_of(checked, list(range(len(orders))), day, look, 0)
    moves = Moves(scene, list(range(len(workers))), look)
    return [int(x) for x in moves.dispatched(np.full(len(workers), FOLLOW, dtype=np.int64))]


def test_the_last_one_free_leaves_what_can_wait():
    assert sent([FITTER], [LONG]) == [FOLLOW]
    doc = problem([FITTER], [LONG])
    checked = read_problem(doc)
    found = foresee(checked, fallback_plan(checked), gas_day(), in_time=always)
    assert first_starts(found)["fitter"][1] > 120  # kept back, and planned for later: nothing is forgotten
    assert evaluate.check(doc, found.document())["feasible"]


def test_with_a_mate_free_the_work_is_begun():
    assert sorted(sent([FITTER, {**FITTER, "id": "mate"}], [LONG])) == [FOLLOW, 0]


def test_of_two_long_orders_one_waits_when_two_are_free():
    assert sorted(sent([FITTER, {**FITTER, "id": "mate"}], [LONG, {**LONG, "id": "more"}])) in ([-1, 0], [-1, 1])


def test_who_cannot_do_it_does_not_count_as_a_mate():
    assert sent([FITTER, worker("other", skills={"it": 0, "gas": 1}, location=1)], [LONG]) == [FOLLOW, FOLLOW]


def test_what_can_wait_no_longer_is_begun():
    assert sent([FITTER], [{**LONG, "respond_by": 1500}]) == [0]


def test_short_work_blocks_nobody():
    assert sent([FITTER], [{**LONG, "duration": 240}]) == [0]


def test_where_nobody_may_be_kept_back_the_work_is_begun():
    assert sent([FITTER], [LONG], Outlook(holds_back=False)) == [0]


def test_a_day_without_emergencies_holds_nothing():
    assert sent([FITTER], [LONG], day=Day()) == [0]


def test_who_has_nothing_to_do_rests():
    resting = {**FITTER, "breaks": [{"earliest": 0, "latest": 7200, "duration": 1800}]}
    assert sent([resting], [LONG]) == [PAUSE]
    assert sent([{**FITTER, "breaks": [{"earliest": 600, "latest": 7200, "duration": 1800}]}], [LONG]) == [FOLLOW]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 27), st.integers(0, 9000)), min_size=1, max_size=12),
    st.floats(1e-5, 0.1),
    st.floats(0, 1),
)
def test_blocking_grows_with_the_stretch_and_is_linear_in_the_rate(drawn, rate, mixing):
    orders = [order(f"o{n}", weight=weight, respond_by=slack) for n, (_, weight, slack) in enumerate(drawn)]
    checked = read_problem(problem([worker("w")], orders))
    rows = np.asarray([order_row(o, 0.0) for o in checked.orders])
    kinds = np.asarray([kind for kind, _, _ in drawn])
    table = blocking(rows, kinds, 4, rate, mixing)
    assert table.shape == (4, COLUMNS)
    assert (np.diff(table, axis=1) >= -1e-9).all()
    assert (table >= 0).all()
    assert not table[3].any()  # never asked, nothing to lose
    assert np.allclose(blocking(rows, kinds, 4, 2 * rate, mixing), 2 * table)


def test_blocking_is_the_expected_lateness():
    # one kind, promised within 15 minutes, weight 27, one an hour; away for 62.5 minutes (the 13th column)
    checked = read_problem(problem([worker("w")], [order("o", weight=27, respond_by=900)]))
    rows = np.asarray([order_row(o, 0.0) for o in checked.orders])
    column = int(3600 / STEP_S)
    found = blocking(rows, np.zeros(1, dtype=np.int64), 1, 1 / 3600, 0.3)[0, column]
    comes = np.random.default_rng(5).uniform(0, 62.5, 200_000)
    drawn = 62.5 / 60 * 27 * np.maximum(0, 62.5 - comes - 15).mean()
    assert found == pytest.approx(drawn, rel=0.02)
