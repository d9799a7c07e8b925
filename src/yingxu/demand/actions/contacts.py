"""Who took it in stays the asker's contact until a colleague agrees to be (首问负责, S29)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from yingxu.demand.actions.changed import Changed, changed, load_for, require_open
from yingxu.demand.events import FirstContactAsked, FirstContactChanged
from yingxu.demand.reads import request_by_uid, where_of
from yingxu.demand.refusals import NobodyWasAsked
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import Account
from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import CommandKey, Unit


def ask_first_contact(
    *, request_id: UUID, account_id: int, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Changed:
    """The contact asks a colleague to take over; he or she stays the contact until the colleague agrees.

    Records FirstContactAsked. Refuses: NotFound, NotAllowed, NotInThisState, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = request_by_uid(unit, request_id)
        holder = (request.first_contact_id,) if request.first_contact_id else ()
        where = replace(where_of(request), owner_ids=holder)
        authority.require(actor, "first_contact.hand_over", where=where)
        require_open(request, "first_contact.hand_over")
        if not Account.objects.filter(pk=account_id, is_active=True).exists():
            raise NotFound(kind="account", name=str(account_id))
        unit.change(request, seen=["first_contact"], asked_contact_id=account_id)
        unit.record(
            FirstContactAsked(
                site_id=request.site_id, subject_id=request.pk, thread_id=request.pk, account_id=account_id
            )
        )
        changed(unit, request)
    return unit.answered(Changed)


def accept_first_contact(*, request_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Changed:
    """The colleague agrees and is the contact from now; the duty desk's requests may be taken without being asked.

    Records FirstContactChanged. Refuses: NotFound, NotAllowed, NotInThisState, NobodyWasAsked, Stale. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = load_for(unit, request_id, "first_contact.claim")
        require_open(request, "first_contact.claim")
        key = actor.account_id
        if key is None or (request.first_contact_id is not None and request.asked_contact_id != key):
            raise NobodyWasAsked
        unit.change(request, seen=["first_contact", "asked_contact"], first_contact_id=key, asked_contact_id=None)
        unit.record(
            FirstContactChanged(site_id=request.site_id, subject_id=request.pk, thread_id=request.pk, account_id=key)
        )
        changed(unit, request)
    return unit.answered(Changed)
