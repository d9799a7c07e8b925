"""The urgency changes: up by those who see the danger, down by the hospital alone (decision 13)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yingxu.demand.actions.changed import Changed, changed, checked, load_for, require_open, require_state, say
from yingxu.demand.actions.desk import change_priority
from yingxu.demand.events import LoweringProposed, ProposalRefused
from yingxu.demand.models import Request
from yingxu.demand.public_state import BEFORE_ARRIVAL
from yingxu.demand.reads import where_of
from yingxu.demand.refusals import NotHigher, NothingProposed, ProposalPending
from yingxu.demand.sides import require_hospital_side
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotAllowed
from yingxu.ground.unit import CommandKey, Unit


def raise_priority(
    *,
    request_id: UUID,
    priority: int,
    actor: Actor,
    at: datetime,
    reason: str = "",
    command: CommandKey | None = None,
) -> Changed:
    """It is more urgent than it was; clocks go on under the shorter limits and keep the time they have used.

    Records PriorityChanged. Refuses: NotFound, NotAllowed, ReasonNeeded, NotInThisState, NotHigher, Stale. Budget: 6.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "priority.raise", reason=reason)
        require_open(request, "priority.raise")
        _require_side(request, priority, is_up=True)
        if priority != 1 and authority.is_bound(actor, "priority.raise", "to_p1_only", where=where_of(request)):
            raise NotAllowed(action="priority.raise")
        change_priority(unit, request, priority, reason=reason.strip())
        changed(unit, request)
    return unit.answered(Changed)


def lower_priority(
    *,
    request_id: UUID,
    priority: int,
    reason: str,
    told: str,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> Changed:
    """The hospital's own desk found it less urgent, before anybody arrived, and told the asker so.

    ``told``: what the asker was told. A company's desk proposes instead. Records PriorityChanged.
    Refuses: NotFound, NotAllowed, ReasonNeeded, HospitalDecides, NotInThisState, NotHigher, Malformed, Stale.
    Budget: 7.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "priority.lower", reason=reason)
        require_hospital_side(actor, "priority.lower", site_id=request.site_id)
        require_state(request, "priority.lower", BEFORE_ARRIVAL)
        _require_side(request, priority, is_up=False)
        say(unit, request, "word", checked(told, "told"))
        change_priority(unit, request, priority, reason=reason.strip())
        changed(unit, request)
    return unit.answered(Changed)


def propose_lowering(
    *, request_id: UUID, priority: int, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Changed:
    """A desk thinks it less urgent; nothing changes until the hospital agrees.

    Records LoweringProposed. Refuses: NotFound, NotAllowed, ReasonNeeded, NotInThisState, NotHigher, ProposalPending.
    Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "priority.propose_lower", reason=reason)
        require_state(request, "priority.propose_lower", BEFORE_ARRIVAL)
        _require_side(request, priority, is_up=False)
        put_proposal(unit, request, {"kind": "lower", "priority": priority, "reason": reason.strip()})
        unit.record(
            LoweringProposed(
                site_id=request.site_id,
                subject_id=request.pk,
                thread_id=request.pk,
                before=request.priority,
                after=priority,
                reason=reason.strip(),
            )
        )
        changed(unit, request)
    return unit.answered(Changed)


def approve_lowering(
    *, request_id: UUID, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Changed:
    """The hospital agrees that it is less urgent; the asker is told by the desk that proposed it.

    Records PriorityChanged. Refuses: NotFound, NotAllowed, ReasonNeeded, NothingProposed, Stale. Budget: 6.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "priority.approve_lower", reason=reason)
        proposal = take_proposal(unit, request, "lower")
        change_priority(unit, request, int(proposal["priority"]), reason=reason.strip())
        changed(unit, request)
    return unit.answered(Changed)


def refuse_proposal(
    *, request_id: UUID, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Changed:
    """The hospital does not agree with what was proposed, lowering or declining; it goes on as before.

    Records ProposalRefused. Refuses: NotFound, NotAllowed, ReasonNeeded, NothingProposed, Stale. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "priority.approve_lower", reason=reason)
        proposal = take_proposal(unit, request, None)
        unit.record(
            ProposalRefused(
                site_id=request.site_id,
                subject_id=request.pk,
                thread_id=request.pk,
                proposal=str(proposal["kind"]),
                reason=reason.strip(),
            )
        )
        changed(unit, request)
    return unit.answered(Changed)


def put_proposal(unit: Unit, request: Request, proposal: dict[str, object]) -> None:
    """Keep one open proposal; refuses: ProposalPending."""
    if request.proposal is not None:
        raise ProposalPending(kind=str(request.proposal["kind"]))
    unit.change(request, seen=["proposal"], proposal={**proposal, "by": unit.actor.account_id})


def take_proposal(unit: Unit, request: Request, kind: str | None) -> dict[str, str]:
    """Return the open proposal and clear it; refuses: NothingProposed."""
    proposal: dict[str, str] | None = request.proposal
    if proposal is None or (kind is not None and proposal["kind"] != kind):
        raise NothingProposed(kind=kind or "")
    unit.change(request, seen=["proposal"], proposal=None)
    return proposal


def _require_side(request: Request, after: int, *, is_up: bool) -> None:
    is_valid = 1 <= after <= 4 and (after < request.priority if is_up else after > request.priority)
    if not is_valid:
        raise NotHigher(before=request.priority, after=after)
