"""The engine: a start, then ruin and recreate until the budget is spent, then the plain-Python judge."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from yingxu.core.routing.adopt import adopted_state
from yingxu.core.routing.arrays import (
    BEST_TOTAL,
    N_EVAL,
    N_ITER,
    TOTAL,
    Arrays,
    Floats,
    State,
    compile_arrays,
    empty_state,
)
from yingxu.core.routing.eligible import eased
from yingxu.core.routing.fallback import fallback_plan
from yingxu.core.routing.parallel import search_in_parallel
from yingxu.core.routing.plan import Plan, Stop, repaired_plan
from yingxu.core.routing.problem import NoFeasiblePlan, Problem, called
from yingxu.core.routing.sisr import construct, remember, retime_all, search
from yingxu.core.routing.start import keys, sequence

#: Orders per worker above which routes count as very long (a shift holds some ten to twenty).
LONG = 24

#: Whether the kernels are in this process.
_loaded = threading.Event()

#: Seconds since some fixed moment; given by the caller, because the core asks no clock.
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Budget:
    """When to stop: after so many iterations, or after so many seconds of ``clock``.

    The answer repeats for a seed under iterations, which use one thread; under seconds it is only as good.
    """

    iterations: int | None = None
    seconds: float | None = None
    clock: Clock | None = None
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Tuning:
    """Parameters of the search; temperatures are shares of the mean cost of an order at the start.

    ``hot`` is for a search from nothing with time enough, ``hot_warm`` for one that starts from an earlier plan. With
    few changes to come the search starts cooler: ``kindle`` for every change per order.
    """

    hot: float = 2.0
    hot_warm: float = 0.5
    kindle: float = 0.1
    cold: float = 0.01
    n_remove: int = 4
    blink: float = 0.05
    tried: int = 1000

    def heat(self, changes: float, warm: bool, spent: float) -> float:
        """Temperature once the share ``spent`` of the budget is gone, ``changes`` per order in all."""
        most = self.hot_warm if warm else self.hot
        top = min(most, max(5.0 * self.cold, self.kindle * changes))
        return float(top * (self.cold / top) ** min(1.0, spent))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plan and what the search spent on it."""

    plan: Plan
    iterations: int
    evaluations: int
    start_cost: float
    search_cost: float


def routes_of(problem: Problem, s: State, size: object, seq: object) -> list[list[Stop]]:
    """Routes of a state as stops."""
    n = first_break = len(problem.orders)
    out: list[list[Stop]] = []
    sizes, tasks = np.asarray(size), np.asarray(seq)
    for k, w in enumerate(problem.workers):
        row = tasks[s.off[k] : s.off[k] + sizes[k]].tolist()
        out.append([(t >= n, t - first_break if t >= n else t) for t in row])
        first_break += len(w.breaks)
    return out


def start_state(
    problem: Problem, a: Arrays, seed: int, warm: Sequence[Sequence[Stop]] | None, threads: int = 1
) -> State:
    """The best of the insertion starts, or the earlier plan with the new orders put in."""
    if warm is not None:
        s = adopted_state(problem, a, seed, warm)
        carried = float(s.num[TOTAL])
        construct(a, s, sequence(a, keys(a)[0]))
        # what was left out for good reason may make the plan dearer when it is put in by rule
        return s if float(s.num[TOTAL]) <= carried else adopted_state(problem, a, seed, warm)

    def built(key: Floats) -> State:
        s = empty_state(a, seed)
        retime_all(a, s)
        construct(a, s, sequence(a, key))
        return s

    chosen = keys(a)[: 2 if a.n > 3000 else 3]
    if threads > 1 and a.n > 500:
        with ThreadPoolExecutor(threads) as pool:
            found = list(pool.map(built, chosen))
    else:
        found = [built(key) for key in chosen]
    return min(found, key=lambda s: float(s.num[TOTAL]))


def solve(
    problem: Problem,
    budget: Budget,
    *,
    seed: int = 0,
    warm: Sequence[Sequence[Stop]] | None = None,
    tuning: Tuning | None = None,
) -> Outcome:
    """Return the best plan found within the budget.

    Parameters
    ----------
    problem
        A checked problem.
    budget
        Iterations (the answer repeats for a seed) or seconds (it does not).
    seed
        Of the random numbers.
    warm
        Routes of an earlier plan of this problem's orders and workers, as the start.
    tuning
        Parameters of the search, for experiments.

    Raises
    ------
    NoFeasiblePlan
        When locked orders cannot all be placed.
    """
    scaled, factor = eased(problem)
    a = compile_arrays(scaled)
    t = tuning or _tuned(a)
    until = None
    if budget.seconds is not None and budget.clock is not None:
        _load(a)
        until = budget.clock() + budget.seconds
    s = start_state(problem, a, seed, warm, budget.threads)
    start_cost = float(s.num[TOTAL])
    remember(a, s)
    if a.n and a.m:
        s = _anneal(a, s, budget, until, t, seed, warm is not None)
    plan = repaired_plan(problem, routes_of(problem, s, s.best_size, s.best_seq))
    left, believed = _locks_broken(plan), float(s.num[BEST_TOTAL]) / factor
    if left:  # with no time to search, the queue may have kept what the start could not
        plan = fallback_plan(problem)
        left, believed = _locks_broken(plan), plan.cost
    if left:
        names = ", ".join(called(problem.orders[i].id) for i in left[:5])
        raise NoFeasiblePlan(f"no plan was found that keeps every lock; left over: {names}; unlock one of them")
    return Outcome(plan, int(s.cnt[N_ITER]), int(s.cnt[N_EVAL]), start_cost / factor, believed)


def _locks_broken(plan: Plan) -> list[int]:
    """Locked orders that a plan leaves out."""
    return [i for i in plan.unassigned if plan.problem.orders[i].locked is not None]


def _load(a: Arrays) -> None:
    """Bring the machine code of the kernels into this process, once: some 0.4 s that are no search time."""
    if _loaded.is_set():
        return
    s = empty_state(a, 0)
    retime_all(a, s)
    construct(a, s, np.zeros(0, dtype=np.int64))
    remember(a, s)
    search(a, s, 0, 1.0, 1.0, 1, 0.0, 1)
    _loaded.set()


def _tuned(a: Arrays) -> Tuning:
    """Tuning for this problem: where routes are very long the start is far off, and its mean cost too hot a measure."""
    return Tuning(hot=0.5, cold=0.002) if a.n > LONG * max(1, a.m) else Tuning()


def _anneal(a: Arrays, s: State, budget: Budget, until: float | None, t: Tuning, seed: int, warm: bool) -> State:
    scale = max(1e-3, float(s.num[TOTAL]) / max(1, a.n))
    if until is None or budget.clock is None:
        done, total = 0, budget.iterations or 0
        while done < total:
            step = min(1000, total - done)
            hot, cold = (scale * t.heat(total / a.n, warm, x / total) for x in (done, done + step))
            search(a, s, step, hot, cold, t.n_remove, t.blink, t.tried)
            done += step
        return s
    clock, begun = budget.clock, budget.clock()
    span = max(1e-9, until - begun)

    speed = [0.0]  # changes a second, as last seen by either thread; the first few are made cool

    def leg(state: State, stop: float) -> None:
        chunk = 10
        while (at := clock()) < stop:
            changes = speed[0] * span * budget.threads / a.n
            heat = scale * t.heat(changes, warm, (at - begun) / span)
            # with few to come, small ones gain more for their time
            n_remove = t.n_remove if changes > 8 else min(2, t.n_remove)
            search(a, state, chunk, heat, heat, n_remove, t.blink, t.tried)
            took = max(1e-6, clock() - at)
            speed[0] = 0.7 * speed[0] + 0.3 * chunk / took if speed[0] else chunk / took
            # about a hundred steps of temperature, none longer than 20 ms
            target = min(0.02, span / 100, max(1e-4, stop - at))
            chunk = max(1, min(100_000, int(chunk * min(4.0, max(0.25, target / took)))))

    if budget.threads > 1:
        return search_in_parallel(a, s, leg, clock, until, seed)
    leg(s, until)
    return s
