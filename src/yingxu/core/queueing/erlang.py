"""Erlang B, C and A: stationary queues in closed form.

Symbols follow the design document: ``a`` is the offered load in erlangs (arrival rate times mean time on a job), ``s``
the number of servers. Rates are per second, times are seconds.

Sources
-------
Erlang B and its recursion, Erlang C: Gross, Shortle, Thompson, Harris, *Fundamentals of Queueing Theory*, 4th ed.,
ch. 2.
Non-pre-emptive priorities: Kella and Yechiali, "Waiting times in the non-preemptive priority M/M/c queue",
Stochastic Models 1 (1985). Erlang A and M/M/n+G: Zeltyn and Mandelbaum, "Call centers with impatient customers:
many-server asymptotics of the M/M/n+G queue", Queueing Systems 51 (2005), section 3.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: The integrals of :func:`impatient_queue` end where the density is e to the minus this below its peak.
_TAIL_DECAYS = 40.0
_INTEGRAL_POINTS = 4_000
_LEAST_SHARE = 1e-300


def erlang_b(s: int, a: float) -> float:
    """Return the share of arrivals lost when none may wait.

    Uses the recursion ``B(s) = a B(s-1) / (s + a B(s-1))``, whose terms stay in [0, 1]: no factorial, no overflow.

    Parameters
    ----------
    s : int
        Servers, 0 or more.
    a : float
        Offered load in erlangs, 0 or more.

    Raises
    ------
    ValueError
        When ``s`` or ``a`` is negative or not finite.
    """
    _check(s, a)
    blocked = 1.0
    for n in range(1, s + 1):
        blocked = a * blocked / (n + a * blocked)
    return blocked


def erlang_c(s: int, a: float) -> float:
    """Return the share of arrivals that must wait (Erlang C).

    Raises
    ------
    ValueError
        When ``s <= a`` (the queue would grow without limit), or an argument is negative or not finite.
    """
    _check(s, a)
    if s <= a:
        raise ValueError(f"Erlang C is undefined for {s} servers and {a} erlangs: staff must exceed the load")
    blocked = erlang_b(s, a)
    return blocked / (1.0 - (a / s) * (1.0 - blocked))


def service_level(s: int, a: float, mean_s: float, within_s: float) -> float:
    """Return the share of arrivals whose wait is at most ``within_s``: ``1 - C e^{-(s - a) T / mean}``.

    Parameters
    ----------
    s, a : int, float
        Servers and offered load in erlangs; ``s > a``.
    mean_s : float
        Mean time on a job, seconds, above 0.
    within_s : float
        The promised wait, seconds, 0 or more.

    Raises
    ------
    ValueError
        As :func:`erlang_c`, and for a ``mean_s`` that is not above 0.
    """
    if not mean_s > 0:
        raise ValueError("the mean time on a job must be above 0 seconds")
    return 1.0 - erlang_c(s, a) * math.exp(-(s - a) * within_s / mean_s)


def mean_wait_s(s: int, a: float, mean_s: float) -> float:
    """Return the mean wait of all arrivals, seconds (the "average speed of answer"). Raises as :func:`erlang_c`."""
    return erlang_c(s, a) * mean_s / (s - a)


def mean_queue(s: int, a: float) -> float:
    """Return the mean number waiting (Little's law on :func:`mean_wait_s`). Raises as :func:`erlang_c`."""
    return erlang_c(s, a) * a / (s - a)


def priority_mean_wait_s(s: int, loads: tuple[float, ...], mean_s: float) -> tuple[float, ...]:
    """Return the mean wait of each class, most urgent first, non-pre-emptive, one exponential service time.

    ``W_k = C / (s mu (1 - sigma_{k-1})(1 - sigma_k))`` with ``sigma_k`` the load of classes up to ``k`` over ``s``.

    Raises
    ------
    ValueError
        As :func:`erlang_c`, for the sum of the loads.
    """
    waiting = erlang_c(s, sum(loads))
    waits = []
    above = 0.0
    for load in loads:
        upto = above + load / s
        waits.append(waiting * mean_s / (s * (1.0 - above) * (1.0 - upto)))
        above = upto
    return tuple(waits)


def least_servers(a: float, mean_s: float, within_s: float, percentile: float) -> int:
    """Return the least ``s`` whose :func:`service_level` is at least ``percentile``.

    Raises
    ------
    ValueError
        When ``percentile`` is not in (0, 1), or as :func:`service_level`.
    """
    if not 0 < percentile < 1:
        raise ValueError("a percentile is a share above 0 and below 1, such as 0.9")
    _check(0, a)
    s = math.floor(a) + 1
    while service_level(s, a, mean_s, within_s) < percentile:
        s += 1
    return s


@dataclass(frozen=True, slots=True)
class ImpatientQueue:
    """Stationary figures of a queue whose callers give up.

    Attributes
    ----------
    waits : float
        Share of arrivals that find no free server.
    abandons : float
        Share of arrivals that give up.
    kept : float
        Share of all arrivals that are served after at most the promised wait.
    """

    waits: float
    abandons: float
    kept: float


def impatient_queue(
    s: int, a: float, mean_s: float, still_waiting: Callable[[Floats], Floats], within_s: float
) -> ImpatientQueue:
    """Return the M/M/n+G queue: Poisson arrivals, exponential service, any patience. Defined for every load.

    With ``H(x)`` the integral of the patience's survival ``G``, the offered wait has density
    ``lambda e^{lambda H(x) - s mu x} / (eps + lambda J)`` on x > 0, with ``J`` the integral of that exponential and
    ``eps = 1 / B(s - 1, a)``. Erlang A is the case of exponential patience.

    Parameters
    ----------
    s : int
        Servers, 1 or more.
    a, mean_s : float
        Offered load in erlangs and mean time on a job in seconds, both above 0.
    still_waiting : callable
        Survival function of patience: seconds (1-d array) to share that has not yet given up, non-increasing.
    within_s : float
        The promised wait, seconds, 0 or more.

    Notes
    -----
    Deviation: the integrals are taken by the trapezoidal rule on a grid that ends where the density has fallen
    by e^-40, and the exponent is shifted by its maximum first, so that no load overflows.

    Raises
    ------
    ValueError
        When ``s < 1`` or a quantity is not above 0.
    """
    x, served, waits, abandons = _offered_wait(s, a, mean_s, still_waiting)
    return ImpatientQueue(waits, abandons, float(np.interp(within_s, x, served)))


def served_within(
    s: int, a: float, mean_s: float, still_waiting: Callable[[Floats], Floats], within_s: Floats
) -> Floats:
    """Return the share of all arrivals served after at most each of the waits. Takes what :func:`impatient_queue` does.

    Raises
    ------
    ValueError
        As :func:`impatient_queue`.
    """
    x, served, _, _ = _offered_wait(s, a, mean_s, still_waiting)
    return np.interp(within_s, x, served, left=0.0)


def _offered_wait(
    s: int, a: float, mean_s: float, still_waiting: Callable[[Floats], Floats]
) -> tuple[Floats, Floats, float, float]:
    """Return a grid of waits, the share of arrivals served by each, the share that waits, and that gives up."""
    _check(s, a)
    if s < 1 or not a > 0 or not mean_s > 0:
        raise ValueError("an impatient queue needs at least one server, a load above 0 and a mean above 0 seconds")
    arrival_rate = a / mean_s
    clear_rate = s / mean_s
    end = _TAIL_DECAYS / clear_rate
    while True:
        x = np.linspace(0.0, end, _INTEGRAL_POINTS)
        patience = still_waiting(x)
        exponent = arrival_rate * _running_integral(patience, x) - clear_rate * x
        # A patience that never ends under an overload has no stationary queue: it is cut at a million service times.
        if exponent[-1] <= exponent.max() - _TAIL_DECAYS or end * clear_rate > 1e6 * s:
            break
        end *= 2.0
    shift = float(exponent.max())
    density = arrival_rate * np.exp(exponent - shift)
    eps = math.exp(-shift) / max(erlang_b(s - 1, a), _LEAST_SHARE)
    mass = float(np.trapezoid(density, x))
    served = _running_integral(patience * density, x)
    total = eps + mass
    return x, np.minimum(1.0, (eps + served) / total), mass / total, max(0.0, (mass - float(served[-1])) / total)


def _running_integral(y: Floats, x: Floats) -> Floats:
    return np.concatenate(([0.0], np.cumsum(np.diff(x) * (y[1:] + y[:-1]) / 2)))


def _check(s: int, a: float) -> None:
    if s < 0 or not math.isfinite(a) or a < 0:
        raise ValueError(f"servers and load must be finite and not negative: {s}, {a}")
