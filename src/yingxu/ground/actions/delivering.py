"""Messages that leave: claimed by one worker at a time, sent after the commit that made them true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Delivery
from yingxu.ground.unit import Unit

#: After so many tries a message stays unsent, with its trouble, for a person to see.
MOST_TRIES = 8


@dataclass(frozen=True)
class Message:
    """A message to send, as a channel gets it."""

    kind: str
    facts: dict[str, Any]
    to_account_id: int | None
    address: str
    subject_id: int


@dataclass(frozen=True)
class Sent:
    """How many were sent and how many failed this time."""

    n_sent: int
    n_failed: int


Channel = Callable[[Message], None]


def send_due(*, channels: Mapping[str, Channel], actor: Actor, at: datetime, limit: int = 200) -> Sent:
    """Every message that is due is handed to its channel, at least once; a failed one waits longer each time.

    Refuses: NotAllowed. Budget: one read and one write.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "delivery.send", where=Where(None))
        unit.locking()
        due = Delivery.objects.filter(sent_at=None, due_at__lte=at, n_tries__lt=MOST_TRIES, channel__in=channels)
        n_sent = n_failed = 0
        for row in due.select_for_update(skip_locked=True).order_by("due_at")[:limit]:
            try:
                channels[row.channel](Message(row.kind, row.facts, row.to_account_id, row.address, row.subject_id))
            except Exception as error:
                wait = timedelta(seconds=10 * 2**row.n_tries)
                unit.change(
                    row, n_tries=row.n_tries + 1, due_at=at + wait, trouble=f"{type(error).__name__}: {error}"[:300]
                )
                n_failed += 1
            else:
                unit.change(row, sent_at=at, n_tries=row.n_tries + 1)
                n_sent += 1
        unit.answer(Sent(n_sent, n_failed))
    return unit.answered(Sent)
