"""Control charts: is this week unlike the others, or only chance?

Sources: Montgomery, *Introduction to Statistical Quality Control*, ch. 6 (individuals) and ch. 7 (fraction
nonconforming); Nelson (1984), "The Shewhart control chart: tests for special causes", *J. Quality Technology* 16(4);
Laney (2002), "Improved control charts for attributes", *Quality Engineering* 14(4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: d2 for moving ranges of two points: mean moving range / D2 estimates sigma (hence 3 / 1.128 = 2.66).
D2 = 1.128
#: Upper limit of a moving range of two points (D4).
D4 = 3.267
#: Below this many points no limits are drawn; below the second they are trial limits.
MIN_POINTS = 8
FIRM_POINTS = 20
#: Rules enabled by default: few false alarms.
DEFAULT_RULES = (1, 2, 3, 5)


@dataclass(frozen=True)
class Chart:
    """One control chart. Arrays have one entry per point, in the unit of the series.

    ``is_trial`` says that the limits rest on fewer than ``FIRM_POINTS`` points.
    """

    values: Floats
    centre: Floats
    sigma: Floats
    low: Floats
    high: Floats
    is_trial: bool


@dataclass(frozen=True)
class Signal:
    """A rule of Nelson that holds at point ``at`` for a run that began at ``since``; ``is_high`` is its side."""

    rule: int
    since: int
    at: int
    is_high: bool


def individuals(values: Floats, *, baseline: int | None = None) -> Chart:
    """Return the XmR chart of single values: mean, and three sigma from the mean moving range.

    Parameters
    ----------
    values : the series in time order. baseline : use only the first so many points for the limits.

    Raises
    ------
    ValueError : fewer than ``MIN_POINTS`` points.
    """
    series = np.asarray(values, dtype=np.float64)
    base = series if baseline is None else series[:baseline]
    if base.size < MIN_POINTS:
        raise ValueError(f"control limits need at least {MIN_POINTS} points")
    centre = float(base.mean())
    sigma = float(np.abs(np.diff(base)).mean()) / D2
    ones = np.ones(series.size)
    return Chart(
        values=series,
        centre=centre * ones,
        sigma=sigma * ones,
        low=(centre - 3 * sigma) * ones,
        high=(centre + 3 * sigma) * ones,
        is_trial=base.size < FIRM_POINTS,
    )


def moving_range_limit(values: Floats) -> float:
    """Return the upper limit of the moving ranges of an XmR chart."""
    return D4 * float(np.abs(np.diff(np.asarray(values, dtype=np.float64))).mean())


def fractions(hits: Floats, n: Floats, *, widen: bool = False) -> Chart:
    """Return the p-chart of ``hits`` out of ``n`` per point, limits inside 0..1.

    With large samples the binomial sigma is too small, because weeks differ by more than chance. ``widen`` multiplies
    it by Laney's sigma-z, the moving-range sigma of the standardised points. Deviation: never by less than 1, so
    that a chart is never stricter than the binomial one.

    Raises
    ------
    ValueError : fewer than ``MIN_POINTS`` points, or an empty sample.
    """
    x, size = np.asarray(hits, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if size.size < MIN_POINTS or (size <= 0).any():
        raise ValueError(f"a p-chart needs at least {MIN_POINTS} samples, none of them empty")
    mean = float(x.sum() / size.sum())
    values = x / size
    sigma = np.sqrt(mean * (1 - mean) / size)
    if widen and mean not in (0.0, 1.0):
        sigma = sigma * max(1.0, float(np.abs(np.diff((values - mean) / sigma)).mean()) / D2)
    return Chart(
        values=values,
        centre=np.full(size.size, mean),
        sigma=sigma,
        low=np.maximum(mean - 3 * sigma, 0.0),
        high=np.minimum(mean + 3 * sigma, 1.0),
        is_trial=size.size < FIRM_POINTS,
    )


def nelson(chart: Chart, *, rules: tuple[int, ...] = DEFAULT_RULES) -> list[Signal]:
    """Return where a rule fires, in time order; a run that goes on is one signal, at the point where it first fires.

    Rules: 1 one point beyond 3 sigma; 2 nine in a row on one side; 3 six in a row steadily rising or falling;
    4 fourteen in a row alternating; 5 two of three beyond 2 sigma on one side; 6 four of five beyond 1 sigma on one
    side; 7 fifteen in a row within 1 sigma; 8 eight in a row beyond 1 sigma, both sides. A point on the centre line
    breaks rule 2 and counts as within for rule 7. A series without any spread has no signals.
    """
    if not (chart.sigma > 0).any():
        return []
    z = (chart.values - chart.centre) / np.where(chart.sigma > 0, chart.sigma, np.inf)
    found: list[Signal] = []
    for rule in rules:
        fired_before = {True: False, False: False}
        for at in range(z.size):
            for is_high in (True, False):
                since = _fires(rule, z, chart.values, at, 1 if is_high else -1)
                if since is not None and not fired_before[is_high]:
                    found.append(Signal(rule, since, at, is_high))
                fired_before[is_high] = since is not None
    return sorted(found, key=lambda signal: (signal.at, signal.rule))


def _fires(rule: int, z: Floats, values: Floats, at: int, side: int) -> int | None:
    """Return where the run of a rule that holds at ``at`` on this side began, or None."""
    length = {1: 1, 2: 9, 3: 6, 4: 14, 5: 3, 6: 5, 7: 15, 8: 8}[rule]
    since = at - length + 1
    if since < 0:
        return None
    window = z[since : at + 1] * side
    steps = np.diff(values[since : at + 1]) * side
    holds = bool(
        {
            1: window[0] > 3,
            2: (window > 0).all(),
            3: (steps > 0).all(),
            4: (np.diff(np.sign(steps)) != 0).all() and (steps != 0).all(),
            5: window[-1] > 2 and (window > 2).sum() >= 2,
            6: window[-1] > 1 and (window > 1).sum() >= 4,
            7: (np.abs(window) <= 1).all(),
            8: (np.abs(window) > 1).all() and (window > 0).any() and (window < 0).any(),
        }[rule]
    )
    if rule in (4, 7, 8):  # these know no side: reported once, as of the side of the last point
        holds = holds and bool(window[-1] > 0 or (window[-1] == 0 and side > 0))
    return since if holds else None
