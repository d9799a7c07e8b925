"""Rows -> what the team's rules decide on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from yingxu.team.fitness import best_paper
from yingxu.team.models import Certificate


def papers_of(held: Sequence[Certificate]) -> dict[str, list[object]]:
    """Return the best certificate of each kind, as the member's row carries it."""
    by_kind: dict[str, list[tuple[bool, date | None, date | None]]] = {}
    for one in held:
        by_kind.setdefault(one.kind_code, []).append((one.verified_at is not None, one.valid_to, one.review_due))
    return {kind: best_paper(papers) for kind, papers in by_kind.items()}
