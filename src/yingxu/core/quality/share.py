"""A share that never comes without its count and its interval."""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.96  # the domain's own constant (§6.3), not 1.959964: published vectors are computed with it


@dataclass(eq=False)
class ShareOutOfRange(ValueError):
    """Counts that are no share: hits below zero or above n."""

    hits: int
    n: int


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`, with a 95 % interval; `low` and `high` are None when n is 0."""

    hits: int
    n: int
    low: float | None
    high: float | None

    @property
    def share(self) -> float | None:
        """hits / n in 0..1; None when nothing was due, because that is neither 0 % nor 100 %."""
        return self.hits / self.n if self.n else None


def attainment(kept: int, due: int) -> Share:
    """Return the share of kept among due with its Wilson 95 % interval.

    Raises
    ------
    ShareOutOfRange
        `kept` is negative or above `due`.

    Notes
    -----
    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, JASA 22, with z = 1.96:
    centre (p + z²/2n)/(1 + z²/n), half-width z·√(p(1−p)/n + z²/4n²)/(1 + z²/n).
    """
    if not 0 <= kept <= due:
        raise ShareOutOfRange(kept, due)
    if due == 0:
        return Share(0, 0, None, None)
    p, z2n = kept / due, Z_95**2 / due
    centre = (p + z2n / 2) / (1 + z2n)
    half = Z_95 * sqrt(p * (1 - p) / due + z2n / (4 * due)) / (1 + z2n)
    # At 0 and n of n the formula touches 0 and 1; rounding must not step over, nor past the share itself.
    return Share(kept, due, max(0.0, min(p, centre - half)), min(1.0, max(p, centre + half)))
