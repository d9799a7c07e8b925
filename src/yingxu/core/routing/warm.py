"""Compile the kernels ahead: ``python -m yingxu.core.routing.warm`` (about a minute, once per machine and version).

The machine code is kept by numba beside the sources, or in the user's cache when those cannot be written. A stamp
beside it says that all of it belongs to these sources, because numba itself looks only at the file of each function and
would keep code with an outdated callee from another file.
"""

from __future__ import annotations

import fcntl
import hashlib
import sys
from pathlib import Path
from typing import Any

import llvmlite.binding
import numba

from yingxu.core.routing.engine import Budget, solve
from yingxu.core.routing.fallback import fallback_plan
from yingxu.core.routing.foresight import foresee
from yingxu.core.routing.outlook import Day
from yingxu.core.routing.problem import read_problem
from yingxu.core.routing.session import Resident
from yingxu.core.routing.sisr import search

_STAMP = "yingxu_routing_kernels.stamp"
#: Sources without kernels that compiled code depends on.
_TAKEN_IN = frozenset({"arrays.py", "held.py", "jit.py"})


def _digest() -> str:
    here = Path(__file__).parent
    texts = {path.name: path.read_bytes() for path in sorted(here.glob("*.py"))}
    # kernels, and the constants that they take in; what else is in the folder may change without compiling again
    sources = b"".join(
        text for name, text in texts.items() if b"@kernel" in text or b"@inlined" in text or name in _TAKEN_IN
    )
    words = f"{numba.__version__} {sys.version} {llvmlite.binding.get_host_cpu_name()}"
    return hashlib.sha256(sources + words.encode()).hexdigest()


def _cache() -> Path | None:
    stats = getattr(search, "stats", None)  # a plain function while the compiler is off
    return Path(stats.cache_path) if stats is not None else None


def is_warm() -> bool:
    """Whether the compiled kernels on disk are those of these sources, this numba and this processor."""
    cache = _cache()
    try:
        return cache is None or (cache / _STAMP).read_text() == _digest()
    except OSError:
        return False


def tiny_problem() -> dict[str, Any]:
    """A problem that reaches every kernel: a crew, a break, a window, a follower, a lock and a preference."""
    shift = {"location": 0, "free_at": 0, "shift_start": 0, "shift_end": 20000, "max_overtime": 600, "load": 0}
    due = {"weight": 3, "released": 0, "respond_by": 600, "resolve_by": 1200, "duration": 900, "location": 1}
    one = [{"skills": {"it": 1}}]
    return {
        "format": "dispatch-problem/1",
        "id": "warm",
        "now": 0,
        "travel": {"matrix": [[5, 60], [70, 5]]},
        "workers": [
            {"id": "a", "skills": {"it": 2}, **shift, "breaks": [{"earliest": 500, "latest": 900, "duration": 300}]},
            {"id": "b", "skills": {"it": 1}, **shift},
        ],
        "orders": [
            {"id": "o1", "roles": one, **due, "locked": {"workers": ["b"], "first": True}},
            {"id": "o2", "roles": one * 2, **due, "preferred": ["a"]},
            {"id": "o3", "roles": one, **due, "after": ["o2"], "window": [600, 900]},
            {"id": "o4", "roles": one, **due, "preferred": ["b"]},
        ],
    }


def warm() -> None:
    """Compile every kernel and stamp the cache; does nothing when the stamp fits, and waits while another compiles."""
    if is_warm():
        return
    cache = _cache()
    if cache is None:
        _compile()
        return
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / (_STAMP + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_warm():
            return  # another compiled while this one waited: to compile again would delete fresh code that it uses
        (cache / _STAMP).unlink(missing_ok=True)
        for stem in (path.stem for path in Path(__file__).parent.glob("*.py")):
            for old in cache.glob(f"{stem}.*.nb[ci]"):
                old.unlink(missing_ok=True)
        digest = _digest()
        _compile()
        fresh = cache / (_STAMP + ".new")
        fresh.write_text(digest)
        fresh.replace(cache / _STAMP)  # whole or not at all: who looks meanwhile reads no half of it


def _compile() -> None:
    problem = read_problem(tiny_problem())
    first = solve(problem, Budget(iterations=20))
    solve(problem, Budget(iterations=20), warm=[[(b, i) for b, i, _ in stops] for stops in first.plan.routes])
    Resident(problem, first.plan).best("o4")
    tiny = tiny_problem()
    problem = read_problem({**tiny, "orders": tiny["orders"][-1:]})  # an order that the look ahead may move
    day = Day()
    day.note(problem)
    foresee(problem, fallback_plan(problem), day, in_time=lambda: True)


if __name__ == "__main__":
    warm()
