"""Rows -> what dispatch decides on: may this worker do that job, and until when must an offer be accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from yingxu.core.hours import advance
from yingxu.ground.unit import Unit, recalled
from yingxu.standards import queries as standards
from yingxu.standards.library import priority_rules
from yingxu.standards.models import Item
from yingxu.work.models import Job
from yingxu.work.snapshots import Told


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


def skill_of(item_id: int) -> tuple[str, int]:
    """Return the skill and its level that an item asks for; a batch reads each once. One query."""

    def read() -> tuple[str, int]:
        return Item.objects.filter(pk=item_id).values_list("skill", "skill_level").get()

    return recalled(("skill", item_id), read, of=(Item,))


_URGENT = JSONObject(
    number="number",
    line_code="line_code",
    skill="item__skill",
    skill_level="item__skill_level",
    party_id="party_id",
)
_LOOKED_AT = 50


def urgent_told() -> Told:
    """Return the critical jobs that wait at the site beside this one, oldest first, for ``job_of``."""
    return Told(_urgent_sql, _urgent_in_batch)


def _urgent_sql() -> ArraySubquery:
    waiting = Job.objects.filter(state="queued", priority=1).order_by("opened_at", "id")
    others = waiting.filter(site=OuterRef("site")).exclude(pk=OuterRef("pk"))
    return ArraySubquery(others.values(row=_URGENT)[:_LOOKED_AT])


def _urgent_in_batch(unit: Unit, job: Job) -> list[dict[str, Any]]:
    """The database's waiting jobs as the batch found them first, with what the batch made of its own."""
    batch = unit.batch
    if batch is None:
        return []

    def read() -> list[tuple[int, datetime, dict[str, Any]]]:
        waiting = Job.objects.filter(site=job.site_id, state="queued", priority=1)
        with batch.quietly():
            return list(waiting.values_list("id", "opened_at", _URGENT))

    found = [one for one in batch.recall(("urgent", job.site_id), read, of=()) if batch.fresh(Job, one[0]) is None]
    for row in batch.rows(Job):
        if row.state == "queued" and row.priority == 1 and row.site_id == job.site_id:
            skill, level = skill_of(row.item_id)
            said = {"number": row.number, "line_code": row.line_code, "skill": skill, "skill_level": level}
            found.append((row.pk, row.opened_at, {**said, "party_id": row.party_id}))
    found.sort(key=lambda one: (one[1], one[0]))
    return [dict(row) for key, _, row in found if key != job.pk][:_LOOKED_AT]
