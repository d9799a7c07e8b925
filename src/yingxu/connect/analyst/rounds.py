"""The analyst's daily round of a site: forecasts, demand against hands, unfamiliar askings, the ratchet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import IntegrityError
from numpy.typing import NDArray

from yingxu.connect.analyst import ratchet
from yingxu.connect.analyst.past import ANALYST, as_worked, rows_of
from yingxu.core.forecast import MIN_DAYS, DayKind, contest, forecast_hourly
from yingxu.core.language import propose
from yingxu.core.language.clusters import LEAST, shared_words
from yingxu.core.queueing.history import TooLittle, handling, hands_by_hour_of_week
from yingxu.core.queueing.history import demand_model as demand_of
from yingxu.demand.queries import analysis
from yingxu.improve import actions, queries
from yingxu.improve.actions import FoundGroup, LineOutlook
from yingxu.improve.queries import SiteDay
from yingxu.standards import queries as standards

Clock = Callable[[], datetime]

#: A quarter and two weeks of past tell the level and the shapes; a year of holidays would tell little more.
PAST_DAYS, AHEAD_DAYS, SUPPLY_WEEKS = 182, 14, 4
COVERAGE = 0.9
#: Askings read again for unfamiliar ones: the newest of the last month.
TEXTS, TEXT_DAYS = 800, 30
#: Below this the reading is hardly better than a guess.
UNSURE_BELOW = 0.35
MOST_GROUPS = 12
#: So many of one kind that were answered with no are a gap between demand and standard (domain S4).
LEAST_REFUSED = 3


def turn(clock: Clock) -> bool:
    """Work out one site's day that has not been; tells whether there was one. Safe to be killed anywhere."""
    waiting = queries.sites_without_outlook(at=clock())
    if not waiting:
        return False
    work_out(waiting[0], at=clock())
    return True


def work_out(day: SiteDay, *, at: datetime) -> None:
    """Work out a site's day: proposals of the ratchet first, the outlook last, which marks the day as done."""
    ratchet.run(day.site_id, timezone=day.timezone, at=at)
    lines, groups = line_outlooks(day, at=at), found_groups(day.site_id, at=at)
    try:
        actions.keep_outlook(site_id=day.site_id, made_on=day.on, lines=lines, groups=groups, actor=ANALYST, at=at)
    except IntegrityError:
        return  # another analyst was quicker; its outlook of the day stands


def line_outlooks(day: SiteDay, *, at: datetime) -> list[LineOutlook]:
    """Return the outlook of all lines together and of each line that was asked for."""
    zone = ZoneInfo(day.timezone)
    midnight = datetime(day.on.year, day.on.month, day.on.day, tzinfo=zone)
    counts = _hourly(day, midnight)
    kinds = day_kinds(day.site_id, midnight.date() - timedelta(days=PAST_DAYS), PAST_DAYS + AHEAD_DAYS)
    past = rows_of(day.site_id, weeks=SUPPLY_WEEKS, at=at)
    whole = np.zeros(PAST_DAYS * 24, dtype=np.int64)
    for of_line in counts.values():
        whole += of_line
    found = [LineOutlook("", int(whole.sum()), _forecast(whole, midnight, kinds))]
    for line, of_line in sorted(counts.items()):
        if line:
            worked = as_worked(past, line_code=line, zone=zone)
            try:
                on_site, way = handling(worked)
                rates, _ = demand_of(worked)
            except TooLittle:
                supply = {}
            else:
                each_min = float(on_site.mean() + (way.mean() if len(way) else 0.0)) / 60
                hands = hands_by_hour_of_week(worked)
                supply = {
                    "minutes_each": round(each_min, 2),
                    "demand_min": [round(rate * each_min, 1) for rate in rates],
                    "capacity_min": [round(float(n) * 60, 1) for n in hands],
                    "weeks": SUPPLY_WEEKS,
                    "n_handled": len(on_site),
                }
            found.append(LineOutlook(line, int(of_line.sum()), _forecast(of_line, midnight, kinds), supply))
    return found


def _hourly(day: SiteDay, midnight: datetime) -> dict[str, NDArray[np.int64]]:
    """Return counts by hour of the last half year, whole days, by line."""
    first = midnight.date() - timedelta(days=PAST_DAYS)
    from_at = datetime(first.year, first.month, first.day, tzinfo=midnight.tzinfo)
    counts: dict[str, NDArray[np.int64]] = {}
    rows = analysis.hours_asked(ANALYST, day.site_id, from_at=from_at, to_at=midnight, timezone=day.timezone)
    for line, hour, n in rows:
        place = (hour.date() - first).days * 24 + hour.hour
        counts.setdefault(line, np.zeros(PAST_DAYS * 24, dtype=np.int64))[place] += n
    return counts


def day_kinds(site_id: int, first: date, n_days: int) -> list[DayKind]:
    """Return what the site's calendar says of each day."""
    known = standards.holidays(site_id, from_on=first, to_on=first + timedelta(days=n_days))
    kinds = {row.on: DayKind.OFF if row.is_off_day else DayKind.MADE_UP for row in known}
    return [kinds.get(first + timedelta(days=at), DayKind.ORDINARY) for at in range(n_days)]


def _forecast(counts: NDArray[np.int64], midnight: datetime, kinds: list[DayKind]) -> dict[str, Any]:
    """Return the stored forecast; empty where the past is too short or nobody asked.

    The past begins on the first day with a request: a site that opened a month ago has no empty half year behind it.
    """
    if not counts.any():
        return {}
    skipped = int(np.flatnonzero(counts)[0]) // 24
    y, past = counts[skipped * 24 :], kinds[skipped:PAST_DAYS]
    if len(past) < MIN_DAYS:
        return {}
    weekday = (midnight.date() - timedelta(days=len(past))).weekday()
    ahead = kinds[PAST_DAYS:]
    made = forecast_hourly(y, first_weekday=weekday, kinds=past, ahead=ahead, coverage=COVERAGE)
    measured = contest(y, first_weekday=weekday, kinds=past, coverage=COVERAGE)
    return {
        "from_at": midnight.isoformat(),
        "days": len(past),
        "coverage": COVERAGE,
        "mean": [round(float(value), 3) for value in made.mean],
        "low": [int(value) for value in made.low],
        "high": [int(value) for value in made.high],
        "off": [int(kind) for kind in ahead],
        "measured": asdict(measured) if measured is not None else None,
    }


def found_groups(site_id: int, *, at: datetime) -> list[FoundGroup]:
    """Return groups of askings that nothing fits, or that are read with little confidence, largest first."""
    said = analysis.last_said(ANALYST, site_id, from_at=at - timedelta(days=TEXT_DAYS), limit=TEXTS)
    odd = [row for row in reversed(said) if row.is_unfit or propose(row.text).confidence < UNSURE_BELOW]
    groups = [
        group
        for group in shared_words([row.text for row in odd], at_least=LEAST_REFUSED)
        if len(group.members) >= LEAST or sum(odd[at_].is_declined for at_ in group.members) >= LEAST_REFUSED
    ]
    return [
        FoundGroup(
            words=group.words,
            n_unfit=sum(odd[at_].is_unfit for at_ in group.members),
            first_at=odd[group.members[0]].created_at,
            last_at=odd[group.members[-1]].created_at,
            request_keys=tuple(odd[at_].key for at_ in group.members),
        )
        for group in groups[:MOST_GROUPS]
    ]
