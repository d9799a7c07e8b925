"""What this room does when a fact is recorded: the request follows its jobs, and ends with them."""

from __future__ import annotations

from datetime import datetime

from yingxu.demand.answering import record_answer
from yingxu.demand.events import FollowUpNamed, FollowUpOpened, RequestRaised, RequestReopened
from yingxu.demand.follow_up import settle
from yingxu.demand.models import FinalAnswer, Request, RequestState
from yingxu.demand.queries.found import step_ref
from yingxu.demand.reads import memo_of, request_by_key
from yingxu.demand.words import acknowledge, say
from yingxu.ground import ids
from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import Unit
from yingxu.standards import queries as standards

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


def answer_in_words(*, request_id: int, answer_text: str, unit: Unit) -> None:
    """Its answer was given elsewhere, in words: it ends with the same words, before any work. Records RequestAnswered.

    Budget: 2.
    """
    request = request_by_key(unit, request_id)
    if not request.is_open:
        return
    say(unit, request, "answer", answer_text)
    unit.change(
        request,
        seen=["state", "is_open"],
        state=RequestState.ANSWERED,
        final_answer=FinalAnswer.EXPLAINED,
        answer_text=answer_text,
        is_open=False,
        closed_at=unit.at,
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


def open_follow_up(*, request_id: int, job_number: str, step_code: str, step_name: str, note: str, unit: Unit) -> None:
    """What a step found not good is asked for under a number of its own, once, at the same place, for the same asker.

    It waits for the desk, which knows what kind of work it is. Records RequestRaised, FollowUpOpened, FollowUpNamed.
    Budget: 2.
    """
    parent = request_by_key(unit, request_id)
    ref = step_ref(job_number, step_code)
    known = Request.objects.filter(site_id=parent.site_id, channel="follow_up", source_ref=ref)
    if unit.kin(Request, "source_ref", ref, lambda: known):
        return
    said = f"{step_name}：{note.strip()}" if note.strip() else step_name
    request = Request(
        site_id=parent.site_id,
        number=ids.next_number(),
        channel="follow_up",
        state=RequestState.RECEIVED,
        text=said,
        priority=_UNSAID_PRIORITY,
        place_id=parent.place_id,
        place_path=parent.place_path,
        place_name=parent.place_name,
        place_name_en=parent.place_name_en,
        place_words=parent.place_words,
        department_id=parent.department_id,
        owner_id=parent.owner_id,
        requester_name=parent.requester_name,
        requester_phone=parent.requester_phone,
        first_contact_id=parent.first_contact_id,
        party_keys=list(parent.party_keys),
        source_ref=ref,
        created_at=unit.happened_at,
        changed_at=unit.at,
    )
    unit.insert(request)
    memo = memo_of(unit)
    memo.requests[request.pk] = request
    memo.promises[request.pk] = []
    unit.record(
        RequestRaised(
            site_id=request.site_id,
            subject_id=request.pk,
            thread_id=request.pk,
            number=request.number,
            channel=request.channel,
            priority=request.priority,
            line_code="",
            item_id=None,
            place_id=request.place_id,
            raised_at=request.created_at,
            has_contract_gap=False,
            edition_id=_unclear_edition(request.site_id, request.created_at),
        )
    )
    unit.record(
        FollowUpOpened(
            site_id=request.site_id,
            subject_id=request.pk,
            thread_id=request.pk,
            job_number=job_number,
            step=step_name,
        )
    )
    unit.record(
        FollowUpNamed(
            site_id=request.site_id,
            subject_id=parent.pk,
            thread_id=parent.pk,
            number=request.number,
            step=step_name,
        )
    )
    settle(request, unit)


#: The urgency of what nobody has classified yet.
_UNSAID_PRIORITY = 3


def _unclear_edition(site_id: int, at: datetime) -> int | None:
    try:
        return standards.default_edition(site_id, at=at)
    except NotFound:
        return None
