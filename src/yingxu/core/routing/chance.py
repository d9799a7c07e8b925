"""Random numbers of a search: xorshift64 (Marsaglia 2003), held in the state, so that a seed repeats on any thread."""

from __future__ import annotations

import numpy as np

from yingxu.core.routing.arrays import State
from yingxu.core.routing.jit import inlined

_A, _B, _C, _LOW = np.uint64(13), np.uint64(7), np.uint64(17), np.uint64(11)


@inlined
def uniform(s: State) -> float:
    """Next number in [0, 1)."""
    u = s.rng[0]
    u ^= u << _A
    u ^= u >> _B
    u ^= u << _C
    s.rng[0] = u
    return np.float64(u >> _LOW) * 1.1102230246251565e-16  # 2**-53


@inlined
def below(s: State, n: int) -> int:
    """Next whole number in [0, n)."""
    return min(n - 1, int(uniform(s) * n))
