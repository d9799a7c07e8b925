"""The ratchet's round: what was kept three months running, by promise; once a month and site, as often as it is run."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from yingxu.connect.analyst.past import ANALYST
from yingxu.core.quality.ratchet import MONTHS, RULE, Month, tighter
from yingxu.promise.used import used
from yingxu.standards import actions, queries
from yingxu.standards.actions import TighterPromise

_DAY = timedelta(days=1)


def run(site_id: int, *, timezone: str, at: datetime) -> int:
    """Propose what the last three whole months allow; returns how many proposals were made. Idempotent."""
    zone = ZoneInfo(timezone)
    firsts = last_months(at.astimezone(zone).date())
    starts = [datetime(first.year, first.month, 1, tzinfo=zone) for first in firsts]
    by_term: dict[tuple[int, int, str, int, float], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in used(ANALYST, site_id, from_at=starts[0], to_at=starts[-1]):
        month = row.counts_at.astimezone(zone).strftime("%Y-%m")
        key = (row.item_id, row.priority, row.milestone, row.limit_s, row.percentile)
        by_term[key][month].append(row.used_s)
    codes = [first.strftime("%Y-%m") for first in firsts[:-1]]
    found = []
    for term in queries.promised_now(site_id):
        if term.place_class or term.milestone == "verified":
            continue  # one class of places is not told apart here; the asker's window to say yes is no speed of ours
        months = by_term.get((term.item_id, term.priority, term.milestone, term.limit_s, term.percentile), {})
        change = tighter(
            [Month(code, tuple(months.get(code, ()))) for code in codes],
            limit_s=term.limit_s,
            percentile=term.percentile,
        )
        if change is not None:
            figures = {"months": [asdict(month) for month in change.months]}
            found.append(
                TighterPromise(
                    term.item_id, term.priority, term.milestone, "", change.limit_s, change.percentile, figures
                )
            )
    if not found:
        return 0
    return actions.propose_tighter(
        site_id=site_id, month=firsts[-2], rule=RULE, found=tuple(found), actor=ANALYST, at=at
    ).n


def last_months(today: date) -> tuple[date, ...]:
    """Return the first days of the last three whole months, oldest first, and of the present one."""
    firsts = [today.replace(day=1)]
    for _ in range(MONTHS):
        firsts.insert(0, (firsts[0] - _DAY).replace(day=1))
    return tuple(firsts)
