"""What this room does when a fact is recorded: the request follows its jobs, and ends with them."""

from __future__ import annotations

from datetime import datetime

from yingxu.demand.answering import record_answer
from yingxu.demand.events import RequestReopened
from yingxu.demand.follow_up import settle
from yingxu.demand.models import FinalAnswer, Request, RequestState
from yingxu.demand.reads import request_by_key
from yingxu.demand.words import acknowledge, say
from yingxu.ground.unit import Unit

_OVER = frozenset({"closed", "cancelled"})


def show_job(*, request_id: int, job_id: int, state: str, unit: Unit, look_again_by: datetime | None = None) -> None:
    """The request shows how far its jobs are; ``look_again_by``: the expected end of a pause."""
    request = request_by_key(unit, request_id)
    _note(request, job_id, state, unit)
    settle(request, unit, by=look_again_by)


def give_word(*, request_id: int, word: str, unit: Unit) -> None:
    """A person told the asker who comes: a human word. Records RequestAcknowledged."""
    if word:
        request = request_by_key(unit, request_id)
        acknowledge(unit, request, word)
        settle(request, unit)


def keep_word(*, request_id: int, text: str, is_from_asker: bool, unit: Unit) -> None:
    """What was said with a no stands among the request's words, for whoever goes again."""
    if text:
        say(unit, request_by_key(unit, request_id), "word", text, is_from_asker=is_from_asker)


def note_hands(
    *, request_id: int, worker_id: int | None, team_id: int | None, party_id: int | None, unit: Unit
) -> None:
    """Whoever was sent may see the request from now on."""
    request = request_by_key(unit, request_id)
    if worker_id is not None and worker_id not in request.worker_keys:
        unit.change(request, worker_keys=[*request.worker_keys, worker_id])
    if team_id is not None and team_id not in request.team_keys:
        unit.change(request, team_keys=[*request.team_keys, team_id])
    if party_id is not None and party_id not in request.party_keys:
        unit.change(request, party_keys=[*request.party_keys, party_id])


def answer_with_jobs(*, request_id: int, answer_text: str, unit: Unit) -> None:
    """When the last of its jobs is closed, the request is answered with what was done; merged ones with it."""
    request = request_by_key(unit, request_id)
    states = set(request.job_states.values())
    if request.state != RequestState.ACCEPTED or "closed" not in states or not states <= _OVER:
        return
    unit.change(
        request,
        state=RequestState.ANSWERED,
        final_answer=FinalAnswer.DONE,
        answer_text=answer_text,
        is_open=False,
        closed_at=unit.happened_at,
        word_due_at=None,
        proposal=None,
    )
    record_answer(request, unit)
    settle(request, unit)


def reopen(*, request_id: int, unit: Unit) -> None:
    """It is open again; the answer it had no longer stands."""
    request = request_by_key(unit, request_id)
    if request.state != RequestState.ANSWERED:
        return
    unit.change(request, state=RequestState.ACCEPTED, final_answer="", answer_text="", is_open=True, closed_at=None)
    unit.record(RequestReopened(site_id=request.site_id, subject_id=request.pk, thread_id=request.pk))
    settle(request, unit)


def _note(request: Request, job_id: int, state: str, unit: Unit) -> None:
    known = request.job_states
    # another job of the same request may move at the same moment: state what was seen
    seen = ("job_states",) if len(known) > 1 else ()
    unit.change(request, seen=seen, job_states={**known, str(job_id): state})
