"""A link of an outside company dies with its job, and when somebody else here takes the job."""

from __future__ import annotations

from yingxu.ground.ledger import Reactions
from yingxu.ground.unit import Unit
from yingxu.work import events as work
from yingxu.work.reactions.outside import end_outside


def _reassigned(fact: work.JobReturned | work.JobHandedOver, unit: Unit) -> None:
    end_outside(job_key=fact.subject_id, why="reassigned", unit=unit)


def _gone(fact: work.JobCancelled | work.JobFollowed, unit: Unit) -> None:
    end_outside(job_key=fact.subject_id, why="gone", unit=unit)


def _closed(fact: work.JobClosed, unit: Unit) -> None:
    end_outside(job_key=fact.subject_id, why="closed", unit=unit)


REACTIONS: Reactions = {
    work.JobReturned: (_reassigned,),
    work.JobHandedOver: (_reassigned,),
    work.JobCancelled: (_gone,),
    work.JobFollowed: (_gone,),
    work.JobClosed: (_closed,),
}
