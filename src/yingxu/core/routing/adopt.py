"""Taking an earlier plan as the start: what still fits keeps its worker and sequence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from yingxu.core.routing.arrays import ROLE, TOTAL, Arrays, Ints, State, empty_state
from yingxu.core.routing.change import unbank
from yingxu.core.routing.held import held
from yingxu.core.routing.insertion import INF
from yingxu.core.routing.jit import kernel
from yingxu.core.routing.plan import Stop, repaired_plan
from yingxu.core.routing.problem import Problem
from yingxu.core.routing.sisr import retime_all
from yingxu.core.routing.timing import pref_penalty


@kernel
def lay_out(a: Arrays, s: State, seq: Ints, role: Ints, size: Ints) -> None:
    """Set the routes of an empty state to ``seq`` (in blocks of ``size`` tasks per worker, breaks included)."""
    _lay_out(held(a), held(s), seq, role, size)


@kernel
def _lay_out(a: Arrays, s: State, seq: Ints, role: Ints, size: Ints) -> None:
    x = 0
    for k in range(a.m):
        s.size[k] = size[k]
        for q in range(s.off[k], s.off[k] + size[k]):
            i = seq[x]
            s.seq[q] = i
            s.pos[q, ROLE] = role[x]
            s.who[i, role[x]] = k
            s.arrive[i, role[x]] = -INF
            s.start[i] = -INF
            unbank(s, i)
            x += 1
    for i in range(a.n):
        if s.who[i, 0] >= 0:
            s.penalty[i] = pref_penalty(a, s, i)
            s.num[TOTAL] += s.penalty[i]


def rows_of(a: Arrays, parts: Sequence[State]) -> tuple[Ints, Ints, Ints]:
    """(tasks, roles, lengths) of routes, each taken from the part that had it as its own."""
    seq, role, size = [], [], np.zeros(len(parts[0].size), dtype=np.int64)
    for k in range(a.m):
        s = next(s for s in parts if s.mine[k])
        at, n = int(s.off[k]), int(s.size[k])
        seq.append(s.seq[at : at + n])
        role.append(s.pos[at : at + n, ROLE].astype(np.int64))
        size[k] = n
    return np.concatenate(seq), np.concatenate(role), size


def _roles(a: Arrays, i: int, crew: list[int]) -> list[int] | None:
    """Workers of ``crew`` by role, or nothing when they do not fill the roles."""
    n = int(a.n_roles[i])
    if len(crew) != n:
        return None
    rows = [a.role_worker[a.role_lo[i, r] : a.role_hi[i, r]] for r in range(n)]
    if n == 1:
        at = int(np.searchsorted(rows[0], crew[0]))
        return crew if at < len(rows[0]) and rows[0][at] == crew[0] else None

    def fill(r: int, used: list[int]) -> list[int] | None:
        if r == n:
            return used
        for k in crew:
            if k not in used and k in rows[r]:
                found = fill(r + 1, [*used, k])
                if found is not None:
                    return found
        return None

    return fill(0, [])


def _fitting(problem: Problem, a: Arrays, routes: Sequence[Sequence[Stop]]) -> dict[int, list[int]]:
    """Orders whose crew still fills their roles and whose predecessors are kept too: order -> worker by role."""
    crew: dict[int, list[int]] = {}
    for k, route in enumerate(routes):
        for is_break, i in route:
            if not is_break:
                crew.setdefault(i, []).append(k)
    found = {i: filled for i, who in crew.items() if (filled := _roles(a, i, who)) is not None}
    while True:
        orphans = [i for i in found if any(p not in found for p in problem.orders[i].after)]
        if not orphans:
            return found
        for i in orphans:
            del found[i]


def adopted_state(problem: Problem, a: Arrays, seed: int, routes: Sequence[Sequence[Stop]]) -> State:
    """A state with the given routes; orders that no longer fit are left out, breaks not given go last."""
    state = _laid_out(problem, a, seed, routes)
    if retime_all(a, state):
        return state
    plan = repaired_plan(problem, routes)
    state = _laid_out(problem, a, seed, [[(b, i) for b, i, _ in stops] for stops in plan.routes])
    if not retime_all(a, state):  # the judge and the kernels disagree: start from nothing rather than from a fault
        state = empty_state(a, seed)
        retime_all(a, state)
    return state


def _bring_first(rows: list[tuple[int, int]], pin: int, n: int) -> None:
    at = next((x for x, (t, _) in enumerate(rows) if t == pin), None)
    if at is not None and any(t < n for t, _ in rows[:at]):
        rows.insert(0, rows.pop(at))


def _laid_out(problem: Problem, a: Arrays, seed: int, routes: Sequence[Sequence[Stop]]) -> State:
    filled = _fitting(problem, a, routes)
    s = empty_state(a, seed)
    seq: list[int] = []
    role: list[int] = []
    size = np.zeros(len(s.size), dtype=np.int64)
    first_break = len(problem.orders)
    for k, (route, w) in enumerate(zip(routes, problem.workers, strict=True)):
        before, given = len(seq), 0
        rows: list[tuple[int, int]] = []
        for is_break, i in route:
            if is_break and i == given:
                rows.append((first_break + i, 0))
                given += 1
            elif not is_break and i in filled and k in filled[i]:
                rows.append((i, filled[i].index(k)))
        rows += [(first_break + b, 0) for b in range(given, len(w.breaks))]
        pin = int(a.pinned[k])
        if pin >= 0:  # locked as first since then: only breaks may stay before it
            _bring_first(rows, pin, len(problem.orders))
        room = int(s.off[k + 1] - s.off[k]) - 1
        if len(rows) > room:  # longer than any shift allows: the excess is put in again elsewhere
            keep_breaks = [row for row in rows if row[0] >= len(problem.orders)]
            rows = [row for row in rows if row[0] < len(problem.orders)][: room - len(keep_breaks)] + keep_breaks
        seq += [t for t, _ in rows]
        role += [r for _, r in rows]
        size[k] = len(seq) - before
        first_break += len(w.breaks)
    lay_out(a, s, np.asarray(seq, dtype=np.int64), np.asarray(role, dtype=np.int64), size)
    return s
