"""Questions about webhooks out: subscriptions, where one goes, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Delivery, Subscription
from yingxu.ground.refusals import NotFound


@dataclass(frozen=True)
class SubscriptionRow:
    """A subscription as pages and the sender need it."""

    id: int
    uid: UUID
    site_id: int
    name: str
    url: str
    kinds: list[str]
    secret_number: int
    is_on: bool
    made_at: datetime


_SUBSCRIPTION = tuple(SubscriptionRow.__dataclass_fields__)


def subscriptions(actor: Actor, site_id: int) -> tuple[SubscriptionRow, ...]:
    """Return a site's subscriptions to those who manage them; others get none. Budget: one query."""
    if not authority.may(actor, "webhook.manage", where=Where(site_id)):
        return ()
    rows = Subscription.objects.filter(site_id=site_id).order_by("id").values_list(*_SUBSCRIPTION)
    return tuple(SubscriptionRow(*row) for row in rows)


def subscription_for(actor: Actor, subscription_id: UUID) -> SubscriptionRow:
    """Return one subscription for its page; refuses: NotFound also to those who do not manage it. Budget: one."""
    row = subscription_by_uid(subscription_id)
    if row is None or not authority.may(actor, "webhook.manage", where=Where(row.site_id)):
        raise NotFound(kind="subscription", name=str(subscription_id))
    return row


def subscription_by_uid(subscription_id: UUID) -> SubscriptionRow | None:
    """Return a subscription for the sender, or None. Budget: one query."""
    row = Subscription.objects.filter(uid=subscription_id).values_list(*_SUBSCRIPTION).first()
    return None if row is None else SubscriptionRow(*row)


@dataclass(frozen=True)
class SentRow:
    """A message of a webhook's log."""

    id: int
    entry: UUID
    kind: str
    facts: dict[str, Any]
    due_at: datetime
    sent_at: datetime | None
    n_tries: int
    trouble: str


_SENT = tuple(SentRow.__dataclass_fields__)


@dataclass(frozen=True)
class SentPage:
    """A page of a webhook's log and the cursor of the next one."""

    rows: tuple[SentRow, ...]
    next: str


def sent_by_webhook(subscription_id: UUID, *, cursor: str = "", limit: int = 25) -> SentPage:
    """Return what was sent to a subscriber, newest first; the caller asked who may see it. Budget: one query."""
    rows = Delivery.objects.filter(channel="webhook", address=str(subscription_id))
    if cursor.isdigit():
        rows = rows.filter(pk__lt=int(cursor))
    found = [SentRow(*row) for row in rows.order_by("-id").values_list(*_SENT)[: limit + 1]]
    return SentPage(tuple(found[:limit]), str(found[limit - 1].id) if len(found) > limit else "")
