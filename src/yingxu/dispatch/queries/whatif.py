"""Questions "what if?", and the past that they are played on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from yingxu.dispatch.models import WhatIf
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotFound
from yingxu.work.models import Job
from yingxu.work.queries import seen_by


@dataclass(frozen=True)
class WhatIfRow:
    """A question with its answer."""

    key: int
    id: UUID
    site_id: int
    timezone: str
    line_code: str
    from_at: datetime
    to_at: datetime
    more_hands: int
    seed: int
    state: str
    result: dict[str, Any]
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    further: tuple[str, ...] = ()


_COLUMNS = (
    "id",
    "uid",
    "site_id",
    "site__timezone",
    "line_code",
    "from_at",
    "to_at",
    "more_hands",
    "seed",
    "state",
    "result",
    "asked_by__name",
    "asked_at",
    "finished_at",
    "further",
)


def _row(values: tuple[Any, ...]) -> WhatIfRow:
    columns: list[Any] = ["" if value is None and at == 11 else value for at, value in enumerate(values[:-1])]
    return WhatIfRow(*[*columns, tuple(values[-1])])


def what_ifs(actor: Actor, site_id: int, *, after: int | None = None, limit: int = 25) -> tuple[WhatIfRow, ...]:
    """Return the questions that the actor may read, newest first. Refuses: NotAllowed. Budget: one query."""
    authority.require(actor, "report.read", where=Where(site_id))
    rows = WhatIf.objects.filter(site_id=site_id)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = tuple(_row(row) for row in rows.order_by("-id").values_list(*_COLUMNS)[:limit])
    return tuple(row for row in found if authority.may(actor, "report.read", where=_where(row)))


def what_if(actor: Actor, what_if_id: UUID) -> WhatIfRow:
    """Return one question. Refuses: NotFound (also for those who may not read it). Budget: one query."""
    found = WhatIf.objects.filter(uid=what_if_id).values_list(*_COLUMNS).first()
    if found is None or not authority.may(actor, "report.read", where=_where(_row(found))):
        raise NotFound(kind="what_if", name=str(what_if_id))
    return _row(found)


def what_if_to_run(what_if_id: UUID) -> WhatIfRow:
    """Return a question for the analyst. Refuses: NotFound. Budget: one query."""
    found = WhatIf.objects.filter(uid=what_if_id).values_list(*_COLUMNS).first()
    if found is None:
        raise NotFound(kind="what_if", name=str(what_if_id))
    return _row(found)


def n_what_ifs_waiting(*, at: datetime) -> int:
    """Return how many questions an analyst could take now. Budget: one query."""
    return WhatIf.objects.filter(Q(taken_until=None) | Q(taken_until__lte=at), state="asked").count()


def _where(row: WhatIfRow) -> Where:
    return Where(row.site_id, line_code=row.line_code)


@dataclass(frozen=True)
class PastRow:
    """A job of the past with what playing it again needs."""

    line_code: str
    priority: int
    place_id: int | None
    place_path: str
    worker_id: int | None
    opened_at: datetime
    accepted_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None


_CALLED_OFF = ("merged", "declined", "transferred", "cancelled")


def past_jobs(actor: Actor, site_id: int, *, from_at: datetime, to_at: datetime, line_code: str) -> tuple[PastRow, ...]:
    """Return the jobs opened in [from_at, to_at) that the actor may see, oldest first. Budget: one query."""
    rows = Job.objects.filter(seen_by(actor), site_id=site_id, opened_at__gte=from_at, opened_at__lt=to_at)
    rows = rows.exclude(Q(state__in=_CALLED_OFF) & Q(arrived_at=None))
    if line_code:
        rows = rows.filter(line_code=line_code)
    found = rows.order_by("opened_at", "id").values_list(
        "line_code",
        "priority",
        "place_id",
        "place_path",
        "worker_id",
        "opened_at",
        "accepted_at",
        "arrived_at",
        "finished_at",
    )
    return tuple(PastRow(*row) for row in found)
