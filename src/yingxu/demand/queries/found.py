"""What somebody found, what came of a step that was not good, and which rows of a list are here already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor


@dataclass(frozen=True)
class FindingRow:
    """A finding with its fate."""

    id: UUID
    number: str
    text: str
    place_name: str
    place_name_en: str
    state: str
    priority: int
    answer_text: str
    created_at: datetime


_FINDING = (
    "uid", "number", "text", "place_name", "place_name_en", "shown_state", "priority", "answer_text", "created_at",
)  # fmt: skip


def found_by(actor: Actor, site_id: int, *, limit: int = 20) -> tuple[FindingRow, ...]:
    """Return what the actor found on rounds, newest first, with its fate. Budget: one query."""
    rows = Request.objects.filter(
        authority.visible(actor), site_id=site_id, owner_id=actor.account_id, channel__in=["supervisor", "self_found"]
    )
    return tuple(FindingRow(*row) for row in rows.order_by("-created_at", "-id").values_list(*_FINDING)[:limit])


@dataclass(frozen=True)
class FollowUpRow:
    """A request that was opened because a step was not good, or the one whose step that was."""

    id: UUID
    number: str
    text: str
    state: str


#: Begins the reference of a request that came of a step: the job's number and the step's code follow.
STEP = "step:"


def step_ref(job_number: str, step_code: str = "") -> str:
    """Return the reference of the follow-up of one step; without a step, how those of the job begin."""
    return f"{STEP}{job_number}:{step_code}"


def follow_ups(site_id: int, job_numbers: Sequence[str]) -> tuple[FollowUpRow, ...]:
    """Return what was opened because steps of these jobs were not good. Budget: one query, none without jobs."""
    if not job_numbers:
        return ()
    meant = Q(pk__in=())
    for number in job_numbers:
        meant |= Q(source_ref__startswith=step_ref(number))
    rows = Request.objects.filter(meant, site_id=site_id, channel="follow_up").order_by("id")
    return tuple(FollowUpRow(*row) for row in rows.values_list("uid", "number", "text", "shown_state"))


def followed(request_id: UUID) -> FollowUpRow | None:
    """Return the request whose job's step was not good, when this one came of it. Budget: two queries at most."""
    row = Request.objects.filter(uid=request_id, channel="follow_up").values_list("site_id", "source_ref").first()
    if row is None:
        return None
    number = row[1].removeprefix(STEP).split(":")[0].split("-")[0]
    found = Request.objects.filter(site_id=row[0], number=number).values_list("uid", "number", "text", "shown_state")
    first = found.first()
    return None if first is None else FollowUpRow(*first)


def listed(site_id: int, refs: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the numbers and texts of requests of uploaded lists by their own reference. Budget: one query."""
    rows = Request.objects.filter(site_id=site_id, channel="list", source_ref__in=list(refs))
    return {ref: (number, text) for ref, number, text in rows.values_list("source_ref", "number", "text")}
