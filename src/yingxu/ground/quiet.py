"""When a notice may reach somebody: quiet hours, the digest's hour, and what waits for neither. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

#: Messages that ask their reader to act, which never wait: kind -> the fact that names whom it asks (empty: every
#: reader). The same fact may be mere news to another, as an offer is to the asker.
ACTS: Mapping[str, str] = {
    "work.job.dispatched": "worker_id",
    "work.hand_over.offered": "to_worker_id",
    "work.job.sent_back": "",
    "work.job.reopened": "",
    "work.job.returned": "",
    "work.job.cancelled": "",
    "work.job.followed": "",
    "work.step.carried_out": "",
    "work.pause.refused": "",
    "work.outside.sent": "worker_id",
    "work.outside.ended": "",
    "work.outside.spoke": "",
    "dispatch.job.pulled_back": "",
    "dispatch.mate.called": "worker_id",
    "dispatch.mate.declined": "",
}
#: Critical and urgent: these wait for nobody's quiet hours (domain 5.10).
URGENT = 2


@dataclass(frozen=True)
class Rule:
    """Somebody's quiet hours [from, to), maybe over midnight, and the hour of the digest; local times."""

    quiet_from: time | None = None
    quiet_to: time | None = None
    digest_at: time | None = None


def is_pressing(kind: str, facts: Mapping[str, Any], account_id: int, priority: int | None) -> bool:
    """Tell whether a message goes out at once, whatever the hour: it asks to act, or the matter is urgent."""
    if kind in ACTS and (not ACTS[kind] or facts.get(ACTS[kind]) == account_id):
        return True
    known = facts.get("priority", priority)
    return bool(facts.get("is_urgent")) or (known is not None and int(known) <= URGENT)


def is_quiet(rule: Rule, at: datetime, zone: str) -> bool:
    """Tell whether an instant lies in the quiet hours."""
    if rule.quiet_from is None or rule.quiet_to is None:
        return False
    clock = at.astimezone(ZoneInfo(zone)).time()
    if rule.quiet_from < rule.quiet_to:
        return rule.quiet_from <= clock < rule.quiet_to
    return clock >= rule.quiet_from or clock < rule.quiet_to


def held_until(rule: Rule, at: datetime, zone: str) -> datetime | None:
    """Return until when an ordinary message waits: the digest's hour or the end of quiet hours; None if it does not."""
    if rule.digest_at is not None:
        until = next_at(rule.digest_at, at, zone)
    elif is_quiet(rule, at, zone):
        until = at
    else:
        return None
    if is_quiet(rule, until, zone) and rule.quiet_to is not None:
        until = next_at(rule.quiet_to, until, zone)
    return until


def next_at(clock: time, at: datetime, zone: str) -> datetime:
    """Return the next instant after ``at`` at which the zone's wall clock shows a time (or has just skipped it)."""
    there = at.astimezone(ZoneInfo(zone))
    found = datetime.combine(there.date(), clock, ZoneInfo(zone))
    if found.astimezone(at.tzinfo) <= at:
        found = datetime.combine(there.date() + timedelta(days=1), clock, ZoneInfo(zone))
    return found.astimezone(at.tzinfo)
