"""Questions to the room ``improve``: what is to be expected, demand against hands, what nothing fits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Site
from yingxu.improve.models import Outlook, TextGroup


@dataclass(frozen=True)
class SiteDay:
    """A site whose day has not been worked out yet."""

    site_id: int
    timezone: str
    on: date


def sites_without_outlook(*, at: datetime) -> tuple[SiteDay, ...]:
    """Return the open sites whose day, by their own clock, has not been worked out. Budget: two queries."""
    sites = [(key, zone, at.astimezone(ZoneInfo(zone)).date()) for key, zone in _open_sites()]
    if not sites:
        return ()
    since = min(on for _, _, on in sites)
    done = set(Outlook.objects.filter(made_on__gte=since, line_code="").values_list("site_id", "made_on"))
    return tuple(SiteDay(key, zone, on) for key, zone, on in sites if (key, on) not in done)


def _open_sites() -> list[tuple[int, str]]:
    return list(Site.objects.filter(state="open").values_list("id", "timezone").order_by("id"))


@dataclass(frozen=True)
class OutlookRow:
    """The newest outlook of a line."""

    line_code: str
    made_at: datetime
    n: int
    forecast: dict[str, Any]
    supply: dict[str, Any]


def outlook(actor: Actor, site_id: int, *, line_code: str) -> OutlookRow | None:
    """Return the newest outlook of a line (empty: all together). Refuses: NotAllowed. Budget: one query."""
    authority.require(actor, "report.read", where=Where(site_id, line_code=line_code))
    rows = Outlook.objects.filter(site_id=site_id, line_code=line_code).order_by("-made_on")
    found = rows.values_list("line_code", "made_at", "n", "forecast", "supply").first()
    return OutlookRow(*found) if found is not None else None


def lines_short_of_hands(actor: Actor, site_id: int) -> tuple[OutlookRow, ...]:
    """Return the newest outlooks of all lines with staff that the actor may read. Budget: two queries."""
    authority.require(actor, "report.read", where=Where(site_id))
    newest = Outlook.objects.filter(site_id=site_id).order_by("-made_on").values_list("made_on", flat=True).first()
    if newest is None:
        return ()
    rows = Outlook.objects.filter(site_id=site_id, made_on=newest).exclude(line_code="").exclude(supply={})
    found = rows.order_by("line_code").values_list("line_code", "made_at", "n", "forecast", "supply")
    return tuple(
        OutlookRow(*row) for row in found if authority.may(actor, "report.read", where=Where(site_id, line_code=row[0]))
    )


@dataclass(frozen=True)
class GroupRow:
    """Askings with shared words that nothing fits."""

    rank: int
    n: int
    n_unfit: int
    words: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    made_at: datetime
    request_keys: tuple[int, ...]


def unfamiliar(actor: Actor, site_id: int) -> tuple[GroupRow, ...]:
    """Return the newest groups, largest first. Refuses: NotAllowed. Budget: two queries."""
    authority.require(actor, "report.read", where=Where(site_id))
    newest = Outlook.objects.filter(site_id=site_id).order_by("-made_on").values_list("made_on", flat=True).first()
    if newest is None:
        return ()
    rows = TextGroup.objects.filter(site_id=site_id, made_on=newest).order_by("rank")
    return tuple(
        GroupRow(*row[:3], tuple(row[3]), *row[4:7], tuple(row[7]))
        for row in rows.values_list("rank", "n", "n_unfit", "words", "first_at", "last_at", "made_at", "request_keys")
    )
