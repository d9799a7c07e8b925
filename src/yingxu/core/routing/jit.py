"""One place that says how kernels are compiled: cached on disk, without the interpreter lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile a function on first call and keep the machine code beside the source."""
    return cast(F, njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function))


def inlined(function: F) -> F:
    """Compile a small function into its callers: a call would pass every array by value."""
    return cast(F, njit(cache=True, nogil=True, error_model="numpy", _nrt=False, forceinline=True)(function))
