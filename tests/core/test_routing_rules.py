"""Every hard rule and soft term of the dispatch contract, one at a time, on problems that a person can check."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.routing_material import order, problem, shared_module, worker
from yingxu.core.routing.engine import Budget, solve
from yingxu.core.routing.fallback import fallback_plan
from yingxu.core.routing.plan import Contradiction, repaired_plan, timed_plan
from yingxu.core.routing.problem import MalformedProblem, NoFeasiblePlan, read_problem

evaluate = shared_module("evaluate")
TWO_ROLES = [{"skills": {"it": 1}}, {"skills": {"it": 1}}]


def solved(doc: dict[str, Any]) -> dict[str, Any]:
    """Starts by (worker, stop) of the engine's plan, after the checker and the fallback agreed."""
    checked = read_problem(doc)
    for plan in (solve(checked, Budget(iterations=200)).plan, fallback_plan(checked)):
        report = evaluate.check(doc, plan.document())
        assert report["feasible"], report["violations"]
        assert plan.cost == pytest.approx(report["cost"], rel=1e-12, abs=1e-4)
    plan = solve(checked, Budget(iterations=200)).plan
    return {
        (route["worker"], stop.get("order", stop.get("break"))): stop["start"]
        for route in plan.document()["routes"]
        for stop in route["stops"]
    }


def test_a_level_too_low_does_not_do_the_order():
    doc = problem([worker("low"), worker("high", skills={"it": 3})], [order("o", roles=[{"skills": {"it": 3}}])])
    assert list(solved(doc)) == [("high", "o")]


def test_nobody_has_the_skill_so_the_order_stays_unassigned():
    assert solved(problem([worker("a")], [order("o", roles=[{"skills": {"crane": 1}}])])) == {}


def test_a_crew_starts_together_when_the_last_member_is_there():
    doc = problem([worker("a"), worker("b", free_at=1000)], [order("o", roles=TWO_ROLES)])
    assert solved(doc) == {("a", "o"): 1060, ("b", "o"): 1060}


def test_a_crew_of_more_than_there_are_stays_unassigned():
    assert solved(problem([worker("a")], [order("o", roles=TWO_ROLES)])) == {}


def test_an_appointment_does_not_start_before_its_window():
    assert solved(problem([worker("a")], [order("o", window=[5000, 6000])])) == {("a", "o"): 5000}


def test_a_window_in_the_past_is_late_not_impossible():
    assert solved(problem([worker("a")], [order("o", window=[-9000, -8000])])) == {("a", "o"): 60}


def test_a_follower_waits_for_the_end_of_what_it_follows():
    doc = problem([worker("a"), worker("b")], [order("second", after=["first"], weight=27), order("first", weight=1)])
    found = {what: at for (_, what), at in solved(doc).items()}
    assert found["second"] >= found["first"] + 900


def test_orders_that_follow_each_other_in_a_circle_stay_unassigned():
    doc = problem([worker("a")], [order("x", after=["y"]), order("y", after=["x"]), order("z", after=["y"])])
    assert solved(doc) == {}


def test_an_unknown_predecessor_counts_as_finished():
    assert solved(problem([worker("a")], [order("o", after=["gone"])])) == {("a", "o"): 60}


def test_an_excluded_worker_is_passed_over():
    doc = problem([worker("a"), worker("b", free_at=3000)], [order("o", excluded=["a"])])
    assert list(solved(doc)) == [("b", "o")]


def test_a_preferred_worker_is_worth_ten_minutes():
    doc = problem([worker("a"), worker("b", free_at=100)], [order("o", preferred=["b"])])
    assert list(solved(doc)) == [("b", "o")]


def test_a_lock_as_first_holds_against_urgency():
    lock = {"workers": ["a"], "first": True}
    found = solved(problem([worker("a")], [order("urgent", weight=27, respond_by=0), order("o", locked=lock)]))
    assert found["a", "o"] < found["a", "urgent"]


def test_a_lock_holds_even_when_leaving_out_were_cheaper():
    doc = problem([worker("a", shift_end=100)], [order("o", weight=0, locked={"workers": ["a"]})])
    assert list(solved(doc)) == [("a", "o")]


@pytest.mark.parametrize(
    ("workers", "orders"),
    [
        ([worker("a")], [order("o", locked={"workers": ["b"]})]),
        ([worker("a", skills={})], [order("o", locked={"workers": ["a"]})]),
        ([worker("a")], [order("o", excluded=["a"], locked={"workers": ["a"]})]),
        ([worker("a", shift_end=0, max_overtime=0)], [order("o", locked={"workers": ["a"]})]),
        ([worker("a")], [order(x, locked={"workers": ["a"], "first": True}) for x in "xy"]),
        ([worker("a")], [order("o", after=["o"], locked={"workers": ["a"]})]),
    ],
)
def test_locks_that_contradict_a_hard_rule_are_refused_with_a_sentence(workers, orders):
    with pytest.raises(NoFeasiblePlan, match="order"):
        solve(read_problem(problem(workers, orders)), Budget(iterations=10))


def test_nothing_ends_after_shift_and_overtime():
    doc = problem([worker("a", shift_end=1000, max_overtime=0)], [order("x"), order("y")])
    assert len(solved(doc)) == 1


def test_a_break_longer_than_the_shift_waits_until_after_the_work():
    doc = problem([worker("a", breaks=[{"earliest": 0, "latest": 9000, "duration": 90000}])], [order("o")])
    assert solved(doc)["a", "o"] == 60


def test_a_break_is_not_taken_before_its_time_and_not_late_without_reason():
    pause = {"earliest": 2000, "latest": 2100, "duration": 600}
    orders = [order(f"o{x}", respond_by=90000, resolve_by=90000) for x in range(6)]
    assert 2000 <= solved(problem([worker("a", breaks=[pause])], orders))["a", 0] <= 2100


def test_fairness_sends_the_less_loaded():
    doc = problem([worker("a", load=20000), worker("b")], [order("o")])
    assert list(solved(doc)) == [("b", "o")]


def test_a_little_weight_goes_early_when_much_waits_behind_it():
    """Seen: a follower of weight 27 waited for hours, because what it follows weighed 1 and went last."""
    orders = [order(f"o{x}", weight=3, respond_by=0) for x in range(6)]
    orders += [order("lead", weight=1), order("heavy", weight=27, respond_by=0, after=["lead"])]
    found = {what: at for (_, what), at in solved(problem([worker("a")], orders)).items()}
    assert found["lead"] == 60


@pytest.mark.parametrize(
    "doc",
    [
        problem([], []),
        problem([], [order("o")]),
        problem([worker("a")], []),
        problem([], [], travel={"matrix": []}),
        problem([worker("a")], [order("o", duration=0), order("p", duration=0)]),
        problem([worker("a")], [order("o", respond_by=10**30, resolve_by=10**30)]),
        problem([worker("a")], [order("o", released=10**30)]),
        problem([worker("a")], [order("o", duration=10**25)]),
        problem([worker("a", shift_end=10**28)], [order("o", duration=10**20), order("p")]),
        problem([worker("a", shift_start=9000, shift_end=100)], [order("o")]),
        problem([worker("a")], [order("o", roles=[])]),
        problem([worker("a")], [order("o", window=None, locked=None, preferred=None)]),
        problem([worker("a", location=1)], [order("o")], travel={"matrix": [[0, 10**20], [10**20, 0]]}),
    ],
)
def test_odd_problems_have_feasible_answers(doc):
    solved(doc)


@pytest.mark.parametrize(
    ("doc", "word"),
    [
        ([], "object"),
        (problem([], []) | {"format": "x"}, "format"),
        (problem([worker("a"), worker("a")], []), "same id"),
        (problem([worker("a")], [order("o"), order("o")]), "taken"),
        (problem([worker("a", location=7)], []), "location"),
        (problem([worker("a")], [order("o", duration=-1)]), "duration"),
        (problem([worker("a")], [order("o", duration=1.5)]), "whole number"),
        (problem([worker("a")], [order("o", weight=float("nan"))]), "finite"),
        (problem([worker("a")], [{"id": "o"}]), "'roles'"),
        (problem([], [], travel={"matrix": [[0, 1]]}), "square"),
        (problem([], [], travel={"matrix": [[-1]]}), "negative"),
        (problem([], [], travel={}), "matrix"),
    ],
)
def test_a_malformed_problem_is_refused_in_one_line(doc, word):
    with pytest.raises(MalformedProblem, match=word) as refusal:
        read_problem(doc)
    assert "\n" not in str(refusal.value)


def test_the_judge_names_crews_that_wait_for_each_other_and_repairs_them():
    checked = read_problem(problem([worker("a"), worker("b")], [order(x, roles=TWO_ROLES) for x in "xy"]))
    crossed = [[(False, 0), (False, 1)], [(False, 1), (False, 0)]]
    with pytest.raises(Contradiction):
        timed_plan(checked, crossed)
    assert len(repaired_plan(checked, crossed).unassigned) == 1
