"""Endings that are not work: no with a reason, withdrawn, answered in words. Each leaves one final answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yingxu.demand.actions.changed import (
    Changed,
    changed,
    checked,
    in_askers_name,
    is_asker,
    load_for,
    require_state,
    say,
)
from yingxu.demand.actions.elsewhere import come_back, send_again
from yingxu.demand.actions.urgency import put_proposal, take_proposal
from yingxu.demand.answering import record_answer
from yingxu.demand.events import (
    DeclineProposed,
    ObjectionAccepted,
    ObjectionRaised,
    RequestCancelled,
    RequestDeclined,
)
from yingxu.demand.models import FinalAnswer, Request, RequestState
from yingxu.demand.public_state import BEFORE_ARRIVAL, BEFORE_FINISH, BEFORE_SENDING
from yingxu.demand.reads import where_of
from yingxu.demand.refusals import AlreadyArrived, AskersWordNeeded, OnSiteConfirmationNeeded, WorkUnderWay
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed, NotAllowed
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.library import by_code

_DECLINED = frozenset({"declined"})
_ELSEWHERE = frozenset({"cancelled", "closed", "merged", "declined", "transferred"})


def propose_decline(
    *,
    request_id: UUID,
    reason_code: str,
    alternative: str,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> Changed:
    """The desk proposes to say no, with a reason and what the asker can do instead; the hospital decides.

    Records DeclineProposed. Refuses: NotFound, NotAllowed, NotInThisState, ProposalPending, Malformed. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.propose_decline")
        require_state(request, "request.propose_decline", BEFORE_SENDING)
        if reason_code not in by_code("decline_reasons"):
            raise Malformed(field="reason", problem="unknown")
        instead = checked(alternative, "alternative")
        put_proposal(unit, request, {"kind": "decline", "reason_code": reason_code, "alternative": instead})
        unit.record(
            DeclineProposed(
                site_id=request.site_id, subject_id=request.pk, thread_id=request.pk, reason_code=reason_code
            )
        )
        changed(unit, request)
    return unit.answered(Changed)


def decline_request(*, request_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Changed:
    """The hospital agrees: the answer is no, with the reason and the alternative that were proposed; the asker is told.

    Records RequestDeclined, RequestAnswered. Refuses: NotFound, NotAllowed, NotInThisState, NothingProposed, Stale.
    Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.decline")
        require_state(request, "request.decline", BEFORE_SENDING)
        proposal = take_proposal(unit, request, "decline")
        reason_code = proposal["reason_code"]
        answer = f"{by_code('decline_reasons')[reason_code]['told_zh']}。{proposal['alternative']}"
        say(unit, request, "answer", answer)
        _end(unit, request, RequestState.DECLINED, FinalAnswer.DECLINED, answer)
        unit.record(
            RequestDeclined(
                site_id=request.site_id, subject_id=request.pk, thread_id=request.pk, reason_code=reason_code
            )
        )
        record_answer(request, unit)
        changed(unit, request)
    return unit.answered(Changed)


def object_to_decline(
    *, request_id: UUID, text: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Changed:
    """The asker does not agree with the no; the hospital looks at it again.

    Records ObjectionRaised. Refuses: NotFound, NotAllowed, NotInThisState, Malformed. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.object")
        require_state(request, "request.object", _DECLINED)
        say(unit, request, "objection", checked(text, "text"), is_from_asker=True)
        unit.record(ObjectionRaised(site_id=request.site_id, subject_id=request.pk, thread_id=request.pk))
        changed(unit, request)
    return unit.answered(Changed)


def accept_objection(*, request_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Changed:
    """The asker's objection is right: the no is taken back and it goes on.

    Records ObjectionAccepted, RequestAccepted when it has no job yet and work can be sent.
    Refuses: NotFound, NotAllowed, NotInThisState, Stale. Budget: 6.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.accept_objection")
        require_state(request, "request.accept_objection", _DECLINED)
        come_back(unit, request)
        unit.record(ObjectionAccepted(site_id=request.site_id, subject_id=request.pk, thread_id=request.pk))
        send_again(unit, request)
        changed(unit, request)
    return unit.answered(Changed)


def cancel_request(
    *,
    request_id: UUID,
    reason_code: str,
    actor: Actor,
    at: datetime,
    askers_word: str = "",
    command: CommandKey | None = None,
) -> Changed:
    """It is withdrawn: by its asker before anybody arrived, or by the desk with the asker's own word.

    A P1 is called off only for a reason that says somebody looked on site. Records RequestCancelled, RequestAnswered.
    Refuses: NotFound, NotAllowed, NotInThisState, AlreadyArrived, AskersWordNeeded, OnSiteConfirmationNeeded,
    Malformed, Stale. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.cancel")
        rule = by_code("cancel_reasons").get(reason_code)
        if rule is None:
            raise Malformed(field="reason", problem="unknown")
        if not authority.roles_for(actor, "request.cancel", where=where_of(request)) & set(rule["who"].split(";")):
            raise NotAllowed(action="request.cancel")
        own = is_asker(actor, request)
        if own and request.shown_state in BEFORE_FINISH - BEFORE_ARRIVAL:
            raise AlreadyArrived
        require_state(request, "request.cancel", BEFORE_ARRIVAL if own else BEFORE_FINISH)
        if request.priority == 1 and rule["not_for_p1"] == "1":
            raise OnSiteConfirmationNeeded
        said = checked(askers_word, "text", is_needed=False)
        if not own and rule["needs_requester_word"] == "1":
            if not said:
                raise AskersWordNeeded
            in_askers_name(unit, request)
        if said:
            say(unit, request, "withdrawn", said, is_from_asker=True)
        was_sent = request.shown_state not in BEFORE_SENDING
        _end(unit, request, RequestState.ANSWERED, FinalAnswer.CANCELLED, said or rule["name_zh"])
        unit.record(
            RequestCancelled(
                site_id=request.site_id,
                subject_id=request.pk,
                thread_id=request.pk,
                reason_code=reason_code,
                was_sent=was_sent,
            )
        )
        record_answer(request, unit)
        changed(unit, request)
    return unit.answered(Changed)


def answer_request(
    *, request_id: UUID, answer: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Changed:
    """It is answered in words, which is all that it needed: a question, a suggestion, a complaint explained.

    Records RequestAnswered. Refuses: NotFound, NotAllowed, NotInThisState, WorkUnderWay, Malformed, Stale. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.answer")
        if set(request.job_states.values()) - _ELSEWHERE:
            raise WorkUnderWay
        require_state(request, "request.answer", BEFORE_SENDING)
        said = checked(answer, "answer")
        say(unit, request, "answer", said)
        _end(unit, request, RequestState.ANSWERED, FinalAnswer.EXPLAINED, said)
        record_answer(request, unit)
        changed(unit, request)
    return unit.answered(Changed)


def _end(unit: Unit, request: Request, state: RequestState, final_answer: FinalAnswer, answer: str) -> None:
    unit.change(
        request,
        seen=["state", "is_open"],
        state=state,
        final_answer=final_answer,
        answer_text=answer,
        is_open=False,
        closed_at=unit.at,
        word_due_at=None,
        proposal=None,
    )
