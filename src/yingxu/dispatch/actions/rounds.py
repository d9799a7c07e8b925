"""A round: several jobs that wait for the same kind of hands are given to one worker at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yingxu.dispatch.actions.assigning import _job_and_candidate, _require_dispatcher, assign
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed, Stale
from yingxu.ground.unit import CommandKey, Unit
from yingxu.work import life_cycle

#: What one person can collect on one way.
MOST_STOPS = 12


@dataclass(frozen=True)
class RoundSent:
    """The jobs that were given as one round, in their order."""

    numbers: tuple[str, ...]
    worker_name: str


def assign_round(
    *,
    job_ids: Sequence[UUID],
    worker_id: UUID,
    actor: Actor,
    at: datetime,
    word: str = "",
    command: CommandKey | None = None,
) -> RoundSent:
    """One worker is offered all of these jobs, in this order: all or none.

    Records JobAssigned for each. Refuses: Malformed (none, twice, or too many), and as assign_job for any of them.
    Budget: 2 + 2 a job.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        if not job_ids or len(set(job_ids)) != len(job_ids):
            raise Malformed(field="jobs", problem="missing")
        if len(job_ids) > MOST_STOPS:
            raise Malformed(field="jobs", problem="too_long", limit=str(MOST_STOPS))
        numbers, name = [], ""
        for job_id in job_ids:
            job, candidate = _job_and_candidate(unit, job_id, worker_id)
            _require_dispatcher(unit, job, candidate, override_reason="")
            if job.state == "dispatched":
                raise Stale(kind="work.job")
            life_cycle.require_move(job.state, "dispatched")
            sent = assign(unit, job, candidate, word=word, override_reason="")
            numbers.append(job.number)
            name = sent.worker_name
        unit.answer(RoundSent(tuple(numbers), name))
    return unit.answered(RoundSent)
