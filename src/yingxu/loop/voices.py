"""What was rated low or with words becomes a voice that somebody answers; a finding and its request have one fate."""

from __future__ import annotations

from yingxu.demand import events as demand
from yingxu.demand import reactions as requests
from yingxu.ground.ledger import Reactions
from yingxu.ground.unit import Unit
from yingxu.promise import reactions as promises
from yingxu.verify import reactions as judgements
from yingxu.verify.snapshots import says_no
from yingxu.voice import events as voice
from yingxu.voice import reactions as voices
from yingxu.voice.events.overseeing import RemarkAnswered
from yingxu.work import reactions as jobs


def _hear_rating(fact: voice.RequestRated, unit: Unit) -> None:
    voices.hear_rating(
        request_key=fact.subject_id,
        worked_key=fact.worked_id,
        stars=fact.stars,
        text=fact.text,
        reasons=fact.reasons,
        is_more=isinstance(fact, voice.RatingExplained),
        unit=unit,
    )


def _call_back(fact: voice.RequestRated, unit: Unit) -> None:
    if fact.stars <= voices.LOW_STARS:
        judgements.call_after_complaint(request_key=fact.worked_id, unit=unit)
    elif says_no(fact.text):
        # many stars and words that say no: nobody knows which of the two is meant until somebody has asked
        judgements.note_complaint(request_key=fact.worked_id, text=fact.text, unit=unit)
        judgements.call_after_complaint(request_key=fact.worked_id, unit=unit, why="held")


def _end_finding(fact: demand.RequestAnswered, unit: Unit) -> None:
    voices.end_finding(request_key=fact.subject_id, final_answer=fact.final_answer, unit=unit)


def _end_request(fact: RemarkAnswered, unit: Unit) -> None:
    if fact.ended_request_id is None:
        return
    requests.answer_in_words(request_id=fact.ended_request_id, answer_text=fact.answer, unit=unit)
    promises.void(request_id=fact.ended_request_id, why="declined", unit=unit)
    jobs.follow_request(request_key=fact.ended_request_id, to_state="declined", unit=unit)


REACTIONS: Reactions = {
    voice.RequestRated: (_hear_rating, _call_back),
    voice.RatingExplained: (_hear_rating, _call_back),
    demand.RequestAnswered: (_end_finding,),
    RemarkAnswered: (_end_request,),
}
