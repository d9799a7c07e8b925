"""Rows -> what the team's rules decide on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from yingxu.team.fitness import best_paper, limits_of
from yingxu.team.models import Certificate, Duty

SEVEN_DAYS = timedelta(days=7)
#: Kind, begin and end of a duty.
Stretch = tuple[str, datetime, datetime]


def papers_of(held: Sequence[Certificate]) -> dict[str, list[object]]:
    """Return the best certificate of each kind, as the member's row carries it."""
    by_kind: dict[str, list[tuple[bool, date | None, date | None]]] = {}
    for one in held:
        by_kind.setdefault(one.kind_code, []).append((one.verified_at is not None, one.valid_to, one.review_due))
    return {kind: best_paper(papers) for kind, papers in by_kind.items()}


def duties_kept(duties: Sequence[Duty], *, at: datetime) -> dict[str, Any]:
    """Return the duties as the member's row carries them: the one that runs or comes next (else the last), and later.

    Kept are those of the next days and the last one only: what is over is read from the duties themselves.
    """
    in_order = sorted(duties, key=lambda one: one.starts_at)
    ahead = [one for one in in_order if one.ends_at > at] or in_order[-1:]
    if not ahead:
        return {"duty_from": None, "duty_to": None, "duty_kind": "work", "breaks": [], "later": []}
    first, *later = ahead
    return {
        "duty_from": first.starts_at,
        "duty_to": first.ends_at,
        "duty_kind": first.kind,
        "breaks": first.breaks,
        "later": [[one.starts_at.isoformat(), one.ends_at.isoformat(), one.kind, one.breaks] for one in later],
    }


def counted_h(kind: str, begins: datetime, ends: datetime) -> float:
    """Return the hours of a duty that count towards those of seven days."""
    return max(0.0, (ends - begins).total_seconds() / 3600) * limits_of(kind)["counts_percent"] / 100


def most_in_seven_days(new: Stretch, others: Sequence[Stretch]) -> int:
    """Return the most hours in any seven days that touch the new duty, rounded down.

    The sum over a sliding window is greatest where the window begins with a duty, ends with one, or just touches the
    new one.
    """
    _kind, begins, ends = new
    everything = [*others, new]
    starts = {one[1] for one in everything} | {one[2] - SEVEN_DAYS for one in everything}
    starts |= {ends, begins - SEVEN_DAYS}
    most = 0.0
    for start in starts:
        until = start + SEVEN_DAYS
        if start <= ends and begins <= until:
            most = max(most, sum(counted_h(kind, max(a, start), min(b, until)) for kind, a, b in everything))
    return int(most)
