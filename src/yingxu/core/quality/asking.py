"""How many to ask, how sure an answer is, whether it moved, and which sheets look careless (domain §6.3, O6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist, fmean, variance

#: Fewer answers than this have an average and no interval: the expansion of Student's t holds from four degrees on.
LEAST_FOR_INTERVAL = 5
#: So many rated answers that are all the same make a straight line.
STRAIGHT_FROM = 8
#: Fewer seconds an answer were not spent reading (Huang et al. 2012, J Bus Psychol 27, 99–114: two seconds an item).
LEAST_SECONDS = 2.0
#: Pseudo answers of the interval of NPS: promoters, passives, detractors.
_ADDED = (0.75, 1.5, 0.75)


def sample_size(population: int, *, margin: float, confidence: float = 0.95) -> int:
    """Return how many answers a share needs.

    Parameters
    ----------
    population : how many people it is about, at least 1.
    margin : half-width of the interval as a share, in (0, 1): 0.05 is five points.
    confidence : in (0, 1).

    Raises
    ------
    ValueError
        a number out of its range.

    Notes
    -----
    Cochran, Sampling Techniques, 3rd ed. (1977), §4.4: n₀ = z²·p(1−p)/e² at p = 0.5, the worst case; finite population
    n = n₀ / (1 + (n₀ − 1)/N), rounded up.
    """
    if population < 1 or not 0 < margin < 1 or not 0 < confidence < 1:
        raise ValueError(f"population {population}, margin {margin}, confidence {confidence}")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    first = z * z * 0.25 / margin**2
    return min(population, ceil(round(first / (1 + (first - 1) / population), 9)))


@dataclass(frozen=True, slots=True)
class Mean:
    """An average of ``n`` answers with a 95 % interval; None where there are too few."""

    n: int
    mean: float | None
    low: float | None
    high: float | None


def mean_of(values: Sequence[float], *, least: float | None = None, most: float | None = None) -> Mean:
    """Return the mean with Student's interval, held within the scale [``least``, ``most``] where it is given."""
    if not values:
        return Mean(0, None, None, None)
    mean = fmean(values)
    if len(values) < LEAST_FOR_INTERVAL:
        return Mean(len(values), mean, None, None)
    half = student(len(values) - 1, 0.05) * sqrt(variance(values) / len(values))
    low, high = mean - half, mean + half
    return Mean(len(values), mean, low if least is None else max(least, low), high if most is None else min(most, high))


def student(freedom: float, alpha: float) -> float:
    """Return t with P(|T| > t) = ``alpha`` at ``freedom`` ≥ 4 degrees.

    Abramowitz & Stegun (1964), 26.7.5, to the fourth power of 1/freedom: within 0.1 % at 4 degrees and 5 %.
    """
    z = NormalDist().inv_cdf(1 - alpha / 2)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))


@dataclass(frozen=True, slots=True)
class Nps:
    """Net promoter score in points, −100…100, with its 95 % interval and the three counts."""

    n: int
    promoters: int
    passives: int
    detractors: int
    score: float | None
    low: float | None
    high: float | None


def nps(answers: Sequence[int]) -> Nps:
    """Return %(9–10) − %(0–6) (domain §6.3) with an adjusted Wald interval.

    The interval adds three pseudo answers (¾ promoter, 1½ passive, ¾ detractor), in the manner of Agresti & Coull
    (1998, The American Statistician 52): without them a score of ±100 would claim to be certain. The score itself has
    none of them, and lies within the interval.
    """
    for_it, against = sum(one >= 9 for one in answers), sum(one <= 6 for one in answers)
    n = len(answers)
    passive = n - for_it - against
    if not n:
        return Nps(0, 0, 0, 0, None, None, None)
    total = n + sum(_ADDED)
    p, q = (for_it + _ADDED[0]) / total, (against + _ADDED[2]) / total
    half = 1.96 * sqrt((p + q - (p - q) ** 2) / total)
    score = (for_it - against) / n
    low, high = max(-1.0, min(score, p - q - half)), min(1.0, max(score, p - q + half))
    return Nps(n, for_it, passive, against, 100 * score, 100 * low, 100 * high)


@dataclass(frozen=True, slots=True)
class Move:
    """From one wave to the next: the difference, its interval, and whether it moved; None: too few to say."""

    difference: float
    low: float | None
    high: float | None
    is_moved: bool | None


def moved(before: Sequence[float], now: Sequence[float], *, n_tests: int = 1) -> Move | None:
    """Return now − before by Welch's interval; None without answers on both sides.

    Notes
    -----
    Welch (1947), degrees by Satterthwaite. The error of 5 % is divided by ``n_tests`` (Bonferroni), so that of twenty
    items compared at once none moves by chance more often than in one wave of twenty.
    """
    if not before or not now:
        return None
    difference = fmean(now) - fmean(before)
    if min(len(before), len(now)) < LEAST_FOR_INTERVAL:
        return Move(difference, None, None, None)
    a, b = variance(before) / len(before), variance(now) / len(now)
    if a + b == 0:
        return Move(difference, difference, difference, difference != 0)
    freedom = (a + b) ** 2 / (a * a / (len(before) - 1) + b * b / (len(now) - 1))
    half = student(freedom, 0.05 / n_tests) * sqrt(a + b)
    return Move(difference, difference - half, difference + half, abs(difference) > half)


def doubts(rated: Sequence[float], *, seconds_each: float | None) -> tuple[str, ...]:
    """Return what makes a sheet doubtful: ``straight`` (all the same), ``fast`` (nobody reads so quickly)."""
    found = []
    if len(rated) >= STRAIGHT_FROM and len(set(rated)) == 1:
        found.append("straight")
    if seconds_each is not None and len(rated) > 1 and seconds_each < LEAST_SECONDS:
        found.append("fast")
    return tuple(found)


def hidden(n_of: Mapping[str, int], *, least: int = 5) -> frozenset[str]:
    """Return the groups that may not be shown because names could show.

    Those with fewer than ``least`` answers; and if those together are fewer than ``least`` too, the smallest shown one
    with them: else they could be worked out from the whole (secondary suppression, Willenborg & de Waal 2001, ch. 4).
    """
    small = {key for key, n in n_of.items() if 0 < n < least}
    shown = sorted((n, key) for key, n in n_of.items() if n >= least)
    while small and shown and sum(n_of[key] for key in small) < least:
        small.add(shown.pop(0)[1])
    return frozenset(small)


def is_close(counts: Mapping[str, int]) -> bool:
    """Tell whether the two foremost Kano classes are too close to be told apart.

    Fong (1996), Center for Quality of Management Journal 5: |a − b| < 1.65·√((a + b)(2n − a − b) / 2n), at 10 %.
    """
    n = sum(counts.values())
    first, second, *_ = sorted((*counts.values(), 0, 0), reverse=True)
    return n > 0 and first - second < 1.65 * sqrt((first + second) * (2 * n - first - second) / (2 * n))
