"""Rows of the calendar as the verbs and reactions of this room need them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from yingxu.ground.authority import Where
from yingxu.ground.models import Site
from yingxu.standards import queries as standards
from yingxu.upkeep.models import Occasion, Preparation, PreparationRule
from yingxu.upkeep.turns import Turn, When, turns

#: How a request that was raised ahead names its rule and turn.
PREFIX = "ahead:"
#: As far as the longest lead reaches.
AHEAD = timedelta(days=366)


def day_of(site: Site, at: datetime) -> date:
    """Return the site's day of a moment."""
    return at.astimezone(ZoneInfo(site.timezone)).date()


def ref_of(rule: PreparationRule, turn: str) -> str:
    """Return the reference of the request for one turn."""
    return f"{PREFIX}{rule.uid.hex}:{turn}"


def named_by(ref: str) -> tuple[UUID, str] | None:
    """Return the rule's uid and the turn that a reference names; None for another's."""
    if not ref.startswith(PREFIX):
        return None
    rule, _colon, turn = ref.removeprefix(PREFIX).partition(":")
    try:
        return UUID(rule), turn
    except ValueError:
        return None


def when_of(row: Occasion) -> When:
    """Return how an occasion comes again."""
    return When(row.repeats, row.from_md, row.to_md, row.from_on, row.to_on, row.every_months, row.holiday)


def days_off(site_id: int, today: date) -> Mapping[date, str]:
    """Return the days off by name, from last year to the year after next. Budget: one query."""
    rows = standards.holidays(site_id, from_on=date(today.year - 1, 1, 1), to_on=date(today.year + 3, 1, 1))
    return {row.on: row.name for row in rows if row.is_off_day}


def turns_of(row: Occasion, *, today: date, off: Mapping[date, str] | None = None) -> tuple[Turn, ...]:
    """Return the turns that are not over today, a year ahead. Budget: one query of holidays not given."""
    when = when_of(row)
    if off is None:
        off = days_off(row.site_id, today) if row.repeats == "holiday" else {}
    return turns(when, since=today, until=today + AHEAD, days_off=off)


def where_of(row: Preparation) -> Where:
    """Return where a preparation stands."""
    return Where(
        row.site_id,
        party_ids=tuple(row.party_keys),
        line_code=row.line_code,
        place_path=row.place_path,
        team_ids=tuple(row.team_keys),
        owner_ids=(row.owner_id,) if row.owner_id else (),
    )
