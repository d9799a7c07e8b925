"""Rows -> what dispatch decides on: may this worker do that job, and until when must an offer be accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from yingxu.core.hours import advance
from yingxu.standards import queries as standards
from yingxu.standards.library import priority_rules


def missing_for(
    *,
    line_code: str,
    skill: str,
    skill_level: int,
    party_id: int | None,
    worker_lines: Sequence[str],
    worker_skills: Mapping[str, int],
    worker_party_id: int,
) -> tuple[str, ...]:
    """Return what the worker lacks for the job: the line, the skill at its level, the contract's party. Pure."""
    missing = []
    if line_code not in worker_lines:
        missing.append(f"line:{line_code}")
    if skill and worker_skills.get(skill, 0) < skill_level:
        missing.append(f"skill:{skill}:{skill_level}")
    if party_id is not None and party_id != worker_party_id:
        missing.append("party")
    return tuple(missing)


@lru_cache(maxsize=1024)
def _calendar_key(site_id: int, code: str) -> int:
    return standards.calendar_id(site_id, code)


def accept_by(site_id: int, priority: int, *, at: datetime) -> datetime:
    """Return until when an offer made now must be accepted (P1 1 min, P2 3, P3 10, P4 60 service minutes).

    Budget: none once the site's calendar is known to this process.
    """
    rule = priority_rules()[priority]
    limit = timedelta(seconds=rule.accept_limit_s)
    if rule.accept_calendar == "always":
        return at + limit
    return advance(standards.calendar_by_id(_calendar_key(site_id, rule.accept_calendar)), at, limit)
