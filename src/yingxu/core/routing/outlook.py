"""What may still come: imagined arrivals like those of the day so far, and work that takes longer or less."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from yingxu.core.routing.arrays import Flags, Floats, Ints
from yingxu.core.routing.eligible import Eligibility
from yingxu.core.routing.problem import Order, Problem
from yingxu.core.routing.rollout import (
    O_RELEASED,
    O_RESPOND,
    O_WEIGHT,
    ORDER_COLUMNS,
    STEP_S,
    WORKER_COLUMNS,
    imagine_all,
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How the future is imagined and when it is believed; times in seconds.

    ``spread`` is the coefficient of variation of real about expected work (0.4: our assumption for maintenance work).
    ``mixing`` is the share of arrivals whose urgency is drawn apart from their trade, because a morning has shown few
    emergencies of each. ``sure`` is how many standard errors a change must save before it is made: with few futures the
    best of several changes looks better than it is. ``holds_back`` says whether somebody free may be kept back from
    routine work for ``keep_s``; then an order with more than ``spare_s`` to spare also waits while it would take the
    last one free for some kind of work, if what may come meanwhile costs more than ``hold`` minutes of its weight.
    ``rests`` sends who has nothing to do into the break that may begin. ``most`` orders are imagined, the rest keep the
    plan's moves.
    """

    futures: int = 32
    few: int = 8
    ahead_s: float = 5400.0
    drain_s: float = 10800.0
    recent_s: float = 5400.0
    spread: float = 0.4
    mixing: float = 0.3
    keep_s: float = 900.0
    patience_s: float = 3600.0
    rare_s: float = 240.0
    tried: int = 3
    passes: int = 2
    sure: float = 1.5
    holds_back: bool = True
    most: int = 600
    hold: float = 12.0
    spare_s: float = 2400.0
    rests: bool = True


@dataclass(slots=True)
class Day:
    """The orders of a day so far, as examples of what is still to come."""

    began: int | None = None
    _seen: set[str] = field(default_factory=set)
    _rows: list[tuple[float, ...]] = field(default_factory=list)
    _places: list[int] = field(default_factory=list)
    _sorts: list[int] = field(default_factory=list)
    _released: list[int] = field(default_factory=list)
    _demands: dict[tuple[tuple[str, float], ...], int] = field(default_factory=dict)

    def note(self, problem: Problem) -> None:
        """Take in the orders that are new in a problem."""
        if self.began is None:
            self.began = problem.now
        self.see(problem.orders)

    def see(self, orders: Iterable[Order]) -> None:
        """Take in orders of the day, whatever became of them; only the first role of each counts."""
        for o in orders:
            if o.id in self._seen or not o.roles:
                continue
            self._seen.add(o.id)
            self._rows.append(order_row(o, 0.0))
            self._places.append(o.location)
            self._released.append(o.released)
            self._sorts.append(self._demands.setdefault(tuple(sorted(o.roles[0].items())), len(self._demands)))

    def rate(self, now: int, recent_s: float) -> float:
        """Orders a second over the last stretch of the day."""
        began = self.began if self.began is not None else now
        span = max(600.0, min(recent_s, now - began))
        return sum(1 for at in self._released if at > now - span) / span

    def examples(self) -> tuple[Floats, Ints, Ints, list[dict[str, float]]]:
        """Rows as if released at zero, places, and which of the demands listed last each has."""
        return (
            np.asarray(self._rows).reshape(-1, ORDER_COLUMNS),
            np.asarray(self._places, dtype=np.int64),
            np.asarray(self._sorts, dtype=np.int64),
            [dict(demand) for demand in self._demands],
        )


def order_row(o: Order, released: float) -> tuple[float, ...]:
    """An order as the kernel reads it, moved in time to ``released``."""
    later = released - o.released
    return (released, o.respond_by + later, o.resolve_by + later, o.duration, o.duration, o.weight, 1.0)


@dataclass(slots=True)
class Scene:
    """A problem and its imagined futures as arrays; ``place`` and ``kind`` are of the open orders."""

    now: float
    keep_until: float
    end: float
    workers: Floats
    home: Ints
    matrix: Floats
    orders: Floats
    place: Ints
    kind: Ints
    futures: Floats
    future_place: Ints
    future_kind: Ints
    n_future: Ints
    noise: Floats
    can: Flags
    extra: Floats
    coef: Floats
    scratch: tuple[Floats, Ints, Ints, Floats, Floats, Ints, Flags, Ints]
    block: Floats
    alone: Ints

    def costs(self, first: Ints, keep_weight: Floats, low: int, high: int, out: Floats) -> None:
        """Write what these first moves cost in futures ``low`` to ``high`` (weighted minutes)."""
        imagine_all(
            self.workers,
            self.home,
            self.matrix,
            self.orders,
            self.place,
            self.kind,
            self.futures,
            self.future_place,
            self.future_kind,
            self.n_future,
            self.noise,
            self.can,
            self.extra,
            self.coef,
            first,
            self.keep_until,
            keep_weight,
            self.now,
            self.end,
            low,
            high,
            out,
            *self.scratch,
            self.block,
            self.alone,
        )


def _spread(rng: np.random.Generator, spread: float, shape: tuple[int, ...]) -> Floats:
    """Lognormal factors of mean 1."""
    s2 = math.log(1.0 + spread * spread)
    return np.exp(rng.normal(-s2 / 2, math.sqrt(s2), shape))


def _workers(problem: Problem) -> Floats:
    rows = np.zeros((len(problem.workers), WORKER_COLUMNS))
    for k, w in enumerate(problem.workers):
        rest = (w.breaks[0].earliest, w.breaks[0].latest, w.breaks[0].duration) if w.breaks else (0, 0, 0)
        rows[k, :7] = (w.ready_s, w.shift_end, w.limit_s, w.load_s, *rest)
    return rows


#: Columns of the blocking table: five hours of work.
COLUMNS = 60


def blocking(rows: Floats, kinds: Ints, n_kinds: int, rate: float, mixing: float) -> Floats:
    """What it costs (weighted minutes) that nobody can answer a kind of work for so long: [kind, stretch].

    An order that comes ``u`` into a stretch of ``D`` and may wait ``s`` is late by ``D - u - s``; arrivals at an even
    rate make that weight times ``(D - s)^2 / 2`` a unit of rate. Urgency is partly drawn apart from the kind
    (``mixing``).
    """
    stretch = (np.arange(COLUMNS) + 0.5) * (STEP_S / 60.0)
    late = np.maximum(0.0, stretch[None, :] - (rows[:, O_RESPOND] - rows[:, O_RELEASED])[:, None] / 60.0)
    cost = rows[:, O_WEIGHT, None] * late * late / 2.0
    whole = cost.mean(axis=0)
    table = np.zeros((n_kinds, COLUMNS))
    for q in np.unique(kinds):
        of_kind = kinds == q
        own = (1.0 - mixing) * cost[of_kind].mean(axis=0) + mixing * whole
        table[q] = rate * 60.0 * of_kind.mean() * own
    return table


def scene_of(problem: Problem, orders: Sequence[int], day: Day, look: Outlook, seed: int) -> Scene:
    """Imagine ``look.futures`` futures of a problem of which ``orders`` may be moved.

    Arrivals are Poisson at the recent rate; each is a copy of an earlier order of the day (a bootstrap), which knows no
    opening hours or rounds beyond what the last hours showed.
    """
    rng = np.random.default_rng((seed % 2**63, problem.now % 2**63))
    eligible = Eligibility(problem)
    kinds: dict[tuple[int, ...], int] = {}
    m, s, c = len(problem.workers), look.futures, problem.objective
    rows, places, sorts, demands = day.examples()
    sort_kind = np.asarray([kinds.setdefault(eligible.holders(d), len(kinds)) for d in demands] or [0], dtype=np.int64)
    opened = [problem.orders[i] for i in orders]
    kind = np.asarray([kinds.setdefault(eligible.role(i, 0), len(kinds)) for i in orders], dtype=np.int64)
    extra = np.zeros((max(1, len(opened)), m))
    for x, o in enumerate(opened):
        if o.names_preferred:
            extra[x, [k for k in range(m) if k not in o.preferred]] = c["preferred"]
    n_future = rng.poisson(day.rate(problem.now, look.recent_s) * look.ahead_s if len(rows) else 0.0, s)
    shape = (s, max(1, int(n_future.max())))
    futures, which = np.zeros((*shape, ORDER_COLUMNS)), np.zeros(shape, dtype=np.int64)
    if len(rows):
        times = np.full(shape, look.ahead_s)
        for f in range(s):
            times[f, : n_future[f]] = np.sort(rng.random(int(n_future[f]))) * look.ahead_s
        which = rng.integers(0, len(rows), shape)
        urgency = np.where(rng.random(shape) < look.mixing, rng.integers(0, len(rows), shape), which)
        futures = np.ascontiguousarray(rows[which])
        futures[:, :, [1, 2, 5]] = rows[urgency][:, :, [1, 2, 5]]
        futures[:, :, :3] += (problem.now + 1.0 + times)[:, :, None]
        futures[:, :, 4] *= _spread(rng, look.spread, shape)
    can = np.zeros((max(1, len(kinds)), m), dtype=np.bool_)
    for who, x in kinds.items():
        can[x, list(who)] = True
    workers = _workers(problem)
    if len(rows):  # what he can do that few can, weighed by how often it was asked
        asked = np.bincount(sort_kind[sorts], minlength=len(can)) / len(rows)
        worth = (asked / np.maximum(1, can.sum(axis=1))) @ can
        workers[:, 7] = look.rare_s * worth / max(1e-9, float(worth.mean()))
    most = len(opened) + shape[1]
    block = np.zeros((len(can), COLUMNS))
    if len(rows) and look.holds_back:
        rate = day.rate(problem.now, look.recent_s)
        block = c["respond"] * blocking(rows, sort_kind[sorts], len(can), rate, look.mixing)
    return Scene(
        now=float(problem.now),
        keep_until=problem.now + look.keep_s,
        end=problem.now + look.ahead_s + look.drain_s,
        workers=workers,
        home=np.asarray([w.location for w in problem.workers], dtype=np.int64),
        matrix=problem.matrix.astype(np.float64),
        orders=np.asarray([order_row(o, o.released) for o in opened]).reshape(-1, ORDER_COLUMNS),
        place=np.asarray([o.location for o in opened], dtype=np.int64),
        kind=kind,
        futures=futures,
        future_place=places[which] if len(rows) else which,
        future_kind=sort_kind[sorts][which] if len(rows) else which,
        n_future=n_future,
        noise=_spread(rng, look.spread, (s, len(opened) + m)),
        can=can,
        extra=extra,
        coef=np.asarray(
            [c[name] / 60.0 for name in ("respond", "resolve", "wait", "travel", "overtime", "break_late")]
            + [c["fairness"] / (3600.0 * 480.0), c["unassigned"], look.patience_s]
            + [look.hold if look.holds_back else 0.0, look.spare_s]
        ),
        block=block,
        alone=np.zeros(len(can), dtype=np.int64),
        scratch=(
            np.zeros((most, ORDER_COLUMNS)),
            np.zeros(most, dtype=np.int64),
            np.zeros(most, dtype=np.int64),
            np.zeros((m, WORKER_COLUMNS)),
            np.zeros((m, WORKER_COLUMNS)),
            np.zeros(m, dtype=np.int64),
            np.zeros(m, dtype=np.bool_),
            np.zeros(most + 1, dtype=np.int64),
        ),
    )
