"""One imagined future: what a plain dispatcher would make of it after the first moves are given.

The plain dispatcher never looks ahead. A free worker takes the waiting order of the highest index; an order that comes
in while somebody is free goes to the nearest, those with rare skills last. The index is the apparent tardiness cost
rule (Vepsalainen and Morton 1987, "Priority rules for job shops with weighted tardiness costs", Management Science 33).
Deviations: the way counts as work, and a rational function stands for the exponential.
"""

from __future__ import annotations

from yingxu.core.routing.arrays import Flags, Floats, Ints
from yingxu.core.routing.jit import inlined, kernel

# columns of a worker's row: when free, end of shift, last moment, seconds worked, next break, how rare his skills are
W_FREE, W_END, W_LIMIT, W_LOAD, W_EARLIEST, W_LATEST, W_PAUSE, W_RARE = range(8)
WORKER_COLUMNS = 8
# columns of an order's row: released, the two deadlines, seconds of work expected and imagined, weight, way's factor
O_RELEASED, O_RESPOND, O_RESOLVE, O_DURATION, O_TAKES, O_WEIGHT, O_WAY = range(7)
ORDER_COLUMNS = 7
# entries of the coefficients, per second
C_RESPOND, C_RESOLVE, C_WAIT, C_TRAVEL, C_OVERTIME, C_BREAK, C_FAIR, C_UNASSIGNED, C_PATIENCE, C_HOLD, C_SPARE = range(
    11
)
#: Seconds of work a column of the blocking table.
STEP_S = 300.0

#: First moves of a worker besides the number of an order: follow the dispatcher, take the break, keep back.
FOLLOW, PAUSE, KEEP = -1, -2, -3


@inlined
def index_of(orders: Floats, i: int, t: float, way: float, patience: float) -> float:
    """How much an order asks to be begun at ``t``: weight over work, fading with the time that it can still wait."""
    slack = max(0.0, orders[i, O_RESPOND] - t - way) / patience
    return orders[i, O_WEIGHT] / ((1.0 + slack + slack * slack) * (orders[i, O_DURATION] + way + 60.0))


@inlined
def alone_for(can: Flags, w: Floats, at: float, k: int, alone: Ints) -> int:
    """Write the kinds of work that of all free at a moment only worker ``k`` can do; return how many."""
    n = 0
    for q in range(len(can)):
        if can[q, k]:
            another = False
            for j in range(len(w)):
                if j != k and can[q, j] and w[j, W_FREE] <= at and at < w[j, W_END]:
                    another = True
                    break
            if not another:
                alone[n] = q
                n += 1
    return n


@inlined
def blocks(block: Floats, alone: Ints, n_alone: int, seconds: float) -> float:
    """Expected cost (weighted minutes) of what cannot be answered while its only worker is away so long."""
    column = min(block.shape[1] - 1, int(seconds / STEP_S))
    cost = 0.0
    for x in range(n_alone):
        cost += block[alone[x], column]
    return cost


@inlined
def is_held(
    orders: Floats, i: int, way: float, t: float, coef: Floats, block: Floats, alone: Ints, n_alone: int
) -> bool:
    """Whether an order with time to spare is left for later, because it would block the last worker of a kind."""
    if coef[C_HOLD] <= 0.0 or n_alone == 0 or orders[i, O_RESPOND] - t - way <= coef[C_SPARE]:
        return False
    return blocks(block, alone, n_alone, orders[i, O_DURATION] + way) > coef[C_HOLD] * orders[i, O_WEIGHT]


@kernel
def imagine(
    workers: Floats,
    home: Ints,
    matrix: Floats,
    orders: Floats,
    place: Ints,
    kind: Ints,
    can: Flags,
    extra: Floats,
    coef: Floats,
    first: Ints,
    keep_until: float,
    keep_weight: Floats,
    n_open: int,
    n: int,
    now: float,
    end: float,
    w: Floats,
    at: Ints,
    busy: Flags,
    waiting: Ints,
    block: Floats,
    alone: Ints,
) -> float:
    """Cost in weighted minutes of one future: open orders first, then arrivals in sequence of ``released``.

    ``w``, ``at``, ``busy`` and ``waiting`` are scratch of the shapes of ``workers``, ``home``, flags of the workers
    and the orders' numbers. ``extra`` [open order, worker] is what this worker costs more than another.
    """
    m = len(home)
    cost = 0.0
    n_waiting = 0
    holding = False
    for i in range(n_open):
        waiting[n_waiting] = i
        n_waiting += 1
    for k in range(m):
        for c in range(WORKER_COLUMNS):
            w[k, c] = workers[k, c]
        at[k] = home[k]
        busy[k] = True
    coming = n_open
    t = before = now
    # given first moves, then the dispatcher from event to event
    turn = 0
    while True:
        if turn > 0:
            t = end
            if coming < n and orders[coming, O_RELEASED] < t:
                t = orders[coming, O_RELEASED]
            for k in range(m):
                if busy[k] and w[k, W_FREE] < t:
                    t = w[k, W_FREE]
            if before < keep_until < t:
                t = keep_until  # those kept back are free for everything from here
            if t >= end:
                break
        before = t
        if turn > 0:
            while coming < n and orders[coming, O_RELEASED] <= t:
                waiting[n_waiting] = coming
                n_waiting += 1
                i = coming
                coming += 1
                best = -1
                least = 1e18
                for k in range(m):
                    if busy[k] or not can[kind[i], k] or t >= w[k, W_END]:
                        continue
                    if first[k] == KEEP and t < keep_until and orders[i, O_WEIGHT] < keep_weight[k]:
                        continue
                    way = matrix[at[k], place[i]]
                    if t + way + orders[i, O_DURATION] > w[k, W_LIMIT]:
                        continue
                    far = way + w[k, W_RARE]
                    if far < least:
                        if coef[C_HOLD] > 0.0 and is_held(
                            orders, i, way, t, coef, block, alone, alone_for(can, w, t, k, alone)
                        ):
                            holding = True
                            continue
                        least, best = far, k
                if best >= 0:
                    n_waiting -= 1
                    cost += _do(matrix, orders, place, extra, coef, w, at, busy, best, i, t, n_open)
        for k in range(m):
            if busy[k]:
                if w[k, W_FREE] > t:
                    continue
                busy[k] = False
            elif turn > 0 and not holding and not (first[k] == KEEP and t >= keep_until):
                continue  # he was free before and found nothing; what came since was offered to him
            if t >= w[k, W_END]:
                w[k, W_FREE] = 1e18
                busy[k] = True
                continue
            i = -1
            if turn == 0 and first[k] >= 0:
                i = first[k]
                for x in range(n_waiting):
                    if waiting[x] == i:
                        n_waiting -= 1
                        waiting[x] = waiting[n_waiting]
                        break
                cost += _do(matrix, orders, place, extra, coef, w, at, busy, k, i, t, n_open)
                continue
            if turn == 0 and first[k] != PAUSE:
                busy[k] = True  # looked at again in the next turn, when the given moves are all made
                w[k, W_FREE] = t
                continue
            rest = w[k, W_PAUSE] > 0.0 and w[k, W_EARLIEST] <= t
            if (turn == 0 and first[k] == PAUSE) or (rest and t >= w[k, W_LATEST]):
                cost += _rest(coef, w, busy, k, t)
                continue
            kept = first[k] == KEEP and t < keep_until
            found = -1
            most = 0.0
            n_alone = -1
            for x in range(n_waiting):
                j = waiting[x]
                if not can[kind[j], k]:
                    continue
                if kept and orders[j, O_WEIGHT] < keep_weight[k]:
                    continue
                way = matrix[at[k], place[j]]
                if t + way + orders[j, O_DURATION] > w[k, W_LIMIT]:
                    continue
                wish = index_of(orders, j, t, way, coef[C_PATIENCE])
                if wish > most:
                    if coef[C_HOLD] > 0.0:
                        if n_alone < 0:
                            n_alone = alone_for(can, w, t, k, alone)
                        if is_held(orders, j, way, t, coef, block, alone, n_alone):
                            holding = True
                            continue
                    most, found = wish, x
            if found >= 0:
                i = waiting[found]
                n_waiting -= 1
                waiting[found] = waiting[n_waiting]
                cost += _do(matrix, orders, place, extra, coef, w, at, busy, k, i, t, n_open)
            elif rest:
                cost += _rest(coef, w, busy, k, t)
        turn += 1
    for x in range(n_waiting):
        cost += _late(orders, coef, waiting[x], end, end) + coef[C_UNASSIGNED] * orders[waiting[x], O_WEIGHT]
    for k in range(m):
        cost += coef[C_FAIR] * w[k, W_LOAD] * w[k, W_LOAD]
    return cost


@inlined
def _late(orders: Floats, coef: Floats, i: int, begin: float, done: float) -> float:
    cost = coef[C_WAIT] * (begin - orders[i, O_RELEASED])
    if begin > orders[i, O_RESPOND]:
        cost += coef[C_RESPOND] * (begin - orders[i, O_RESPOND])
    if done > orders[i, O_RESOLVE]:
        cost += coef[C_RESOLVE] * (done - orders[i, O_RESOLVE])
    return cost * orders[i, O_WEIGHT]


@inlined
def _do(
    matrix: Floats,
    orders: Floats,
    place: Ints,
    extra: Floats,
    coef: Floats,
    w: Floats,
    at: Ints,
    busy: Flags,
    k: int,
    i: int,
    t: float,
    n_open: int,
) -> float:
    way = matrix[at[k], place[i]] * orders[i, O_WAY]
    begin = max(t + way, orders[i, O_RELEASED])
    done = begin + orders[i, O_TAKES]
    cost = _late(orders, coef, i, begin, done) + coef[C_TRAVEL] * way
    if done > w[k, W_END]:
        cost += coef[C_OVERTIME] * (done - max(t, w[k, W_END]))
    if i < n_open:
        cost += extra[i, k]
    w[k, W_LOAD] += done - t
    w[k, W_FREE] = done
    at[k] = place[i]
    busy[k] = True
    return cost


@inlined
def _rest(coef: Floats, w: Floats, busy: Flags, k: int, t: float) -> float:
    cost = 0.0
    if t > w[k, W_LATEST]:
        cost = coef[C_BREAK] * (t - w[k, W_LATEST])
    w[k, W_FREE] = t + w[k, W_PAUSE]
    w[k, W_PAUSE] = 0.0
    busy[k] = True
    return cost


@kernel
def imagine_all(
    workers: Floats,
    home: Ints,
    matrix: Floats,
    open_orders: Floats,
    open_place: Ints,
    open_kind: Ints,
    futures: Floats,
    future_place: Ints,
    future_kind: Ints,
    n_future: Ints,
    noise: Floats,
    can: Flags,
    extra: Floats,
    coef: Floats,
    first: Ints,
    keep_until: float,
    keep_weight: Floats,
    now: float,
    end: float,
    low: int,
    high: int,
    out: Floats,
    orders: Floats,
    place: Ints,
    kind: Ints,
    w: Floats,
    w0: Floats,
    at: Ints,
    busy: Flags,
    waiting: Ints,
    block: Floats,
    alone: Ints,
) -> None:
    """Imagine futures ``low`` to ``high`` with the same first moves and write their costs to ``out``.

    ``futures`` [future, arrival, column] are filled rows of arrivals; ``noise`` [future, open order or worker] are the
    factors of the work of open orders, then of what busy workers still have to do.
    """
    n_open, m = len(open_place), len(home)
    for i in range(n_open):
        for c in range(ORDER_COLUMNS):
            orders[i, c] = open_orders[i, c]
        place[i] = open_place[i]
        kind[i] = open_kind[i]
    for f in range(low, high):
        for i in range(n_open):
            orders[i, O_TAKES] = open_orders[i, O_DURATION] * noise[f, i]
        for k in range(m):
            for c in range(WORKER_COLUMNS):
                w0[k, c] = workers[k, c]
            if w0[k, W_FREE] > now:
                w0[k, W_FREE] = now + (w0[k, W_FREE] - now) * noise[f, n_open + k]
        for j in range(n_future[f]):
            for c in range(ORDER_COLUMNS):
                orders[n_open + j, c] = futures[f, j, c]
            place[n_open + j] = future_place[f, j]
            kind[n_open + j] = future_kind[f, j]
        n = n_open + n_future[f]
        out[f] = imagine(
            w0,
            home,
            matrix,
            orders,
            place,
            kind,
            can,
            extra,
            coef,
            first,
            keep_until,
            keep_weight,
            n_open,
            n,
            now,
            end,
            w,
            at,
            busy,
            waiting,
            block,
            alone,
        )
