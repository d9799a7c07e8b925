"""Laws of the search: always feasible, costed as the checker costs, repeatable, never worse than its start."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.routing_material import order, problem, shared_module, worker
from yingxu.core.routing import engine
from yingxu.core.routing.arrays import FLOOR, FREE, LEAVE, RATE, STEEP, TYPICAL, compile_arrays
from yingxu.core.routing.engine import Budget, Tuning, _tuned, solve, start_state
from yingxu.core.routing.explain import explain, refusals
from yingxu.core.routing.fallback import fallback_plan
from yingxu.core.routing.insertion import _walk
from yingxu.core.routing.problem import NoFeasiblePlan, read_problem
from yingxu.core.routing.session import Resident, carried_routes, stops_of
from yingxu.core.routing.sisr import search

evaluate = shared_module("evaluate")
generate = shared_module("generate")
families = st.sampled_from(["base", "full", "peak"])


@settings(max_examples=25, deadline=None)
@given(families, st.integers(4, 60), st.integers(1, 14), st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_every_answer_is_feasible_and_costed_as_the_checker_costs(family, n, m, seed, chance):
    doc = generate.snapshot(family, n, m, seed)
    for o in doc["orders"]:
        if chance.random() < 0.1:
            o.setdefault("after", []).append(chance.choice(doc["orders"])["id"])
        if chance.random() < 0.05 and "locked" not in o:
            o["roles"] = o["roles"] * 3
    try:
        checked = read_problem(doc)
        found = solve(checked, Budget(iterations=120), seed=seed)
    except NoFeasiblePlan:
        assert any("locked" in o for o in doc["orders"])
        return
    report = evaluate.check(doc, found.plan.document())
    assert report["feasible"], report["violations"]
    assert found.plan.cost == pytest.approx(report["cost"], abs=1e-4)
    assert found.search_cost == pytest.approx(report["cost"], abs=1e-3)
    assert found.search_cost <= found.start_cost + 1e-6
    again = solve(checked, Budget(iterations=30), seed=seed, warm=stops_of(found.plan))
    assert again.plan.cost <= found.plan.cost + 1e-3


def test_the_same_seed_gives_the_same_plan():
    checked = read_problem(generate.snapshot("full", 60, 10, 3))
    one, two = (solve(checked, Budget(iterations=400), seed=5).plan.document() for _ in range(2))
    assert one == two


def test_a_tiny_problem_is_solved_as_well_as_by_trying_everything():
    orders = [
        order(f"o{x}", weight=w, duration=d, respond_by=r)
        for x, (w, d, r) in enumerate([(3, 900, 0), (9, 2400, 600), (1, 300, 0), (27, 1200, 1500), (3, 600, 100)])
    ]
    doc = problem([worker("a"), worker("b", free_at=700)], orders)
    best = float("inf")
    for row in itertools.permutations(orders):
        for cut in range(len(row) + 1):
            routes = {"a": [o["id"] for o in row[:cut]], "b": [o["id"] for o in row[cut:]]}
            best = min(best, evaluate.check(doc, evaluate.retime(doc, routes))["cost"])
    assert solve(read_problem(doc), Budget(iterations=2000)).plan.cost == pytest.approx(best, abs=1e-3)


@pytest.mark.parametrize("family", ["base", "full", "peak"])
def test_a_delay_never_costs_less_than_the_lines_that_say_so(family):
    checked = read_problem(generate.snapshot(family, 60, 6, 12))
    a = compile_arrays(checked)
    s = start_state(checked, a, 1, None)
    search(a, s, 200, 5.0, 0.1, 4, 0.05, 1000)
    tight = 0
    for k in range(a.m):
        for p in range(int(s.size[k])):
            q = int(s.off[k]) + p
            t = float(a.worker[k, FREE]) if p == 0 else float(s.pos[q - 1, LEAVE])
            place = int(a.worker_place[k]) if p == 0 else int(s.leave_place[q - 1])
            for delay in (60.0, 600.0, float(a.coef[TYPICAL]), 3600.0, 9000.0):
                true = _walk(a, s, k, p, t + delay, place)
                line = max(s.pos[q, RATE] * delay, s.pos[q, FLOOR] + s.pos[q, STEEP] * delay)
                assert line <= true + 1e-6
                tight += 0 < true - 1e-6 <= line
    assert tight > 20, "at a typical delay the line touches what it costs"


def test_a_search_starts_cooler_the_fewer_changes_are_to_come():
    t = Tuning()
    assert t.heat(1e6, False, 0.0) == t.hot
    assert t.heat(1e6, True, 0.0) == t.hot_warm
    assert t.heat(1.0, False, 0.0) == pytest.approx(t.kindle)
    assert t.heat(0.0, False, 0.0) > t.cold
    assert t.heat(1e6, False, 1.0) == pytest.approx(t.cold)
    long = read_problem(problem([worker("a")], [order(f"o{x}") for x in range(30)]))
    assert _tuned(compile_arrays(long)).hot < t.hot, "one very long route: its start is far too dear to measure by"
    heats = [t.heat(20.0, False, x / 10) for x in range(11)]
    assert heats == sorted(heats, reverse=True)


def test_the_clock_is_first_read_when_the_kernels_are_loaded(monkeypatch):
    done = []
    monkeypatch.setattr(engine, "_loaded", threading.Event())
    real = engine.search
    monkeypatch.setattr(engine, "search", lambda *x: (done.append(x[2]), real(*x)))

    def clock() -> float:
        assert done[:1] == [0], "a search of no changes has loaded them"
        return float(len(done))

    checked = read_problem(generate.snapshot("base", 10, 3, 1))
    solve(checked, Budget(None, 3.0, clock))
    assert len(done) > 1
    solve(checked, Budget(None, 0.0, clock))
    assert done.count(0) == 1, "once per process"


def test_two_threads_answer_feasibly_too():
    doc = generate.snapshot("full", 260, 30, 8)
    ticks = itertools.count()
    found = solve(read_problem(doc), Budget(None, 400.0, lambda: float(next(ticks)), threads=2))
    assert evaluate.check(doc, found.plan.document())["feasible"]


def test_a_plan_is_carried_over_to_the_next_problem():
    doc = generate.snapshot("full", 40, 8, 2)
    before = solve(read_problem(doc), Budget(iterations=300)).plan
    later = {**doc, "orders": [*doc["orders"][5:], order("new", location=0, roles=doc["orders"][0]["roles"])]}
    checked = read_problem(later)
    carried = carried_routes(before, checked)
    assert sum(not b for route in carried for b, _ in route) >= 30
    found = solve(checked, Budget(iterations=0), warm=carried)
    assert evaluate.check(later, found.plan.document())["feasible"]


def test_the_resident_plan_names_who_is_best_for_one_more():
    doc = problem([worker("far", location=0), worker("near", location=1)], [order("o")])
    checked = read_problem(doc)
    empty = fallback_plan(read_problem({**doc, "orders": []}))
    who, cost = Resident(checked, empty).best("o")
    assert who == ("near",)
    assert cost > 0


def test_the_engine_beats_the_queue():
    doc = generate.snapshot("full", 80, 12, 4)
    checked = read_problem(doc)
    assert solve(checked, Budget(iterations=500)).plan.cost < fallback_plan(checked).cost


def test_explain_names_best_runner_up_and_why_others_cannot():
    doc = problem(
        [
            worker("a"),
            worker("b", free_at=900),
            worker("c", skills={}),
            worker("d"),
            worker("e", shift_end=0, max_overtime=0),
        ],
        [order("o", excluded=["d"], respond_by=0), order("p", excluded=["d", "b"])],
    )
    checked = read_problem(doc)
    told = explain(solve(checked, Budget(iterations=200)).plan)["orders"]["o"]
    assert {told["chosen"]["worker"], told["runner_up"]["worker"]} == {"a", "b"}
    assert told["not_eligible"] == [{"skill_missing": ["c"], "excluded": ["d"], "shift_over": ["e"]}]
    assert told["chosen"]["cost"] == pytest.approx(sum(told["chosen"]["parts"].values()), abs=1e-3)
    assert refusals(checked, 1, 0)["excluded"] == ["b", "d"]


def test_the_kernels_do_the_same_without_the_compiler():
    script = (
        "from yingxu.core.routing.engine import Budget, solve\n"
        "from yingxu.core.routing.problem import read_problem\n"
        "from yingxu.core.routing.warm import tiny_problem\n"
        "print(repr(solve(read_problem(tiny_problem()), Budget(iterations=60), seed=1).plan.cost))\n"
    )
    source = str(Path(__file__).resolve().parents[2] / "src")
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": source}
    run = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    from yingxu.core.routing.warm import tiny_problem

    compiled = solve(read_problem(tiny_problem()), Budget(iterations=60), seed=1).plan.cost
    assert float(run.stdout) == pytest.approx(compiled)
