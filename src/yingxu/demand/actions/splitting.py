"""One text, several problems: a further job for each, under the one number (domain 5.6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yingxu.demand.actions.changed import Changed, changed, load_for, require_state
from yingxu.demand.actions.raising import is_ready
from yingxu.demand.events import RequestSplit
from yingxu.demand.public_state import BEFORE_FINISH
from yingxu.demand.refusals import PlaceNeeded
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards import queries as standards

#: One that is not accepted yet is split by accepting it with all its items.
_ACCEPTED = BEFORE_FINISH - {"new", "clarifying"}
MOST_JOBS = 6


def split_request(
    *,
    request_id: UUID,
    item_codes: Sequence[str],
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> Changed:
    """The further problems of an accepted request have jobs of their own (-2, -3 …); it is closed when all are.

    Records RequestSplit. Refuses: NotFound, NotAllowed, NotInThisState, PlaceNeeded, Malformed (no item, or one that
    it has already), Stale. Budget: 2, one more for each item.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.split")
        require_state(request, "request.split", _ACCEPTED)
        n_before = len(request.job_states)
        codes = list(dict.fromkeys(item_codes))
        if not codes or n_before == 0:
            raise Malformed(field="item", problem="missing")
        on = request.created_at.date()
        found = [
            standards.asking(request.site_id, on=on, at=at, item_code=code, place_id=request.place_id).item
            for code in codes
        ]
        items = tuple(item for item in found if item is not None)
        if any(item.is_answered_only or item.id == request.item_id for item in items):
            raise Malformed(field="item", problem="twice")
        if n_before + len(items) > MOST_JOBS:
            raise Malformed(field="item", problem="too_long", limit=str(MOST_JOBS))
        if not all(is_ready(item, request) for item in items):
            raise PlaceNeeded
        unit.change(request, seen=["state", "job_states"], changed_at=at)
        unit.record(
            RequestSplit(
                site_id=request.site_id,
                subject_id=request.pk,
                thread_id=request.pk,
                number=request.number,
                item_ids=tuple(item.id for item in items),
                item_codes=tuple(codes),
                n_before=n_before,
                priority=request.priority,
                items=items,
            )
        )
        changed(unit, request)
    return unit.answered(Changed)
