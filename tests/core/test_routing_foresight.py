"""First moves judged by what may still come: feasible whatever they choose, repeatable, and worked examples of why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.routing_material import order, problem, shared_module, worker
from yingxu.core.routing.engine import Budget, solve
from yingxu.core.routing.fallback import fallback_plan
from yingxu.core.routing.foresight import Moves, foresee
from yingxu.core.routing.outlook import Day, Outlook, scene_of
from yingxu.core.routing.plan import Plan
from yingxu.core.routing.problem import Problem, read_problem
from yingxu.core.routing.rollout import FOLLOW, KEEP, PAUSE

evaluate = shared_module("evaluate")
generate = shared_module("generate")
SMALL = Outlook(futures=12, few=4)


def always() -> bool:
    return True


def day_of(*problems: Problem) -> Day:
    day = Day()
    for each in problems:
        day.note(each)
    return day


def first_starts(plan: Plan) -> dict[str, tuple[str, int]]:
    """First stop of every worker: (order or break, start)."""
    return {
        route["worker"]: (str(stop.get("order", "break")), stop["start"])
        for route in plan.document()["routes"]
        for stop in route["stops"][:1]
    }


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(["base", "full", "peak"]), st.integers(3, 40), st.integers(1, 12), st.integers(0, 10**6))
def test_whatever_is_foreseen_the_answer_is_feasible(family, n, m, seed):
    doc = generate.snapshot(family, n, m, seed)
    checked = read_problem(doc)
    plan = solve(checked, Budget(iterations=40), seed=seed).plan
    found = foresee(checked, plan, day_of(checked), in_time=always, look=SMALL, seed=seed)
    report = evaluate.check(doc, found.document())
    assert report["feasible"], report["violations"]
    again = foresee(checked, plan, day_of(checked), in_time=always, look=SMALL, seed=seed)
    assert found.document() == again.document()


def test_without_time_the_better_of_plan_and_dispatcher_stands():
    doc = generate.snapshot("base", 30, 6, 5)
    checked = read_problem(doc)
    plan = solve(checked, Budget(iterations=200)).plan
    found = foresee(checked, plan, day_of(checked), in_time=lambda: False, look=SMALL)
    assert evaluate.check(doc, found.document())["feasible"]


def gas_emergencies(n: int) -> list[dict[str, Any]]:
    """Emergencies of the last hour, every one for the only gas fitter."""
    return [
        order(
            f"e{x}", roles=[{"skills": {"gas": 2}}], weight=27, released=-60 * x, respond_by=900 - 60 * x, duration=600
        )
        for x in range(n)
    ]


def test_the_last_specialist_is_not_spent_on_what_another_can_do_soon():
    fitter = worker("fitter", skills={"gas": 2, "it": 2}, location=1)
    other = worker("other", free_at=120)
    routine = order("routine", weight=1, duration=5400, respond_by=80000, resolve_by=90000)
    doc = problem([fitter, other], [routine])
    checked = read_problem(doc)
    quiet = fallback_plan(checked)
    assert first_starts(quiet)["fitter"][0] == "routine"
    earlier = read_problem(problem([fitter], gas_emergencies(12)))
    day = Day(began=-3600)
    day.note(earlier)
    found = foresee(checked, quiet, day, in_time=always)
    assert first_starts(found).get("fitter", ("", 10**9))[1] > 60 + 60
    assert evaluate.check(doc, found.document())["feasible"]


def test_a_quiet_day_sends_whoever_is_free():
    doc = problem([worker("a"), worker("b", free_at=3000)], [order("o")])
    checked = read_problem(doc)
    found = foresee(checked, fallback_plan(checked), Day(), in_time=always)
    assert first_starts(found) == {"a": ("o", 60)}


def test_a_crew_keeps_the_moves_of_the_plan():
    doc = problem(
        [worker("a"), worker("b"), worker("c")],
        [order("crew", roles=[{"skills": {"it": 1}}] * 2, weight=9), order("o"), order("p", weight=27)],
    )
    checked = read_problem(doc)
    plan = solve(checked, Budget(iterations=200)).plan
    found = foresee(checked, plan, day_of(checked), in_time=always, look=SMALL)
    crew = {who for who, (what, _) in first_starts(plan).items() if what == "crew"}
    assert crew
    assert {who for who, (what, _) in first_starts(found).items() if what == "crew"} == crew
    assert evaluate.check(doc, found.document())["feasible"]


def costs_of(doc: dict[str, Any], first: list[int], keep: float = 0.0, day: Day | None = None) -> float:
    checked = read_problem(doc)
    sure = Outlook(futures=1, few=1, spread=0.0)
    scene = scene_of(checked, list(range(len(checked.orders))), day or Day(), sure, 0)
    out = np.zeros(1)
    scene.costs(np.asarray(first, dtype=np.int64), np.full(len(first), keep), 0, 1, out)
    return float(out[0])


def test_a_future_without_surprises_costs_what_the_checker_says():
    orders = [order("o", weight=9, respond_by=30, resolve_by=600), order("p", location=0, respond_by=60)]
    doc = problem([worker("a"), worker("b", shift_end=600, free_at=100)], orders)
    for first, routes in (
        ([0, FOLLOW], {"a": ["o"], "b": ["p"]}),
        ([1, FOLLOW], {"a": ["p"], "b": ["o"]}),
    ):
        report = evaluate.check(doc, evaluate.retime(doc, routes))
        assert costs_of(doc, first) == pytest.approx(report["cost"], abs=1e-6)


def test_keeping_back_waits_and_then_does_it():
    doc = problem([worker("a")], [order("o", weight=1)])
    now, later = costs_of(doc, [0]), costs_of(doc, [KEEP], keep=1.5)
    assert later == pytest.approx(now + 0.02 * Outlook().keep_s / 60.0, abs=1e-6)


def test_a_break_comes_first_when_that_is_the_move():
    rest = [{"earliest": 0, "latest": 3600, "duration": 600}]
    doc = problem([worker("a", breaks=rest)], [order("o", weight=1)])
    assert costs_of(doc, [PAUSE]) == pytest.approx(costs_of(doc, [0]) + 0.02 * 10, abs=1e-6)


def test_an_order_that_nobody_can_do_costs_as_left_out():
    doc = problem([worker("a")], [order("o", roles=[{"skills": {"crane": 1}}], weight=1, respond_by=10**6)])
    look = Outlook()
    end = look.ahead_s + look.drain_s
    late = 0.5 * max(0.0, end - 7200) / 60.0
    assert costs_of(doc, [FOLLOW]) == pytest.approx(30.0 + 0.02 * end / 60.0 + late, abs=1e-6)


def test_a_change_must_surely_save():
    doc = problem([worker("a"), worker("b")], [order("o"), order("p", location=0)])
    checked = read_problem(doc)
    scene = scene_of(checked, [0, 1], day_of(checked), SMALL, 0)
    moves = Moves(scene, [0, 1], SMALL)
    start = moves.dispatched(np.full(2, FOLLOW, dtype=np.int64))
    moves.begin([start])
    before = moves.costs.mean()
    moves.improve(always)
    assert moves.costs.mean() <= before


def test_the_look_ahead_does_the_same_without_the_compiler():
    script = (
        "from tests.core.test_routing_foresight import small_answer\nimport json\nprint(json.dumps(small_answer()))\n"
    )
    root = Path(__file__).resolve().parents[2]
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"}
    run = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True, cwd=root)
    import json

    assert json.loads(run.stdout) == json.loads(json.dumps(small_answer()))


def small_answer() -> dict[str, Any]:
    checked = read_problem(generate.snapshot("base", 12, 4, 2))
    look = Outlook(futures=3, few=2, ahead_s=1200.0)
    return foresee(checked, fallback_plan(checked), day_of(checked), in_time=always, look=look).document()
