"""``yingxu dispatch``: ``solve`` answers one dispatch problem, ``serve`` a whole day of them over JSON lines."""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import IO, TYPE_CHECKING, Any

from yingxu.connect.refusal import BadInput
from yingxu.core.routing.fallback import fallback_plan
from yingxu.core.routing.plan import Plan
from yingxu.core.routing.problem import MalformedProblem, NoFeasiblePlan, Problem, read_matrix, read_problem
from yingxu.core.routing.session import carried_routes

if TYPE_CHECKING:
    from yingxu.core.routing.outlook import Day

#: A search: (problem, plan of the last decision or None) -> plan.
Search = Callable[[Problem, Plan | None], Plan]


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the sub-commands."""
    commands = parser.add_subparsers(dest="what", required=True)
    solve = commands.add_parser(
        "solve", help="dispatch-problem/1 on standard input, dispatch-solution/1 on standard output"
    )
    solve.add_argument("--seconds", type=float, default=1.0, help="search time after loading (default 1)")
    solve.add_argument("--iterations", type=int, help="stop after so many iterations instead: the answer repeats")
    solve.add_argument("--seed", type=int, default=0)
    solve.add_argument(
        "--explain", action="store_true", help="say why: best and runner-up worker of every order by term"
    )
    serve = commands.add_parser("serve", help="JSON lines: init, decide …, end; every plan starts from the last one")
    serve.add_argument("--seconds", type=float, default=0.15, help="search time per decision (default 0.15)")
    serve.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> int:
    """Run ``solve`` or ``serve``."""
    if not 0 <= args.seconds <= 86400:
        raise BadInput(f"--seconds is {args.seconds}; give 0 to 86400")
    if getattr(args, "iterations", None) is not None and args.iterations < 0:
        raise BadInput(f"--iterations is {args.iterations}; give 0 or more")
    _read_utf8()
    if args.what == "serve":
        return serve(sys.stdin, sys.stdout, _day_searcher(args.seconds, args.seed))
    return _solve(args)


def _solve(args: argparse.Namespace) -> int:
    try:
        problem = read_problem(_parsed(sys.stdin.read(), "standard input"))
        plan = _searcher(args.seconds, args.iterations, args.seed)(problem, None)
    except (MalformedProblem, NoFeasiblePlan) as fault:
        raise BadInput(str(fault)) from fault
    document = plan.document()
    if args.explain:
        from yingxu.core.routing.explain import explain

        document["explain"] = explain(plan)
    json.dump(document, sys.stdout)
    sys.stdout.write("\n")
    return 0


def _read_utf8() -> None:
    """JSON is UTF-8 whatever the machine's locale says; a byte that is none becomes an error in the line it is in."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text.removeprefix("\ufeff"))  # some editors begin a file with a byte order mark
    except ValueError as error:
        raise MalformedProblem(f"{where} is not JSON ({error}); give one dispatch-problem/1 document") from error
    except RecursionError as error:
        raise MalformedProblem(f"{where} is nested too deeply; give one dispatch-problem/1 document") from error


class _Kernels:
    """Whether the compiled engine can be used; asked while it cannot, compilation is started beside, once."""

    def __init__(self) -> None:
        self._ready = self._asked = False

    def ready(self) -> bool:
        from yingxu.core.routing import warm

        self._ready = self._ready or warm.is_warm()
        if not self._ready and not self._asked:
            self._asked = True
            _compile_beside()
        return self._ready


def _searcher(seconds: float, iterations: int | None, seed: int, kernels: _Kernels | None = None) -> Search:
    """The compiled engine; while it is not compiled, the plain dispatcher."""
    kernels = kernels or _Kernels()
    threads = min(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)

    def search(problem: Problem, before: Plan | None) -> Plan:
        if not kernels.ready():
            return _fallback(problem)
        from yingxu.core.routing.engine import Budget, solve

        budget = Budget(iterations=iterations)
        if iterations is None:
            # a handful of orders is settled in milliseconds: the time goes to the decisions that need it
            share = 1.0 if before is None else min(1.0, (len(problem.orders) + 5) / 60)
            budget = Budget(None, seconds * share, time.perf_counter, threads)
        carried = carried_routes(before, problem) if before is not None else None
        return solve(problem, budget, seed=seed, warm=carried).plan

    return search


#: Share of a decision's time for the plan of what is known; the rest goes to what may still come.
PLAN_SHARE = 0.4


def _day_searcher(seconds: float, seed: int) -> Search:
    """The engine from plan to plan, its first moves judged by what may still come; without a plan before, a new day."""
    kernels = _Kernels()
    search = _searcher(seconds * PLAN_SHARE, None, seed, kernels)
    day: Day | None = None

    def decide(problem: Problem, before: Plan | None) -> Plan:
        nonlocal day
        until = time.perf_counter() + seconds
        plan = search(problem, before)
        if not kernels.ready():
            return plan
        from yingxu.core.routing.foresight import foresee
        from yingxu.core.routing.outlook import Day

        day = Day() if before is None or day is None else day
        day.note(problem)
        return foresee(problem, plan, day, in_time=lambda: time.perf_counter() < until, seed=seed)

    return decide


def _fallback(problem: Problem) -> Plan:
    plan = fallback_plan(problem)
    left = [problem.orders[i].id for i in plan.unassigned if problem.orders[i].locked is not None]
    if left:
        raise NoFeasiblePlan(f"no plan was found that keeps the lock of order {left[0]}; unlock it")
    return plan


def _compile_beside() -> None:
    """Start compiling in a process of its own that outlives this one and gives way to everything else."""
    if os.environ.get("YINGXU_NO_COMPILE"):
        return
    subprocess.Popen(
        [sys.executable, "-m", "yingxu.core.routing.warm"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def serve(lines: Iterable[str], out: IO[str], search: Search) -> int:
    """Answer ``init``, ``decide`` and ``end`` until the input ends; a bad line gets an error and is skipped."""
    matrix = None
    before: Plan | None = None
    objective: Any = None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            asked = _parsed(line, f"line {number}")
            kind = asked.get("type") if isinstance(asked, dict) else None
            if kind == "end":
                return 0
            if kind == "init":
                travel = asked.get("travel")
                if not isinstance(travel, dict) or "matrix" not in travel:
                    raise MalformedProblem(f"line {number} has no travel.matrix; add it")
                matrix, objective, before = read_matrix(travel["matrix"]), asked.get("objective"), None
                answer: dict[str, Any] = {"type": "ready"}
            elif kind == "decide":
                before = search(_asked(asked, number, matrix, objective), before)
                answer = {"type": "solution", "solution": before.document()}
            else:
                raise MalformedProblem(f"line {number} has type {kind!r}; give init, decide or end")
        except (MalformedProblem, NoFeasiblePlan) as fault:
            answer = {"type": "error", "message": str(fault)}
        out.write(json.dumps(answer) + "\n")
        out.flush()
    return 0


def _asked(asked: dict[str, Any], number: int, matrix: Any, objective: Any) -> Problem:
    doc = asked.get("problem")
    if not isinstance(doc, dict):
        raise MalformedProblem(f"line {number} has no problem; add it")
    if doc.get("objective") is None and isinstance(objective, dict):
        doc = {**doc, "objective": objective}
    travel = doc.get("travel")
    if isinstance(travel, dict) and "matrix" in travel:
        return read_problem(doc)
    if matrix is None:
        raise MalformedProblem(f"line {number} refers to the travel of an init that never came; send init first")
    return read_problem(doc, matrix=matrix)
