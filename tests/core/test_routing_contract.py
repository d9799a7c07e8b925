"""Dispatch problems far from the generator's: whatever the format allows is answered feasibly and costed as judged."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.routing_material import order, problem, shared_module, worker
from yingxu.core.routing.eligible import Eligibility, eased, manned, obliged
from yingxu.core.routing.engine import Budget, solve
from yingxu.core.routing.explain import explain, options
from yingxu.core.routing.fallback import fallback_plan
from yingxu.core.routing.plan import Contradiction, Plan, timed_plan
from yingxu.core.routing.problem import MalformedProblem, NoFeasiblePlan, Problem, read_problem

evaluate = shared_module("evaluate")
TERMS = ("respond", "resolve", "wait", "appointment", "travel", "overtime", "break_late", "fairness", "preferred")
randoms = st.randoms(use_true_random=False)


def _crews(r: Random, workers: list[dict[str, Any]], roles: list[dict[str, Any]]) -> list[str]:
    """Ids of workers who fill the roles, or fewer when there are too few."""
    found: list[str] = []
    for role in roles:
        able = [w["id"] for w in workers if all(w["skills"].get(s, 0) >= v for s, v in role["skills"].items())]
        left = [ident for ident in able if ident not in found]
        found += [r.choice(left)] if left else []
    return found


def anything(r: Random, *, locks: float) -> dict[str, Any]:
    """A problem with every corner of the format: times before now, shifts that are over, breaks out of sequence …"""
    now, far = r.choice([0, -5000, 10**9]), r.choice([6000, 30000])
    places, levels = r.choice([1, 2, 5]), r.choice([[1], [1, 2, 3], [0, 1, 2.5]])

    def at(low: float, high: float) -> int:
        return now + r.randint(int(low * far), int(high * far))

    workers = []
    for k in range(r.choice([0, 1, 2, 3, 6])):
        begins = at(-0.8, 0.5)
        pauses = [(at(-0.5, 1.5), r.choice([0, -500, 1800]), r.choice([0, 60, 1800])) for _ in range(r.randrange(4))]
        workers.append(
            worker(
                f"工{k}",
                skills={s: r.choice(levels) for s in ("it", "电工") if r.random() < 0.7},
                location=r.randrange(places),
                free_at=r.choice([now, at(-0.5, 2.0)]),
                shift_start=begins,
                shift_end=begins + r.choice([-100, 0, far, 2 * far]),
                max_overtime=r.choice([0, 600, 10**6]),
                load=r.choice([0, 12.5, 30000]),
                breaks=[{"earliest": e, "latest": e + wide, "duration": d} for e, wide, d in pauses],
            )
        )
    orders: list[dict[str, Any]] = []
    for i in range(r.choice([0, 1, 4, 9, 16])):
        roles = [
            {"skills": {s: r.choice(levels) for s in r.sample(["it", "电工"], r.choice([0, 1, 1, 2]))}}
            for _ in range(r.choice([1, 1, 1, 2, 3, 4]))
        ]
        released = at(-1, 0.7)
        one = order(f"o{i}", location=r.randrange(places), roles=roles, weight=r.choice([0, 1, 9, 0.001, 1e6]))
        one |= {"released": released, "respond_by": released + r.choice([-900, 900]), "resolve_by": released + 3600}
        one |= {"duration": r.choice([0, 300, 900, 1500, 30000])}
        if r.random() < 0.2:
            begins = at(-0.5, 1)
            one["window"] = [begins, begins + r.choice([-600, 1800])]
        if i and r.random() < 0.25:
            one["after"] = [r.choice(orders)["id"], "gone"]
        if r.random() < 0.1:
            one |= {"preferred": ["nobody"], "excluded": [w["id"] for w in workers[:2]]}
        if r.random() < 0.05:
            one["after"] = [one["id"]]
        crew = _crews(r, workers, roles)
        if len(crew) == len(roles) and r.random() < locks:
            one["locked"] = {"workers": crew, **r.choice([{}, {"first": True}, {"first": False}])}
        orders.append(one)
    big = r.choice([0, 100, 5000])
    matrix = [[r.randint(0, big) for _ in range(places)] for _ in range(places)]
    terms = r.choice([{}, dict.fromkeys(TERMS, 0), {term: r.choice([0, 0.5, 1000]) for term in TERMS}])
    return problem(workers, orders, now=now, travel={"matrix": matrix}, objective=terms)


def _agreed(doc: dict[str, Any], plan: Plan) -> None:
    report = evaluate.check(doc, json.loads(json.dumps(plan.document())))
    assert report["feasible"], report["violations"]
    assert plan.cost == pytest.approx(report["cost"], rel=1e-6, abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(randoms, st.integers(0, 200))
def test_whatever_the_format_allows_is_answered_as_the_checker_judges(r: Random, iterations: int) -> None:
    doc = anything(r, locks=0.0)
    checked = read_problem(doc)
    found = solve(checked, Budget(iterations=iterations))
    _agreed(doc, found.plan)
    assert found.search_cost == pytest.approx(found.plan.cost, rel=1e-6, abs=1e-3)
    _agreed(doc, fallback_plan(checked))
    json.dumps(explain(found.plan), allow_nan=False)


def keepable(p: Problem) -> bool:
    """Whether any sequence of what must be placed keeps every lock: all of them tried."""
    must = obliged(p)
    pins = {k: i for i in must if p.orders[i].locked_first for k in p.orders[i].locked or ()}

    def crews(i: int) -> list[tuple[int, ...]]:
        o, found = p.orders[i], [()]
        for _ in o.roles:
            found = [(*crew, k) for crew in found for k in range(len(p.workers)) if k not in (*crew, *o.excluded)]
        whole = {tuple(sorted(crew)) for crew in found if manned(p, o.roles, crew)}
        return [crew for crew in whole if o.locked is None or set(crew) == set(o.locked)]

    able = {i: crews(i) for i in must}

    def go(ends: dict[int, int], clock: tuple[int, ...], place: tuple[int, ...], begun: frozenset[int]) -> bool:
        if len(ends) == len(must):
            return True
        for i in must:
            o = p.orders[i]
            if i in ends or any(q not in ends for q in o.after):
                continue
            for crew in able[i]:
                if any(pins.get(k, i) != i and k not in begun for k in crew):
                    continue
                if any(pins.get(k) == i and k in begun for k in crew):
                    continue
                there = [clock[k] + int(p.matrix[place[k], o.location]) for k in crew]
                end = max([o.ready_s, *there, *(ends[q] for q in o.after)]) + o.duration
                if any(end > p.workers[k].limit_s for k in crew):
                    continue
                later = tuple(end if k in crew else t for k, t in enumerate(clock))
                moved = tuple(o.location if k in crew else x for k, x in enumerate(place))
                if go({**ends, i: end}, later, moved, begun | set(crew)):
                    return True
        return False

    return go({}, tuple(w.ready_s for w in p.workers), tuple(w.location for w in p.workers), frozenset())


@settings(max_examples=40, deadline=None)
@given(randoms)
def test_a_lock_is_refused_only_where_trying_everything_finds_no_way(r: Random) -> None:
    doc = anything(r, locks=0.5)
    doc["orders"] = doc["orders"][:5]
    doc["workers"] = doc["workers"][:3]
    names = {w["id"] for w in doc["workers"]}
    for one in doc["orders"]:
        if "locked" in one and not names.issuperset(one["locked"]["workers"]):
            del one["locked"]
    checked = read_problem(doc)
    try:
        _agreed(doc, solve(checked, Budget(iterations=300)).plan)
    except NoFeasiblePlan:
        assert checked.impossible & obliged(checked) or not keepable(checked)


def test_two_locks_on_one_worker_are_kept_whichever_weighs_more() -> None:
    """Seen: the queue placed the heavier lock first, and nothing was left of the shift for the other."""
    late = order("late", weight=27, released=3000, duration=900, locked={"workers": ["a"]})
    soon = order("soon", weight=1, duration=2400, locked={"workers": ["a"]})
    doc = problem([worker("a", shift_end=4000, max_overtime=0)], [late, soon])
    for plan in (fallback_plan(read_problem(doc)), solve(read_problem(doc), Budget(iterations=0)).plan):
        assert not plan.unassigned
        _agreed(doc, plan)


def test_a_break_waits_where_a_lock_leaves_no_time_for_it() -> None:
    pause = {"earliest": 0, "latest": 100, "duration": 3000}
    held = order("o", duration=2000, locked={"workers": ["a"]})
    doc = problem([worker("a", shift_end=3000, max_overtime=0, breaks=[pause])], [held])
    plan = fallback_plan(read_problem(doc))
    assert not plan.unassigned
    _agreed(doc, plan)


@pytest.mark.parametrize("weight", [1, 1e6, 1e9, 1e12])
def test_a_lock_is_kept_against_any_weight(weight: float) -> None:
    """Seen: beside a weight of a thousand million the price of a lock drowned, and a plan was said not to exist."""
    dear = order("dear", weight=weight)
    doc = problem([worker("a", shift_end=1000, max_overtime=0)], [dear, order("o", locked={"workers": ["a"]})])
    checked = read_problem(doc)
    found = solve(checked, Budget(iterations=50))
    assert [checked.orders[i].id for i in found.plan.unassigned] == ["dear"]
    assert found.search_cost == pytest.approx(found.plan.cost, rel=1e-6)
    _agreed(doc, found.plan)


def test_a_lock_is_kept_however_dear_overtime_is() -> None:
    held = order("o", duration=4000, locked={"workers": ["a"]})
    doc = problem([worker("a", shift_end=1000)], [held], objective={"overtime": 1e10})
    _agreed(doc, solve(read_problem(doc), Budget(iterations=20)).plan)


def test_scaling_rounds_nothing_and_leaves_ordinary_problems_alone() -> None:
    held = order("o", locked={"workers": ["a"]})
    plain = read_problem(problem([worker("a")], [held]))
    assert eased(plain) == (plain, 1.0)
    scaled, factor = eased(read_problem(problem([worker("a")], [held, order("dear", weight=1e11)])))
    assert {name: value / factor for name, value in scaled.objective.items()} == plain.objective


def test_a_crew_of_nine_is_matched_to_its_roles_at_once() -> None:
    """Seen: fourteen seconds for a lock of nine people of whom none has the ninth skill."""
    many = [worker(f"w{k}") for k in range(9)]
    roles = [{"skills": {"it": 1}}] * 8 + [{"skills": {"crane": 1}}]
    lock = {"workers": [w["id"] for w in many]}
    with pytest.raises(NoFeasiblePlan, match="lack a skill"):
        solve(read_problem(problem(many, [order("o", roles=roles, locked=lock)])), Budget(iterations=1))
    many[4]["skills"] = {"crane": 1}
    doc = problem(many, [order("o", roles=roles, locked=lock)])
    assert not solve(read_problem(doc), Budget(iterations=1)).plan.unassigned


@pytest.mark.parametrize(
    ("doc", "word"),
    [
        (problem([], [], objective=[1]), "objective"),
        (problem([], [], objective={"travel": 1e300}), "objective.travel"),
        (problem([worker("a")], [order("o", weight=1e300)]), "weight"),
        (problem([worker("a")], [order("o", weight=-(10**400))]), "weight"),
        (problem([worker("a", load=1e200)], []), "load"),
        (problem([worker("a")], [order("o", respond_by=10**400)]), "sixty digits"),
        (problem([worker("a")], [order("o", duration=-(10**5000))]), "thousands of digits"),
        (problem([worker("a\nb", location=9)], []), "worker a\\\\u000ab.location"),
        (problem([worker("a")], [order("o\u2028" + "x" * 9000, duration=-1)]), "duration"),
        (problem([worker("a", skills={"i\nt": "x"})], []), "give a number"),
        (problem([worker("a")], [order("o" * 9000), order("o" * 9000)]), "taken"),
    ],
)
def test_what_no_float_holds_or_no_line_shows_is_refused_in_one_short_line(doc: dict[str, Any], word: str) -> None:
    """Seen: weights of 1e300 ended the process (cost left the floats), and ids with line breaks broke the one line."""
    with pytest.raises(MalformedProblem, match=word) as refusal:
        read_problem(doc)
    said = str(refusal.value)
    assert said.isprintable()
    assert len(said) < 200


def test_a_refused_lock_names_people_and_orders_shortly() -> None:
    many = [worker("w" * 9000)]
    held = order("o\n" * 5000, locked={"workers": ["w" * 9000]}, roles=[{"skills": {"crane": 1}}])
    with pytest.raises(NoFeasiblePlan) as refusal:
        solve(read_problem(problem(many, [held])), Budget(iterations=1))
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 300


@settings(max_examples=40, deadline=None)
@given(randoms, st.integers(0, 100))
def test_what_an_option_adds_by_term_is_what_the_plan_with_it_costs_more(r: Random, iterations: int) -> None:
    """Without crews and followers nothing is held still: the terms told are those of the whole plan, to the second."""
    doc = anything(r, locks=0.0)
    doc["orders"] = [o | {"after": []} for o in doc["orders"] if len(o["roles"]) == 1]
    checked = read_problem(doc)
    plan = solve(checked, Budget(iterations=iterations)).plan
    for i in range(len(checked.orders)):
        rest = [[(b, x) for b, x, _ in stops if b or x != i] for stops in plan.routes]
        without = timed_plan(checked, rest)
        saved = without.cost - evaluate.unassigned_cost(doc, doc["orders"][i])
        for way in options(plan, i, Eligibility(checked), {}):
            found = []
            for p in range(len(rest[way.worker]) + 1):
                trial = [list(row) for row in rest]
                trial[way.worker].insert(p, (False, i))
                try:
                    found.append(timed_plan(checked, trial))
                except Contradiction:
                    continue
            best = min(found, key=lambda one: one.cost)
            assert way.cost == pytest.approx(best.cost - saved, rel=1e-6, abs=1e-3)
            assert evaluate.check(doc, best.document())["cost"] == pytest.approx(best.cost, rel=1e-6, abs=1e-3)
