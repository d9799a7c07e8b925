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

from yingxu.core.routing import warm  # noqa: E402
from yingxu.core.routing.engine import Budget, solve  # noqa: E402
from yingxu.core.routing.fallback import fallback_plan  # noqa: E402
from yingxu.core.routing.problem import read_problem  # noqa: E402
from yingxu.core.routing.session import Resident, carried_routes  # noqa: E402

BEST = ROOT / "bench" / "dispatch_best.json"
SIZES = [(50, 10), (200, 30), (1000, 100), (5000, 300)]
THREADS = 2


def timed(seconds: float) -> Budget:
    return Budget(None, seconds, time.perf_counter, THREADS)


def cost_table(seeds: list[int], sizes: list[tuple[int, int]], budgets: list[float], long: float) -> None:
    """Cost over best known on generated instances; the best known improves with whatever is run here."""
    best: dict[str, float] = json.loads(BEST.read_text()) if BEST.exists() else {}
    found: dict[float, dict[str, float]] = {b: {} for b in budgets}
    for family in ("base", "full", "peak"):
        for n, m in sizes:
            for seed in seeds:
                doc = generate.snapshot(family, n, m, seed)
                problem = read_problem(doc)
                for seconds in [*budgets, *([long] if long else [])]:
                    outcome = solve(problem, timed(seconds))
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


def replan(sizes: list[tuple[int, int]], rounds: int) -> None:
    """Warm re-plan after one more order, reading included, and the best worker for one order."""
    for n, m in sizes:
        doc = generate.snapshot("full", n, m, 101)
        last = doc["orders"].pop()
        problem = read_problem(doc)
        plan = solve(problem, timed(1.0)).plan
        doc["orders"].append(last)
        spans, asks = [], []
        for seed in range(rounds):
            begun = time.perf_counter()
            now = read_problem(doc)
            solve(now, timed(0.1), seed=seed, warm=carried_routes(plan, now))
            spans.append(time.perf_counter() - begun)
        resident = Resident(read_problem(doc), plan)
        resident.best(last["id"])  # loads the kernel
        for _ in range(rounds):
            begun = time.perf_counter()
            resident.best(last["id"])
            asks.append(time.perf_counter() - begun)
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


def days(seeds: list[int], size: tuple[int, int], seconds: float) -> None:
    """Simulated days: ours (`dispatch serve` in a process of its own) against two priority queues.

    ``queue`` is the dispatcher that answers while nothing is compiled: it plans every order, on busy workers too, and
    takes breaks when they are due. ``plain`` is ``plain_queue``: no breaks, which the simulator does not charge.
    """
    command = f"{sys.executable} -m yingxu.connect.cli dispatch serve --seconds {seconds}"
    rows = []
    for seed in seeds:
        day = generate.scenario(*size, seed)
        queue = simulate.run(day, lambda problem: fallback_plan(read_problem(problem)).document())
        plain = simulate.run(day, plain_queue)
        policy = simulate.Subprocess(command, day)
        ours = simulate.run(day, policy)
        policy.close()
        rows.append((ours, queue, plain))
        every, first = (" / ".join(f"{kept(r, who):.1f}" for r in rows[-1]) for who in ("all", "1"))
        print(
            f"  day {seed}: cost {ours['cost']:.0f}, queue {queue['cost']:.0f} ({ours['cost'] / queue['cost']:.3f}), "
            f"plain {plain['cost']:.0f} ({ours['cost'] / plain['cost']:.3f}); "
            f"kept {every}, P1 {first}; "
            f"infeasible {ours['infeasible']}; p95 {ours['decide_ms']['p95']:.0f} ms",
            flush=True,
        )
    for x, name in ((1, "queue"), (2, "plain")):
        share = sum(row[0]["cost"] for row in rows) / sum(row[x]["cost"] for row in rows)
        mean = math.exp(sum(math.log(row[0]["cost"] / row[x]["cost"]) for row in rows) / len(rows))
        gain = {who: sum(kept(row[0], who) - kept(row[x], who) for row in rows) / len(rows) for who in ("all", "1")}
        print(
            f"days {size[0]}x{size[1]} against the {name}: cost {share:.3f} (geometric mean {mean:.3f}); "
            f"kept {gain['all']:+.1f} points, P1 {gain['1']:+.1f} points; n={len(rows)}"
        )


def sequencing(seconds: float, step: int) -> None:
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
            cost = solve(problem, timed(seconds)).plan.cost
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
    a = ap.parse_args()
    warm.warm()
    do = {a.only} if a.only else {"cost", "replan", "days", "sequencing"}
    if "cost" in do:
        seeds, sizes, budgets = ([901], SIZES[:3], [0.5, 2.0]) if a.smoke else ([901, 902], SIZES, [1.0, 10.0])
        cost_table(seeds, sizes, budgets, a.long)
    if "replan" in do:
        replan([(200, 30)] if a.smoke else [(1000, 100), (5000, 300)], 5 if a.smoke else 40)
    if "days" in do:
        for size in [(200, 20)] if a.smoke else [(300, 25), (600, 45)]:
            days([1] if a.smoke else a.days, size, 0.02 if a.smoke else a.day_seconds)
    if "sequencing" in do:
        sequencing(0.5 if a.smoke else 10.0, 10 if a.smoke else 1)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
