"""How long things take: four kinds of random duration, in seconds.

Each kind has the same four questions (``mean_s``, ``cv``, ``quantile_s``, ``survival``) and one way to draw.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Constant:
    """Always ``mean_s`` seconds."""

    mean_s: float

    @property
    def cv(self) -> float:
        """Standard deviation over mean: none."""
        return 0.0

    def quantile_s(self, shares: Floats) -> Floats:
        """Return the value that a share of draws does not exceed, for shares in (0, 1)."""
        return np.full(shares.shape, self.mean_s)

    def survival(self, at_s: Floats) -> Floats:
        """Return the share of draws above each of ``at_s``, seconds, 0 or more."""
        return np.where(at_s < self.mean_s, 1.0, 0.0)

    def draw(self, rng: np.random.Generator, n: int) -> Floats:
        """Return ``n`` draws."""
        return np.full(n, self.mean_s)


@dataclass(frozen=True, slots=True)
class Exponential:
    """Memoryless, with mean ``mean_s`` seconds."""

    mean_s: float

    @property
    def cv(self) -> float:
        """Standard deviation over mean."""
        return 1.0

    def quantile_s(self, shares: Floats) -> Floats:
        """Return the value that a share of draws does not exceed, for shares in (0, 1)."""
        return -self.mean_s * np.log1p(-shares)

    def survival(self, at_s: Floats) -> Floats:
        """Return the share of draws above each of ``at_s``, seconds, 0 or more."""
        return np.exp(-at_s / self.mean_s) if self.mean_s > 0 else np.zeros(at_s.shape)

    def draw(self, rng: np.random.Generator, n: int) -> Floats:
        """Return ``n`` draws."""
        return rng.standard_exponential(n) * self.mean_s


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Lognormal by mean and coefficient of variation: sigma^2 = ln(1 + cv^2), mu = ln(mean) - sigma^2 / 2."""

    mean_s: float
    cv: float

    @property
    def _sigma(self) -> float:
        return math.sqrt(math.log1p(self.cv**2))

    @property
    def _mu(self) -> float:
        return math.log(self.mean_s) - self._sigma**2 / 2

    def quantile_s(self, shares: Floats) -> Floats:
        """Return the value that a share of draws does not exceed, for shares in (0, 1)."""
        return np.exp(self._mu + self._sigma * np.asarray(ndtri(shares)))

    def survival(self, at_s: Floats) -> Floats:
        """Return the share of draws above each of ``at_s``, seconds, 0 or more."""
        if self.cv == 0:
            return np.where(at_s < self.mean_s, 1.0, 0.0)
        with np.errstate(divide="ignore"):
            return np.asarray(ndtr((self._mu - np.log(at_s)) / self._sigma))

    def draw(self, rng: np.random.Generator, n: int) -> Floats:
        """Return ``n`` draws."""
        return np.exp(self._mu + self._sigma * rng.standard_normal(n))


@dataclass(frozen=True, slots=True)
class Empirical:
    """One of the values seen, each as likely as the others. Seconds, at least one value."""

    values_s: tuple[float, ...]

    @property
    def mean_s(self) -> float:
        """Mean of the values, seconds."""
        return float(np.mean(self.values_s))

    @property
    def cv(self) -> float:
        """Standard deviation over mean (0 when the mean is 0)."""
        mean = self.mean_s
        return float(np.std(self.values_s)) / mean if mean > 0 else 0.0

    def quantile_s(self, shares: Floats) -> Floats:
        """Return the least value that a share of draws does not exceed, for shares in (0, 1)."""
        ordered = np.sort(np.asarray(self.values_s, dtype=np.float64))
        return ordered[np.minimum((shares * len(ordered)).astype(np.int64), len(ordered) - 1)]

    def survival(self, at_s: Floats) -> Floats:
        """Return the share of draws above each of ``at_s``, seconds, 0 or more."""
        ordered = np.sort(np.asarray(self.values_s, dtype=np.float64))
        return 1.0 - np.searchsorted(ordered, at_s, side="right") / len(ordered)

    def draw(self, rng: np.random.Generator, n: int) -> Floats:
        """Return ``n`` draws."""
        values = np.asarray(self.values_s, dtype=np.float64)
        return values[rng.integers(0, len(values), n)]


Duration = Constant | Exponential | Lognormal | Empirical


def middle_shares(n: int) -> Floats:
    """Return the midpoints of ``n`` equal slices of (0, 1): a deterministic sample by quantiles."""
    return (np.arange(n, dtype=np.float64) + 0.5) / n
