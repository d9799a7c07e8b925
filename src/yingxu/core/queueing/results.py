"""What a simulation answers with. Plain values: reading them loads no compiler."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StopAfter:
    """Budget of the search: ``evaluations`` simulated staffings while taking servers away. Keeping comes first and is
    never cut short."""

    evaluations: int = 60


@dataclass(frozen=True, slots=True)
class StaffNeeded:
    """The least staff found.

    Attributes
    ----------
    by_hour : tuple of int or None
        Servers of all teams by hour of the day or week; None when no number of servers keeps the promise (the way there
        alone takes too long).
    attainment : float or None
        Share kept with that staff; with unlimited staff where ``by_hour`` is None; None when nothing arrives.
    by_team : tuple of tuple of int or None
        The same, team by team in the specification's order.
    """

    by_hour: tuple[int, ...] | None
    attainment: float | None
    by_team: tuple[tuple[int, ...], ...] | None


@dataclass(frozen=True, slots=True)
class Attainment:
    """Share of jobs kept with its 95 % interval; ``n`` jobs. All None when no job arrived."""

    share: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class WaitFigures:
    """Seconds from arrival to the start of service, of served jobs; None when none was served."""

    mean: float | None
    p50: float | None
    p90: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class HourFigures:
    """One hour of the day or week: share kept of what arrived in it, and the mean number waiting during it."""

    share: float | None
    queue: float | None


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """What became of the promise.

    Attributes
    ----------
    attainment : Attainment
        Over all measured jobs; the interval is over replications.
    wait_s : WaitFigures
        Quantiles by linear interpolation over all replications' jobs.
    utilisation : float or None
        Busy over staffed server time; work finished after a shift's end counts as busy, so it can exceed 1.
    by_hour : tuple of HourFigures
        24 or 168 (Monday first).
    abandoned_share : float or None
        Share of askers that gave up.
    n_events : int
        Arrivals, starts, ends and abandonments of all replications, for a speed that the caller times.
    staff_needed : StaffNeeded or None
        Least staff found; None where it was not asked for.
    """

    attainment: Attainment
    wait_s: WaitFigures
    utilisation: float | None
    by_hour: tuple[HourFigures, ...]
    abandoned_share: float | None
    n_events: int
    staff_needed: StaffNeeded | None = None
