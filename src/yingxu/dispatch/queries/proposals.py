"""What the planner proposes, lines' modes, and the pool that workers claim from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from yingxu.dispatch.models import Assignment, LineMode, PlannerLease, Proposal
from yingxu.dispatch.snapshots import LET_GO, MEMBER_COLUMNS, MEMBER_NAMES, Can, Needs, clearances_needed
from yingxu.ground.actor import Actor
from yingxu.standards.models import Line
from yingxu.team.fitness import Fitness
from yingxu.team.models import Member
from yingxu.work.models import Job


@dataclass(frozen=True)
class PlanRow:
    """Whom the planner would send to a waiting job, and why."""

    job_id: UUID
    worker_uid: UUID | None
    worker_name: str
    worker_name_en: str
    runner_uid: UUID | None
    runner_name: str
    runner_name_en: str
    start_at: datetime | None
    made_at: datetime
    reason: Mapping[str, Any]


def plans_of(request_key: int) -> dict[UUID, PlanRow]:
    """Return the live proposals of a request's waiting jobs. The caller has asked who may see it. Budget: one query."""
    rows = Proposal.objects.filter(job__request_id=request_key, job__state="queued", is_live=True).values_list(
        "job__uid",
        "worker__uid",
        "worker__name",
        "worker__name_en",
        "runner_up__uid",
        "runner_up__name",
        "runner_up__name_en",
        "start_at",
        "made_at",
        "reason",
    )
    return {
        row[0]: PlanRow(
            row[0], row[1], row[2] or "", row[3] or "", row[4], row[5] or "", row[6] or "", row[7], row[8], row[9]
        )
        for row in rows
    }


def proposed_worker(job_id: UUID) -> UUID | None:
    """Return whom the live proposal of a job names, for whoever plays the desk. Budget: one query."""
    rows = Proposal.objects.filter(job__uid=job_id, is_live=True, worker__isnull=False)
    return rows.values_list("worker__uid", flat=True).first()


@dataclass(frozen=True)
class LineModeRow:
    """How one line's jobs find their worker."""

    line_code: str
    name: str
    name_en: str
    mode: str
    hold_limit: int


def modes(site_id: int) -> tuple[LineModeRow, ...]:
    """Return every line of the site with its mode. Budget: two queries."""
    known = {
        code: (mode, limit)
        for code, mode, limit in LineMode.objects.filter(site_id=site_id).values_list("line_code", "mode", "hold_limit")
    }
    lines = Line.objects.filter(site_id=site_id, is_active=True).order_by("sort", "code")
    return tuple(
        LineModeRow(code, name, name_en, *known.get(code, ("proposal", 2)))
        for code, name, name_en in lines.values_list("code", "name", "name_en")
    )


def is_planned_now(site_id: int, *, at: datetime) -> bool:
    """Tell whether a planner holds the site now. Budget: one query."""
    return PlannerLease.objects.filter(site_id=site_id, expires_at__gt=at).exists()


@dataclass(frozen=True)
class ClaimRow:
    """A job of the pool, with what the worker lacks for it."""

    uid: UUID
    number: str
    priority: int
    item_name: str
    item_name_en: str
    place_name: str
    place_name_en: str
    text: str
    opened_at: datetime
    missing: tuple[str, ...]
    #: The worker let it lapse or gave it back before.
    is_let_go: bool = False
    #: The worker holds as many jobs as this line allows.
    is_full: bool = False


@dataclass(frozen=True)
class Pool:
    """What somebody could claim now, and how much he or she holds of how much."""

    rows: tuple[ClaimRow, ...]
    n_held: int
    hold_limit: int


def pool(actor: Actor, site_id: int, *, at: datetime, limit: int = 50) -> Pool:
    """Return the waiting jobs of the claiming lines of a worker's own team. Budget: four queries."""
    nothing = Pool((), 0, 0)
    member = Member.objects.filter(account_id=actor.account_id or 0, site_id=site_id)
    row = member.values(*MEMBER_COLUMNS, **{name: F(path) for name, path in MEMBER_NAMES.items()}).first()
    if row is None:
        return nothing
    can = Can(tuple(row["line_codes"]), row["skills"], row["party_id"], Fitness.of(row))
    limits = dict(
        LineMode.objects.filter(site_id=site_id, mode="claim", line_code__in=can.line_codes).values_list(
            "line_code", "hold_limit"
        )
    )
    if not limits:
        return nothing
    open_states = ("dispatched", "accepted", "en_route", "arrived", "in_progress", "paused")
    n_held = Job.objects.filter(worker_id=actor.account_id, state__in=open_states).count()
    jobs = Job.objects.filter(Q(party_id=None) | Q(party_id=can.party_id), site_id=site_id, state="queued")
    found = (
        jobs.filter(line_code__in=limits)
        .annotate(
            clearances=clearances_needed(),
            let_go=Exists(Assignment.objects.filter(LET_GO, job=OuterRef("pk"), worker_id=actor.account_id)),
        )
        .order_by("priority", "opened_at", "id")
        .values_list(
            "uid",
            "number",
            "priority",
            "item__name",
            "item__name_en",
            "place_name",
            "place_name_en",
            "text",
            "opened_at",
            "line_code",
            "item__skill",
            "item__skill_level",
            "party_id",
            "item__certificates",
            "clearances",
            "let_go",
        )[:limit]
    )
    rows = []
    for one in found:
        needs = Needs(*one[9:13], certificates=tuple(one[13] or ()), clearances=tuple(one[14] or ()))
        rows.append(ClaimRow(*one[:9], can.lacks(needs, at=at), bool(one[15]), n_held >= limits[one[9]]))
    return Pool(tuple(rows), n_held, max(limits.values()))
