"""Questions about clocks: a request's own, those of several, those that run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.hot import ANY_KEY, hot
from yingxu.promise import snapshots
from yingxu.promise.models import ClockState, Promise

MILESTONES = ("acknowledged", "arrived", "safe", "done", "verified")
ORDER = {milestone: place for place, milestone in enumerate(MILESTONES)}


@dataclass(frozen=True)
class ClockRow:
    """One promise as people see it. ``is_late``: its limit had passed when the question was asked."""

    id: UUID
    request_key: int
    job_key: int | None
    milestone: str
    priority: int
    state: str
    limit_s: int
    started_at: datetime
    due_at: datetime
    reached_at: datetime | None
    broken_at: datetime | None
    is_reported_late: bool
    void_why: str
    origin: str


CLOCK = tuple({"id": "uid", "request_key": "request_id"}.get(name, name) for name in ClockRow.__dataclass_fields__)


_all_clocks = hot(lambda: Promise.objects.filter(request_id=ANY_KEY).values_list(*CLOCK))
_standing_clocks = hot(
    lambda: Promise.objects.filter(request_id=ANY_KEY).exclude(state=ClockState.VOID).values_list(*CLOCK)
)


def clocks_of(request_key: int, *, with_void: bool = False) -> tuple[ClockRow, ...]:
    """Return a request's promises by milestone. The caller has asked who may see it. Budget: one query."""
    found = [ClockRow(*row) for row in (_all_clocks if with_void else _standing_clocks)(request_key)]
    return tuple(sorted(found, key=lambda row: (row.job_key or 0, ORDER[row.milestone], row.started_at)))


def clocks_of_requests(request_keys: tuple[int, ...]) -> dict[int, tuple[ClockRow, ...]]:
    """Return the standing promises of several requests by request, for a page of a list. Budget: one query."""
    found: dict[int, list[ClockRow]] = {key: [] for key in request_keys}
    rows = Promise.objects.filter(request_id__in=request_keys).exclude(state=ClockState.VOID)
    for row in rows.values_list(*CLOCK):
        found[row[1]].append(ClockRow(*row))
    return {
        key: tuple(sorted(rows, key=lambda row: (row.job_key or 0, ORDER[row.milestone])))
        for key, rows in found.items()
    }


@dataclass(frozen=True)
class RunningRow:
    """A clock that runs or stands still, with the request that it belongs to."""

    clock: ClockRow
    request_id: UUID
    number: str
    text: str
    place_name: str
    place_name_en: str
    line_code: str


def running_clocks(actor: Actor, site_id: int, *, limit: int = 50) -> tuple[RunningRow, ...]:
    """Return open promises of what the actor may see, most urgent first. Budget: one query."""
    seen = Request.objects.filter(authority.visible(actor, "promise.read"), site_id=site_id, is_open=True)
    rows = (
        Promise.objects.filter(site_id=site_id, state__in=snapshots.OPEN, request__in=seen)
        .order_by("due_at", "id")
        .values_list(
            *CLOCK,
            "request__uid",
            "request__number",
            "request__text",
            "request__place_name",
            "request__place_name_en",
            "line_code",
        )[:limit]
    )
    return tuple(RunningRow(ClockRow(*row[: len(CLOCK)]), *row[len(CLOCK) :]) for row in rows)
