"""Sampling for quality promises: which cases are drawn, and what the drawn ones say about all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from yingxu.core.quality.share import Z_95

_BITS = 64


@dataclass(eq=False)
class BadSample(ValueError):
    """Counts of a stratum that cannot be: more good than measured, more measured than there are, or below zero."""

    n_cases: int
    n_measured: int
    n_good: int


def is_drawn(case: str, *, plan: str, share: float) -> bool:
    """Tell whether a case is drawn: by chance that is fixed to its name, so that nobody can choose and all can check.

    Parameters
    ----------
    case
        Stable name of the case.
    plan
        Name of the sampling plan; plans draw independently of each other.
    share
        Chance of being drawn, 0..1.

    Notes
    -----
    The first 64 bits of SHA-256 of plan and case, as a fraction of 2^64, are compared with the share: Bernoulli
    sampling with permanent random numbers (Ohlsson 1995, Coordination of samples using permanent random numbers). A
    case that is drawn stays drawn as more cases come, and for every higher share.
    """
    return share >= 1.0 or chance_number(case, plan=plan) < share


def chance_number(case: str, *, plan: str) -> float:
    """Return the permanent random number of a case under a plan, in [0, 1): the first 64 bits of SHA-256 of both."""
    digest = hashlib.sha256(f"{plan}\x1f{case}".encode()).digest()
    return int.from_bytes(digest[: _BITS // 8], "big") / 2.0**_BITS


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum: how many cases it has, how many of the drawn ones were measured, how many of those were good.

    Raises
    ------
    BadSample
        Not 0 <= good <= measured <= cases.
    """

    n_cases: int
    n_measured: int
    n_good: int

    def __post_init__(self) -> None:
        if not 0 <= self.n_good <= self.n_measured <= self.n_cases:
            raise BadSample(self.n_cases, self.n_measured, self.n_good)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a sample says of all cases.

    Attributes
    ----------
    share, low, high
        Estimated share of good cases with its 95 % interval; None when nothing was measured.
    n_measured
        Measured cases.
    n_effective
        Cases of a simple random sample that would tell as much.
    covered
        Share of all cases that lie in a stratum with at least one measurement; the estimate speaks for these alone.
    """

    share: float | None
    low: float | None
    high: float | None
    n_measured: int
    n_effective: float
    covered: float


def estimate(strata: Iterable[Stratum]) -> Estimate:
    """Return the share of good cases over strata that were sampled at different rates.

    Notes
    -----
    Each stratum counts by its cases: p = Σ W_h·p_h with W_h = N_h/ΣN over measured strata (Cochran, Sampling
    Techniques, 3rd ed., §5.4). The interval is Wilson's at the effective sample size n* = 1/Σ(W_h²/n_h) (Kish 1965,
    Survey Sampling, §11.7), as in Korn and Graubard's intervals for complex samples (1998). Deviations: no finite
    population correction (promises are about the process, not about this month's cases), and a stratum whose
    measured cases agree keeps the weight of its n_h instead of a variance of zero. With one stratum it is the
    plain Wilson interval of its measurements.
    """
    rows = [row for row in strata if row.n_cases]
    n_all = sum(row.n_cases for row in rows)
    measured = [row for row in rows if row.n_measured]
    n_covered = sum(row.n_cases for row in measured)
    if not n_covered:
        return Estimate(None, None, None, 0, 0.0, 0.0)
    weights = [row.n_cases / n_covered for row in measured]
    p = sum(weight * row.n_good / row.n_measured for weight, row in zip(weights, measured, strict=True))
    p = min(1.0, p)
    n = 1 / sum(weight**2 / row.n_measured for weight, row in zip(weights, measured, strict=True))
    z2n = Z_95**2 / n
    centre = (p + z2n / 2) / (1 + z2n)
    half = Z_95 * sqrt(p * (1 - p) / n + z2n / (4 * n)) / (1 + z2n)
    return Estimate(
        p,
        max(0.0, min(p, centre - half)),
        min(1.0, max(p, centre + half)),
        sum(row.n_measured for row in measured),
        n,
        n_covered / n_all,
    )
