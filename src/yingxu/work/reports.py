"""Questions about what phones reported and could not be carried out: the worker's own, and the desk's list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.work.models import SetAside


@dataclass(frozen=True)
class ReportRow:
    """A report that was set aside."""

    id: UUID
    command_id: str
    act: str
    said: dict[str, Any]
    kind: str
    problem: str
    told_zh: str
    told_en: str
    happened_at: datetime
    received_at: datetime
    settled_at: datetime | None
    settled_how: str
    words: str
    worker_name: str
    job_id: UUID | None
    job_number: str
    job_state: str
    request_id: UUID | None
    item_name: str
    item_name_en: str
    place_name: str
    place_name_en: str


def _read(rows: QuerySet[SetAside]) -> tuple[ReportRow, ...]:
    found = rows.select_related("account", "job__request", "job__item")
    return tuple(_row(row) for row in found)


def _row(row: SetAside) -> ReportRow:
    job = row.job
    return ReportRow(
        id=row.uid,
        command_id=row.command_id,
        act=row.act,
        said=row.said,
        kind=row.kind,
        problem=row.problem,
        told_zh=row.told_zh,
        told_en=row.told_en,
        happened_at=row.happened_at,
        received_at=row.received_at,
        settled_at=row.settled_at,
        settled_how=row.settled_how,
        words=row.words,
        worker_name=row.account.name,
        job_id=job.uid if job else None,
        job_number=job.number if job else "",
        job_state=job.state if job else "",
        request_id=job.request.uid if job else None,
        item_name=job.item.name if job else "",
        item_name_en=job.item.name_en if job else "",
        place_name=job.place_name if job else "",
        place_name_en=job.place_name_en if job else "",
    )


def reports_of_commands(actor: Actor, command_ids: Iterable[str]) -> dict[str, ReportRow]:
    """Return the actor's reports that were set aside under these commands. Budget: one query."""
    rows = SetAside.objects.filter(account_id=actor.account_id or 0, command_id__in=list(command_ids))
    return {row.command_id: row for row in _read(rows)}


def my_reports(actor: Actor, *, limit: int = 20) -> tuple[ReportRow, ...]:
    """Return the worker's own reports that nobody has settled, oldest first. Budget: one query."""
    rows = SetAside.objects.filter(account_id=actor.account_id or 0, settled_at=None)
    return _read(rows.order_by("received_at", "id")[:limit])


def _seen(actor: Actor, site_id: int) -> QuerySet[SetAside]:
    requests = Request.objects.filter(authority.visible(actor, "report.read"), site_id=site_id)
    seen = Q(job__request__in=requests)
    if authority.may(actor, "report.read", where=Where(site_id)):
        seen |= Q(job=None)
    return SetAside.objects.filter(seen, site_id=site_id)


def open_reports(actor: Actor, site_id: int, *, limit: int = 100) -> tuple[ReportRow, ...]:
    """Return what waits for the desk to look at, oldest first. Budget: one query."""
    return _read(_seen(actor, site_id).filter(settled_at=None).order_by("received_at", "id")[:limit])


def settled_reports(actor: Actor, site_id: int, *, limit: int = 30) -> tuple[ReportRow, ...]:
    """Return what was settled lately, newest first. Budget: one query."""
    return _read(_seen(actor, site_id).exclude(settled_at=None).order_by("-settled_at", "-id")[:limit])


def n_open_reports(actor: Actor, site_id: int) -> int:
    """Return how many reports wait for the desk. Budget: one query."""
    return _seen(actor, site_id).filter(settled_at=None).count()
