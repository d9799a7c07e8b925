"""Jobs that may be followed up: finished, with somebody to ask. Rows for drawing, never for showing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from yingxu.verify.models import Call, Verdict
from yingxu.work.models import Job

#: Domain 6.2 REPEAT: another job of the same place and item was finished within so long before.
REPEAT = timedelta(days=30)
#: Re-checks are drawn for what was closed within so many days; the call-backs' week lies inside.
WINDOW_DAYS = 31
_LAST = 20


@dataclass(frozen=True)
class Candidate:
    """A finished job. ``drawn``: after how many days it is called about already."""

    key: int
    uid: UUID
    site_id: int
    request_key: int
    number: str
    line_code: str
    priority: int
    finished_at: datetime
    closed_at: datetime | None
    n_reworks: int
    n_reopens: int
    is_repeat: bool
    is_held: bool
    drawn: tuple[int, ...]


def repeated() -> Exists:
    """Return the condition that a job repeats another one: the same item at the same place within thirty days."""
    before = Job.objects.filter(
        site_id=OuterRef("site_id"),
        place_id=OuterRef("place_id"),
        item_id=OuterRef("item_id"),
        origin="reactive",
        finished_at__lte=OuterRef("opened_at"),
        finished_at__gte=OuterRef("opened_at") - REPEAT,
    ).exclude(pk=OuterRef("pk"))
    return Exists(before)


def candidates(site_id: int, *, at: datetime, line_code: str = "", days: int = WINDOW_DAYS) -> tuple[Candidate, ...]:
    """Return jobs finished in the last days that somebody can be asked about. Budget: one query."""
    calls = Call.objects.filter(job=OuterRef("pk")).order_by("after_days").values("after_days")
    held = Verdict.objects.filter(
        Q(is_good=False) | Q(is_contradicted=True), job=OuterRef("pk"), given_at__gte=OuterRef("finished_at")
    )
    rows = Job.objects.filter(
        Q(owner__isnull=False) | ~Q(request__requester_phone=""),
        site_id=site_id,
        state__in=["finished", "closed"],
        finished_at__gte=at - timedelta(days=days),
        finished_at__lte=at,
        origin="reactive",
    )
    if line_code:
        rows = rows.filter(line_code=line_code)
    found: list[tuple[Any, ...]] = list(
        rows.annotate(repeats=repeated(), held=Exists(held), drawn=ArraySubquery(calls))
        .order_by("finished_at", "id")
        .values_list(
            "id",
            "uid",
            "site_id",
            "request_id",
            "number",
            "line_code",
            "priority",
            "finished_at",
            "closed_at",
            "n_reworks",
            "n_reopens",
            "repeats",
            "held",
            "drawn",
        )
    )
    return tuple(_candidate(list(row)) for row in found)


def _candidate(values: list[Any]) -> Candidate:
    values[-1] = tuple(values[-1])
    return Candidate(*values)


def last_answers(site_id: int) -> dict[str, list[bool]]:
    """Return, by line, whether the last answers of call-backs were good, newest first. Budget: one query."""
    said: dict[str, list[bool]] = defaultdict(list)
    rows = (
        Call.objects.filter(site_id=site_id, outcome__in=["good", "bad", "doubtful"])
        .annotate(when=Coalesce(F("answered_at"), F("drawn_at")))
        .order_by("-when")
        .values_list("stratum", "outcome")[:2000]
    )
    for line, outcome in rows:
        if len(said[line]) < _LAST:
            said[line].append(outcome == "good")
    return said
