"""Messages that go over the network: claimed in one transaction, sent outside of any, marked in another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import MOST_TRIES, Delivery
from yingxu.ground.unit import Unit

#: A claimed message that nobody marked (its worker died) is due again after this.
CLAIMED_S = 120


@dataclass(frozen=True)
class Claimed:
    """A message that this worker sends now. ``n_tries`` counts this try."""

    id: int
    site_id: int | None
    entry: UUID
    channel: str
    kind: str
    to_account_id: int | None
    address: str
    facts: dict[str, Any]
    subject_id: int
    n_tries: int


@dataclass(frozen=True)
class Claims:
    """The messages that were claimed."""

    rows: tuple[Claimed, ...]


def claim_due(*, channels: Sequence[str], actor: Actor, at: datetime, limit: int = 20) -> Claims:
    """Messages of these channels that are due belong to this worker for two minutes; others pass them over.

    Refuses: NotAllowed. Budget: one read and one write, in a transaction of its own; no network in it.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "delivery.send", where=Where(None))
        unit.locking()
        due = Delivery.objects.filter(sent_at=None, due_at__lte=at, n_tries__lt=MOST_TRIES, channel__in=list(channels))
        rows = list(due.select_for_update(skip_locked=True).order_by("due_at")[:limit])
        claimed = []
        for row in rows:
            unit.change(row, n_tries=row.n_tries + 1, due_at=at + timedelta(seconds=CLAIMED_S))
            claimed.append(Claimed(**{name: getattr(row, name) for name in Claimed.__dataclass_fields__}))
        unit.answer(Claims(tuple(claimed)))
    return unit.answered(Claims)


@dataclass(frozen=True)
class Marked:
    """How many went out and how many did not."""

    n_sent: int
    n_failed: int


def mark_sent(*, outcomes: Mapping[int, str], actor: Actor, at: datetime) -> Marked:
    """It is known what became of claimed messages: key -> trouble, empty for one that went out.

    A failed one waits 10 s, 20 s, 40 s …; after eight tries it stays, with its trouble, for a person to see.
    Refuses: NotAllowed. Budget: one read and one write.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "delivery.send", where=Where(None))
        n_failed = 0
        for row in Delivery.objects.filter(pk__in=list(outcomes), sent_at=None).order_by("id"):
            trouble = outcomes[row.pk]
            if trouble:
                wait = timedelta(seconds=10 * 2 ** (row.n_tries - 1))
                unit.change(row, due_at=at + wait, trouble=trouble[:300])
                n_failed += 1
            else:
                unit.change(row, sent_at=at, trouble="")
        unit.answer(Marked(len(outcomes) - n_failed, n_failed))
    return unit.answered(Marked)
