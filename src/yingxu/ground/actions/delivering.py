"""Messages that leave: claimed by one worker at a time, sent after the commit that made them true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import MOST_TRIES, Delivery
from yingxu.ground.unit import Unit

#: Whoever claimed a message has so long to send it; then another may think that it died.
LEASE = timedelta(minutes=5)
#: A failed message waits so long before the second try, twice as long before each next.
FIRST_WAIT_S = 10


@dataclass(frozen=True)
class Message:
    """A message to send, as a channel gets it. ``id`` is the same however often it is tried."""

    kind: str
    facts: dict[str, Any]
    to_account_id: int | None
    address: str
    subject_id: int
    id: UUID
    site_id: int | None
    n_try: int


@dataclass(frozen=True)
class Sent:
    """How many were sent and how many failed this time."""

    n_sent: int
    n_failed: int


Channel = Callable[[Message], None]


def send_due(*, channels: Mapping[str, Channel], actor: Actor, at: datetime, limit: int = 20) -> Sent:
    """Every message that is due is handed to its channel, at least once; a failed one waits longer each time.

    A message is claimed and the claim committed before it is sent: a slow receiver holds nothing up, and a worker that
    dies loses nothing (another takes over after the lease). After ``MOST_TRIES`` it is given up, with its trouble, for
    a person to see. Refuses: NotAllowed. Budget: one read and two writes.
    """
    claimed = _claim(tuple(channels), actor=actor, at=at, limit=limit)
    troubles: dict[int, str] = {}
    for row in claimed:
        message = Message(
            row.kind, row.facts, row.to_account_id, row.address, row.subject_id, row.entry, row.site_id, row.n_tries
        )
        try:
            channels[row.channel](message)
        except Exception as error:  # whatever a channel meets is the message's trouble, never the worker's
            troubles[row.pk] = f"{type(error).__name__}: {error}"[:300]
    with Unit(actor=actor, at=at) as unit:
        for row in claimed:
            trouble = troubles.get(row.pk)
            if trouble is None:
                unit.change(row, sent_at=at, trouble="")
            else:
                wait = timedelta(seconds=FIRST_WAIT_S * 2 ** (row.n_tries - 1))
                unit.change(row, due_at=at + wait, trouble=trouble)
        unit.answer(Sent(len(claimed) - len(troubles), len(troubles)))
    return unit.answered(Sent)


def _claim(channels: tuple[str, ...], *, actor: Actor, at: datetime, limit: int) -> list[Delivery]:
    """Take what is due, for the length of a lease."""
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "delivery.send", where=Where(None))
        unit.locking()
        due = Delivery.objects.filter(sent_at=None, due_at__lte=at, n_tries__lt=MOST_TRIES, channel__in=channels)
        rows = list(due.select_for_update(skip_locked=True).order_by("due_at", "id")[:limit])
        for row in rows:
            unit.change(row, n_tries=row.n_tries + 1, due_at=at + LEASE)
    return rows
