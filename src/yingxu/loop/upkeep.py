"""What was raised ahead is a preparation; its work makes it ready; what ends by a word ends its request too."""

from __future__ import annotations

from yingxu.demand import events as demand
from yingxu.demand import reactions as requests
from yingxu.ground.ledger import Reactions
from yingxu.ground.unit import Unit
from yingxu.promise import reactions as promises
from yingxu.upkeep import events as upkeep
from yingxu.upkeep import reactions as preparations
from yingxu.work import reactions as jobs


def _keep(fact: demand.RequestRaised, unit: Unit) -> None:
    if fact.channel == "plan":
        preparations.keep_preparation(request_key=fact.subject_id, unit=unit)


def _end(fact: demand.RequestAnswered, unit: Unit) -> None:
    preparations.end_preparation(request_key=fact.subject_id, final_answer=fact.final_answer, unit=unit)


def _reopen(fact: demand.RequestReopened, unit: Unit) -> None:
    preparations.reopen_preparation(request_key=fact.subject_id, unit=unit)


def _end_request(fact: upkeep.PreparationReady | upkeep.PreparationSkipped, unit: Unit) -> None:
    if fact.ended_request_id is None:
        return
    said = fact.note if isinstance(fact, upkeep.PreparationReady) else fact.reason
    requests.answer_in_words(request_id=fact.ended_request_id, answer_text=said, unit=unit)
    promises.void(request_id=fact.ended_request_id, why="declined", unit=unit)
    jobs.follow_request(request_key=fact.ended_request_id, to_state="declined", unit=unit)


REACTIONS: Reactions = {
    demand.RequestRaised: (_keep,),
    demand.RequestAnswered: (_end,),
    demand.RequestReopened: (_reopen,),
    upkeep.PreparationReady: (_end_request,),
    upkeep.PreparationSkipped: (_end_request,),
}
