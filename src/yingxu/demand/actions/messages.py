"""What comes in at a door: kept first, taken in after, and looked at by a person when it could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from yingxu.demand.events import MessagePutAway, MessageTaken
from yingxu.demand.models import Door, Message
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit

#: Of a message that cannot be read, so much is kept as it came.
RAW_LIMIT = 200_000
#: A message that could not be taken in is tried again so often, then a person has to look.
MOST_TRIES = 5


@dataclass(frozen=True)
class Arrival:
    """A message as its door read it. ``external_id`` is the sender's own; ``why`` says what could not be read."""

    external_id: str
    text: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    photos: tuple[Mapping[str, Any], ...] = ()
    reply: Mapping[str, Any] = field(default_factory=dict)
    raw: str = ""
    why: str = ""
    is_ignored: bool = False


@dataclass(frozen=True)
class KeptMessage:
    """A kept message. ``is_new``: this one was not here before."""

    id: int
    uid: UUID
    state: str
    request_id: UUID | None
    is_new: bool


def keep_message(*, door_id: int, arrival: Arrival, actor: Actor, at: datetime) -> KeptMessage:
    """What came in is kept, whatever becomes of it; the same message again is the one that is here.

    Records nothing yet. Refuses: NotFound (the door), NotAllowed, Malformed (no id). Budget: 2 reads, one write.
    """
    with Unit(actor=actor, at=at) as unit:
        door = Door.objects.filter(pk=door_id).first()
        if door is None:
            raise NotFound(kind="door", name=str(door_id))
        authority.require(actor, "message.keep", where=Where(door.site_id))
        external_id = arrival.external_id.strip()[:200]
        if not external_id:
            raise Malformed(field="external_id", problem="missing")
        known = Message.objects.filter(door_id=door_id, external_id=external_id).select_related("request").first()
        if known is not None:
            uid = known.request.uid if known.request else None
            unit.answer(KeptMessage(known.pk, known.uid, known.state, uid, False))
        else:
            message = unit.insert(_row(door, external_id, arrival, at))
            unit.change(door, last_seen_at=at, trouble="", trouble_at=None)
            unit.answer(KeptMessage(message.pk, message.uid, message.state, None, True))
    return unit.answered(KeptMessage)


def _row(door: Door, external_id: str, arrival: Arrival, at: datetime) -> Message:
    state = "failed" if arrival.why and not arrival.is_ignored else "ignored" if arrival.is_ignored else "new"
    return Message(
        door_id=door.pk,
        external_id=external_id,
        state=state,
        why=arrival.why[:32],
        sender=_clean(arrival.sender)[:200],
        sender_name=_clean(arrival.sender_name)[:64],
        subject=_clean(arrival.subject)[:200],
        text=_clean(arrival.text),
        raw=_clean(arrival.raw)[:RAW_LIMIT],
        photos=list(arrival.photos),
        reply=dict(arrival.reply),
        received_at=at,
        settled_at=at if state == "ignored" else None,
    )


def _clean(text: str) -> str:
    """PostgreSQL keeps no zero character, and no half of a character is text."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True)
class Settled:
    """What became of a message."""

    id: UUID
    state: str


def settle_message(
    *,
    message_id: int,
    state: str,
    request_key: int | None = None,
    why: str = "",
    answer: Mapping[str, Any] | None = None,
    actor: Actor,
    at: datetime,
) -> Settled:
    """It is known what became of the message; with ``answer`` its sender is told, after the commit.

    ``state``: raised, added, failed (tried again a few times). Records MessageTaken when it was taken in.
    Refuses: NotFound, NotAllowed, Malformed. Budget: one read, one write.
    """
    with Unit(actor=actor, at=at) as unit:
        message = Message.objects.select_related("door").filter(pk=message_id).first()
        if message is None:
            raise NotFound(kind="message", name=str(message_id))
        door = message.door
        authority.require(actor, "message.take", where=Where(door.site_id))
        if state not in {"raised", "added", "failed"}:
            raise Malformed(field="state", problem="unknown")
        n_tries = message.n_tries + 1
        if state == "failed":
            unit.change(message, n_tries=n_tries, why=why[:32], state="failed" if n_tries >= MOST_TRIES else "new")
        elif message.state not in {"raised", "added"}:
            unit.change(
                message, seen=["state"], state=state, why="", request_id=request_key, settled_at=at, n_tries=n_tries
            )
            fact = MessageTaken(
                site_id=door.site_id,
                subject_id=message.pk,
                thread_id=request_key or message.pk,
                door_name=door.name,
                door_kind=door.kind,
                state=state,
            )
            entry = unit.record(fact)
            if answer is not None:
                _tell(unit, entry, fact, message, answer)
        unit.answer(Settled(message.uid, message.state))
    return unit.answered(Settled)


def _tell(unit: Unit, entry: UUID, fact: MessageTaken, message: Message, answer: Mapping[str, Any]) -> None:
    from yingxu.ground.manner import manner
    from yingxu.ground.models import Delivery

    if manner().is_muted:
        return
    unit.insert(
        Delivery(
            site_id=fact.site_id,
            entry=entry,
            channel="door",
            address=message.sender[:200],
            kind=fact.kind,
            facts={**answer, "message": message.pk, "door": message.door_id},
            subject_id=fact.thread_id,
            due_at=unit.at,
        )
    )


def put_away_message(
    *, message_id: UUID, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Settled:
    """A person looked at a message that could not be read and says what was done about it. Records MessagePutAway.

    Refuses: NotFound, NotAllowed, Malformed (no reason). Budget: one read, one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        message = Message.objects.select_related("door").filter(uid=message_id).first()
        if message is None:
            raise NotFound(kind="message", name=str(message_id))
        authority.require(actor, "message.settle", where=Where(message.door.site_id))
        said = reason.strip()
        if not said:
            raise Malformed(field="reason", problem="missing")
        unit.change(message, state="put_away", why="", settled_at=at)
        unit.record(
            MessagePutAway(site_id=message.door.site_id, subject_id=message.pk, thread_id=message.pk, reason=said[:200])
        )
        unit.answer(Settled(message.uid, message.state))
    return unit.answered(Settled)


def link_message(
    *, message_id: UUID, request_key: int, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Settled:
    """A person took in by hand what could not be read: the message belongs to that request. Records MessageTaken.

    Refuses: NotFound, NotAllowed. Budget: one read, one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        message = Message.objects.select_related("door").filter(uid=message_id).first()
        if message is None:
            raise NotFound(kind="message", name=str(message_id))
        authority.require(actor, "message.settle", where=Where(message.door.site_id))
        unit.change(message, state="raised", why="", request_id=request_key, settled_at=at)
        unit.record(
            MessageTaken(
                site_id=message.door.site_id,
                subject_id=message.pk,
                thread_id=request_key,
                door_name=message.door.name,
                door_kind=message.door.kind,
                state="raised",
            )
        )
        unit.answer(Settled(message.uid, message.state))
    return unit.answered(Settled)
