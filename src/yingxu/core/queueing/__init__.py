"""Can a promise be kept by a team? Formulas for an instant answer, an event loop for the final one.

>>> spec = read_spec({...})                                  # simulation-spec/1, or BadSpec naming the key
>>> can_we_keep_it(spec).keeps                               # KeepAnswer: formulas, milliseconds
>>> simulate(spec, seed=1, stop=StopAfter(evaluations=60))   # SimulationResult: replications, with an interval

Public
------
``read_spec(mapping: Mapping) -> SimulationSpec``
    Validates; raises :class:`BadSpec`, whose ``key`` names the field.
``can_we_keep_it(spec: SimulationSpec) -> KeepAnswer``
    Modified offered load with Erlang C (Erlang A where askers give up). Loads no compiler: fit for a web process.
``simulate(spec, *, seed: int = 0, stop: StopAfter | None = None, progress=None) -> SimulationResult``
    ``measure_promise(spec, *, seed, progress)`` and ``find_staff(spec, *, seed, stop)`` together. Heavy: for workers
    and commands.
``rates_by_hour_of_week(opened_local_s, chosen=None) -> tuple of 168``
    Arrival rates from a history.
``erlang_b, erlang_c, service_level, mean_wait_s, mean_queue, least_servers, priority_mean_wait_s, impatient_queue``
    The closed forms.

What runs kernels (``simulate``, ``measure_promise``, ``find_staff``) is imported at its first use: numba costs memory
that a web process should not pay. The first simulation on a machine compiles for some seconds and caches the result.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from yingxu.core.queueing.arrivals import rates_by_hour_of_week
from yingxu.core.queueing.durations import Constant, Duration, Empirical, Exponential, Lognormal
from yingxu.core.queueing.erlang import (
    ImpatientQueue,
    erlang_b,
    erlang_c,
    impatient_queue,
    least_servers,
    mean_queue,
    mean_wait_s,
    priority_mean_wait_s,
    service_level,
)
from yingxu.core.queueing.offered_load import HourAnswer, KeepAnswer, can_we_keep_it
from yingxu.core.queueing.results import Attainment, HourFigures, SimulationResult, StaffNeeded, StopAfter, WaitFigures
from yingxu.core.queueing.specs import BadSpec, JobClass, SimulationSpec, Team, read_spec

if TYPE_CHECKING:
    from yingxu.core.queueing.simulation import measure_promise, simulate
    from yingxu.core.queueing.staffing import find_staff

_LATE = {"simulate": "simulation", "measure_promise": "simulation", "find_staff": "staffing"}

__all__ = [
    "Attainment",
    "BadSpec",
    "Constant",
    "Duration",
    "Empirical",
    "Exponential",
    "HourAnswer",
    "HourFigures",
    "ImpatientQueue",
    "JobClass",
    "KeepAnswer",
    "Lognormal",
    "SimulationResult",
    "SimulationSpec",
    "StaffNeeded",
    "StopAfter",
    "Team",
    "WaitFigures",
    "can_we_keep_it",
    "erlang_b",
    "erlang_c",
    "find_staff",
    "impatient_queue",
    "least_servers",
    "mean_queue",
    "mean_wait_s",
    "measure_promise",
    "priority_mean_wait_s",
    "rates_by_hour_of_week",
    "read_spec",
    "service_level",
    "simulate",
]


def __getattr__(name: str) -> Any:
    """Import what runs kernels when it is asked for (PEP 562)."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
