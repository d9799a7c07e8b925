"""Rows -> what dispatch decides on: may this worker do that job, and until when must an offer be accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONArray, JSONObject, Left, Length

from yingxu.core.hours import advance
from yingxu.ground.unit import Unit, recalled
from yingxu.standards import library
from yingxu.standards import queries as standards
from yingxu.standards.library import priority_rules
from yingxu.standards.models import Item
from yingxu.team.fitness import Fitness
from yingxu.team.models import RestrictedZone
from yingxu.work.models import Job
from yingxu.work.snapshots import Told

NOTHING_KNOWN = Fitness()
#: Offers that somebody gave back or let lapse; what the desk took back by hand is nobody's refusal.
LET_GO = Q(outcome="returned") | Q(outcome="pulled_back", reason_code="timeout")
#: What one read tells of a member for :meth:`Fitness.of` and :class:`Can`: columns by their own name, and renamed.
MEMBER_COLUMNS = (
    "account_id",
    "team_id",
    "skills",
    "papers",
    "clearances",
    "duty_from",
    "duty_to",
    "breaks",
    "duty_kind",
    "later",
)
MEMBER_NAMES = {
    "name": "account__name",
    "party_id": "team__party_id",
    "line_codes": "team__line_codes",
    "gates_from": "team__gates_from",
    "timezone": "site__timezone",
}


@dataclass(frozen=True)
class Needs:
    """What a job asks of whoever goes."""

    line_code: str
    skill: str
    skill_level: int
    party_id: int | None
    certificates: tuple[str, ...] = ()
    clearances: tuple[str, ...] = ()


@dataclass(frozen=True)
class Can:
    """What a worker brings."""

    line_codes: tuple[str, ...]
    skills: Mapping[str, int]
    party_id: int
    fitness: Fitness = NOTHING_KNOWN

    def lacks(self, needs: Needs, *, at: datetime) -> tuple[str, ...]:
        """Return what the worker lacks for the job at that moment, in codes; empty: he or she may be sent. Pure."""
        missing = missing_for(
            line_code=needs.line_code,
            skill=needs.skill,
            skill_level=needs.skill_level,
            party_id=needs.party_id,
            worker_lines=self.line_codes,
            worker_skills=self.skills,
            worker_party_id=self.party_id,
        )
        return missing + self.fitness.lacks(certificates=needs.certificates, clearances=needs.clearances, at=at)


def clearances_at(zones: Sequence[Sequence[str]], place_path: str) -> tuple[str, ...]:
    """Return the clearances that a place asks for; ``zones``: (path, clearance) of the site. Pure."""
    return tuple(dict.fromkeys(code for path, code in zones if place_path.startswith(path)))


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


def papers_of(item_id: int) -> tuple[str, ...]:
    """Return the certificates that an item asks for; a batch reads each once. One query."""

    def read() -> tuple[str, ...]:
        return tuple(Item.objects.filter(pk=item_id).values_list("certificates", flat=True).get())

    return recalled(("papers", item_id), read, of=(Item,))


def needs_of(job: Job) -> Needs:
    """Return what a job read with its skill, certificates and zones asks of whoever goes."""
    return Needs(
        line_code=job.line_code,
        skill=getattr(job, "skill", ""),
        skill_level=getattr(job, "skill_level", 0),
        party_id=job.party_id,
        certificates=tuple(getattr(job, "certificates", ()) or ()),
        clearances=clearances_at(getattr(job, "zones", ()) or (), job.place_path),
    )


def needs_beside(needs: Needs, item_code: str) -> Needs:
    """Return what is asked of those who go along, beside the accountable person. Pure.

    The library's certificates for them. Where it names others than the accountable person's, somebody of another trade
    is meant; otherwise a learner of the same trade (level 1), who may not work alone, may go along.
    """
    row = library.by_code("items").get(item_code, {})
    papers = tuple(code for code in row.get("crew_certificates", "").split(";") if code)
    is_same_trade = not papers or set(papers) <= set(needs.certificates)
    return replace(
        needs,
        skill=needs.skill if is_same_trade else "",
        skill_level=min(1, needs.skill_level) if is_same_trade else 0,
        certificates=papers,
    )


def zones_told() -> Told:
    """Return the restricted zones of the job's site as [path, clearance], for ``job_of``."""
    return Told(_zones_sql, lambda _, job: zones_of(job.site_id))


def zones_of(site_id: int) -> list[list[str]]:
    """Return the restricted zones of a site as [path, clearance]; a batch reads them once. One query."""

    def read() -> list[list[str]]:
        return [list(row) for row in _zones().filter(site_id=site_id).values_list("path", "clearance")]

    return recalled(("zones", site_id), read, of=())


def _zones() -> QuerySet[RestrictedZone]:
    return RestrictedZone.objects.filter(lifted_at=None).order_by("id")


def _zones_sql() -> ArraySubquery:
    return ArraySubquery(_zones().filter(site=OuterRef("site")).values(row=JSONArray("path", "clearance")))


def clearances_needed() -> ArraySubquery:
    """Return the clearances that the job's place asks for, for a read of jobs."""
    within = Left(OuterRef("place_path"), Length("path"))
    rows = _zones().filter(site=OuterRef("site")).annotate(head=within).filter(head=F("path"))
    return ArraySubquery(rows.values("clearance"))


_URGENT = JSONObject(
    number="number",
    line_code="line_code",
    skill="item__skill",
    skill_level="item__skill_level",
    certificates="item__certificates",
    place_path="place_path",
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
            said: dict[str, Any] = {"number": row.number, "line_code": row.line_code, "skill": skill}
            said |= {"skill_level": level, "certificates": papers_of(row.item_id), "place_path": row.place_path}
            found.append((row.pk, row.opened_at, {**said, "party_id": row.party_id}))
    found.sort(key=lambda one: (one[1], one[0]))
    return [dict(row) for key, _, row in found if key != job.pk][:_LOOKED_AT]
