"""Questions about notices: how many are unread, a page of them, somebody's settings, what did not get through."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import MOST_TRIES, Account, Delivery, NoticeSetting


def unread_count(actor: Actor, *, most: int = 100) -> int:
    """Return how many notices the actor has not read, at most ``most``. Budget: one query."""
    unread = Delivery.objects.filter(
        channel="in_app", to_account_id=actor.account_id, seen_at=None, sent_at__isnull=False, collected_key=None
    )
    return unread[:most].count()


@dataclass(frozen=True)
class NoticeRow:
    """One notice; a digest has its ``parts``."""

    id: UUID
    key: int
    kind: str
    facts: dict[str, Any]
    subject_id: int
    sent_at: datetime
    seen_at: datetime | None
    parts: tuple[NoticeRow, ...] = field(default=())


_NOTICE = ("entry", "id", "kind", "facts", "subject_id", "sent_at", "seen_at")


def notices(actor: Actor, *, is_unread: bool, after: str = "", limit: int = 25) -> tuple[tuple[NoticeRow, ...], str]:
    """Return a page of the actor's notices, newest first, and the cursor of the next. Budget: two queries."""
    mine = Delivery.objects.filter(channel="in_app", to_account_id=actor.account_id, sent_at__isnull=False)
    found = mine.filter(collected_key=None)
    if is_unread:
        found = found.filter(seen_at=None)
    moment, key = _cursor(after)
    if moment is not None:
        found = found.filter(Q(sent_at__lt=moment) | Q(sent_at=moment, id__lt=key))
    rows = [NoticeRow(*row) for row in found.order_by("-sent_at", "-id").values_list(*_NOTICE)[: limit + 1]]
    following = f"{rows[limit - 1].sent_at.isoformat()}~{rows[limit - 1].key}" if len(rows) > limit else ""
    digests = [row.key for row in rows[:limit] if row.kind == "ground.notices.collected"]
    parts: dict[int, list[NoticeRow]] = {}
    if digests:
        held = mine.filter(collected_key__in=digests).order_by("due_at", "id")
        for group, *values in held.values_list("collected_key", *_NOTICE):
            parts.setdefault(group, []).append(NoticeRow(*values))
    return tuple(_with(row, tuple(parts.get(row.key, ()))) for row in rows[:limit]), following


def _with(row: NoticeRow, parts: tuple[NoticeRow, ...]) -> NoticeRow:
    if not parts:
        return row
    return NoticeRow(row.id, row.key, row.kind, row.facts, row.subject_id, row.sent_at, row.seen_at, parts)


def _cursor(after: str) -> tuple[datetime | None, int]:
    said, _, key = after.partition("~")
    try:
        moment = datetime.fromisoformat(said) if said else None
    except ValueError:
        return None, 0
    if moment is None or moment.tzinfo is None or not key.isdigit():
        return None, 0
    return moment, int(key)


@dataclass(frozen=True)
class SettingRow:
    """When and how somebody (or the house) wants it."""

    quiet_from: time | None = None
    quiet_to: time | None = None
    digest_at: time | None = None
    email: str = ""
    wants_email: bool = False
    wants_gateway: bool = False
    gateway_url: str = ""


_SETTING = tuple(SettingRow.__dataclass_fields__)


def notice_settings(actor: Actor, site_id: int) -> tuple[SettingRow, SettingRow]:
    """Return the actor's own settings and the house's. Budget: one query."""
    found = NoticeSetting.objects.filter(Q(account_id=actor.account_id) | Q(site_id=site_id))
    own = house = SettingRow()
    for is_of_site, *values in found.annotate(at=F("site_id")).values_list("at", *_SETTING):
        if is_of_site is None:
            own = SettingRow(*values)
        else:
            house = SettingRow(*values)
    return own, house


@dataclass(frozen=True)
class TroubleRow:
    """A message outside the house that did not get through yet: its channel and address, never its text."""

    id: UUID
    channel: str
    address: str
    to_name: str
    n_tries: int
    trouble: str
    due_at: datetime
    is_given_up: bool


@dataclass(frozen=True)
class ChannelRow:
    """What a channel did."""

    channel: str
    n_sent: int
    n_waiting: int
    n_given_up: int


def troubled(actor: Actor, site_id: int, *, limit: int = 50) -> tuple[tuple[ChannelRow, ...], tuple[TroubleRow, ...]]:
    """Return each channel's sums and the messages in trouble, newest first. Refuses: NotAllowed. Budget: three."""
    authority.require(actor, "delivery.read", where=Where(site_id))
    outside = Delivery.objects.filter(site_id=site_id).exclude(channel="in_app")
    waiting = Q(sent_at=None, n_tries__lt=MOST_TRIES)
    sums = (
        outside.values("channel")
        .annotate(
            sent=Count("id", filter=Q(sent_at__isnull=False)),
            waiting=Count("id", filter=waiting),
            given_up=Count("id", filter=Q(sent_at=None, n_tries__gte=MOST_TRIES)),
        )
        .order_by("channel")
    )
    channels = tuple(ChannelRow(one["channel"], one["sent"], one["waiting"], one["given_up"]) for one in sums)
    rows = list(
        outside.filter(sent_at=None, n_tries__gt=0)
        .exclude(trouble="")
        .order_by("-id")
        .values_list("entry", "channel", "address", "to_account_id", "n_tries", "trouble", "due_at")[:limit]
    )
    names = dict(Account.objects.filter(pk__in={row[3] for row in rows if row[3]}).values_list("id", "name"))
    return channels, tuple(
        TroubleRow(row[0], row[1], row[2], names.get(row[3] or 0, ""), row[4], row[5], row[6], row[4] >= MOST_TRIES)
        for row in rows
    )
