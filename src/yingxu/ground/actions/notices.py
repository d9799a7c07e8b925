"""Verbs of notices: what was read, how somebody wants to be told, the house's rule, and what did not get through."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import QuerySet

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.events import HouseNoticesSet, NoticesSet
from yingxu.ground.models import Delivery, NoticeSetting
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Read:
    """How many notices were marked as read; the thing that the one read is about."""

    n: int
    subject_id: int = 0
    kind: str = ""


def read_notice(*, entry: UUID, actor: Actor, at: datetime) -> Read:
    """The actor has read one notice of his or her own. Refuses: NotAllowed, NotFound. Budget: 2."""
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "notice.read", where=Where(_site_of(actor), is_own=True))
        row = _shown(actor).filter(entry=entry).first()
        if row is None:
            raise NotFound(kind="notice", name=str(entry))
        if row.seen_at is None:
            unit.change(row, seen_at=at)
        unit.answer(Read(1, row.subject_id, row.kind))
    return unit.answered(Read)


def read_all_notices(*, until: datetime, actor: Actor, at: datetime) -> Read:
    """The actor has read everything that appeared up to a moment, not what came since.

    Refuses: NotAllowed. Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "notice.read", where=Where(_site_of(actor), is_own=True))
        rows = list(_shown(actor).filter(seen_at=None, sent_at__lte=until))
        for row in rows:
            unit.change(row, seen_at=at)
        unit.answer(Read(len(rows)))
    return unit.answered(Read)


def _shown(actor: Actor) -> QuerySet[Delivery]:
    return Delivery.objects.filter(channel="in_app", to_account_id=actor.account_id, sent_at__isnull=False)


def _site_of(actor: Actor) -> int | None:
    return next((held.site_id for held in actor.holdings if held.site_id is not None), None)


@dataclass(frozen=True)
class NoticesKept:
    """The settings as they are now."""

    quiet_from: str
    quiet_to: str
    digest_at: str


def set_notices(
    *,
    quiet_from: time | None,
    quiet_to: time | None,
    digest_at: time | None,
    email: str,
    wants_email: bool,
    wants_gateway: bool,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> NoticesKept:
    """The actor says when and how he or she wants to be told. Records NoticesSet.

    Refuses: NotAllowed, Malformed (quiet_hours with one end or of no length; email missing or no address). Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "notice.read", where=Where(_site_of(actor), is_own=True))
        _check_quiet(quiet_from, quiet_to)
        address = email.strip()
        if wants_email and not address:
            raise Malformed(field="email", problem="missing")
        if address and (len(address) > 200 or not _MAIL.fullmatch(address)):
            raise Malformed(field="email", problem="wrong_type")
        if actor.account_id is None:
            raise NotFound(kind="account", name=actor.name)
        values: dict[str, Any] = {
            "quiet_from": quiet_from,
            "quiet_to": quiet_to,
            "digest_at": digest_at,
            "email": address,
            "wants_email": wants_email,
            "wants_gateway": wants_gateway,
        }
        row = NoticeSetting.objects.filter(account_id=actor.account_id).first()
        if row is None:
            unit.insert(NoticeSetting(account_id=actor.account_id, **values))
        else:
            unit.change(row, **values)
        unit.record(
            NoticesSet(
                site_id=_site_of(actor) or 0,
                subject_id=actor.account_id,
                thread_id=actor.account_id,
                quiet_from=_clock(quiet_from),
                quiet_to=_clock(quiet_to),
                digest_at=_clock(digest_at),
                channels=tuple(name for name, on in (("email", wants_email), ("gateway", wants_gateway)) if on),
            )
        )
        unit.answer(NoticesKept(_clock(quiet_from), _clock(quiet_to), _clock(digest_at)))
    return unit.answered(NoticesKept)


def set_house_notices(
    *,
    site_id: int,
    quiet_from: time | None,
    quiet_to: time | None,
    digest_at: time | None,
    gateway_url: str,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> NoticesKept:
    """The house's quiet hours and its message gateway are set. Records HouseNoticesSet.

    Refuses: NotAllowed, Malformed (quiet_hours; gateway_url no http address, or one of this machine). Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "notice.manage", where=Where(site_id))
        _check_quiet(quiet_from, quiet_to)
        url = gateway_url.strip()
        _check_url(url)
        values: dict[str, Any] = {
            "quiet_from": quiet_from,
            "quiet_to": quiet_to,
            "digest_at": digest_at,
            "gateway_url": url,
        }
        row = NoticeSetting.objects.filter(site_id=site_id).first()
        if row is None:
            unit.insert(NoticeSetting(site_id=site_id, **values))
        else:
            unit.change(row, **values)
        unit.record(
            HouseNoticesSet(
                site_id=site_id,
                subject_id=site_id,
                thread_id=site_id,
                quiet_from=_clock(quiet_from),
                quiet_to=_clock(quiet_to),
                digest_at=_clock(digest_at),
                has_gateway=bool(url),
            )
        )
        unit.answer(NoticesKept(_clock(quiet_from), _clock(quiet_to), _clock(digest_at)))
    return unit.answered(NoticesKept)


@dataclass(frozen=True)
class Revived:
    """How many messages are tried again."""

    n: int


def retry_deliveries(*, site_id: int, actor: Actor, at: datetime, delivery_id: UUID | None = None) -> Revived:
    """What did not get through is tried again from the beginning: one message, or all that were given up.

    Refuses: NotAllowed. Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "notice.manage", where=Where(site_id))
        found = Delivery.objects.filter(site_id=site_id, sent_at=None, n_tries__gt=0).exclude(channel="in_app")
        if delivery_id is not None:
            found = found.filter(entry=delivery_id)
        rows = list(found.order_by("id")[:1000])
        for row in rows:
            unit.change(row, n_tries=0, due_at=at)
        unit.answer(Revived(len(rows)))
    return unit.answered(Revived)


def _check_quiet(quiet_from: time | None, quiet_to: time | None) -> None:
    if (quiet_from is None) != (quiet_to is None):
        raise Malformed(field="quiet_hours", problem="missing")
    if quiet_from is not None and quiet_from == quiet_to:
        raise Malformed(field="quiet_hours", problem="wrong_type")


def _check_url(url: str) -> None:
    """Refuse what is no address of another machine; an administrator alone may name one inside the house."""
    if not url:
        return
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(url) > 200:
        raise Malformed(field="gateway_url", problem="wrong_type")
    try:
        address = ipaddress.ip_address(parts.hostname)
    except ValueError:
        if parts.hostname.lower() == "localhost":
            raise Malformed(field="gateway_url", problem="wrong_type") from None
        return
    if address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast:
        raise Malformed(field="gateway_url", problem="wrong_type")


def _clock(value: time | None) -> str:
    return "" if value is None else f"{value:%H:%M}"
