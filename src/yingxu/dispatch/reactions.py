"""What becomes of an assignment when the job goes on: accepted, given back, replaced, ended."""

from __future__ import annotations

from yingxu.dispatch.models import Assignment
from yingxu.ground.unit import Unit


def settle(*, assignment_key: int | None, outcome: str, unit: Unit, reason_code: str = "") -> None:
    """Keep what became of the offer. Nothing to do for a job that never went through dispatch. Budget: none."""
    if assignment_key is None:
        return
    row = unit.fresh(Assignment, assignment_key) or Assignment(id=assignment_key)
    unit.change(row, outcome=outcome, settled_at=unit.happened_at)
    if reason_code:
        unit.change(row, reason_code=reason_code)


def hand_over(
    *,
    job_key: int,
    site_id: int,
    before_key: int | None,
    next_key: int,
    worker_id: int,
    team_id: int | None,
    unit: Unit,
) -> None:
    """The one who took over has the live assignment; the other's is replaced. Budget: none."""
    settle(assignment_key=before_key, outcome="replaced", unit=unit)
    unit.insert(
        Assignment(
            id=next_key,
            site_id=site_id,
            job_id=job_key,
            worker_id=worker_id,
            team_id=team_id,
            made_by_id=unit.actor.account_id,
            made_at=unit.at,
            accept_by=unit.at,
            outcome="accepted",
            settled_at=unit.happened_at,
        )
    )
