"""Questions about recurring demand: the rules, and what falls due by them and was not raised yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from yingxu.demand.models import Recurrence, Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.standards import queries as standards


@dataclass(frozen=True)
class RecurrenceRow:
    """A rule as a list shows it."""

    id: UUID
    item_name: str
    item_name_en: str
    place_name: str
    place_name_en: str
    text: str
    starts_min: int
    window_min: int
    weekdays: tuple[int, ...]
    skips_holidays: bool
    from_on: date
    to_on: date | None
    owner_name: str
    #: The next days on which it is asked for, and those left out that are still to come.
    next_on: tuple[date, ...] = ()
    left_out: tuple[date, ...] = ()

    @property
    def clock(self) -> str:
        """The time of day as people say it."""
        return f"{self.starts_min // 60:02d}:{self.starts_min % 60:02d}"


def recurrences(actor: Actor, site_id: int, *, at: datetime) -> tuple[RecurrenceRow, ...]:
    """Return the site's live rules with their next days (``at``: now in the site's zone).

    One who only asks for the own ward sees the own. Budget: two queries, one of them where a rule skips days off.
    """
    rows = Recurrence.objects.filter(site_id=site_id, is_active=True).select_related("item", "place", "owner")
    if not authority.may(actor, "queue.read", where=Where(site_id)):
        rows = rows.filter(owner_id=actor.account_id)
    today = at.date()
    found = list(rows.order_by("starts_min", "id")[:200])
    off = _days_off(site_id, today, _SHOWN_AHEAD) if any(row.skips_holidays for row in found) else {}
    return tuple(
        RecurrenceRow(
            row.uid,
            row.item.name,
            row.item.name_en,
            row.place.full_name if row.place else "",
            row.place.full_name_en if row.place else "",
            row.text,
            row.starts_min,
            row.window_min,
            tuple(row.weekdays),
            row.skips_holidays,
            row.from_on,
            row.to_on,
            row.owner.name if row.owner else "",
            _next_on(row, at, off),
            tuple(day for day in row.left_out if day >= today),
        )
        for row in found
    )


#: So many days ahead are looked through for the next three.
_SHOWN_AHEAD, _SHOWN = 40, 3


def _next_on(rule: Recurrence, at: datetime, off: dict[date, bool]) -> tuple[date, ...]:
    is_over = at.hour * 60 + at.minute > rule.starts_min
    days = (at.date() + timedelta(days=n) for n in range(is_over, _SHOWN_AHEAD))
    return tuple(islice((day for day in days if _is_in_span(rule, day) and _is_wanted(rule, day, off)), _SHOWN))


def _is_in_span(rule: Recurrence, day: date) -> bool:
    return day >= rule.from_on and (rule.to_on is None or day < rule.to_on)


@dataclass(frozen=True)
class Due:
    """One occurrence that should be raised now."""

    site_id: int
    item_code: str
    place_id: int | None
    text: str
    form: dict[str, Any]
    owner_id: int | None
    source_ref: str
    wanted_from: datetime
    wanted_to: datetime


def due_recurrences(*, at: datetime, limit: int = 100) -> tuple[Due, ...]:
    """Return the occurrences within each rule's span ahead of ``at`` that were not raised yet, the nearest first.

    An occurrence is named by the rule and its day: unique a site and channel, so that it is raised once whatever
    runs beside. Budget: 2, and one a site with rules that skip holidays.
    """
    rules = list(Recurrence.objects.filter(is_active=True).select_related("item", "site").order_by("id"))
    off: dict[int, dict[date, bool]] = {}
    found: list[Due] = []
    for rule in rules:
        zone = ZoneInfo(rule.site.timezone)
        today = at.astimezone(zone).date()
        for n in range(rule.ahead_h // 24 + 2):
            day = today + timedelta(days=n)
            begins = datetime.combine(day, time(rule.starts_min // 60, rule.starts_min % 60), zone)
            if not at <= begins <= at + timedelta(hours=rule.ahead_h) or not _is_in_span(rule, day):
                continue
            if rule.skips_holidays and rule.site_id not in off:
                off[rule.site_id] = _days_off(rule.site_id, today)
            if not _is_wanted(rule, day, off.get(rule.site_id, {})):
                continue
            found.append(
                Due(
                    rule.site_id,
                    rule.item.code,
                    rule.place_id,
                    rule.text,
                    rule.form,
                    rule.owner_id,
                    f"rule:{rule.uid.hex}:{day:%Y%m%d}",
                    begins,
                    begins + timedelta(minutes=rule.window_min),
                )
            )
    refs = [one.source_ref for one in found]
    done = set(Request.objects.filter(channel="plan", source_ref__in=refs).values_list("source_ref", flat=True))
    waiting = sorted((one for one in found if one.source_ref not in done), key=lambda one: one.wanted_from)
    return tuple(waiting[:limit])


def _days_off(site_id: int, today: date, n_days: int = 10) -> dict[date, bool]:
    rows = standards.holidays(site_id, from_on=today, to_on=today + timedelta(days=n_days))
    return {row.on: row.is_off_day for row in rows}


def _is_wanted(rule: Recurrence, day: date, off: dict[date, bool]) -> bool:
    """Tell whether a rule asks for that day: its weekdays; days off left out, a make-up day counts as Monday."""
    if day in rule.left_out:
        return False
    if not rule.skips_holidays or day not in off:
        return day.weekday() in rule.weekdays
    return not off[day] and (day.weekday() in rule.weekdays or 0 in rule.weekdays)
