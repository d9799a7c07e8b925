"""``yingxu dispatch``: the JSON-lines round trip, refusals in one line, and answers while nothing is compiled."""

from __future__ import annotations

import io
import json

import pytest

from tests.core.routing_material import order, problem, shared_module, worker
from yingxu.connect import cli, dispatch_command
from yingxu.connect.dispatch_command import serve
from yingxu.core.routing.fallback import fallback_plan

evaluate = shared_module("evaluate")


def talk(*documents: object) -> list[dict]:
    out = io.StringIO()
    lines = [d if isinstance(d, str) else json.dumps(d) for d in documents]
    assert serve(lines, out, lambda asked, before: fallback_plan(asked)) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_day_of_init_decide_end():
    doc = problem([worker("a")], [order("o")])
    asked = {"type": "decide", "problem": {**doc, "travel": {"ref": "init"}}}
    ready, solution = talk({"type": "init", "travel": doc["travel"], "objective": {}}, asked, {"type": "end"}, asked)
    assert ready == {"type": "ready"}
    assert evaluate.check(doc, solution["solution"])["feasible"]


@pytest.mark.parametrize("bad", ["nonsense", {"type": "dance"}, {"type": "decide"}, {"type": "init"}])
def test_a_bad_line_is_answered_and_the_day_goes_on(bad):
    doc = problem([worker("a")], [order("o")])
    error, ready, solution = talk(bad, {"type": "init", "travel": doc["travel"]}, {"type": "decide", "problem": doc})
    assert error["type"] == "error"
    assert (ready["type"], solution["type"]) == ("ready", "solution")


def test_a_decision_before_init_says_so():
    doc = {**problem([], []), "travel": {"ref": "init"}}
    assert "init" in talk({"type": "decide", "problem": doc})[0]["message"]


def test_solve_answers_a_solution(monkeypatch, capsys):
    doc = problem([worker("a"), worker("b")], [order(f"o{x}") for x in range(5)])
    monkeypatch.setenv("YINGXU_NO_COMPILE", "1")
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(doc)))
    assert cli.main(["dispatch", "solve", "--iterations", "50", "--explain"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert evaluate.check(doc, answer)["feasible"]
    assert set(answer["explain"]["orders"]) == {f"o{x}" for x in range(5)}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", json.dumps(problem([worker("a")], [order("o", locked={"workers": ["x"]})]))]
)
def test_solve_refuses_in_one_line(monkeypatch, capsys, text):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert cli.main(["dispatch", "solve"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("words", [["--iterations", "-1"], ["--seconds", "-1"], ["--seconds", "nan"]])
def test_a_budget_that_is_none_is_refused_in_one_line(monkeypatch, capsys, words):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(problem([], []))))
    assert cli.main(["dispatch", "solve", *words]) == 2
    assert words[0] in capsys.readouterr().err


def test_json_is_utf8_in_any_locale_and_may_begin_with_a_byte_order_mark(monkeypatch, capsys):
    doc = problem([worker("王工")], [order("单")])
    raw = b"\xef\xbb\xbf" + json.dumps(doc, ensure_ascii=False).encode()
    monkeypatch.setenv("YINGXU_NO_COMPILE", "1")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="ascii"))
    assert cli.main(["dispatch", "solve", "--iterations", "1"]) == 0
    assert evaluate.check(doc, json.loads(capsys.readouterr().out))["feasible"]


def test_bytes_that_are_no_utf8_are_refused_in_one_line(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe{}"), encoding="ascii"))
    assert cli.main(["dispatch", "solve"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_while_nothing_is_compiled_the_plain_dispatcher_answers(monkeypatch):
    asked = []
    monkeypatch.setattr("yingxu.core.routing.warm.is_warm", lambda: False)
    monkeypatch.setattr(dispatch_command, "_compile_beside", lambda: asked.append(True))
    search = dispatch_command._searcher(1.0, None, 0)
    from yingxu.core.routing.problem import read_problem

    doc = problem([worker("a")], [order("o")])
    for _ in range(2):
        assert evaluate.check(doc, search(read_problem(doc), None).document())["feasible"]
    assert asked == [True]


def test_a_day_is_looked_ahead_and_a_new_init_forgets_it(monkeypatch):
    began = []
    monkeypatch.setattr("yingxu.core.routing.warm.is_warm", lambda: True)
    monkeypatch.setattr(
        "yingxu.core.routing.foresight.foresee",
        lambda problem, plan, day, **_: began.append(len(day.examples()[0])) or plan,
    )
    search = dispatch_command._day_searcher(0.01, 0)
    first = problem([worker("a")], [order("o")])
    second = problem([worker("a")], [order("p"), order("q")])
    out = io.StringIO()
    init = {"type": "init", "travel": first["travel"]}
    said = [init, {"type": "decide", "problem": first}, {"type": "decide", "problem": second}]
    said += [init, {"type": "decide", "problem": second}]
    assert serve([json.dumps(line) for line in said], out, search) == 0
    assert began == [1, 3, 2]
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert all(evaluate.check(second, a["solution"])["feasible"] for a in answers[-1:])


def test_a_day_is_answered_plainly_while_nothing_is_compiled(monkeypatch):
    monkeypatch.setattr("yingxu.core.routing.warm.is_warm", lambda: False)
    monkeypatch.setattr(dispatch_command, "_compile_beside", lambda: None)
    from yingxu.core.routing.problem import read_problem

    doc = problem([worker("a")], [order("o")])
    plan = dispatch_command._day_searcher(0.01, 0)(read_problem(doc), None)
    assert evaluate.check(doc, plan.document())["feasible"]
