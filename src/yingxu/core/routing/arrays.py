"""A problem as arrays: what the compiled kernels read, and the mutable state that they search in.

Tasks are the orders 0 … n-1, then every worker's breaks. A break is a task without a place that only its worker can do,
so that where it stands in the route is searched like everything else. A route is a slice of flat arrays; each
position caches its arrival, start, earliest start, departure, cost, marginal cost of delay, and a line below what
a longer delay costs (floor + steep × delay).
All times are float64 whole seconds (exact below 2**53); costs are weighted minutes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from yingxu.core.routing.eligible import Eligibility, ancestors, obliged, unassigned_cost
from yingxu.core.routing.problem import FAR, Order, Problem

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# columns of Arrays.task
READY, DUR, RESPOND_AT, RESPOND_W, RESOLVE_AT, RESOLVE_W, APPOINT_AT, APPOINT_W, RELEASED, WAIT_W = range(10)
TASK_COLUMNS = 10
# columns of State.pos
ARR, START, EARLY, LEAVE, COST, RATE, ROLE, HOP, FLOOR, STEEP = range(10)
POS_COLUMNS = 10
# columns of Arrays.worker
FREE, END, LIMIT, LOAD = range(4)
# entries of Arrays.coef
TRAVEL_C, OVERTIME_C, FAIR_C, PREFERRED_C, END_OF_TIME, TYPICAL = range(6)
# entries of State.num (floats) and State.cnt (whole numbers)
TOTAL, BEST_TOTAL, SAVED_TOTAL = range(3)
N_BANK, N_TOUCHED, N_MOVED, N_PENDING, N_EVAL, N_ITER, PART, BROKEN = range(8)

#: What leaving out an order costs that a lock obliges us to place.
OBLIGED = 1e9


class Arrays(NamedTuple):
    """The problem, read only."""

    n: int
    m: int
    task: Floats
    place: Ints
    n_roles: Ints
    coupled: Flags
    matrix: Floats
    back: Floats
    pred_ptr: Ints
    pred: Ints
    succ_ptr: Ints
    succ: Ints
    role_lo: Ints
    role_hi: Ints
    role_worker: Ints
    pref_ptr: Ints
    pref: Ints
    unassigned: Floats
    fixed: Flags
    worker: Floats
    worker_place: Ints
    pinned: Ints
    coef: Floats
    group: Ints
    group_ptr: Ints
    group_order: Ints


class State(NamedTuple):
    """Routes, their cached timing, and the scratch of one search. Never shared between threads."""

    off: Ints
    size: Ints
    seq: Ints
    pos: Floats
    leave_place: Ints
    route_cost: Floats
    route_load: Floats
    worked: Floats
    low: Ints
    who: Ints
    last: Ints
    arrive: Floats
    start: Floats
    cost: Floats
    penalty: Floats
    num: Floats
    cnt: Ints
    bank: Ints
    bank_at: Ints
    pending: Ints
    pending_pos: Ints
    pending_to: Ints
    dirty: Flags
    touched: Ints
    touch_mark: Ints
    moved: Ints
    moved_mark: Ints
    saved_size: Ints
    saved_seq: Ints
    saved_pos: Floats
    saved_place: Ints
    saved_route: Floats
    best_size: Ints
    best_seq: Ints
    best_role: Ints
    rng: npt.NDArray[np.uint64]
    scratch: Floats
    chosen: Ints
    stack: Ints
    mine: Flags


def _csr(lists: list[list[int]]) -> tuple[Ints, Ints]:
    ptr = np.zeros(len(lists) + 1, dtype=np.int64)
    np.cumsum([len(x) for x in lists], out=ptr[1:]) if lists else None
    flat = [x for row in lists for x in row]
    return ptr, np.asarray(flat, dtype=np.int64)


def _clip(value: float) -> float:
    return float(min(max(value, -FAR), FAR))


def _lists(problem: Problem, n_tasks: int) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """(role_lo, role_hi) [task, role] into role_worker, and the group of each order (same first role = same group)."""
    n, widest = len(problem.orders), max([1, *(len(o.roles) for o in problem.orders)])
    lo = np.zeros((n_tasks, widest), dtype=np.int64)
    hi = np.zeros((n_tasks, widest), dtype=np.int64)
    eligible = Eligibility(problem)
    spans: dict[tuple[int, ...], tuple[int, int]] = {}
    flat: list[int] = []

    def span(workers: tuple[int, ...]) -> tuple[int, int]:
        if workers not in spans:
            spans[workers] = (len(flat), len(flat) + len(workers))
            flat.extend(workers)
        return spans[workers]

    for i, o in enumerate(problem.orders):
        for r in range(len(o.roles)):
            lo[i, r], hi[i, r] = span(eligible.role(i, r))
    t = n
    for k, w in enumerate(problem.workers):
        for _ in w.breaks:
            lo[t, 0], hi[t, 0] = span((k,))
            t += 1
    trades: dict[tuple[str, ...], int] = {}
    group = np.zeros(max(1, n), dtype=np.int64)
    for i, o in enumerate(problem.orders):
        trade = tuple(sorted(o.roles[0])) if o.roles else ()
        group[i] = trades.setdefault(trade, len(trades))
    return lo, hi, np.asarray(flat or [0], dtype=np.int64), group, np.asarray([len(trades)], dtype=np.int64)


def compile_arrays(problem: Problem) -> Arrays:
    """Return the arrays of a problem (a few milliseconds per thousand orders)."""
    n, m = len(problem.orders), len(problem.workers)
    owners = [(k, b) for k, w in enumerate(problem.workers) for b in w.breaks]
    n_tasks = n + len(owners)
    c = {name: value / 60.0 for name, value in problem.objective.items()}
    task = np.zeros((max(1, n_tasks), TASK_COLUMNS))
    rows = [
        (
            _clip(o.ready_s),
            _clip(o.duration),
            _clip(o.respond_by),
            o.weight * c["respond"],
            _clip(o.resolve_by - o.duration),
            o.weight * c["resolve"],
            _clip(FAR if o.appointment is None else o.appointment),
            0.0 if o.appointment is None else o.weight * c["appointment"],
            _clip(o.released),
            o.weight * c["wait"],
        )
        for o in problem.orders
    ]
    rows += [
        (_clip(b.earliest), _clip(b.duration), _clip(b.latest), c["break_late"], FAR, 0.0, FAR, 0.0, 0.0, 0.0)
        for _, b in owners
    ]
    if rows:
        task[:n_tasks] = rows
    place = np.full(max(1, n_tasks), -1, dtype=np.int64)
    place[:n] = [o.location for o in problem.orders]
    if n_tasks == 0:
        place[0] = 0  # the padding row is no break
    matrix = problem.matrix.astype(np.float64) if len(problem.matrix) else np.zeros((1, 1))
    n_roles = np.ones(max(1, n_tasks), dtype=np.int64)
    n_roles[:n] = [len(o.roles) for o in problem.orders]
    followers: list[list[int]] = [[] for _ in range(n_tasks)]
    for i, o in enumerate(problem.orders):
        for p in o.after:
            followers[p].append(i)
    pred_ptr, pred = _csr([list(o.after) for o in problem.orders] + [[]] * len(owners))
    succ_ptr, succ = _csr(followers)
    coupled = n_roles > 1
    coupled[:n_tasks] |= (np.diff(pred_ptr) + np.diff(succ_ptr)) > 0
    role_lo, role_hi, role_worker, group, _ = _lists(problem, max(1, n_tasks))
    pref_ptr, pref = _csr([_preferred(o) for o in problem.orders] + [[]] * len(owners))
    unassigned = np.zeros(max(1, n_tasks))
    unassigned[:n] = [unassigned_cost(problem, i) for i in range(n)]
    unassigned[list(obliged(problem))] += OBLIGED
    pinned = np.full(max(1, m), -1, dtype=np.int64)
    fixed = np.zeros(max(1, n_tasks), dtype=np.bool_)
    for i, o in enumerate(problem.orders):
        if o.locked is not None and o.locked_first:
            fixed[[i, *ancestors(problem, i)]] = True
            pinned[list(o.locked)] = i
    workers = [(_clip(w.ready_s), _clip(w.shift_end), _clip(w.limit_s), _clip(w.load_s)) for w in problem.workers]
    by_group = np.argsort(group[:n], kind="stable").astype(np.int64)
    group_ptr = np.searchsorted(group[:n][by_group], np.arange((group.max() if n else 0) + 2)).astype(np.int64)
    return Arrays(
        n=n,
        m=m,
        task=task,
        place=place,
        n_roles=n_roles,
        coupled=coupled,
        matrix=matrix,
        back=np.ascontiguousarray(matrix.T),
        pred_ptr=pred_ptr,
        pred=pred,
        succ_ptr=succ_ptr,
        succ=succ,
        role_lo=role_lo,
        role_hi=role_hi,
        role_worker=role_worker,
        pref_ptr=pref_ptr,
        pref=pref,
        unassigned=unassigned,
        fixed=fixed,
        worker=np.asarray(workers or [(0.0, 0.0, 0.0, 0.0)]),
        worker_place=np.asarray([w.location for w in problem.workers] or [0], dtype=np.int64),
        pinned=pinned,
        coef=np.asarray(
            [
                c["travel"],
                c["overtime"],
                problem.objective["fairness"] / (3600.0 * 480.0),
                problem.objective["preferred"],
                _clip(problem.horizon_s),
                float(task[:n, DUR].mean()) if n else 0.0,
            ]
        ),
        group=group,
        group_ptr=group_ptr,
        group_order=by_group,
    )


def _preferred(order: Order) -> list[int]:
    """Preferred workers; -1 stands for those who are not here, so that the order is still charged for missing them."""
    return (sorted(order.preferred) or [-1]) if order.names_preferred else []


def route_room(a: Arrays) -> Ints:
    """How many orders a route can hold at most: the shortest that the worker can take, until his time is full."""
    room = np.full(max(1, a.m), 4, dtype=np.int64)
    by_span: dict[tuple[int, int], set[int]] = {}
    for r in range(a.role_lo.shape[1]):
        for i, lo, hi in zip(range(a.n), a.role_lo[:, r].tolist(), a.role_hi[:, r].tolist(), strict=False):
            if hi > lo:
                by_span.setdefault((lo, hi), set()).add(i)
    lists: list[list[Floats]] = [[] for _ in range(a.m)]
    for (lo, hi), orders in by_span.items():
        long = a.task[list(orders), DUR]
        for k in a.role_worker[lo:hi].tolist():
            lists[k].append(long)
    for k, rows in enumerate(lists):
        if rows:
            total = np.cumsum(np.sort(np.concatenate(rows)))
            room[k] += np.searchsorted(total, max(0.0, a.worker[k, LIMIT] - a.worker[k, FREE]), side="right")
    return room


def empty_state(a: Arrays, seed: int) -> State:
    """Return a state with no order placed and every break at the end of its worker's route."""
    n_tasks, widest = len(a.task), a.role_lo.shape[1]
    breaks = np.nonzero(a.place < 0)[0] if a.m else np.zeros(0, dtype=np.int64)
    owner = a.role_worker[a.role_lo[breaks, 0]] if len(breaks) else breaks
    room = route_room(a)
    np.add.at(room, owner, 1)
    off = np.zeros(len(room) + 1, dtype=np.int64)
    np.cumsum(room, out=off[1:])
    total = int(off[-1])

    def ints(*shape: int, fill: int = 0) -> Ints:
        return np.full(shape, fill, dtype=np.int64)

    state = State(
        off=off,
        size=ints(len(room)),
        seq=ints(total, fill=-1),
        pos=np.zeros((total, POS_COLUMNS)),
        leave_place=ints(total),
        route_cost=np.zeros(len(room)),
        route_load=np.zeros(len(room)),
        worked=np.full(len(room), -float(FAR)),
        low=ints(len(room)),
        who=ints(n_tasks, widest, fill=-1),
        last=ints(n_tasks, widest, fill=-1),
        arrive=np.zeros((n_tasks, widest)),
        start=np.zeros(n_tasks),
        cost=a.unassigned.copy(),
        penalty=np.zeros(n_tasks),
        num=np.zeros(4),
        cnt=ints(8),
        bank=ints(n_tasks + 1),
        bank_at=ints(n_tasks, fill=-1),
        pending=ints(len(room) + 1),
        pending_pos=ints(len(room), fill=-1),
        pending_to=ints(len(room)),
        dirty=np.zeros(len(room), dtype=np.bool_),
        touched=ints(len(room) + 1),
        touch_mark=ints(len(room)),
        moved=ints(n_tasks + 1),
        moved_mark=ints(n_tasks),
        saved_size=ints(len(room)),
        saved_seq=ints(total),
        saved_pos=np.zeros((total, POS_COLUMNS)),
        saved_place=ints(total),
        saved_route=np.zeros((len(room), 4)),
        best_size=ints(len(room)),
        best_seq=ints(total),
        best_role=ints(total),
        rng=np.asarray([(seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) % 2**64 or 1], dtype=np.uint64),
        scratch=np.zeros(64 + 4 * n_tasks),
        chosen=ints(8 + 4 * widest + 2 * n_tasks),
        stack=ints(n_tasks + len(a.succ) + 1),
        mine=np.ones(len(room), dtype=np.bool_),
    )
    for t, k in zip(breaks.tolist(), owner.tolist(), strict=True):
        at = off[k] + state.size[k]
        state.seq[at] = t
        state.size[k] += 1
        state.who[t, 0] = k
        state.cost[t] = 0.0
    state.bank[: a.n] = np.arange(a.n)
    state.bank_at[: a.n] = np.arange(a.n)
    state.cnt[N_BANK] = a.n
    state.cnt[PART] = -1
    state.num[TOTAL] = float(a.unassigned.sum())
    return state
