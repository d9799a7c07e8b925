"""The one path: a message is kept, then it becomes a request or a word on one, and its sender is answered.

Every door hands over an :class:`Arrival` and gets back what was made of it. What fails in between (a restart, the
database away) is taken up again by the worker; what can never be taken in waits for a person at the desk.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yingxu.connect.doors import answers
from yingxu.demand import actions as demand
from yingxu.demand.actions import Arrival
from yingxu.demand.actions.messages import KeptMessage
from yingxu.demand.doors import KINDS
from yingxu.demand.queries import doors as queries
from yingxu.demand.queries.doors import DoorRow, Replied, WaitingMessage
from yingxu.ground import actions as ground
from yingxu.ground import links
from yingxu.ground.actor import engine
from yingxu.ground.files import Content
from yingxu.ground.queries import actor_of_link
from yingxu.ground.refusals import NotFound, Refusal
from yingxu.ground.unit import CommandKey

log = logging.getLogger("yingxu.doors")
INTAKE = engine("intake")
TEXT_LIMIT = demand.TEXT_LIMIT
#: Somebody who wrote more often than this within an hour is taken in and answered no more: two machines would go on.
ANSWERED_AT_MOST = 30
_NUMBER = re.compile(r"(?<!\d)[#＃№]?\s*(\d{6,10})(?!\d)")
_AT_START = re.compile(r"\s*(?:单号|工单|[Nn]o\.?|[#＃№])?\s*[:：]?\s*[#＃№]?(\d{6,10})(?!\d)[\s,，:：.。]*")
_URGE = re.compile(r"\s*(?:催单|催一下|催|urge)\s*[#＃№]?\s*(\d{6,10})(?!\d)[\s,，:：.。!！]*", re.IGNORECASE)


@dataclass(frozen=True)
class Taken:
    """What became of a message, and what its sender is told (empty: nothing)."""

    state: str
    request_id: UUID | None = None
    number: str = ""
    answer: str = ""


def take_in(door: DoorRow, arrival: Arrival, *, at: datetime, host: str = "") -> Taken:
    """Keep a message and take it in at once; the same message again answers what it answered."""
    kept = demand.keep_message(door_id=door.id, arrival=arrival, actor=INTAKE, at=at)
    if kept.state == "new":
        return take(kept.id, door=door, at=at, host=host)
    return _again(door, kept, host)


def _again(door: DoorRow, kept: KeptMessage, host: str) -> Taken:
    """Answer a message that was taken in before (a vendor calls again when our answer was late)."""
    if kept.state not in {"raised", "added"} or kept.request_id is None:
        return Taken(kept.state)
    found = queries.replied_to(door.site_id, door_id=door.id, sender="", uids=(kept.request_id,))
    if found is None:
        return Taken(kept.state)
    said = answers.received_again(found.number, found.uid, host=host)
    return Taken(kept.state, found.uid, found.number, said)


def take(message_key: int, *, door: DoorRow, at: datetime, host: str = "") -> Taken:
    """Take in a kept message: a word on the request that it replies to, else a request of its own."""
    message = queries.message_by_key(message_key)
    try:
        replied, said = _belongs_to(door, message)
        if replied is not None:
            return _add(door, message, replied, said, at=at, host=host)
        return _raise(door, message, at=at, host=host)
    except Refusal as why:
        log.warning("door %s: message %s was not taken in: %s", door.id, message.uid, why.code)
        settled = demand.settle_message(message_id=message.id, state="failed", why=why.code, actor=INTAKE, at=at)
        return Taken(settled.state)


def _belongs_to(door: DoorRow, message: WaitingMessage) -> tuple[Replied | None, str]:
    """Return the request that a message goes on about, and its text without the number that said so."""
    text = message.text
    ids = [str(one) for one in message.reply.get("ids", ())]
    numbers = _NUMBER.findall(message.subject) if message.reply.get("is_reply") else []
    at_start = _URGE.match(text) or _AT_START.match(text)
    if at_start:
        numbers.append(at_start.group(1))
    uids = [uid for one in ids if (uid := _signed(one)) is not None]
    if not (ids or numbers or uids):
        return None, text
    found = queries.replied_to(
        door.site_id, door_id=door.id, sender=message.sender, ids=ids, numbers=numbers, uids=uids
    )
    if found is not None and at_start and at_start.group(1) == found.number and not _URGE.match(text):
        text = text[at_start.end() :] or text
    return found, text


def _signed(message_id: str) -> UUID | None:
    """Return the request of one of our own receipts, whose id nobody else could have made."""
    code, _, domain = message_id.strip().strip("<>").partition("@")
    if domain != answers.MAIL_DOMAIN:
        return None
    try:
        return links.request_of_code(code)
    except NotFound:
        return None


def _raise(door: DoorRow, message: WaitingMessage, *, at: datetime, host: str) -> Taken:
    sender = queries.sender_of(door.site_id, door.kind, message.sender)
    asks = message.reply.get("asks", {})
    place_id = asks.get("place_id") or door.place_id or sender.place_id
    raised = demand.raise_request(
        site_id=door.site_id,
        channel=KINDS[door.kind].channel,
        text=_cut(message.text or message.subject),
        item_code=asks.get("item") or None,
        place_id=place_id,
        place_words=str(asks.get("place_words", "")),
        requester_name=(sender.name or message.sender_name or message.sender)[:64],
        requester_phone=sender.phone[:32],
        owner_id=sender.account_id,
        priority=asks.get("priority"),
        actor=INTAKE,
        at=at,
        command=_command(door, message, "raise"),
    )
    _give_photos(door, message, raised.key, raised.id, at)
    answer = answers.received(raised, needs_place=place_id is None, host=host, timezone=door.timezone)
    _settle(door, message, "raised", raised.key, raised.id, raised.number, answer, at)
    return Taken("raised", raised.id, raised.number, answer)


def _add(door: DoorRow, message: WaitingMessage, replied: Replied, said: str, *, at: datetime, host: str) -> Taken:
    asker = actor_of_link(replied.key)
    urge = _URGE.match(message.text)
    command = _command(door, message, "add")
    text = _cut(said or message.subject)
    if urge is not None:
        rest = _cut(message.text[urge.end() :])
        demand.urge_request(request_id=replied.uid, text=rest, actor=asker, at=at, command=command)
    elif replied.state == "clarifying":
        demand.answer_clarification(request_id=replied.uid, text=text, actor=asker, at=at, command=command)
    else:
        demand.add_word(request_id=replied.uid, text=text, actor=asker, at=at, command=command)
    _give_photos(door, message, replied.key, replied.uid, at)
    answer = answers.added(replied.number, replied.uid, is_urge=urge is not None, host=host)
    _settle(door, message, "added", replied.key, replied.uid, replied.number, answer, at)
    return Taken("added", replied.uid, replied.number, answer)


def _give_photos(door: DoorRow, message: WaitingMessage, key: int, uid: UUID, at: datetime) -> None:
    """Give the photos that came with a message to its request; what is refused never costs the words."""
    contents = [Content(one["sha256"], one["n_bytes"], one["media_type"]) for one in message.photos]
    if not contents:
        return
    asker = actor_of_link(key)
    try:
        kept = ground.keep_photos(
            site_id=door.site_id, contents=contents, actor=asker, at=at, command=_command(door, message, "files")
        )
        demand.add_word(
            request_id=uid,
            text="",
            actor=asker,
            at=at,
            file_keys=kept.keys,
            command=_command(door, message, "photos"),
        )
    except Refusal as why:
        log.warning("door %s: photos of message %s were not taken: %s", door.id, message.uid, why.code)


def _settle(
    door: DoorRow, message: WaitingMessage, state: str, key: int, uid: UUID, number: str, answer: str, at: datetime
) -> None:
    facts = None
    if message.reply.get("way") and _is_answered(door, message, at):
        facts = {"text": answer, "number": number, "request": str(uid), **message.reply}
        facts.pop("asks", None)
    demand.settle_message(message_id=message.id, state=state, request_key=key, answer=facts, actor=INTAKE, at=at)


def _is_answered(door: DoorRow, message: WaitingMessage, at: datetime) -> bool:
    n = queries.n_from(door.id, message.sender, since=at - timedelta(hours=1))
    return n <= ANSWERED_AT_MOST


def _cut(text: str) -> str:
    """What is longer than a request's text stays whole with the message, where the desk reads it."""
    said = text.strip()
    return said if len(said) <= TEXT_LIMIT else said[: TEXT_LIMIT - 1] + "…"


def _command(door: DoorRow, message: WaitingMessage, step: str) -> CommandKey:
    """Return the id of one step of taking in: the same message is one request, however often it comes."""
    digest = hashlib.sha256(f"{door.uid}:{message.external_id}".encode()).hexdigest()
    return CommandKey(f"door.{digest[:40]}.{step}", digest)


def take_up_again(*, at: datetime) -> int:
    """Take in what was kept and not taken in when it came; returns how many were tried."""
    keys = queries.waiting_messages(at=at)
    doors: dict[int, DoorRow] = {}
    for key in keys:
        message = queries.message_by_key(key)
        door = doors.get(message.door_id) or queries.door_by_key(message.door_id)
        doors[door.id] = door
        take(key, door=door, at=at)
    return len(keys)
