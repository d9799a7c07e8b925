"""What the wall screen shows: what is open and where, who is here and where, nothing of any patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from yingxu.demand.models import Request
from yingxu.dispatch.queries.rows import IN_HAND, UNDONE
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.team.models import Member
from yingxu.work.models import Job

#: Nobody has been sent yet.
WAITING = frozenset({"new", "clarifying", "queued"})


@dataclass(frozen=True)
class OpenRow:
    """Something open, without the asker's words or name."""

    uid: UUID
    number: str
    state: str
    priority: int
    line_code: str
    item_name: str
    item_name_en: str
    place_path: str
    place_name: str
    place_name_en: str
    created_at: datetime
    next_due_at: datetime | None
    word_due_at: datetime | None
    n_urges: int

    @property
    def act_by(self) -> datetime | None:
        """The earliest limit that is still owed."""
        known = [at for at in (self.next_due_at, self.word_due_at) if at is not None]
        return min(known) if known else None


_OPEN = (
    "uid",
    "number",
    "shown_state",
    "priority",
    "line_code",
    "item__name",
    "item__name_en",
    "place_path",
    "place_name",
    "place_name_en",
    "created_at",
    "next_due_at",
    "word_due_at",
    "n_urges",
)


def open_rows(actor: Actor, site_id: int, *, limit: int = 400) -> tuple[OpenRow, ...]:
    """Return what is open at the site and not done, the most urgent first. Budget: one query."""
    rows = Request.objects.filter(
        authority.visible(actor, "queue.read"), site_id=site_id, is_open=True, shown_state__in=UNDONE
    )
    found = rows.order_by("priority", "created_at", "id").values_list(*_OPEN)[:limit]
    return tuple(_open(row) for row in found)


def _open(row: Sequence[Any]) -> OpenRow:
    columns: list[Any] = ["" if value is None and at in (5, 6) else value for at, value in enumerate(row)]
    return OpenRow(*columns)


@dataclass(frozen=True)
class HandsRow:
    """A worker who is present: what he or she has in hand, and where he or she was last."""

    account_id: int
    name: str
    name_en: str
    team_id: int
    team_name: str
    team_name_en: str
    n_in_hand: int
    n_offered: int
    #: Path of the last place where he or she arrived in the last hours; empty when nothing is known.
    place_path: str


def hands_present(actor: Actor, site_id: int, *, since_at: datetime) -> tuple[HandsRow, ...]:
    """Return who is here of the actor's side, by team; places from arrivals after ``since_at``. Budget: one query."""
    rows = Member.objects.filter(site_id=site_id, account__is_active=True, is_present=True)
    parties = authority.parties_of(actor, "queue.read", site_id)
    if parties is not None:
        rows = rows.filter(team__party_id__in=sorted(parties))
    jobs = Job.objects.filter(worker=OuterRef("account")).order_by()
    in_hand = jobs.filter(state__in=IN_HAND).values("worker").annotate(n=Count("id")).values("n")
    offered = jobs.filter(state="dispatched").values("worker").annotate(n=Count("id")).values("n")
    seen = jobs.filter(site_id=site_id, arrived_at__gte=since_at).order_by("-arrived_at").values("place_path")
    found = rows.annotate(
        in_hand=Coalesce(Subquery(in_hand), 0),
        offered=Coalesce(Subquery(offered), 0),
        seen=Subquery(seen[:1]),
    ).order_by("team__code", "-in_hand", "account__name")
    return tuple(
        HandsRow(*row[:8], row[8] or "")
        for row in found.values_list(
            "account_id",
            "account__name",
            "account__name_en",
            "team_id",
            "team__name",
            "team__name_en",
            "in_hand",
            "offered",
            "seen",
        )
    )
