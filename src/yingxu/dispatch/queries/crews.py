"""What somebody was asked to go along on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from yingxu.dispatch.models import LIVE_MATE, Mate
from yingxu.ground.actor import Actor


@dataclass(frozen=True)
class AlongRow:
    """A job on which somebody is asked to go along, or goes."""

    job_id: UUID
    number: str
    priority: int
    state: str
    item_name: str
    item_name_en: str
    place_name: str
    place_name_en: str
    text: str
    worker_name: str
    worker_phone: str
    outcome: str
    made_at: datetime


def going_along(actor: Actor, site_id: int, *, limit: int = 50) -> tuple[AlongRow, ...]:
    """Return the open jobs on which the actor is asked to go along, unanswered and urgent ones first. Budget: 1."""
    rows = Mate.objects.filter(
        worker_id=actor.account_id or 0,
        outcome__in=LIVE_MATE,
        site_id=site_id,
        job__state__in=("dispatched", "accepted", "en_route", "arrived", "in_progress", "paused"),
        made_at__gte=F("job__dispatched_at"),
    ).order_by("-outcome", "job__priority", "made_at", "id")
    columns = (
        *("job__uid", "job__number", "job__priority", "job__state", "job__item__name", "job__item__name_en"),
        *("job__place_name", "job__place_name_en", "job__text", "job__worker__name", "job__worker__phone"),
        *("outcome", "made_at"),
    )
    return tuple(AlongRow(*row) for row in rows.values_list(*columns)[:limit])


@dataclass(frozen=True)
class BesideRow:
    """Somebody who goes along on a job, or was asked to: for whoever goes too."""

    name: str
    name_en: str
    phone: str
    outcome: str


def going_with(actor: Actor, job_ids: Collection[UUID]) -> dict[UUID, tuple[BesideRow, ...]]:
    """Return who goes along on each of these jobs beside the actor: only on jobs on which the actor goes. Budget: 1.

    A no is left out: it was told to whoever answers for the job.
    """
    me = actor.account_id or 0
    own = Mate.objects.filter(job=OuterRef("job"), worker_id=me, outcome__in=LIVE_MATE)
    rows = (
        Mate.objects.filter(job__uid__in=job_ids, outcome__in=LIVE_MATE, made_at__gte=F("job__dispatched_at"))
        .filter(Q(job__worker_id=me) | Exists(own))
        .exclude(worker_id=me)
        .order_by("id")
    )
    columns = ("worker__name", "worker__name_en", "worker__phone", "outcome")
    found: dict[UUID, list[BesideRow]] = {}
    for job_id, *row in rows.values_list("job__uid", *columns):
        found.setdefault(job_id, []).append(BesideRow(*row))
    return {job_id: tuple(beside) for job_id, beside in found.items()}
