"""Being there again: a job that was left half done (no part, no access, another day) is visited once more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yingxu.ground.actor import Actor
from yingxu.ground.unit import CommandKey, Unit
from yingxu.work.actions.going import prove, scanned_told
from yingxu.work.actions.moved import JobMoved
from yingxu.work.events import VisitBegun
from yingxu.work.moves import perform, seen_by
from yingxu.work.outside import note_arrival
from yingxu.work.refusals import IllegalMove
from yingxu.work.snapshots import fact_of, job_of

#: Somebody was there before; the clocks of arriving are over.
BEGUN = frozenset({"arrived", "in_progress", "paused"})


def begin_visit(
    *,
    job_id: UUID,
    actor: Actor,
    at: datetime,
    typed_token: str = "",
    place_code: str = "",
    reason: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """Whoever does the job is there once more: one visit more, proven by the place's code where it is given.

    The state stays: a job that rests goes on by ``resume_job``. A job that took more than one visit was not mended the
    first time. Records VisitBegun. Refuses: NotAllowed, ReasonNeeded, IllegalMove (nobody was there yet), WrongPlace,
    Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id, scanned=scanned_told(typed_token=typed_token, place_code=place_code))
        perform(unit, job, reason=reason)
        if job.state not in BEGUN:
            raise IllegalMove(from_state=job.state, to_state="arrived", why="not_next")
        proof = prove(job, qr_token="", typed=typed_token or place_code)
        unit.change(job, seen=[*seen_by(unit), "n_visits"], n_visits=job.n_visits + 1)
        note_arrival(unit, job)
        unit.record(fact_of(VisitBegun, job, n_visits=job.n_visits, proof=proof))
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)
