"""Questions about doors: by their address, for the worker, for the pages; and what a reply belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q

from yingxu.demand.models import Alarm, AlarmRule, Door, Message, Request, Sender
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Holding
from yingxu.ground.refusals import NotFound


@dataclass(frozen=True)
class DoorRow:
    """A door as the machinery needs it."""

    id: int
    uid: UUID
    site_id: int
    kind: str
    name: str
    token: str
    settings: dict[str, Any]
    place_id: int | None
    is_on: bool
    made_at: datetime
    last_seen_at: datetime | None
    trouble: str
    trouble_at: datetime | None
    timezone: str


_DOOR = (*tuple(DoorRow.__dataclass_fields__)[:-1], "site__timezone")


def door_by_token(kind: str, token: str) -> DoorRow:
    """Return an open door of that kind by the secret part of its address; refuses: NotFound. Budget: one query."""
    row = Door.objects.filter(token=token, kind=kind, is_on=True).values_list(*_DOOR).first()
    if row is None:
        raise NotFound(kind="door", name="")
    return DoorRow(*row)


def door_by_key(key: int) -> DoorRow:
    """Return a door; refuses: NotFound. Budget: one query."""
    row = Door.objects.filter(pk=key).values_list(*_DOOR).first()
    if row is None:
        raise NotFound(kind="door", name=str(key))
    return DoorRow(*row)


def open_doors(kind: str) -> tuple[DoorRow, ...]:
    """Return the doors of a kind that are on, at every site (for the worker). Budget: one query."""
    return tuple(DoorRow(*row) for row in Door.objects.filter(kind=kind, is_on=True).order_by("id").values_list(*_DOOR))


def doors_of(actor: Actor, site_id: int) -> tuple[DoorRow, ...]:
    """Return a site's doors to those who may know them; others get none. Budget: one query."""
    if not authority.may(actor, "door.read", where=Where(site_id)):
        return ()
    return tuple(DoorRow(*row) for row in Door.objects.filter(site_id=site_id).order_by("id").values_list(*_DOOR))


def door_for(actor: Actor, door_id: UUID) -> DoorRow:
    """Return a door for its page; refuses: NotFound also to those who may not know it. Budget: one query."""
    row = Door.objects.filter(uid=door_id).values_list(*_DOOR).first()
    if row is None or not authority.may(actor, "door.read", where=Where(row[2])):
        raise NotFound(kind="door", name=str(door_id))
    return DoorRow(*row)


@dataclass(frozen=True)
class SenderRow:
    """Who writes from an address: an account, a place, or neither is known."""

    name: str
    account_id: int | None
    place_id: int | None
    phone: str


_NOBODY = SenderRow("", None, None, "")


def sender_of(site_id: int, kind: str, address: str) -> SenderRow:
    """Return who writes from an address; a person's own place is the ward or office where it asks.

    Budget: two queries at most.
    """
    row = (
        Sender.objects.filter(site_id=site_id, kind=kind, address=address)
        .values_list("name", "account_id", "place_id", "account__name", "account__phone")
        .first()
    )
    if row is None:
        return _NOBODY
    name, account_id, place_id, account_name, phone = row
    if account_id is not None and place_id is None:
        held = Holding.objects.filter(account_id=account_id, site_id=site_id, ends_at=None, place__is_active=True)
        place_id = held.order_by("id").values_list("place_id", flat=True).first()
    return SenderRow(account_name or name, account_id, place_id, phone or "")


@dataclass(frozen=True)
class Replied:
    """The request that a message belongs to."""

    key: int
    uid: UUID
    number: str
    state: str


def replied_to(
    site_id: int,
    *,
    door_id: int,
    sender: str,
    ids: Sequence[str] = (),
    numbers: Sequence[str] = (),
    uids: Sequence[UUID] = (),
) -> Replied | None:
    """Return the request that a message goes on about, or None.

    A signed link's id suffices (``uids``); ids of earlier messages, and numbers, only for the address that asked: a
    number alone opens nobody else's request. Budget: one query.
    """
    same = Message.objects.filter(door__site_id=site_id, sender=sender).exclude(sender="")
    said = Q(uid__in=list(uids))
    if ids:
        said |= Q(pk__in=same.filter(door_id=door_id, external_id__in=list(ids)).values("request_id"))
    if numbers:
        said |= Q(number__in=list(numbers), pk__in=same.values("request_id"))
    row = (
        Request.objects.filter(said, site_id=site_id)
        .order_by("-id")
        .values_list("id", "uid", "number", "shown_state")
        .first()
    )
    return None if row is None else Replied(*row)


@dataclass(frozen=True)
class WaitingMessage:
    """A message that is kept and not taken in yet."""

    id: int
    uid: UUID
    door_id: int
    external_id: str
    sender: str
    sender_name: str
    subject: str
    text: str
    photos: list[dict[str, Any]]
    reply: dict[str, Any]
    received_at: datetime


_WAITING = tuple(WaitingMessage.__dataclass_fields__)


def message_by_key(key: int) -> WaitingMessage:
    """Return a kept message; refuses: NotFound. Budget: one query."""
    row = Message.objects.filter(pk=key).values_list(*_WAITING).first()
    if row is None:
        raise NotFound(kind="message", name=str(key))
    return WaitingMessage(*row)


def waiting_messages(*, at: datetime, older_than_s: int = 20, limit: int = 50) -> tuple[int, ...]:
    """Return keys of messages that nobody took in when they came. Budget: one query."""
    rows = Message.objects.filter(state="new", received_at__lt=at - timedelta(seconds=older_than_s))
    return tuple(rows.order_by("received_at").values_list("id", flat=True)[:limit])


@dataclass(frozen=True)
class MessageRow:
    """A message as the desk reads it."""

    id: int
    uid: UUID
    door_name: str
    door_kind: str
    state: str
    why: str
    sender: str
    sender_name: str
    subject: str
    text: str
    raw: str
    received_at: datetime
    request_id: UUID | None
    number: str | None
    place_name: str | None


_MESSAGE = (
    "id", "uid", "door__name", "door__kind", "state", "why", "sender", "sender_name", "subject", "text", "raw",
    "received_at", "request__uid", "request__number", "request__place_name",
)  # fmt: skip


@dataclass(frozen=True)
class MessagePage:
    """A page of messages and the cursor of the next one."""

    rows: tuple[MessageRow, ...]
    next: str


def messages(actor: Actor, site_id: int, *, state: str = "", cursor: str = "", limit: int = 25) -> MessagePage:
    """Return what came in at a site's doors, newest first, to those who may read it. Budget: one query."""
    if not authority.may(actor, "message.read", where=Where(site_id)):
        return MessagePage((), "")
    rows = Message.objects.filter(door__site_id=site_id)
    if state:
        rows = rows.filter(state=state)
    if cursor.isdigit():
        rows = rows.filter(pk__lt=int(cursor))
    found = [MessageRow(*row) for row in rows.order_by("-id").values_list(*_MESSAGE)[: limit + 1]]
    more = str(found[limit - 1].id) if len(found) > limit else ""
    return MessagePage(tuple(found[:limit]), more)


def message_for(actor: Actor, message_id: UUID) -> MessageRow:
    """Return one message; refuses: NotFound also to those who may not read it. Budget: one query."""
    row = Message.objects.filter(uid=message_id).values_list("door__site_id", *_MESSAGE).first()
    if row is None or not authority.may(actor, "message.read", where=Where(row[0])):
        raise NotFound(kind="message", name=str(message_id))
    return MessageRow(*row[1:])


def n_failed_messages(actor: Actor, site_id: int) -> int:
    """Return how many messages a person has to look at. Budget: one query."""
    if not authority.may(actor, "message.read", where=Where(site_id)):
        return 0
    return Message.objects.filter(door__site_id=site_id, state="failed").count()


def counts_by_door(site_id: int, *, since: datetime) -> dict[int, tuple[int, int]]:
    """Return how many messages came by each door since then, and how many of them failed. Budget: one query."""
    rows = (
        Message.objects.filter(door__site_id=site_id, received_at__gte=since)
        .values("door_id")
        .annotate(n=Count("id"), bad=Count("id", filter=Q(state="failed")))
        .order_by()
        .values_list("door_id", "n", "bad")
    )
    return {key: (n, bad) for key, n, bad in rows}


@dataclass(frozen=True)
class RuleRow:
    """An alarm rule, with what it asks for."""

    id: int
    uid: UUID
    door_id: int
    name: str
    topic: str
    path: str
    condition: str
    limit: str
    clear_limit: str
    hold_s: int
    item_code: str
    place_id: int | None
    priority: int | None
    text: str
    is_on: bool
    place_code: str | None
    place_name: str | None


_RULE = (*tuple(RuleRow.__dataclass_fields__)[:-2], "place__code", "place__full_name")


def alarm_rules(door_id: int, *, only_on: bool = False) -> tuple[RuleRow, ...]:
    """Return a broker's rules. Budget: one query."""
    rows = AlarmRule.objects.filter(door_id=door_id)
    if only_on:
        rows = rows.filter(is_on=True)
    return tuple(RuleRow(*row) for row in rows.order_by("id").values_list(*_RULE))


@dataclass(frozen=True)
class AlarmRow:
    """An alarm, standing or over, with its readings and its request."""

    uid: UUID
    rule_name: str
    topic: str
    began_at: datetime
    ended_at: datetime | None
    last_value: str
    last_at: datetime
    n_readings: int
    readings: list[list[str]]
    request_id: UUID | None
    number: str | None


def alarms_of(door_id: int, *, limit: int = 30) -> tuple[AlarmRow, ...]:
    """Return a broker's latest alarms, those that stand first; the caller asked who may see them. Budget: one query."""
    rows = (
        Alarm.objects.filter(rule__door_id=door_id)
        .order_by(F("ended_at").desc(nulls_first=True), "-id")
        .values_list(
            "uid", "rule__name", "topic", "began_at", "ended_at", "last_value", "last_at", "n_readings", "readings",
            "request__uid", "request__number",
        )
    )  # fmt: skip
    return tuple(AlarmRow(*row) for row in rows[:limit])


def readings_of(request_id: UUID) -> AlarmRow | None:
    """Return the alarm that a request came of, with its readings; the caller asked who may see it. Budget: one."""
    row = (
        Alarm.objects.filter(request__uid=request_id)
        .order_by("-id")
        .values_list(
            "uid", "rule__name", "topic", "began_at", "ended_at", "last_value", "last_at", "n_readings", "readings",
            "request__uid", "request__number",
        )
        .first()
    )  # fmt: skip
    return None if row is None else AlarmRow(*row)


def n_from(door_id: int, sender: str, *, since: datetime) -> int:
    """Return how many messages an address sent since then. Budget: one query."""
    return Message.objects.filter(door_id=door_id, sender=sender, received_at__gte=since).count()


def request_by_key(key: int) -> Replied | None:
    """Return a request that a door's machinery made, or None. Budget: one query."""
    row = Request.objects.filter(pk=key).values_list("id", "uid", "number", "shown_state").first()
    return None if row is None else Replied(*row)
