"""A standard that changed is to be read again by those who have it in their handbook."""

from __future__ import annotations

from yingxu.ground.ledger import Reactions
from yingxu.ground.unit import Unit
from yingxu.standards import events as standards
from yingxu.team import reactions as team


def _owe_reading(fact: standards.EditionPutInForce, unit: Unit) -> None:
    team.mark_handbook_changed(
        site_id=fact.site_id, item_id=fact.subject_id, item_code=fact.item_code, number=fact.number, unit=unit
    )


REACTIONS: Reactions = {standards.EditionPutInForce: (_owe_reading,)}
