"""Notices find their hour and their channels: quiet hours, digests, and what leaves the house."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from yingxu.ground import authority, ids
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Delivery, NoticeSetting, Site
from yingxu.ground.quiet import Rule, held_until, is_pressing
from yingxu.ground.unit import Unit

#: Asks a later room how urgent some requests are: keys -> priority.
Priorities = Callable[[tuple[int, ...]], Mapping[int, int]]

#: The one message that carries several that were held.
COLLECTED = "ground.notices.collected"


@dataclass(frozen=True)
class Routed:
    """How many notices appeared, how many wait, in how many digests. ``is_more``: the limit cut the round short."""

    n_shown: int
    n_held: int
    n_digests: int
    is_more: bool


@dataclass(frozen=True)
class _House:
    zone: str
    rule: Rule
    gateway_url: str


class _Wishes:
    """What the receivers and their sites set. Budget: two queries."""

    def __init__(self, rows: Iterable[Delivery]) -> None:
        accounts = {row.to_account_id for row in rows if row.to_account_id}
        sites = {row.site_id for row in rows if row.site_id}
        zones = dict(Site.objects.filter(pk__in=sites).values_list("id", "timezone"))
        found = NoticeSetting.objects.filter(account_id__in=accounts) | NoticeSetting.objects.filter(site_id__in=sites)
        self._own: dict[int, NoticeSetting] = {}
        self._sites: dict[int, NoticeSetting] = {}
        for one in found:
            if one.account_id is not None:
                self._own[one.account_id] = one
            elif one.site_id is not None:
                self._sites[one.site_id] = one
        self._zones = zones

    def house(self, row: Delivery) -> _House:
        """Return the zone, the house's rule and its gateway."""
        site = self._sites.get(row.site_id or 0)
        zone = self._zones.get(row.site_id or 0, "Asia/Shanghai")
        return _House(zone, _rule(site), site.gateway_url if site else "")

    def rule(self, row: Delivery) -> Rule:
        """Return the receiver's rule: the own quiet hours, else the house's."""
        own, house = _rule(self._own.get(row.to_account_id or 0)), self.house(row).rule
        if own.quiet_from is None:
            return Rule(house.quiet_from, house.quiet_to, own.digest_at or house.digest_at)
        return Rule(own.quiet_from, own.quiet_to, own.digest_at or house.digest_at)

    def outside(self, row: Delivery) -> list[tuple[str, str]]:
        """Return (channel, address) of what leaves the house for its receiver."""
        own = self._own.get(row.to_account_id or 0)
        if own is None:
            return []
        found = [("email", own.email)] if own.wants_email and own.email else []
        gateway = self.house(row).gateway_url
        return [*found, ("gateway", gateway)] if own.wants_gateway and gateway else found


def _rule(one: NoticeSetting | None) -> Rule:
    return Rule() if one is None else Rule(one.quiet_from, one.quiet_to, one.digest_at)


def route_notices(*, actor: Actor, at: datetime, priorities: Priorities, limit: int = 200) -> Routed:
    """Every notice that is due appears to its receiver, or waits for the end of quiet hours or the digest's hour.

    What asks to act and what is critical or urgent never waits. Several that waited come as one. For channels outside
    the house that the receiver wants, a message of its own is queued. Exactly once however many workers ask.
    Refuses: NotAllowed. Budget: four reads and one write; one when nothing is due.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "notice.route", where=Where(None))
        unit.locking()
        due = Delivery.objects.filter(sent_at=None, due_at__lte=at, channel="in_app")
        rows = list(due.select_for_update(skip_locked=True).order_by("due_at", "to_account_id", "id")[:limit])
        unit.answer(_route(unit, rows, priorities, is_more=len(rows) == limit) if rows else Routed(0, 0, 0, False))
    return unit.answered(Routed)


def _route(unit: Unit, rows: list[Delivery], priorities: Priorities, *, is_more: bool) -> Routed:
    wishes = _Wishes(rows)
    urgency = priorities(tuple(sorted({row.subject_id for row in rows if row.kind != COLLECTED})))
    waited: dict[tuple[int, int | None], list[Delivery]] = {}
    shown: list[Delivery] = []
    n_held = 0
    for row in rows:
        if row.is_held:
            waited.setdefault((row.to_account_id or 0, row.site_id), []).append(row)
            continue
        until = None
        if not is_pressing(row.kind, row.facts, row.to_account_id or 0, urgency.get(row.subject_id)):
            until = held_until(wishes.rule(row), unit.at, wishes.house(row).zone)
        if until is None:
            shown.append(row)
        else:
            unit.change(row, due_at=until, is_held=True)
            n_held += 1
    n_digests = 0
    for group in waited.values():
        if len(group) == 1:
            shown.append(group[0])
            continue
        n_digests += 1
        digest = _digest(unit, group)
        for row in group:
            unit.change(row, sent_at=unit.at, collected_key=digest.pk)
        _send_outside(unit, digest, wishes)
    for row in shown:
        unit.change(row, sent_at=unit.at)
        _send_outside(unit, row, wishes)
    return Routed(len(shown) + n_digests, n_held, n_digests, is_more)


def _digest(unit: Unit, group: list[Delivery]) -> Delivery:
    first = group[0]
    return unit.insert(
        Delivery(
            site_id=first.site_id,
            entry=ids.new_uid(),
            channel="in_app",
            to_account_id=first.to_account_id,
            kind=COLLECTED,
            facts={"n": len(group), "said": [[row.kind, row.facts, row.subject_id] for row in group[:20]]},
            subject_id=first.subject_id,
            due_at=unit.at,
            sent_at=unit.at,
        )
    )


def _send_outside(unit: Unit, row: Delivery, wishes: _Wishes) -> None:
    for channel, address in wishes.outside(row):
        unit.insert(
            Delivery(
                site_id=row.site_id,
                entry=row.entry,
                channel=channel,
                to_account_id=row.to_account_id,
                address=address[:200],
                kind=row.kind,
                facts=row.facts,
                subject_id=row.subject_id,
                due_at=unit.at,
            )
        )
