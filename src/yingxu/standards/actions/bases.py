"""The verb of a basis: compared with the edition that holds now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from yingxu.ground import queries as ground
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.events import BasisChecked
from yingxu.standards.models import BasisCheck
from yingxu.standards.models.bases import OUTCOMES
from yingxu.standards.queries.bases import bases


@dataclass(frozen=True)
class BasisSaid:
    """What a check found."""

    id: UUID
    outcome: str
    n_standards: int


def check_basis(
    *,
    site_id: int,
    name: str,
    edition: str,
    outcome: str,
    newer: str = "",
    source: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> BasisSaid:
    """A basis, as standards in force cite it, was compared with what holds now; standards stay as they are.

    Whoever writes on a standard that cites it may say so. Records BasisChecked.
    Refuses: NotAllowed, NotFound (nobody cites it), Malformed (outcome, newer edition). Budget: 6.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        zone = ground.site_by_id(site_id).timezone
        rows = bases(actor, site_id, at=at, zone=ZoneInfo(zone))
        cited = [row for row in rows if (row.name, row.edition) == (name, edition)]
        if not cited:
            raise NotFound(kind="basis", name=name)
        if not any(row.may_check for row in cited):
            raise NotAllowed(action="standard.draft")
        if outcome not in OUTCOMES:
            raise Malformed(field="outcome", problem="unknown")
        if outcome == "superseded" and not newer.strip():
            raise Malformed(field="newer", problem="missing")
        if len(newer.strip()) > 60:
            raise Malformed(field="newer", problem="too_long", limit="60")
        check = unit.insert(
            BasisCheck(
                site_id=site_id,
                name=name,
                edition=edition,
                outcome=outcome,
                newer=newer.strip() if outcome == "superseded" else "",
                source=source.strip()[:300],
                checked_by_id=actor.account_id,
                checked_at=at,
            )
        )
        codes = tuple(sorted({use.item_code for row in cited for use in row.uses}))
        unit.record(
            BasisChecked(
                site_id=site_id,
                subject_id=check.pk,
                thread_id=check.pk,
                name=name,
                edition=edition,
                outcome=outcome,
                newer=check.newer,
                items=codes,
            )
        )
        unit.answer(BasisSaid(check.uid, outcome, len(codes)))
    return unit.answered(BasisSaid)


__all__ = ["BasisSaid", "check_basis"]
