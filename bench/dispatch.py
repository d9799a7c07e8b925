"""Dispatch engine against its targets: ``python bench/dispatch.py [--smoke] [--only NAME]``.

"Best known" is the best cost that this engine itself found: in the runs of this table and, in
``bench/dispatch_best.json``, in earlier long runs (``--long SECONDS`` adds to it).
No other solver's figure enters. Needs YINGXU_SHARED.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("YINGXU_SHARED", ROOT / ".." / "shared"))
sys.path[:0] = [str(ROOT / "src"), str(SHARED / "dispatch")]

import evaluate  # noqa: E402
import generate  # noqa: E402
import simulate  # noqa: E402

from yingxu.connect.dispatch_command import PLAN_SHARE  # noqa: E402
from yingxu.core.routing import warm  # noqa: E402
from yingxu.core.routing.engine import Budget, solve  # noqa: E402
from yingxu.core.routing.fallback import fallback_plan  # noqa: E402
from yingxu.core.routing.foresight import foresee  # noqa: E402
from yingxu.core.routing.outlook import Day, Outlook  # noqa: E402
from yingxu.core.routing.problem import read_problem  # noqa: E402
from yingxu.core.routing.session import Resident, carried_routes  # noqa: E402

BEST = ROOT / "bench" / "dispatch_best.json"
SIZES = [(50, 10), (200, 30), (1000, 100), (5000, 300)]
THREADS = 2


def timed(seconds: float, *, cpu: bool = False) -> Budget:
    """Search time by the clock on both cores; with ``cpu`` one thread's processor time, whatever else runs."""
    return Budget(None, seconds, time.thread_time, 1) if cpu else Budget(None, seconds, time.perf_counter, THREADS)


def cost_table(
    seeds: list[int], sizes: list[tuple[int, int]], budgets: list[float], long: float, *, cpu: bool = False
) -> None:
    """Cost over best known on generated instances; the best known improves with whatever is run here."""
    best: dict[str, float] = json.loads(BEST.read_text()) if BEST.exists() else {}
    found: dict[float, dict[str, float]] = {b: {} for b in budgets}
    for family in ("base", "full", "peak"):
        for n, m in sizes:
            for seed in seeds:
                doc = generate.snapshot(family, n, m, seed)
                problem = read_problem(doc)
                for seconds in [*budgets, *([long] if long else [])]:
                    outcome = solve(problem, timed(seconds, cpu=cpu))
                    report = evaluate.check(doc, outcome.plan.document())
                    assert report["feasible"], (doc["id"], report["violations"])
                    best[doc["id"]] = min(best.get(doc["id"], math.inf), report["cost"])
                    if seconds in found:
                        found[seconds][doc["id"]] = report["cost"]
                    rate = outcome.evaluations / seconds / 1e6
                    print(
                        f"  {doc['id']:24s} {seconds:5.1f} s {report['cost']:14.1f}  {rate:5.1f} M evaluations/s",
                        flush=True,
                    )
    BEST.write_text(json.dumps(best, indent=1, sort_keys=True) + "\n")
    for seconds, costs in found.items():
        ratios = [cost / best[ident] for ident, cost in costs.items()]
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        print(f"{seconds:g} s: geometric mean over best known {mean:.4f}, worst {max(ratios):.4f}, n={len(ratios)}")


def replan(sizes: list[tuple[int, int]], rounds: int, *, cpu: bool = False) -> None:
    """Warm re-plan after one more order, reading the JSON included, and the best worker for one order."""
    clock = time.thread_time if cpu else time.perf_counter
    for n, m in sizes:
        doc = generate.snapshot("full", n, m, 101)
        last = doc["orders"].pop()
        problem = read_problem(doc)
        plan = solve(problem, timed(1.0, cpu=cpu)).plan
        doc["orders"].append(last)
        text = json.dumps(doc)
        spans, asks = [], []
        for seed in range(rounds):
            begun = clock()
            now = read_problem(json.loads(text))
            solve(now, timed(0.1, cpu=cpu), seed=seed, warm=carried_routes(plan, now))
            spans.append(clock() - begun)
        resident = Resident(read_problem(doc), plan)
        resident.best(last["id"])  # loads the kernel
        for _ in range(rounds):
            begun = clock()
            resident.best(last["id"])
            asks.append(clock() - begun)
        spans.sort(), asks.sort()
        at = min(rounds - 1, int(0.95 * rounds))
        print(
            f"{n}x{m}: warm re-plan p95 {spans[at]:.3f} s; "
            f"best worker for one order p95 {1000 * asks[at]:.2f} ms; n={rounds}"
        )


def plain_queue(problem: dict[str, Any]) -> dict[str, Any]:
    """A priority queue that looks at nobody busy and rests nobody: the nearest free worker, most urgent order first."""
    now, ways = problem["now"], problem["travel"]["matrix"]
    free = [w for w in problem["workers"] if w["free_at"] <= now and w["shift_start"] <= now < w["shift_end"]]
    routes = []
    for o in sorted(problem["orders"], key=lambda o: (-o["weight"], o["respond_by"])):
        (role,) = o["roles"]
        able = [w for w in free if all(w["skills"].get(s, 0) >= level for s, level in role["skills"].items())]
        able = [
            w
            for w in able
            if now + ways[w["location"]][o["location"]] + o["duration"] <= w["shift_end"] + w["max_overtime"]
        ]
        if able:
            nearest = min(able, key=lambda w: ways[w["location"]][o["location"]])
            free.remove(nearest)
            start = now + ways[nearest["location"]][o["location"]]
            routes.append({"worker": nearest["id"], "stops": [{"order": o["id"], "start": start}]})
    begun = {stop["order"] for route in routes for stop in route["stops"]}
    left = [o["id"] for o in problem["orders"] if o["id"] not in begun]
    return {"format": "dispatch-solution/1", "problem": problem["id"], "routes": routes, "unassigned": left}


def kept(report: dict[str, Any], who: str) -> float:
    """Share of promised responses kept, in points."""
    return 100 * report["classes"][who]["response_kept"] if who in report["classes"] else 0.0


def full_queue(problem: dict[str, Any]) -> dict[str, Any]:
    """A priority queue that plans every order as the format asks: most urgent first, to whoever can begin soonest."""
    now, ways = problem["now"], problem["travel"]["matrix"]
    at = {w["id"]: (max(now, w["free_at"], w["shift_start"]), w["location"]) for w in problem["workers"]}
    stops: dict[str, list[dict[str, Any]]] = {w["id"]: [] for w in problem["workers"]}
    left = []
    for o in sorted(problem["orders"], key=lambda o: (-o["weight"], o["respond_by"])):
        (role,) = o["roles"]
        best: tuple[int, str] | None = None
        for w in problem["workers"]:
            begin = at[w["id"]][0] + ways[at[w["id"]][1]][o["location"]]
            able = all(w["skills"].get(s, 0) >= level for s, level in role["skills"].items())
            in_time = begin + o["duration"] <= w["shift_end"] + w["max_overtime"]
            if able and in_time and (best is None or begin < best[0]):
                best = (begin, w["id"])
        if best is None:
            left.append(o["id"])
            continue
        stops[best[1]].append({"order": o["id"], "start": best[0]})
        at[best[1]] = (best[0] + o["duration"], o["location"])
    routes = [{"worker": k, "stops": row} for k, row in stops.items() if row]
    return {"format": "dispatch-solution/1", "problem": problem["id"], "routes": routes, "unassigned": left}


def resting_queue(problem: dict[str, Any]) -> dict[str, Any]:
    """``plain_queue`` that rests its people too: who is free takes the break once it may begin and nothing waits.

    At the latest moment of the break it comes before anything but a critical order.
    """
    now = problem["now"]
    on_break, late = [], set()
    for w in problem["workers"]:
        if w["breaks"] and w["free_at"] <= now and w["shift_start"] <= now < w["shift_end"]:
            rest = w["breaks"][0]
            if rest["latest"] <= now:
                late.add(w["id"])
            elif rest["earliest"] <= now:
                on_break.append(w["id"])
    critical = [o for o in problem["orders"] if o["class"] == 1]
    first = plain_queue({**problem, "orders": critical})
    sent = {route["worker"] for route in first["routes"]}
    gone = {stop["order"] for route in first["routes"] for stop in route["stops"]}
    others = [w for w in problem["workers"] if w["id"] not in sent and w["id"] not in late]
    left = [o for o in problem["orders"] if o["id"] not in gone]
    rest = plain_queue({**problem, "workers": others, "orders": left})
    routes = [*first["routes"], *rest["routes"]]
    busy = {route["worker"] for route in routes}
    resting = [w for w in (*sorted(late), *on_break) if w not in busy]
    routes += [{"worker": w, "stops": [{"break": 0, "start": now}]} for w in resting]
    return {**rest, "routes": routes}


class InProcess:
    """``dispatch serve`` without its pipe, its budget counted in this thread's processor time: load does not matter."""

    def __init__(self, seconds: float, holds_back: bool) -> None:
        self.seconds, self.look, self.day, self.before = seconds, Outlook(holds_back=holds_back), Day(), None

    def __call__(self, asked: dict[str, Any]) -> dict[str, Any]:
        clock, problem = time.thread_time, read_problem(asked)
        until = clock() + self.seconds
        warmed = carried_routes(self.before, problem) if self.before is not None else None
        share = PLAN_SHARE * (1.0 if warmed is None else min(1.0, (len(problem.orders) + 5) / 60))
        plan = solve(problem, Budget(None, self.seconds * share, clock, 1), warm=warmed).plan
        self.day.note(problem)
        self.before = foresee(problem, plan, self.day, in_time=lambda: clock() < until, look=self.look)
        return self.before.document()


#: The queues that simulated days are compared with.
QUEUES = ("own", "full", "plain", "resting")


def days(seeds: list[int], size: tuple[int, int], seconds: float, *, cpu: bool, holds_back: bool) -> None:
    """Simulated days: ours (`dispatch serve` in a process of its own; with ``cpu`` in this one) against three queues.

    ``own`` is the dispatcher that answers while nothing is compiled: it plans every order, on busy workers too, and
    takes breaks when they are due. ``full`` plans every order too, without breaks, which the simulator does not charge.
    ``plain`` sends whoever is free, without breaks; ``resting`` the same with the breaks that people have a right to.
    """
    command = f"{sys.executable} -m yingxu.connect.cli dispatch serve --seconds {seconds}"
    rows = []
    for seed in seeds:
        day = generate.scenario(*size, seed)
        queue = simulate.run(day, lambda problem: fallback_plan(read_problem(problem)).document())
        full, plain = simulate.run(day, full_queue), simulate.run(day, plain_queue)
        resting = simulate.run(day, resting_queue)
        policy = InProcess(seconds, holds_back) if cpu else simulate.Subprocess(command, day)
        ours = simulate.run(day, policy)
        if not cpu:
            policy.close()
        rows.append((ours, queue, full, plain, resting))
        every, first = (" / ".join(f"{kept(r, who):.1f}" for r in rows[-1]) for who in ("all", "1"))
        costs = ", ".join(
            f"{name} {other['cost']:.0f} ({ours['cost'] / other['cost']:.3f})"
            for name, other in zip(QUEUES, rows[-1][1:], strict=True)
        )
        print(
            f"  day {seed}: cost {ours['cost']:.0f}, {costs}; kept {every}, P1 {first}; "
            f"infeasible {ours['infeasible']}; p95 {ours['decide_ms']['p95']:.0f} ms",
            flush=True,
        )
    for x, name in enumerate(QUEUES, 1):
        share = sum(row[0]["cost"] for row in rows) / sum(row[x]["cost"] for row in rows)
        mean = math.exp(sum(math.log(row[0]["cost"] / row[x]["cost"]) for row in rows) / len(rows))
        gain = {who: sum(kept(row[0], who) - kept(row[x], who) for row in rows) / len(rows) for who in ("all", "1")}
        print(
            f"days {size[0]}x{size[1]} against the {name} queue: cost {share:.3f} (geometric mean {mean:.3f}); "
            f"kept {gain['all']:+.1f} points, P1 {gain['1']:+.1f} points; n={len(rows)}"
        )


def sequencing(seconds: float, step: int, *, cpu: bool = False) -> None:
    """Cicirello's weighted tardiness with setups: one worker, the setup is the way, only lateness of the end counts."""
    folder = SHARED / "data" / "sequencing_weighted_tardiness"
    with open(folder / "optimal_values.csv") as f:
        optima = {int(row["instance"]): int(row["optimal_total_weighted_tardiness"]) for row in csv.DictReader(f)}
    ours = theirs = 0.0
    with tarfile.open(folder / "wt_sds_30_instances.tar.gz") as tar:
        for ident in sorted(optima)[::step]:
            member = tar.extractfile(f"wt_sds_{ident}.instance")
            assert member is not None
            problem = read_problem(as_problem(member.read().decode()))
            cost = solve(problem, timed(seconds, cpu=cpu)).plan.cost
            ours, theirs = ours + cost, theirs + optima[ident]
            print(f"  wt_sds_{ident}: {cost:.0f} / {optima[ident]}", flush=True)
    print(
        f"sequencing at {seconds:g} s: {ours / theirs:.4f} of the optima in aggregate, n={len(sorted(optima)[::step])}"
    )


def as_problem(text: str) -> dict[str, Any]:
    """One of Cicirello's instances as a dispatch problem."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.endswith(":"):
            section = line
        elif line and not line.startswith(("Begin", "End")) and ":" not in line:
            found.setdefault(section.split()[0], []).append(line)
    work, weights, due = ([int(x) for x in found[name]] for name in ("Process", "Weights:", "Duedates:"))
    n, far = len(work), 10**7
    matrix = [[0] * (n + 1) for _ in range(n + 1)]
    for line in found["Setup"]:
        i, j, setup = map(int, line.split())
        matrix[i + 1][j + 1] = setup
    zero = dict.fromkeys(
        ("respond", "wait", "appointment", "travel", "overtime", "break_late", "fairness", "preferred"), 0
    )
    shift = {"location": 0, "free_at": 0, "shift_start": 0, "shift_end": far, "max_overtime": 0, "load": 0}
    times = {"released": 0, "respond_by": far}
    return {
        "format": "dispatch-problem/1",
        "id": "sequencing",
        "now": 0,
        "travel": {"matrix": matrix},
        "objective": {**zero, "resolve": 60, "unassigned": 1e6},
        "workers": [{"id": "w", "skills": {"x": 1}, **shift}],
        "orders": [
            {"id": f"j{i}", "location": i + 1, "roles": [{"skills": {"x": 1}}], **times}
            | {"weight": weights[i], "resolve_by": due[i], "duration": work[i]}
            for i in range(n)
        ],
    }


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--smoke", action="store_true", help="small sizes, a minute in all")
    ap.add_argument("--only", choices=["cost", "replan", "days", "sequencing"])
    ap.add_argument("--long", type=float, default=0.0, help="also run each instance this long for the best known")
    ap.add_argument("--days", type=int, nargs="+", default=list(range(1, 8)), help="seeds of the simulated days")
    ap.add_argument("--day-seconds", type=float, default=0.15, help="search time per decision of a simulated day")
    ap.add_argument("--day-size", type=int, nargs=2, help="orders and workers of the simulated days")
    ap.add_argument("--cpu", action="store_true", help="everything by one thread's processor time")
    ap.add_argument("--seconds", type=float, help="search time of a sequencing instance")
    ap.add_argument("--step", type=int, help="take every so many sequencing instances")
    ap.add_argument("--seeds", type=int, nargs="+", help="seeds of the instances of the cost table")
    ap.add_argument("--nobody-kept-back", action="store_true", help="with --cpu: as the live planner looks ahead")
    a = ap.parse_args()
    warm.warm()
    do = {a.only} if a.only else {"cost", "replan", "days", "sequencing"}
    if "cost" in do:
        seeds, sizes, budgets = ([901], SIZES[:3], [0.5, 2.0]) if a.smoke else ([901, 902], SIZES, [1.0, 10.0])
        cost_table(a.seeds or seeds, sizes, budgets, a.long, cpu=a.cpu)
    if "replan" in do:
        replan([(200, 30)] if a.smoke else [(1000, 100), (5000, 300)], 5 if a.smoke else 40, cpu=a.cpu)
    if "days" in do:
        sizes = [tuple(a.day_size)] if a.day_size else [(200, 20)] if a.smoke else [(300, 25), (600, 45)]
        for size in sizes:
            seeds, seconds = ([1], 0.02) if a.smoke else (a.days, a.day_seconds)
            days(seeds, size, seconds, cpu=a.cpu, holds_back=not a.nobody_kept_back)
    if "sequencing" in do:
        sequencing(a.seconds or (0.5 if a.smoke else 10.0), a.step or (10 if a.smoke else 1), cpu=a.cpu)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
