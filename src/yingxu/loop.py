"""The closed loop on one page: which recorded fact wakes which room.

A fact recorded in a unit of work wakes its reactions at once, in the same unit; all of it is written together or not at
all. Rooms do not import each other upward: where a later room's fact concerns an earlier one, it is adapted here.
"""

from __future__ import annotations

from yingxu.demand import events as demand
from yingxu.demand import reactions as requests
from yingxu.ground.ledger import Reactions
from yingxu.ground.unit import Unit
from yingxu.promise import reactions as promises
from yingxu.work import events as work

# what is asked for starts clocks


def _acknowledge_by(fact: demand.RequestRaised, unit: Unit) -> None:
    promises.start_acknowledged(
        request_id=fact.subject_id,
        edition_id=fact.edition_id,
        place_class=fact.place_class,
        priority=fact.priority,
        unit=unit,
    )


def _answer_by(fact: demand.RequestAccepted, unit: Unit) -> None:
    if fact.answered_item_id is not None and fact.answered_edition_id is not None:
        promises.start_answer_promise(
            request_id=fact.subject_id, edition_id=fact.answered_edition_id, item_id=fact.answered_item_id, unit=unit
        )


# jobs start clocks, and the request shows how far they are


def _promise_job(fact: work.JobOpened, unit: Unit) -> None:
    promises.start_job_promises(
        request_id=fact.thread_id,
        job_id=fact.subject_id,
        item_id=fact.item_id,
        edition_id=fact.edition_id,
        line_code=fact.line_code,
        priority=fact.priority,
        place_class=fact.place_class,
        unit=unit,
    )


def _show(fact: work.JobFact, unit: Unit) -> None:
    requests.show_job(request_id=fact.thread_id, job_id=fact.subject_id, state=fact.state, unit=unit)


REACTIONS: Reactions = {
    demand.RequestRaised: (_acknowledge_by,),
    demand.RequestAccepted: (_answer_by,),
    work.JobOpened: (_promise_job, _show),
}
