"""What reading learned: versions with their figures, and how people decide on proposals."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q

from yingxu.core.language.learning import Lesson
from yingxu.demand.models import TriageProposal, TriageVersion
from yingxu.demand.triage.tables import shipped_digest
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where

#: So many of the newest decisions are learned from.
MOST_LESSONS = 3000


@dataclass(frozen=True)
class VersionRow:
    """A learned version. ``before`` and ``after``: shares by name on texts that it never saw."""

    id: UUID
    number: int
    state: str
    n_lessons: int
    n_held_out: int
    before: dict[str, float]
    after: dict[str, float]
    worse: tuple[str, ...]
    made_at: datetime
    decided_by: str
    decided_at: datetime | None
    is_of_this_release: bool


@dataclass(frozen=True)
class Decided:
    """How people decided on proposals: counts, and what is mixed up most often (proposed, decided, how often)."""

    n: int
    n_item_right: int
    n_priority_right: int
    n_place_right: int
    n_place: int
    n_danger_right: int
    n_danger: int
    mixed_up: tuple[tuple[str, str, int], ...]


def versions(actor: Actor, site_id: int) -> tuple[VersionRow, ...]:
    """Return the learned versions, newest first. Refuses: NotAllowed. Budget: one query."""
    authority.require(actor, "triage.read", where=Where(site_id))
    rows = TriageVersion.objects.filter(site_id=site_id).defer("learned").select_related("decided_by")
    return tuple(_row(row) for row in rows.order_by("-number")[:50])


def _row(row: TriageVersion) -> VersionRow:
    figures: dict[str, Any] = row.figures
    return VersionRow(
        id=row.uid,
        number=row.number,
        state=row.state,
        n_lessons=row.n_lessons,
        n_held_out=row.n_held_out,
        before=figures["before"],
        after=figures["after"],
        worse=tuple(row.worse),
        made_at=row.made_at,
        decided_by=row.decided_by.name if row.decided_by else "",
        decided_at=row.decided_at,
        is_of_this_release=row.base == shipped_digest(),
    )


def decided(actor: Actor, site_id: int) -> Decided:
    """Return how people decided on what was proposed. Refuses: NotAllowed. Budget: two queries."""
    authority.require(actor, "triage.read", where=Where(site_id))
    rows = TriageProposal.objects.filter(site_id=site_id)
    named = Q(place_code__gt="")
    counts = rows.aggregate(
        n=Count("id"),
        items=Count("id", filter=Q(item_code=F("decided_item_code"))),
        urgencies=Count("id", filter=Q(priority=F("decided_priority"))),
        places=Count("id", filter=named & Q(place_code=F("decided_place_code"))),
        named=Count("id", filter=named),
        dangers=Count("id", filter=Q(is_danger=F("decided_is_danger"))),
        said=Count("id", filter=Q(decided_is_danger__isnull=False)),
    )
    pairs = Counter(
        rows.exclude(item_code=F("decided_item_code"))
        .order_by("-id")
        .values_list("item_code", "decided_item_code")[:2000]
    )
    return Decided(
        counts["n"],
        counts["items"],
        counts["urgencies"],
        counts["places"],
        counts["named"],
        counts["dangers"],
        counts["said"],
        tuple((a, b, n) for (a, b), n in pairs.most_common(8)),
    )


@dataclass(frozen=True)
class Lessons:
    """What a site's people decided: texts to learn from, texts that only judge, the newest decision's key."""

    site_id: int
    learn: tuple[Lesson, ...]
    held_out: tuple[Lesson, ...]
    up_to: int
    n_new: int


def lessons(*, at_least_new: int) -> tuple[Lessons, ...]:
    """Return the lessons of every site with so many new decisions since its last version. Budget: 2, 1 each site."""
    last: dict[int, int] = {}
    for site_id, up_to in TriageVersion.objects.values_list("site_id", "up_to"):
        last[site_id] = max(up_to, last.get(site_id, 0))
    found = []
    for site_id, n in TriageProposal.objects.values_list("site_id").annotate(n=Count("id")).order_by("site_id"):
        if n < at_least_new:
            continue
        rows = list(
            TriageProposal.objects.filter(site_id=site_id)
            .order_by("-id")
            .values_list(
                "id", "is_held_out", "request__text", "decided_item_code", "decided_priority", "decided_is_danger"
            )[:MOST_LESSONS]
        )
        n_new = sum(row[0] > last.get(site_id, 0) for row in rows)
        if n_new < at_least_new:
            continue
        rows.reverse()
        found.append(
            Lessons(
                site_id,
                tuple(Lesson(*row[2:]) for row in rows if not row[1]),
                tuple(Lesson(*row[2:]) for row in rows if row[1]),
                rows[-1][0],
                n_new,
            )
        )
    return tuple(found)
