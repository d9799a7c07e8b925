"""It is answered elsewhere: with another request of the same incident, or by whoever owns it outside logistics."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yingxu.demand.actions.changed import Changed, changed, checked, load_for, require_state, say
from yingxu.demand.actions.desk import change_priority
from yingxu.demand.actions.raising import accept, is_ready
from yingxu.demand.answering import record_answer
from yingxu.demand.events import (
    RequestMerged,
    RequestTransferred,
    RequestUnmerged,
    TransferAccepted,
    TransferReturned,
)
from yingxu.demand.follow_up import LOOK_AGAIN_S, RECEIVER_S, settle
from yingxu.demand.models import FinalAnswer, Request, RequestState
from yingxu.demand.public_state import BEFORE_FINISH, BEFORE_SENDING
from yingxu.demand.refusals import NotTheSameIncident, UnmergeWindowOver
from yingxu.ground.actor import Actor
from yingxu.ground.models import Party
from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards import queries as standards
from yingxu.standards.models import Item

UNMERGE_WINDOW = timedelta(hours=24)
_TRANSFERRED = frozenset({"transferred"})


def merge_request(
    *, request_id: UUID, master_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Changed:
    """It reports the same incident as another: one piece of work, and its asker keeps number, news and final answer.

    The incident is as urgent as the more urgent of both reports (domain 2.1, rule 5: it may rise, never silently fall).
    Records RequestMerged, PriorityChanged of the other where it rises.
    Refuses: NotFound, NotAllowed, NotInThisState, NotTheSameIncident, Stale. Budget: 5; 8 where it rises.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.merge")
        master = load_for(unit, master_id, "request.merge")
        require_state(request, "request.merge", BEFORE_SENDING)
        if master.pk == request.pk or master.site_id != request.site_id or not master.is_open:
            raise NotTheSameIncident(master=master.number)
        unit.change(
            request,
            seen=["state", "is_open"],
            state=RequestState.MERGED,
            master_id=master.pk,
            merged_at=at,
            is_open=False,
            final_answer=FinalAnswer.MERGED,
            closed_at=at,
            word_due_at=None,
            proposal=None,
        )
        if request.n_urges:
            unit.change(master, n_urges=master.n_urges + request.n_urges, changed_at=at)
        if request.priority < master.priority:
            change_priority(unit, master, request.priority, reason=request.number)
            settle(master, unit)
        for earlier in Request.objects.filter(master_id=request.pk, state=RequestState.MERGED):
            unit.change(earlier, master_id=master.pk)
        unit.record(
            RequestMerged(
                site_id=request.site_id,
                subject_id=request.pk,
                thread_id=request.pk,
                master_id=master.pk,
                master_number=master.number,
            )
        )
        changed(unit, request)
    return unit.answered(Changed)


def unmerge_request(*, request_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Changed:
    """The merge is taken back within a day: it stands for itself again, its clocks count the time in between.

    Records RequestUnmerged, RequestAccepted when it has no job yet and work can be sent.
    Refuses: NotFound, NotAllowed, NotInThisState, UnmergeWindowOver, Stale. Budget: 6.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.unmerge")
        require_state(request, "request.unmerge", frozenset({"merged"}))
        if request.merged_at is None or at - request.merged_at > UNMERGE_WINDOW:
            raise UnmergeWindowOver
        master_key = request.master_id or 0
        come_back(unit, request, master_id=None, merged_at=None)
        unit.record(
            RequestUnmerged(site_id=request.site_id, subject_id=request.pk, thread_id=request.pk, master_id=master_key)
        )
        send_again(unit, request)
        changed(unit, request)
    return unit.answered(Changed)


def come_back(unit: Unit, request: Request, **values: object) -> None:
    """Open it again: with its jobs, or to the desk when it never had one and its item is not known."""
    state = RequestState.ACCEPTED if request.job_states or request.item_id else RequestState.RECEIVED
    unit.change(
        request,
        seen=["state"],
        state=state,
        is_open=True,
        final_answer="",
        answer_text="",
        closed_at=None,
        **values,
    )


def send_again(unit: Unit, request: Request) -> None:
    """Send work for a request that came back and never had a job. Jobs that it had follow by the loop's page."""
    if request.job_states or request.item_id is None:
        return
    code = Item.objects.filter(pk=request.item_id).values_list("code", flat=True).first()
    asked = standards.asking(
        request.site_id, on=request.created_at.date(), at=unit.at, item_code=code, place_id=request.place_id
    )
    if asked.item is not None and is_ready(asked.item, request):
        accept(unit, request, (asked.item,), asked)
    else:
        unit.change(request, state=RequestState.RECEIVED)


def transfer_request(
    *,
    request_id: UUID,
    receiver_code: str,
    actor: Actor,
    at: datetime,
    word: str = "",
    command: CommandKey | None = None,
) -> Changed:
    """It is carried to whoever owns it outside logistics; who took it in asks until the receiver accepts.

    A P1 that is not accepted within three minutes alarms the desk. ``word``: what the asker was told.
    Records RequestTransferred. Refuses: NotFound, NotAllowed, NotInThisState, Malformed, Stale. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.transfer")
        require_state(request, "request.transfer", BEFORE_FINISH)
        receiver_code = checked(receiver_code, "receiver")
        receiver = Party.objects.filter(site_id=request.site_id, code=receiver_code).first()
        if receiver is None:
            raise NotFound(kind="receiver", name=receiver_code)
        said = checked(word, "text", is_needed=False)
        if said:
            say(unit, request, "word", said)
        unit.change(
            request,
            seen=["state", "is_open"],
            state=RequestState.TRANSFERRED,
            receiver_id=receiver.pk,
            receiver_accepted_at=None,
            word_due_at=at + timedelta(seconds=RECEIVER_S[request.priority]),
            proposal=None,
        )
        unit.record(
            RequestTransferred(
                site_id=request.site_id,
                subject_id=request.pk,
                thread_id=request.pk,
                receiver_id=receiver.pk,
                receiver_name=receiver.name,
            )
        )
        changed(unit, request)
    return unit.answered(Changed)


def accept_transfer(
    *, request_id: UUID, contact: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Changed:
    """The receiver took it over, and by whom; the first contact goes on asking until the answer is there.

    Records TransferAccepted. Refuses: NotFound, NotAllowed, NotInThisState, Malformed, Stale. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "request.transfer")
        require_state(request, "request.transfer", _TRANSFERRED)
        say(unit, request, "receiver", checked(contact, "contact"))
        unit.change(
            request,
            seen=["state"],
            receiver_accepted_at=at,
            word_due_at=at + timedelta(seconds=LOOK_AGAIN_S[request.priority]),
        )
        unit.record(
            TransferAccepted(
                site_id=request.site_id,
                subject_id=request.pk,
                thread_id=request.pk,
                receiver_id=request.receiver_id or 0,
            )
        )
        changed(unit, request)
    return unit.answered(Changed)


def close_transfer(
    *, request_id: UUID, answer: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Changed:
    """The receiver's answer is there and the asker was told it.

    Records RequestAnswered. Refuses: NotFound, NotAllowed, NotInThisState, Malformed, Stale. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "transfer.close")
        require_state(request, "transfer.close", _TRANSFERRED)
        said = checked(answer, "answer")
        say(unit, request, "answer", said)
        unit.change(
            request,
            seen=["state"],
            state=RequestState.ANSWERED,
            final_answer=FinalAnswer.TRANSFERRED,
            answer_text=said,
            is_open=False,
            closed_at=at,
            word_due_at=None,
        )
        record_answer(request, unit)
        changed(unit, request)
    return unit.answered(Changed)


def return_transfer(
    *, request_id: UUID, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Changed:
    """The receiver gave it back with a reason; it waits at the desk or in the queue again.

    Records TransferReturned, RequestAccepted when it has no job yet and work can be sent.
    Refuses: NotFound, NotAllowed, NotInThisState, Malformed, Stale. Budget: 6.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "transfer.take_back")
        require_state(request, "transfer.take_back", _TRANSFERRED)
        said = checked(reason, "reason")
        say(unit, request, "returned", said)
        come_back(unit, request, receiver_id=None, receiver_accepted_at=None, word_due_at=None)
        unit.record(TransferReturned(site_id=request.site_id, subject_id=request.pk, thread_id=request.pk, reason=said))
        send_again(unit, request)
        changed(unit, request)
    return unit.answered(Changed)
