"""What a verb on a request answers, and the first steps that all of them share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from yingxu.demand.follow_up import settle
from yingxu.demand.models import Request
from yingxu.demand.reads import request_by_uid, where_of
from yingxu.demand.refusals import NotInThisState
from yingxu.demand.words import say
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import Unit

WORD_LIMIT = 2000

__all__ = [
    "Changed",
    "changed",
    "checked",
    "in_askers_name",
    "is_asker",
    "load_for",
    "require_open",
    "require_state",
    "say",
]


@dataclass(frozen=True)
class Changed:
    """A request after an act on it."""

    id: UUID
    number: str
    state: str
    is_open: bool
    priority: int
    final_answer: str
    word_due_at: datetime | None


def load_for(unit: Unit, request_id: UUID, action: str, *, reason: str | None = None) -> Request:
    """Return the request if the actor may do this to it; refuses: NotFound, NotAllowed, ReasonNeeded. One query."""
    request = request_by_uid(unit, request_id)
    authority.require(unit.actor, action, where=where_of(request), reason=reason)
    return request


def require_state(request: Request, action: str, allowed: frozenset[str]) -> None:
    """Refuse unless the request shows one of these public states and is in the state that its row says."""
    if request.shown_state not in allowed:
        raise NotInThisState(action=action, state=request.shown_state)


def require_open(request: Request, action: str) -> None:
    """Refuse unless the request is open."""
    if not request.is_open:
        raise NotInThisState(action=action, state=request.shown_state)


def checked(text: str, field: str, *, is_needed: bool = True, limit: int = WORD_LIMIT) -> str:
    """Return a text without its margins; refuses: Malformed."""
    said = text.strip()
    if is_needed and not said:
        raise Malformed(field=field, problem="missing")
    if len(said) > limit:
        raise Malformed(field=field, problem="too_long", limit=str(limit))
    if "\x00" in said:
        raise Malformed(field=field, problem="wrong_type")
    return said


def is_asker(actor: Actor, request: Request) -> bool:
    """Tell whether the actor is the one who asked: by account, private link or printed code."""
    if actor.kind in {"link", "qr"}:
        return True
    return actor.account_id is not None and actor.account_id == request.owner_id


def in_askers_name(unit: Unit, request: Request) -> None:
    """Keep both names when a desk records what the asker said (domain 4.3.6)."""
    if request.owner_id is not None and unit.actor.account_id not in (None, request.owner_id):
        unit.actor = replace(unit.actor, behalf_id=request.owner_id)


def changed(unit: Unit, request: Request) -> Changed:
    """Settle the row and state the verb's result; the last line of every verb."""
    settle(request, unit)
    return unit.answer(
        Changed(
            id=request.uid,
            number=request.number,
            state=request.shown_state,
            is_open=request.is_open,
            priority=request.priority,
            final_answer=request.final_answer,
            word_due_at=request.word_due_at,
        )
    )
