"""Webhooks out: who is told of what the ledger records, and the relay that queues the messages after the commit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import connection

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.events import SubscriptionChanged, SubscriptionMade
from yingxu.ground.ids import new_uid
from yingxu.ground.models import Delivery, Entry, Relay, Site, Subscription
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.ground.webhooks import means

CHANNEL = "webhook"
#: The relay's lock: one at a time.
_LOCK = 7236713
_RELAY = "webhooks"
#: So many entries are looked at in one turn.
AT_ONCE = 2000
_KIND = re.compile(r"(\*|[a-z_]+(\.[a-z_]+)*(\.\*)?)\Z")


@dataclass(frozen=True)
class Subscribed:
    """A subscription's key and public id, and the number of its secret."""

    id: int
    uid: UUID
    secret_number: int


def subscribe(
    *,
    site_id: int,
    name: str,
    url: str,
    kinds: Sequence[str],
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> Subscribed:
    """An outside system is told, signed, of these kinds of facts from now on. Records SubscriptionMade.

    Refuses: NotAllowed, Malformed. Budget: 1 read, one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "webhook.manage", where=Where(site_id))
        values = _values(name, url, kinds)
        if Subscription.objects.filter(site_id=site_id, name=values["name"]).exists():
            raise Malformed(field="name", problem="twice", limit=values["name"])
        row = unit.insert(Subscription(site_id=site_id, made_at=at, **values))
        unit.record(SubscriptionMade(site_id=site_id, subject_id=row.pk, thread_id=row.pk, name=row.name))
        unit.answer(Subscribed(row.pk, row.uid, row.secret_number))
    return unit.answered(Subscribed)


def change_subscription(
    *,
    subscription_id: UUID,
    name: str,
    url: str,
    kinds: Sequence[str],
    is_on: bool,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> Subscribed:
    """The subscription is as said now. Records SubscriptionChanged.

    Refuses: NotFound, NotAllowed, Malformed. Budget: 2 reads, one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _row(subscription_id)
        authority.require(actor, "webhook.manage", where=Where(row.site_id))
        values = _values(name, url, kinds)
        if Subscription.objects.filter(site_id=row.site_id, name=values["name"]).exclude(pk=row.pk).exists():
            raise Malformed(field="name", problem="twice", limit=values["name"])
        unit.change(row, is_on=is_on, **values)
        _changed(unit, row, is_secret_new=False)
    return unit.answered(Subscribed)


def renew_secret(*, subscription_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Subscribed:
    """The subscription has another secret; the old one signs nothing more. Records SubscriptionChanged.

    Refuses: NotFound, NotAllowed. Budget: 1 read, one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _row(subscription_id)
        authority.require(actor, "webhook.manage", where=Where(row.site_id))
        unit.change(row, seen=["secret_number"], secret_number=row.secret_number + 1)
        _changed(unit, row, is_secret_new=True)
    return unit.answered(Subscribed)


def _changed(unit: Unit, row: Subscription, *, is_secret_new: bool) -> None:
    unit.record(
        SubscriptionChanged(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=row.pk,
            name=row.name,
            is_on=row.is_on,
            is_secret_new=is_secret_new,
        )
    )
    unit.answer(Subscribed(row.pk, row.uid, row.secret_number))


def _row(subscription_id: UUID) -> Subscription:
    row = Subscription.objects.filter(uid=subscription_id).first()
    if row is None:
        raise NotFound(kind="subscription", name=str(subscription_id))
    return row


def _values(name: str, url: str, kinds: Sequence[str]) -> dict[str, Any]:
    said, address = name.strip(), url.strip()
    if not said:
        raise Malformed(field="name", problem="missing")
    if len(said) > 64:
        raise Malformed(field="name", problem="too_long", limit="64")
    try:
        parts = urlsplit(address)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or len(address) > 500 or any(sign.isspace() for sign in address):
        raise Malformed(field="url", problem="wrong_type")
    wanted = sorted({kind.strip() for kind in kinds if kind.strip()})
    if any(not _KIND.match(kind) or len(kind) > 64 for kind in wanted) or len(wanted) > 50:
        raise Malformed(field="kinds", problem="wrong_type")
    return {"name": said, "url": address, "kinds": wanted}


@dataclass(frozen=True)
class Tested:
    """The id that the message of a test carries."""

    message_id: UUID


def fire_test(*, subscription_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> Tested:
    """A harmless message is on its way to the subscriber, signed like the others.

    Refuses: NotFound, NotAllowed. Budget: 1 read, one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _row(subscription_id)
        authority.require(actor, "webhook.manage", where=Where(row.site_id))
        uid = new_uid()
        payload = {"type": "ground.webhook.test", "id": str(uid), "timestamp": at.isoformat(), "data": {}}
        unit.insert(_delivery(row, uid, "ground.webhook.test", payload, row.pk, at))
        unit.answer(Tested(uid))
    return unit.answered(Tested)


def send_once_more(
    *, subscription_id: UUID, message_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Tested:
    """A message of the log is sent once more, the same in every word. Refuses: NotFound, NotAllowed. Budget: 2."""
    with Unit(actor=actor, at=at, command=command) as unit:
        row = _row(subscription_id)
        authority.require(actor, "webhook.manage", where=Where(row.site_id))
        sent = Delivery.objects.filter(channel=CHANNEL, address=str(row.uid), entry=message_id).first()
        if sent is None:
            raise NotFound(kind="delivery", name=str(message_id))
        unit.change(sent, sent_at=None, n_tries=0, due_at=at, trouble="")
        unit.answer(Tested(message_id))
    return unit.answered(Tested)


@dataclass(frozen=True)
class Relayed:
    """How many entries were looked at and how many messages were queued; ``is_more``: another turn at once."""

    n_entries: int
    n_queued: int
    is_more: bool


def relay_facts(*, up_to_id: int, actor: Actor, at: datetime) -> Relayed:
    """What was recorded up to a settled mark is queued for every subscription that means it, each entry once.

    Identity order is not commit order: the caller hands over a mark below which every transaction has ended. The
    messages and the relay's own progress are written together. Refuses: NotAllowed. Budget: 5 and one write.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "webhook.relay", where=Where(None))
        unit.locking()
        unit.answer(Relayed(0, 0, False))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return Relayed(0, 0, False)
        relay = Relay.objects.filter(name=_RELAY).first()
        if relay is None:  # told from now on, not of the past
            unit.insert(Relay(name=_RELAY, entry_id=up_to_id))
            return Relayed(0, 0, False)
        if up_to_id > relay.entry_id:
            unit.answer(_relay(unit, relay, up_to_id))
    return unit.answered(Relayed)


def _relay(unit: Unit, relay: Relay, up_to_id: int) -> Relayed:
    told = list(Subscription.objects.filter(is_on=True).order_by("id"))
    if not told:
        unit.change(relay, entry_id=up_to_id)
        return Relayed(0, 0, False)
    sites = dict(Site.objects.values_list("id", "code"))
    rows = Entry.objects.filter(
        id__gt=relay.entry_id, id__lte=up_to_id, site_id__in={one.site_id for one in told}
    ).order_by("id")
    fresh = list(rows[:AT_ONCE])
    n_queued = 0
    for entry in fresh:
        if entry.facts.get("is_drill"):  # what is only exercised is told nobody outside
            continue
        for one in told:
            if one.site_id == entry.site_id and entry.recorded_at >= one.made_at and means(one.kinds, entry.kind):
                payload = _payload(entry, sites[one.site_id])
                unit.insert(_delivery(one, entry.uid, entry.kind, payload, entry.thread_id, unit.at))
                n_queued += 1
    is_more = len(fresh) == AT_ONCE
    unit.change(relay, entry_id=fresh[-1].pk if is_more else up_to_id)
    return Relayed(len(fresh), n_queued, is_more)


def _payload(entry: Entry, site_code: str) -> dict[str, Any]:
    """What the outside hears: codes, numbers and times; never a person's name."""
    return {
        "type": entry.kind,
        "id": str(entry.uid),
        "timestamp": entry.happened_at.isoformat(),
        "data": {
            "site": site_code,
            "subject": {"kind": entry.subject_kind, "key": str(entry.subject_id)},
            "thread": str(entry.thread_id),
            "actor": entry.actor_kind,
            "recorded_at": entry.recorded_at.isoformat(),
            "facts": entry.facts,
        },
    }


def _delivery(
    row: Subscription, uid: UUID, kind: str, payload: dict[str, Any], subject_id: int, at: datetime
) -> Delivery:
    return Delivery(
        site_id=row.site_id,
        entry=uid,
        channel=CHANNEL,
        address=str(row.uid),
        kind=kind,
        facts=payload,
        subject_id=subject_id,
        due_at=at,
    )
