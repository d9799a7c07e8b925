"""A request in whole, as pages and the API show it: what was said, what was promised, what is done."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from yingxu.demand import queries as demand
from yingxu.demand.queries import Detail
from yingxu.ground.actor import Actor
from yingxu.promise import queries as promise
from yingxu.promise.queries import ClockRow
from yingxu.work import queries as work
from yingxu.work.queries import JobRow


@dataclass(frozen=True)
class Whole:
    """One request with its promises and jobs."""

    detail: Detail
    clocks: tuple[ClockRow, ...]
    jobs: tuple[JobRow, ...]


def request_in_whole(actor: Actor, request_id: UUID) -> Whole:
    """Return a request that the actor may see; refuses: NotFound. Budget: three queries."""
    detail = demand.request_detail(actor, request_id)
    return Whole(detail, promise.clocks_of(detail.row.key), work.jobs_of_request(actor, detail.row.key))
