"""Calls: the exchange tells who rings, who picked up, who gave up; whoever gave up is called back (S31)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yingxu.demand.actions.changed import checked
from yingxu.demand.events import CallAbandoned, CallAnswered, CallRang, CallSettled
from yingxu.demand.models import Call, Door, Request
from yingxu.demand.refusals import CallIsOver
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Account, Holding
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit

EVENTS = ("ringing", "answered", "abandoned", "ended")
#: Somebody calls back within ten minutes, as after an urge (domain 5.6); a house rule.
CALL_BACK_WITHIN = timedelta(minutes=10)
#: Not reached so often is unreachable (domain 5.9, three failed attempts).
MOST_TRIES = 3
#: How a call-back may go; after the first two nothing more is owed.
OUTCOMES = ("reached", "request", "no_answer", "wrong_number", "not_needed")
_AGAIN = "called_again"
_UNREACHED = "unreached"


@dataclass(frozen=True)
class CallNoted:
    """A call as it stands."""

    id: UUID
    state: str
    call_back_by: datetime | None


def note_call(
    *,
    door_id: int,
    external_id: str,
    event: str,
    number: str = "",
    agent: str = "",
    happened_at: datetime | None = None,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> CallNoted:
    """The call is as the exchange says. What is said twice, or too late to matter, changes nothing.

    Records CallRang, CallAnswered or CallAbandoned. Refuses: NotFound (the door), NotAllowed, Malformed.
    Budget: 3 reads, one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        door = Door.objects.filter(pk=door_id, kind="pbx").first()
        if door is None:
            raise NotFound(kind="door", name=str(door_id))
        authority.require(actor, "call.note", where=Where(door.site_id))
        name = checked(external_id, "call", limit=100)
        if event not in EVENTS:
            raise Malformed(field="event", problem="unknown")
        moment = min(happened_at, at) if happened_at is not None else at
        unit.locking()
        call = Call.objects.select_for_update().filter(door=door, external_id=name).first()
        if call is None:
            call = unit.insert(
                Call(
                    site_id=door.site_id,
                    door_id=door.pk,
                    external_id=name,
                    number=number.strip()[:32],
                    state="ringing",
                    rang_at=moment,
                )
            )
            unit.record(CallRang(site_id=call.site_id, subject_id=call.pk, thread_id=call.pk, at=moment))
        elif number.strip() and not call.number:
            unit.change(call, number=number.strip()[:32])
        if event == "answered" and call.state == "ringing":
            _answered(unit, call, agent.strip()[:64], moment)
        elif event in {"abandoned", "ended"} and call.state == "ringing":
            _abandoned(unit, call, moment)
        elif event == "ended" and call.state == "answered":
            unit.change(call, state="over", ended_at=moment)
        unit.answer(CallNoted(call.uid, call.state, call.call_back_by))
    return unit.answered(CallNoted)


def _answered(unit: Unit, call: Call, agent: str, moment: datetime) -> None:
    clerk = (
        Account.objects.filter(
            is_active=True, id__in=Holding.objects.filter(site_id=call.site_id, ends_at=None).values("account")
        )
        .filter(username=agent)
        .values_list("id", flat=True)
        .first()
        if agent
        else None
    )
    unit.change(call, state="answered", answered_at=moment, agent=agent, clerk_id=clerk)
    unit.record(CallAnswered(site_id=call.site_id, subject_id=call.pk, thread_id=call.pk, agent=agent))
    for missed in _missed(call):
        _settle(unit, missed, _AGAIN, is_over=True)


def _abandoned(unit: Unit, call: Call, moment: datetime) -> None:
    """The caller waits for us from the first try on: a later one takes over the earlier one's time."""
    by = moment + CALL_BACK_WITHIN
    for missed in _missed(call):
        if missed.call_back_by is not None:
            by = min(by, missed.call_back_by)
        _settle(unit, missed, _AGAIN, is_over=True)
    unit.change(call, state="abandoned", ended_at=moment, call_back_by=by)
    unit.record(CallAbandoned(site_id=call.site_id, subject_id=call.pk, thread_id=call.pk, call_back_by=by))


def _missed(call: Call) -> list[Call]:
    """Return the earlier calls of the same number that wait for a call-back."""
    if not call.number:
        return []
    rows = Call.objects.select_for_update().filter(site_id=call.site_id, state="abandoned", number=call.number)
    return list(rows.exclude(pk=call.pk).order_by("id"))


def settle_call(
    *,
    call_id: UUID,
    outcome: str,
    note: str = "",
    request_id: UUID | None = None,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> CallNoted:
    """It is known how the call-back went, or that a call became a request. No answer: again in ten minutes, thrice.

    Records CallSettled. Refuses: NotFound, NotAllowed, Malformed, CallIsOver, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        call = Call.objects.filter(uid=call_id).first()
        if call is None:
            raise NotFound(kind="call", name=str(call_id))
        authority.require(actor, "call.settle", where=Where(call.site_id))
        if outcome not in OUTCOMES:
            raise Malformed(field="outcome", problem="unknown")
        if call.state != "abandoned" and outcome != "request":
            raise CallIsOver
        said = checked(note, "note", is_needed=False, limit=300)
        request = Request.objects.filter(uid=request_id, site_id=call.site_id).first() if request_id else None
        if request is not None:
            unit.change(call, request_id=request.pk)
        if said:
            unit.change(call, note=said)
        if call.state != "abandoned":
            unit.change(call, outcome=outcome)
        elif outcome == "no_answer" and call.n_tries + 1 < MOST_TRIES:
            unit.change(call, seen=["n_tries"], n_tries=call.n_tries + 1, call_back_by=at + CALL_BACK_WITHIN)
            _settle(unit, call, outcome, is_over=False)
        else:
            unit.change(call, seen=["n_tries"], n_tries=call.n_tries + 1)
            _settle(unit, call, _UNREACHED if outcome == "no_answer" else outcome, is_over=True)
        unit.answer(CallNoted(call.uid, call.state, call.call_back_by))
    return unit.answered(CallNoted)


def _settle(unit: Unit, call: Call, outcome: str, *, is_over: bool) -> None:
    unit.change(call, seen=["state"], outcome=outcome, settled_by_id=unit.actor.account_id, settled_at=unit.at)
    if is_over:
        unit.change(call, state="over", call_back_by=None)
    unit.record(
        CallSettled(
            site_id=call.site_id,
            subject_id=call.pk,
            thread_id=call.pk,
            outcome=outcome,
            n_tries=call.n_tries,
            is_over=is_over,
        )
    )
