"""Before two requests become one: who would be told what, what would be done, until when it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from yingxu.demand.models import Request
from yingxu.demand.reads import where_of
from yingxu.demand.refusals import NotTheSameIncident
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotFound


@dataclass(frozen=True)
class Asker:
    """Somebody who asked, with the number that stays his or hers."""

    number: str
    name: str
    has_way: bool
    priority: int
    n_urges: int


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do. ``askers``: of the request and of those merged into it before."""

    id: UUID
    number: str
    master_id: UUID
    master_number: str
    master_asker: str
    master_priority: int
    askers: tuple[Asker, ...]
    n_jobs: int
    created_at: datetime


def merge_preview(actor: Actor, site_id: int, request_id: UUID, master_number: str) -> MergePreview:
    """Return what a merge would do; refuses: NotFound, NotAllowed, NotTheSameIncident. Budget: one query."""
    rows = list(
        Request.objects.filter(
            authority.visible(actor),
            Q(uid=request_id) | Q(number=master_number.strip()) | Q(master__uid=request_id, state="merged"),
            site_id=site_id,
        ).select_related("owner")
    )
    own = next((row for row in rows if row.uid == request_id), None)
    master = next((row for row in rows if row.number == master_number.strip()), None)
    if own is None or master is None:
        raise NotFound(kind="request", name=master_number if own else str(request_id))
    authority.require(actor, "request.merge", where=where_of(own))
    if own.pk == master.pk or not master.is_open:
        raise NotTheSameIncident(master=master.number)
    followers = [own, *(row for row in rows if row.master_id == own.pk)]
    return MergePreview(
        id=own.uid,
        number=own.number,
        master_id=master.uid,
        master_number=master.number,
        master_asker=_name(master),
        master_priority=master.priority,
        askers=tuple(
            Asker(row.number, _name(row), bool(row.owner_id or row.requester_phone), row.priority, row.n_urges)
            for row in followers
        ),
        n_jobs=len([state for state in own.job_states.values() if state not in {"closed", "cancelled"}]),
        created_at=own.created_at,
    )


def _name(row: Request) -> str:
    return row.requester_name or (row.owner.name if row.owner is not None else "")
