"""Questions about the warning ladder: what holds, what held, what is to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.promise.ladder import InForce, Ladders, Rung, from_json
from yingxu.promise.models import Ladder


@dataclass(frozen=True)
class EditionRow:
    """One edition of a ladder, and who made it."""

    effective_at: datetime
    made_by: str
    steps: tuple[Rung, ...]
    is_urgent: bool


@dataclass(frozen=True)
class LadderPage:
    """The ladder that holds now for a line and class, and the editions made for exactly these, newest first."""

    in_force: InForce
    editions: tuple[EditionRow, ...]


def ladder_page(actor: Actor, site_id: int, *, line_code: str, priority: int, at: datetime) -> LadderPage:
    """Return what holds at a moment and what was made before and for later. Refuses: NotAllowed. Budget: one query."""
    authority.require(actor, "ladder.read", where=Where(site_id))
    found = list(
        Ladder.objects.filter(site_id=site_id, priority=priority, line_code__in={line_code, ""})
        .select_related("made_by")
        .order_by("-effective_at")
    )
    editions = tuple(
        EditionRow(one.effective_at, one.made_by.name if one.made_by else "", from_json(one.rungs), one.is_urgent)
        for one in found
        if one.line_code == line_code
    )
    return LadderPage(Ladders(found).in_force(site_id, line_code, priority, at), editions)
