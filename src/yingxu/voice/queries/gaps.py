"""SERVQUAL's gaps: what was found less what was expected, by dimension and by item (domain 6.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from yingxu.core.quality.asking import Mean, Move, mean_of, moved
from yingxu.core.quality.surveys import weighted_gap
from yingxu.voice.questions import WEIGHTS, Question

Rows = Sequence[tuple[dict[str, int], int | None, date]]


@dataclass(frozen=True)
class Gapped:
    """A dimension (or an item): expectation, perception, and their gap, each of the same sheets. Below zero: short."""

    question: Question
    expected: Mean
    perceived: Mean
    gap: Mean
    move: Move | None


@dataclass(frozen=True)
class Gaps:
    """All gaps of a wave. ``first``: the dimension whose weighted gap is worst; empty without a gap below zero."""

    dimensions: tuple[Gapped, ...] = ()
    items: tuple[Gapped, ...] = ()
    mean: float | None = None
    weighted: float | None = None
    first: str = ""


def gaps_of(asked: Sequence[Question], rows: Rows, before: Rows, *, least: int) -> Gaps:
    """Return the gaps of the questions asked in pairs; none of fewer than ``least`` sheets. Pure. Budget: none.

    A sheet counts in a dimension with the items of which it answered both halves, so that the gap is a difference of
    the same people; its interval is that of paired differences.
    """
    pairs = [one for one in asked if one.kind == "gap"]
    by_dimension: dict[str, list[Question]] = {key: [one for one in pairs if one.dimension == key] for key in WEIGHTS}
    by_dimension = {key: own for key, own in by_dimension.items() if own}
    dimensions = tuple(
        _gapped(Question(key, "gap", key, key, key), own, rows, before, least=least, n_tests=len(by_dimension))
        for key, own in by_dimension.items()
    )
    items = tuple(_gapped(one, [one], rows, before, least=least, n_tests=len(pairs)) for one in pairs)
    found = {one.question.code: one.gap.mean for one in dimensions if one.gap.mean is not None}
    if not found or len(found) < len(dimensions):
        return Gaps(dimensions, items)
    return Gaps(dimensions, items, fmean(found.values()), weighted_gap(found, WEIGHTS), _first(found))


def _first(found: Mapping[str, float]) -> str:
    worst = min(found, key=lambda key: WEIGHTS[key] * found[key])
    return worst if found[worst] < 0 else ""


def _gapped(named: Question, own: Sequence[Question], rows: Rows, before: Rows, *, least: int, n_tests: int) -> Gapped:
    now, then = _paired(own, rows, least), _paired(own, before, least)
    return Gapped(
        named,
        mean_of([expected for expected, _ in now], least=1, most=7),
        mean_of([perceived for _, perceived in now], least=1, most=7),
        mean_of(_differences(now), least=-6, most=6),
        moved(_differences(then), _differences(now), n_tests=n_tests),
    )


def _differences(pairs: Sequence[tuple[float, float]]) -> list[float]:
    return [perceived - expected for expected, perceived in pairs]


def _paired(own: Sequence[Question], rows: Rows, least: int) -> list[tuple[float, float]]:
    """Return expectation and perception of each sheet, over the items of which it answered both."""
    found = []
    for said, _, _ in rows:
        both = [(said[e], said[p]) for e, p in (one.parts for one in own) if e in said and p in said]
        if both:
            found.append((fmean(e for e, _ in both), fmean(p for _, p in both)))
    return found if len(found) >= least else []
