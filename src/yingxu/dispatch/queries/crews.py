"""What somebody was asked to go along on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

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
