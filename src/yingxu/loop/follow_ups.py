"""A step that was not good opens its own follow-up when the job is finished; a critical one sends the job back."""

from __future__ import annotations

from yingxu.demand import reactions as requests
from yingxu.ground.ledger import Reactions
from yingxu.ground.unit import Unit
from yingxu.work import events as work
from yingxu.work import snapshots as jobs


def _open_follow_ups(fact: work.JobFinished, unit: Unit) -> None:
    if fact.quality_score is None or not 0 < fact.quality_score < 100:
        return  # every step was good, or a critical one failed: then the work goes on under its own number
    for step in jobs.steps_not_good(fact.subject_id, unit):
        requests.open_follow_up(
            request_id=fact.thread_id,
            job_number=fact.number,
            step_code=step.code,
            step_name=step.name,
            note=step.note,
            unit=unit,
        )


REACTIONS: Reactions = {work.JobFinished: (_open_follow_ups,)}
