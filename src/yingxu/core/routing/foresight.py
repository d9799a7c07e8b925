"""First moves judged by what may still come.

A plan of what is known now spends the last free specialist on routine work and leaves work to a shift that will have
its own. Here the first moves of everybody free (this order, another one, the break, keeping back) are tried in the same
imagined futures (common random numbers), each carried on by a plain dispatcher, and changed one at a time while that
saves cost: a rollout in the sense of Bertsekas and Castanon (1999), "Rollout algorithms for stochastic scheduling
problems". Deviation: moves of several workers are improved one after the other instead of all together.
Orders with a crew, followers, a lock or a window still to come keep the plan's moves, and what is locked stays planned.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from yingxu.core.routing.arrays import Floats, Ints
from yingxu.core.routing.outlook import Day, Outlook, Scene, scene_of
from yingxu.core.routing.plan import Plan, Stop, repaired_plan
from yingxu.core.routing.problem import Problem
from yingxu.core.routing.rollout import (
    FOLLOW,
    KEEP,
    O_DURATION,
    O_WEIGHT,
    PAUSE,
    W_EARLIEST,
    W_FREE,
    W_LIMIT,
    W_PAUSE,
    W_RARE,
    alone_for,
    index_of,
    is_held,
)

#: First moves by worker, and the weight from which an order takes a worker who is kept back.
Choice = tuple[Ints, Floats]

#: A worker kept back is still sent to orders of so many times the weight of the one that he was kept from.
PRESSING = 1.5


class Moves:
    """The first moves of those free, their costs in each future, and the changes that save cost."""

    def __init__(self, scene: Scene, free: Sequence[int], look: Outlook) -> None:
        self.scene, self.free, self.look = scene, free, look
        self.first: Ints = np.full(len(scene.home), FOLLOW, dtype=np.int64)
        self.keep: Floats = np.zeros(len(scene.home))
        self.costs: Floats = np.zeros(look.futures)

    def way(self, k: int, x: int) -> float:
        """Seconds from worker to order."""
        return float(self.scene.matrix[self.scene.home[k], self.scene.place[x]])

    def fits(self, k: int, x: int) -> bool:
        """Whether worker ``k`` can do order ``x`` before his shift and overtime are over."""
        s = self.scene
        end = s.now + self.way(k, x) + s.orders[x, O_DURATION]
        return bool(s.can[s.kind[x], k]) and end <= s.workers[k, W_LIMIT]

    def index(self, k: int, x: int) -> float:
        """How much order ``x`` asks for worker ``k`` now."""
        return float(index_of(self.scene.orders, x, self.scene.now, self.way(k, x), self.look.patience_s))

    def held(self, k: int, x: int, free: Floats) -> bool:
        """Whether worker ``k`` leaves order ``x`` for later, being the last one in ``free`` for some kind of work."""
        s = self.scene
        n = int(alone_for(s.can, free, s.now, k, s.alone))
        return bool(is_held(s.orders, x, self.way(k, x), s.now, s.coef, s.block, s.alone, n))

    def dispatched(self, first: Ints) -> Ints:
        """The moves with a plain dispatcher's for those who follow him: the most pressing order to the nearest.

        What would block the last one free for something worse is left; who then has nothing rests if he may.
        """
        out = first.copy()
        taken = {int(x) for x in out if x >= 0}
        open_ = {k for k in self.free if out[k] == FOLLOW}
        free = self.scene.workers.copy()
        free[[k for k in range(len(free)) if k not in open_], W_FREE] = math.inf
        waiting = [x for x in range(len(self.scene.place)) if x not in taken]
        for x in sorted(waiting, key=lambda x: (-self.index(self.free[0], x), x)):
            able = [(self.way(k, x) + self.scene.workers[k, W_RARE], k) for k in open_ if self.fits(k, x)]
            for _, k in sorted(able):
                if not self.held(k, x, free):
                    out[k], free[k, W_FREE] = x, math.inf
                    open_.discard(k)
                    break
        if self.look.rests:
            for k in open_:
                rest = self.scene.workers[k]
                if rest[W_PAUSE] > 0 and rest[W_EARLIEST] <= self.scene.now:
                    out[k] = PAUSE
        return out

    def begin(self, plans: Sequence[Ints]) -> None:
        """Begin with the best of several first moves."""
        for turn, first in enumerate(plans):
            out = np.empty(self.look.futures)
            self.scene.costs(first, self.keep, 0, len(out), out)
            if turn == 0 or out.mean() < self.costs.mean():
                self.first, self.costs = first, out

    def judged(self, choice: Choice) -> Floats | None:
        """Costs of other first moves in every future; nothing when in a few futures they are clearly worse already."""
        out = np.empty(self.look.futures)
        few = min(self.look.few, len(out))
        self.scene.costs(*choice, 0, few, out)
        worse = out[:few] - self.costs[:few]
        if worse.mean() > worse.std() / math.sqrt(few):
            return None
        self.scene.costs(*choice, few, len(out), out)
        return out

    def others(self, k: int) -> list[Choice]:
        """Other first moves of worker ``k``; who had the order that he takes gets his."""
        mine = int(self.first[k])
        able = [x for x in range(len(self.scene.place)) if x != mine and self.fits(k, x)]
        able.sort(key=lambda x: -self.index(k, x))
        holder = {int(x): j for j, x in enumerate(self.first) if x >= 0}
        found: list[Choice] = []
        for x in able[: self.look.tried]:
            first = self.first.copy()
            first[k] = x
            if x in holder:
                first[holder[x]] = mine if mine >= 0 and self.fits(holder[x], mine) else FOLLOW
            found.append((self.dispatched(first), self.keep))
        rest = self.scene.workers[k]
        if mine != PAUSE and rest[W_PAUSE] > 0 and rest[W_EARLIEST] <= self.scene.now:
            first = self.first.copy()
            first[k] = PAUSE
            found.append((self.dispatched(first), self.keep))
        if mine >= 0 and self.look.holds_back:
            first, keep = self.first.copy(), self.keep.copy()
            first[k], keep[k] = KEEP, PRESSING * self.scene.orders[mine, O_WEIGHT]
            found.append((self.dispatched(first), keep))
        return found

    def improve(self, in_time: Callable[[], bool]) -> None:
        """Change one worker's first move at a time while that surely saves cost and there is time."""
        for _ in range(self.look.passes):
            before = self.first
            for k in self.free:
                best: tuple[Choice, Floats] | None = None
                for choice in self.others(k):
                    if not in_time():
                        break
                    out = self.judged(choice)
                    if out is None or (best is not None and out.mean() >= best[1].mean()):
                        continue
                    gain = self.costs - out
                    if gain.mean() > 1e-6 + self.look.sure * gain.std() / math.sqrt(len(gain)):
                        best = (choice, out)
                if best is not None:
                    (self.first, self.keep), self.costs = best
            if self.first is before or not in_time():
                return


def _plain(problem: Problem) -> list[int]:
    """Orders that one person can begin now, whatever others do."""
    followed = {p for o in problem.orders for p in o.after}
    return [
        i
        for i, o in enumerate(problem.orders)
        if len(o.roles) == 1
        and not o.after
        and i not in followed
        and o.locked is None
        and i not in problem.impossible
        and o.ready_s <= problem.now
    ]


def _most_pressing(problem: Problem, plan: Plan, plain: list[int], most: int) -> list[int]:
    """At most so many orders: what the plan begins with, then by weight and due time."""
    if len(plain) <= most:
        return plain
    begun = {i for stops in plan.routes for is_break, i, _ in stops[:1] if not is_break}
    orders = problem.orders
    return sorted(plain, key=lambda i: (i not in begun, -orders[i].weight, orders[i].respond_by, i))[:most]


def foresee(
    problem: Problem, plan: Plan, day: Day, *, in_time: Callable[[], bool], look: Outlook | None = None, seed: int = 0
) -> Plan:
    """Return the plan with the first moves of everybody free chosen by what may still come.

    Parameters
    ----------
    problem
        The problem of ``plan``.
    plan
        A plan of what is known now; beyond the first moves it stays.
    day
        The orders of the day so far.
    in_time
        Whether there is time for another trial; asked often.
    look
        How the future is imagined.
    seed
        Of the random numbers.
    """
    look = look or Outlook()
    plain = _most_pressing(problem, plan, _plain(problem), look.most)
    at = {i: x for x, i in enumerate(plain)}
    free: list[int] = []
    tied: dict[int, int] = {}
    for k, w in enumerate(problem.workers):
        if w.ready_s > problem.now or problem.now >= w.shift_end:
            continue
        ahead = next(((i, start) for is_break, i, start in plan.routes[k] if not is_break), None)
        if ahead is not None and ahead[0] not in at:
            tied[k] = ahead[1] + problem.orders[ahead[0]].duration
        else:
            free.append(k)
    if not plain or not free:
        return plan
    scene = scene_of(problem, plain, day, look, seed)
    for k, until in tied.items():
        scene.workers[k, W_FREE] = until
    moves = Moves(scene, free, look)
    planned = np.full(len(problem.workers), FOLLOW, dtype=np.int64)
    for k in free:
        if plan.routes[k]:
            is_break, i, start = plan.routes[k][0]
            if is_break and start <= problem.now:
                planned[k] = PAUSE
            elif not is_break and moves.fits(k, at[i]):
                planned[k] = at[i]
    nobody = np.full(len(problem.workers), FOLLOW, dtype=np.int64)
    moves.begin([planned, moves.dispatched(planned), moves.dispatched(nobody)])
    moves.improve(in_time)
    found = _rewritten(problem, plan, plain, free, moves.dispatched(moves.first), look)
    # what is locked to somebody may have no room behind another first move: a promise stands above what may come
    lost = set(found.unassigned) - set(plan.unassigned)
    return plan if any(problem.orders[i].locked is not None for i in lost) else found


def _rewritten(
    problem: Problem, plan: Plan, plain: Sequence[int], free: Sequence[int], first: Ints, look: Outlook
) -> Plan:
    """The plan with other first moves; who is kept back begins his route later."""
    given = {plain[int(first[k])] for k in free if first[k] >= 0}
    workers = list(problem.workers)
    routes: list[list[Stop]] = [[(b, i) for b, i, _ in stops if b or i not in given] for stops in plan.routes]
    for k in free:
        if first[k] >= 0:
            routes[k].insert(0, (False, plain[int(first[k])]))
        elif first[k] == PAUSE:
            routes[k] = [(True, 0), *(stop for stop in routes[k] if stop != (True, 0))]
        elif first[k] == KEEP or (first[k] == FOLLOW and look.holds_back):
            workers[k] = replace(workers[k], ready_s=problem.now + int(look.keep_s))
    return repaired_plan(replace(problem, workers=tuple(workers)), routes)
