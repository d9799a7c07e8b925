"""Surveys: SERVQUAL gaps, importance and performance, Kano (domain §6.4–6.6), and how an average may be said (§6.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

#: Fewer answers, or a lower response rate, and a figure says that the sample is too small (§6.3).
LEAST_N, LEAST_RESPONSE = 30, 0.20
#: 满意度: weights of five answers, from very satisfied down (§6.3).
WEIGHTS = {5: 100, 4: 80, 3: 60, 2: 40, 1: 20}

# Kano evaluation table (§6.6; Kano et al. 1984): rows functional, columns dysfunctional answer.
_ANSWERS = ("like", "must", "neutral", "live", "dislike")
_TABLE = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
_TIES = "MOAI"


def is_sample_small(n_answered: int, n_asked: int) -> bool:
    """Tell whether the answers are too few to be relied on: 样本不足."""
    return n_answered < LEAST_N or n_answered < LEAST_RESPONSE * n_asked


def weighted_satisfaction(stars: Sequence[int]) -> float | None:
    """满意度: Σ weight ÷ n with 100/80/60/40/20, in points; None without answers. Not to be mistaken for 满意率."""
    return fmean(WEIGHTS[star] for star in stars) if stars else None


def gaps(expected: Mapping[str, Sequence[float]], perceived: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return each dimension's gap: mean perception − mean expectation (SERVQUAL, Parasuraman et al. 1988)."""
    return {key: fmean(perceived[key]) - fmean(values) for key, values in expected.items()}


def weighted_gap(gap: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return Σ weight × gap ÷ Σ weight."""
    return sum(weights[key] * value for key, value in gap.items()) / sum(weights[key] for key in gap)


def quadrants(items: Mapping[str, tuple[float, float]], *, midpoint: float | None = None) -> dict[str, str]:
    """Return Q1…Q4 of (importance, performance); axes cross at the grand means, or at ``midpoint``; ≥ is high."""
    importance = midpoint if midpoint is not None else fmean(one[0] for one in items.values())
    performance = midpoint if midpoint is not None else fmean(one[1] for one in items.values())
    names = {(True, True): "Q1", (True, False): "Q2", (False, False): "Q3", (False, True): "Q4"}
    # means of decimals come out a hair off: equal to the mean is high
    return {key: names[round(i - importance, 9) >= 0, round(p - performance, 9) >= 0] for key, (i, p) in items.items()}


def kano(functional: str, dysfunctional: str) -> str:
    """Return the class of a pair of answers: A, O, M, I, R or Q."""
    return _TABLE[_ANSWERS.index(functional)][_ANSWERS.index(dysfunctional)]


@dataclass(frozen=True, slots=True)
class Kano:
    """A feature's class, and how much it pleases when there and vexes when not; None without a telling answer."""

    code: str
    better: float | None
    worse: float | None


def kano_class(counts: Mapping[str, int]) -> Kano:
    """Return the class (mode; tie M > O > A > I) with Better = (A+O)/(A+O+M+I) and Worse = −(O+M)/(A+O+M+I)."""
    n = Counter(counts)
    telling = sum(n[code] for code in "AOMI")
    order = _TIES + "RQ"
    code = max(order, key=lambda one: (n[one], -order.index(one)))
    if not telling:
        return Kano(code, None, None)
    return Kano(code, (n["A"] + n["O"]) / telling, -(n["O"] + n["M"]) / telling)
