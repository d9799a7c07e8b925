"""How alike two procedures are, so that rules which say the same may be merged (精而管用)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

Step = Mapping[str, Any]


def likeness(one: Sequence[Step], other: Sequence[Step]) -> float:
    """Return the share of steps that both have in the same words and kind, 0 to 1.

    Notes
    -----
    Sørensen-Dice coefficient over the steps' (type, words): 2·|A∩B| / (|A|+|B|). Order is left out on purpose: two
    rules that ask for the same in another order are candidates for one rule.
    """
    return _dice(_said(one), _said(other))


def alike(procedures: Mapping[str, Sequence[Step]], *, at_least: float) -> tuple[tuple[str, str, float], ...]:
    """Return pairs of procedures that are at least so alike, the most alike first; empty ones are like nothing."""
    said = {code: _said(steps) for code, steps in procedures.items() if steps}
    found = []
    for one, other in combinations(sorted(said), 2):
        a, b = said[one], said[other]
        if 2 * min(len(a), len(b)) < at_least * (len(a) + len(b)):
            continue  # even if one held the other, it would not be enough
        share = _dice(a, b)
        if share >= at_least:
            found.append((one, other, share))
    return tuple(sorted(found, key=lambda row: (-row[2], row[0], row[1])))


def _said(steps: Sequence[Step]) -> frozenset[tuple[str, str]]:
    return frozenset((str(step.get("type", "")), "".join(str(step.get("zh", "")).split())) for step in steps)


def _dice(a: frozenset[tuple[str, str]], b: frozenset[tuple[str, str]]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0
