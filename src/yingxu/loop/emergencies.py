"""A critical request that may be an emergency proposes an incident; a person at the desk confirms it."""

from __future__ import annotations

from yingxu.demand import events as demand
from yingxu.ground.ledger import Reactions
from yingxu.ground.unit import Unit
from yingxu.work.reactions import incidents

_CRITICAL = 1


def _propose(fact: demand.RequestAccepted, unit: Unit) -> None:
    if fact.priority != _CRITICAL:
        return
    incidents.propose_incident(
        site_id=fact.site_id,
        request_key=fact.subject_id,
        item_codes=tuple(item.code for item in fact.items if item.id in fact.item_ids),
        place_id=fact.place_id,
        place=fact.place,
        reported_at=fact.raised_at,
        unit=unit,
    )


def _propose_raised(fact: demand.PriorityChanged, unit: Unit) -> None:
    if fact.after == _CRITICAL and fact.before != _CRITICAL:
        incidents.propose_raised(request_key=fact.subject_id, unit=unit)


REACTIONS: Reactions = {demand.RequestAccepted: (_propose,), demand.PriorityChanged: (_propose_raised,)}
