"""Can a promise be kept by a team? Formulas for an instant answer, an event loop for the final one.

>>> spec = read_spec({...})                                  # simulation-spec/1, or BadSpec naming the key
>>> can_we_keep_it(spec).keeps                               # KeepAnswer: formulas, milliseconds
>>> simulate(spec, seed=1, stop=StopAfter(evaluations=60))   # SimulationResult: replications, with an interval

Public
------
``read_spec(mapping) -> SimulationSpec``
    Validates; raises :class:`BadSpec`.
``can_we_keep_it(spec) -> KeepAnswer``
    Modified offered load with Erlang C (Erlang A where askers give up). Needs no compiler: fit for a web process.
``simulate(spec, *, seed=0, stop=None, progress=None) -> SimulationResult``
    ``measure_promise`` and ``find_staff`` together. Heavy: for workers and commands.
``erlang_b, erlang_c, service_level, mean_wait_s, mean_queue, least_servers, impatient_queue``
    The closed forms.

The first simulation on a machine compiles its kernels (some seconds) and caches them beside the package.
"""

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
from yingxu.core.queueing.simulation import (
    Attainment,
    HourFigures,
    SimulationResult,
    WaitFigures,
    measure_promise,
    simulate,
)
from yingxu.core.queueing.specs import BadSpec, JobClass, SimulationSpec, Team, read_spec
from yingxu.core.queueing.staffing import StaffNeeded, StopAfter, find_staff

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
    "read_spec",
    "service_level",
    "simulate",
]
