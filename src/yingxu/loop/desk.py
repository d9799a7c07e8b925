"""What the desk does beside taking in: a request that is split has further jobs."""

from __future__ import annotations

from yingxu.demand import events as demand
from yingxu.ground.ledger import Reactions
from yingxu.ground.unit import Unit
from yingxu.work import reactions as jobs


def _open_further_jobs(fact: demand.RequestSplit, unit: Unit) -> None:
    for place, item_id in enumerate(fact.item_ids, fact.n_before + 1):
        jobs.open_jobs(
            request_key=fact.subject_id,
            number=f"{fact.number}-{place}",
            items=fact.items,
            item_ids=(item_id,),
            place_class=None,
            priority=fact.priority,
            opened_at=unit.happened_at,
            unit=unit,
        )


REACTIONS: Reactions = {demand.RequestSplit: (_open_further_jobs,)}
