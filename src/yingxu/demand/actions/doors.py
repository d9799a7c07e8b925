"""Doors: opened and changed by administrators; who writes from which address is learned once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yingxu.demand.actions.changed import checked as checked_text
from yingxu.demand.doors import checked
from yingxu.demand.events import DoorChanged, DoorOpened, SenderNamed
from yingxu.demand.models import Door, Message, Sender
from yingxu.ground import authority, queries
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Account
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit


@dataclass(frozen=True)
class DoorMade:
    """A door's key, public id, and the secret part of its address."""

    id: int
    uid: UUID
    token: str


def open_door(
    *,
    site_id: int,
    kind: str,
    name: str,
    settings: Mapping[str, Any],
    place_code: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> DoorMade:
    """There is another way in, with an address that nobody guesses. Records DoorOpened.

    Refuses: NotAllowed, Malformed, NotFound (the place). Budget: 2 reads, one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "door.manage", where=Where(site_id))
        kept = checked(kind, settings)
        said = checked_text(name, "name", limit=64)
        if Door.objects.filter(site_id=site_id, name=said).exists():
            raise Malformed(field="name", problem="twice", limit=said)
        door = unit.insert(
            Door(
                site_id=site_id,
                kind=kind,
                name=said,
                token=secrets.token_urlsafe(24),
                settings=kept,
                place_id=_place(site_id, kind, place_code),
                made_at=at,
            )
        )
        unit.record(DoorOpened(site_id=site_id, subject_id=door.pk, thread_id=door.pk, door_kind=kind, name=said))
        unit.answer(DoorMade(door.pk, door.uid, door.token))
    return unit.answered(DoorMade)


def change_door(
    *,
    door_id: UUID,
    name: str,
    settings: Mapping[str, Any],
    place_code: str = "",
    is_on: bool,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> DoorMade:
    """The door has these settings now, and is on or off. Records DoorChanged.

    Refuses: NotFound, NotAllowed, Malformed. Budget: 3 reads, one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        door = Door.objects.filter(uid=door_id).first()
        if door is None:
            raise NotFound(kind="door", name=str(door_id))
        authority.require(actor, "door.manage", where=Where(door.site_id))
        kept = checked(door.kind, settings)
        said = checked_text(name, "name", limit=64)
        if Door.objects.filter(site_id=door.site_id, name=said).exclude(pk=door.pk).exists():
            raise Malformed(field="name", problem="twice", limit=said)
        changed = sorted(key for key in {*kept, *door.settings} if kept.get(key) != door.settings.get(key))
        unit.change(
            door,
            name=said,
            settings=kept,
            place_id=_place(door.site_id, door.kind, place_code),
            is_on=is_on,
            trouble="",
            trouble_at=None,
        )
        unit.record(
            DoorChanged(
                site_id=door.site_id,
                subject_id=door.pk,
                thread_id=door.pk,
                name=said,
                is_on=is_on,
                settings=tuple(changed),
            )
        )
        unit.answer(DoorMade(door.pk, door.uid, door.token))
    return unit.answered(DoorMade)


def _place(site_id: int, kind: str, code: str) -> int | None:
    if not code.strip():
        if kind == "kiosk":
            raise Malformed(field="place", problem="missing")
        return None
    return queries.place_by_code(site_id, code.strip()).id


@dataclass(frozen=True)
class Noted:
    """Nothing to say."""

    is_noted: bool


def note_door(*, door_id: int, trouble: str = "", actor: Actor, at: datetime) -> Noted:
    """The door was heard of now, or says what keeps it from being heard. Records nothing: it is a gauge.

    Refuses: NotFound, NotAllowed. Budget: one read, one write.
    """
    with Unit(actor=actor, at=at) as unit:
        door = Door.objects.filter(pk=door_id).first()
        if door is None:
            raise NotFound(kind="door", name=str(door_id))
        authority.require(actor, "door.note", where=Where(door.site_id))
        if trouble:
            unit.change(door, trouble=trouble[:300], trouble_at=at)
        else:
            unit.change(door, last_seen_at=at, trouble="", trouble_at=None)
        unit.answer(Noted(True))
    return unit.answered(Noted)


def name_sender(
    *,
    message_id: UUID,
    username: str = "",
    place_code: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> Noted:
    """The address that a message came from belongs to this person, or writes from this place, from now on.

    Records SenderNamed. Refuses: NotFound, NotAllowed, Malformed (neither given). Budget: 4 reads, one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        message = Message.objects.select_related("door").filter(uid=message_id).first()
        if message is None:
            raise NotFound(kind="message", name=str(message_id))
        site_id, kind = message.door.site_id, message.door.kind
        authority.require(actor, "message.settle", where=Where(site_id))
        if not username.strip() and not place_code.strip():
            raise Malformed(field="worker", problem="missing")
        account_id = _account(username.strip()) if username.strip() else None
        place_id = queries.place_by_code(site_id, place_code.strip()).id if place_code.strip() else None
        sender = Sender.objects.filter(site_id=site_id, kind=kind, address=message.sender).first()
        if sender is None:
            sender = unit.insert(
                Sender(
                    site_id=site_id,
                    kind=kind,
                    address=message.sender,
                    name=message.sender_name,
                    account_id=account_id,
                    place_id=place_id,
                )
            )
        else:
            unit.change(sender, account_id=account_id, place_id=place_id)
        unit.record(SenderNamed(site_id=site_id, subject_id=sender.pk, thread_id=message.pk, account_id=account_id))
        unit.answer(Noted(True))
    return unit.answered(Noted)


def _account(username: str) -> int:
    key = Account.objects.filter(username=username, is_active=True).values_list("id", flat=True).first()
    if key is None:
        raise NotFound(kind="account", name=username)
    return key
