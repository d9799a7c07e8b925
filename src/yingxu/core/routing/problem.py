"""Reading ``dispatch-problem/1``: every value checked once, with a sentence that says what, where and how to mend."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

PROBLEM_FORMAT = "dispatch-problem/1"
SOLUTION_FORMAT = "dispatch-solution/1"

#: Weighted minutes per unit, as the dispatch contract gives them.
DEFAULT_OBJECTIVE: dict[str, float] = {
    "respond": 1.0,
    "resolve": 0.5,
    "wait": 0.02,
    "appointment": 1.0,
    "travel": 0.2,
    "overtime": 2.0,
    "break_late": 1.0,
    "fairness": 0.1,
    "preferred": 10.0,
    "unassigned": 30.0,
}


class MalformedProblem(ValueError):
    """The document is not a dispatch problem: what is wrong, where, and how to mend it, in one sentence."""


class NoFeasiblePlan(ValueError):
    """The locks of the problem contradict its hard rules, so that no answer can be feasible."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A break of a worker, in seconds on the problem's axis."""

    earliest: int
    latest: int
    duration: int


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker; times in seconds, ``load_s`` the seconds worked so far."""

    id: str
    skills: Mapping[str, float]
    location: int
    ready_s: int
    shift_end: int
    limit_s: int
    load_s: float
    breaks: tuple[Pause, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """One order; ``ready_s`` = max(now, released, window[0]) is the earliest start that its own data allow."""

    id: str
    location: int
    roles: tuple[Mapping[str, float], ...]
    weight: float
    released: int
    ready_s: int
    respond_by: int
    resolve_by: int
    duration: int
    appointment: int | None
    after: tuple[int, ...]
    preferred: frozenset[int]
    names_preferred: bool
    excluded: frozenset[int]
    locked: tuple[int, ...] | None
    locked_first: bool
    class_: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A checked problem. Orders and workers are referred to by position; ids appear only at the doors."""

    id: str
    now: int
    matrix: npt.NDArray[np.int64]
    workers: tuple[Worker, ...]
    orders: tuple[Order, ...]
    objective: Mapping[str, float]
    horizon_s: int
    impossible: frozenset[int] = field(default=frozenset())
    """Orders that can never be placed: they follow themselves, or an order that does."""


#: Weights, coefficients and loads are at most so large, and moments so far away, that every cost fits a float:
#: sums that overflow are no longer costs, neither here nor for whoever checks the answer.
MOST, FARTHEST = 1e12, 10**60


def _whole(value: object, where: str, least: int | None = None) -> int:
    if type(value) is int:
        if least is not None and value < least:
            raise MalformedProblem(f"{where} is {_short(value)}; give {least} or more")
        if abs(value) > FARTHEST:
            raise MalformedProblem(f"{where} has more than sixty digits; give seconds nearer to now")
        return value
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return _whole(int(value), where, least)
    raise MalformedProblem(f"{where} is {_short(value)}; give a whole number of seconds")


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedProblem(f"{where} is {_short(value)}; give a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise MalformedProblem(f"{where} is not finite; give a finite number")
    if abs(number) > MOST:
        raise MalformedProblem(f"{where} is {number:g}; give a number between -{MOST:g} and {MOST:g}")
    return number


def _short(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # a whole number too long for Python to write
        return "a number of thousands of digits"
    return text if len(text) <= 40 else text[:37] + "…"


def called(ident: str) -> str:
    """An id as it can stand in one line: short, and without line breaks or controls."""
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in ident[:41])
    return text if len(text) <= 40 else text[:37] + "…"


def _need(doc: object, key: str, where: str) -> Any:
    if not isinstance(doc, Mapping):
        raise MalformedProblem(f"{where} is {_short(doc)}; give an object")
    if key not in doc:
        raise MalformedProblem(f"{where} has no {key!r}; add it")
    return doc[key]


def _list(value: object, where: str) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise MalformedProblem(f"{where} is {_short(value)}; give a list")
    return value


def _levels(value: object, where: str) -> Mapping[str, float]:
    if not isinstance(value, Mapping):
        raise MalformedProblem(f"{where} is {_short(value)}; give an object of skill: level")
    for skill, level in value.items():
        if type(level) is not int:  # whole levels are compared as they are, however large
            _number(level, f"{where}.{called(str(skill))}")
    return value


def _place(value: object, n_places: int, where: str) -> int:
    place = _whole(value, where, 0)
    if place >= n_places:
        raise MalformedProblem(f"{where} is {place}, but travel.matrix has {n_places} places; give a smaller index")
    return place


def read_matrix(value: object) -> npt.NDArray[np.int64]:
    """Return the travel matrix in seconds, from place (row) to place (column).

    Raises
    ------
    MalformedProblem
        When it is not square, or holds anything but whole numbers from 0.
    """
    rows = _list(value, "travel.matrix")
    n = len(rows)
    if n == 0:
        return np.zeros((0, 0), dtype=np.int64)
    for i, row in enumerate(rows):
        if len(_list(row, f"travel.matrix[{i}]")) != n:
            raise MalformedProblem(f"travel.matrix[{i}] has {len(row)} entries for {n} places; give a square matrix")
    try:
        table = np.asarray(rows)
    except (ValueError, OverflowError) as error:
        raise MalformedProblem("travel.matrix holds something else than numbers; give whole seconds") from error
    if table.ndim != 2 or table.dtype.kind not in "iuf":
        if table.ndim == 2 and table.dtype.kind == "O" and all(type(x) is int for row in rows for x in row):
            table = np.asarray([[min(x, FAR) if x >= 0 else -1 for x in row] for row in rows], dtype=np.int64)
        else:
            raise MalformedProblem("travel.matrix holds something else than numbers; give whole seconds")
    if table.dtype.kind == "f" and not (np.isfinite(table).all() and (table == np.floor(table)).all()):
        raise MalformedProblem("travel.matrix holds fractions; give whole seconds")
    bad = np.argwhere(table < 0)
    if len(bad):
        i, j = map(int, bad[0])
        raise MalformedProblem(f"travel.matrix[{i}][{j}] is negative; give 0 or more seconds")
    return np.minimum(table, FAR).astype(np.int64)


#: Times beyond this many seconds are beyond any shift; the engine treats longer ways as this long.
FAR = 2**50


def _worker(doc: object, i: int, now: int, n_places: int) -> Worker:
    where = f"workers[{i}]"
    ident = _need(doc, "id", where)
    if not isinstance(ident, str):
        raise MalformedProblem(f"{where}.id is {_short(ident)}; give a string")
    assert isinstance(doc, Mapping)
    where = f"worker {called(ident)}"
    shift_start = _whole(_need(doc, "shift_start", where), f"{where}.shift_start")
    shift_end = _whole(_need(doc, "shift_end", where), f"{where}.shift_end")
    free_at = _whole(doc.get("free_at", now), f"{where}.free_at")
    pauses = []
    for b, entry in enumerate(_list(doc.get("breaks") or (), f"{where}.breaks")):
        spot = f"{where}.breaks[{b}]"
        pauses.append(
            Pause(
                _whole(_need(entry, "earliest", spot), f"{spot}.earliest"),
                _whole(_need(entry, "latest", spot), f"{spot}.latest"),
                _whole(_need(entry, "duration", spot), f"{spot}.duration", 0),
            )
        )
    return Worker(
        id=ident,
        skills=_levels(_need(doc, "skills", where), f"{where}.skills"),
        location=_place(_need(doc, "location", where), n_places, f"{where}.location"),
        ready_s=max(now, free_at, shift_start),
        shift_end=shift_end,
        limit_s=shift_end + _whole(doc.get("max_overtime", 0), f"{where}.max_overtime", 0),
        load_s=_number(doc.get("load", 0), f"{where}.load"),
        breaks=tuple(pauses),
    )


def _ids(value: object, known: Mapping[str, int], where: str) -> list[int]:
    """Positions of the known ids; unknown ones name nobody here and are left out."""
    found = []
    for ident in _list(value, where):
        if not isinstance(ident, str):
            raise MalformedProblem(f"{where} holds {_short(ident)}; give ids as strings")
        if ident in known:
            found.append(known[ident])
    return found


def _order(doc: Any, where: str, now: int, n_places: int, at: Mapping[str, int], who: Mapping[str, int]) -> Order:
    roles = tuple(
        _levels(_need(role, "skills", f"{where}.roles[{r}]"), f"{where}.roles[{r}].skills")
        for r, role in enumerate(_list(_need(doc, "roles", where), f"{where}.roles"))
    )
    released = _whole(_need(doc, "released", where), f"{where}.released")
    ready = max(now, released)
    appointment = None
    if doc.get("window"):
        window = _list(doc["window"], f"{where}.window")
        if len(window) != 2:
            raise MalformedProblem(f"{where}.window has {len(window)} entries; give [earliest start, latest start]")
        ready = max(ready, _whole(window[0], f"{where}.window[0]"))
        appointment = _whole(window[1], f"{where}.window[1]")
    lock = doc.get("locked")
    locked: tuple[int, ...] | None = None
    first = False
    if lock:
        named = _list(_need(lock, "workers", f"{where}.locked"), f"{where}.locked.workers")
        locked = tuple(dict.fromkeys(_ids(named, who, f"{where}.locked.workers")))
        strangers = [w for w in named if w not in who]
        if strangers:
            raise NoFeasiblePlan(
                f"{where} is locked to {called(strangers[0])}, who is not among the workers; unlock it"
            )
        if len(locked) != len(roles):
            raise NoFeasiblePlan(
                f"{where} is locked to {len(locked)} workers, but has {len(roles)} roles; lock one each"
            )
        first = bool(lock.get("first"))
    preferred = doc.get("preferred")
    return Order(
        id=doc["id"],
        location=_place(_need(doc, "location", where), n_places, f"{where}.location"),
        roles=roles,
        weight=_number(_need(doc, "weight", where), f"{where}.weight"),
        released=released,
        ready_s=ready,
        respond_by=_whole(_need(doc, "respond_by", where), f"{where}.respond_by"),
        resolve_by=_whole(_need(doc, "resolve_by", where), f"{where}.resolve_by"),
        duration=_whole(_need(doc, "duration", where), f"{where}.duration", 0),
        appointment=appointment,
        after=tuple(dict.fromkeys(_ids(doc.get("after") or (), at, f"{where}.after"))),
        preferred=frozenset(_ids(preferred, who, f"{where}.preferred")) if preferred else frozenset(),
        names_preferred=bool(preferred),
        excluded=frozenset(_ids(doc["excluded"], who, f"{where}.excluded")) if doc.get("excluded") else frozenset(),
        locked=locked,
        locked_first=first,
        class_=str(doc.get("class", 0)),
    )


def read_problem(doc: object, *, matrix: npt.NDArray[np.int64] | None = None) -> Problem:
    """Check a ``dispatch-problem/1`` document and return it as values.

    Parameters
    ----------
    doc
        The parsed JSON document. Unknown keys are ignored.
    matrix
        Travel seconds of a session (``"travel": {"ref": "init"}``); without it the document brings its own.

    Raises
    ------
    MalformedProblem
        When something is missing or not of its kind.
    NoFeasiblePlan
        When a lock alone contradicts a hard rule.
    """
    if not isinstance(doc, Mapping):
        raise MalformedProblem("the problem is not an object; give a dispatch-problem/1 document")
    if doc.get("format") != PROBLEM_FORMAT:
        raise MalformedProblem(f"format is {_short(doc.get('format'))}; give {PROBLEM_FORMAT!r}")
    ident = _need(doc, "id", "the problem")
    if not isinstance(ident, str):
        raise MalformedProblem(f"id is {_short(ident)}; give a string")
    now = _whole(_need(doc, "now", "the problem"), "now")
    if matrix is None:
        matrix = read_matrix(_need(_need(doc, "travel", "the problem"), "matrix", "travel"))
    n_places = len(matrix)
    objective = dict(DEFAULT_OBJECTIVE)
    coefficients = doc.get("objective") or {}
    if not isinstance(coefficients, Mapping):
        raise MalformedProblem(f"objective is {_short(coefficients)}; give an object of term: coefficient")
    for name, value in coefficients.items():
        if name in objective:
            objective[name] = _number(value, f"objective.{name}")
    entries = _list(_need(doc, "workers", "the problem"), "workers")
    workers = tuple(_worker(entry, i, now, n_places) for i, entry in enumerate(entries))
    who = {w.id: k for k, w in enumerate(workers)}
    if len(who) != len(workers):
        raise MalformedProblem("two workers have the same id; give every worker an id of his own")
    tasks = _list(_need(doc, "orders", "the problem"), "orders")
    at: dict[str, int] = {}
    for i, task in enumerate(tasks):
        oid = _need(task, "id", f"orders[{i}]")
        if not isinstance(oid, str):
            raise MalformedProblem(f"orders[{i}].id is {_short(oid)}; give a string")
        if oid in at:
            raise MalformedProblem(f"orders[{i}].id {_short(oid)} is taken already; give every order an id of its own")
        at[oid] = i
    orders = tuple(_order(task, f"order {called(task['id'])}", now, n_places, at, who) for task in tasks)
    horizon = max([w.limit_s for w in workers] + [now])
    return Problem(ident, now, matrix, workers, orders, objective, horizon, _self_following(orders))


def _self_following(orders: Sequence[Order]) -> frozenset[int]:
    """Orders on a cycle of ``after``, and whatever follows one (Kahn's algorithm leaves exactly these)."""
    waits = [len(o.after) for o in orders]
    followers: dict[int, list[int]] = {}
    for i, o in enumerate(orders):
        for p in o.after:
            followers.setdefault(p, []).append(i)
    free = [i for i, n in enumerate(waits) if n == 0]
    for i in free:
        for j in followers.get(i, ()):
            waits[j] -= 1
            if waits[j] == 0:
                free.append(j)
    return frozenset(range(len(orders))) - frozenset(free)
