"""The jobs of one request, as its page and the desk's drawer show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONArray, JSONObject

from yingxu.dispatch.models import LIVE_MATE, Mate
from yingxu.dispatch.queries.rows import IN_HAND
from yingxu.dispatch.snapshots import Needs, clearances_needed, needs_beside
from yingxu.ground.models import File
from yingxu.work.models import Job, Pause


@dataclass(frozen=True)
class PauseSaid:
    """The open pause of a job."""

    reason_code: str
    verdict: str
    told: str
    expected_at: datetime | None


@dataclass(frozen=True)
class MateSaid:
    """Somebody who was asked to go along on this outing of a job, and the answer so far."""

    worker_id: int
    name: str
    outcome: str
    note: str


@dataclass(frozen=True)
class RequestJob:
    """A job under a request, as the page of the request and the desk's drawer show it."""

    id: int
    uid: UUID
    number: str
    state: str
    line_code: str
    item_code: str
    item_name: str
    item_name_en: str
    skill: str
    skill_level: int
    party_id: int | None
    party_name: str
    team_name: str
    team_name_en: str
    worker_id: int | None
    worker_uid: UUID | None
    worker_name: str
    successor_name: str
    accept_by: datetime | None
    arrived_at: datetime | None
    arrival_proof: str
    finished_at: datetime | None
    confirm_by: datetime | None
    closed_at: datetime | None
    quality_score: int | None
    cause_code: str
    minutes: int | None
    result_text: str
    flags: tuple[str, ...]
    certificates: tuple[str, ...]
    clearances: tuple[str, ...]
    #: How many people it takes.
    crew: int
    #: Minutes that this kind of work usually takes.
    expected_minutes: int
    n_photos: int
    pause: PauseSaid | None
    #: Who goes along, or said no.
    mates: tuple[MateSaid, ...] = ()

    @property
    def needs(self) -> Needs:
        """What the job asks of whoever goes."""
        return Needs(
            line_code=self.line_code,
            skill=self.skill,
            skill_level=self.skill_level,
            party_id=self.party_id,
            certificates=tuple(self.certificates or ()),
            clearances=tuple(self.clearances or ()),
        )

    @property
    def needs_beside(self) -> Needs:
        """What is asked of those who go along."""
        return needs_beside(self.needs, self.item_code)

    @property
    def n_missing(self) -> int:
        """How many are still to be asked to go along."""
        return max(0, self.crew - 1 - sum(mate.outcome != "declined" for mate in self.mates))

    @property
    def is_in_hand(self) -> bool:
        """Tell whether a worker has it in hand: only a hand-over moves it."""
        return self.state in IN_HAND


_JOB_NAMES = {
    "item_code": "item__code",
    "item_name": "item__name",
    "item_name_en": "item__name_en",
    "skill": "item__skill",
    "skill_level": "item__skill_level",
    "party_name": "party__name",
    "team_name": "team__name",
    "team_name_en": "team__name_en",
    "certificates": "item__certificates",
    "crew": "item__crew",
    "expected_minutes": "item__minutes",
    "worker_uid": "worker__uid",
    "worker_name": "worker__name",
    "successor_name": "successor__name",
}
_JOB_COLUMNS = tuple(
    _JOB_NAMES.get(name, name) for name in RequestJob.__dataclass_fields__ if name not in {"n_photos", "pause", "mates"}
)
_N_TEXT = {"party__name", "team__name", "team__name_en", "worker__name", "successor__name"}


def request_jobs(request_key: int) -> tuple[RequestJob, ...]:
    """Return the jobs of a request in their order. The caller has asked who may see it. Budget: one query."""
    pause = Pause.objects.filter(job=OuterRef("pk"), resumed_at=None)
    photos = File.objects.filter(subject_kind="job", subject_id=OuterRef("pk")).order_by().values("subject_id")
    mates = Mate.objects.filter(
        Q(outcome__in=[*LIVE_MATE, "declined"]), job=OuterRef("pk"), made_at__gte=OuterRef("dispatched_at")
    )
    rows = (
        Job.objects.filter(request_id=request_key)
        .annotate(
            pause_row=Subquery(
                pause.values(
                    row=JSONObject(reason_code="reason_code", verdict="verdict", told="told", expected_at="expected_at")
                )[:1]
            ),
            clearances=clearances_needed(),
            mate_rows=ArraySubquery(
                mates.order_by("id").values(row=JSONArray("worker_id", "worker__name", "outcome", "note"))
            ),
            photos=Coalesce(Subquery(photos.annotate(n=Count("id")).values("n")), 0),
        )
        .order_by("number")
        .values_list(*_JOB_COLUMNS, "photos", "mate_rows", "pause_row")
    )
    return tuple(_request_job(row) for row in rows)


def _request_job(row: Sequence[Any]) -> RequestJob:
    columns: list[Any] = [
        "" if value is None and name in _N_TEXT else value for name, value in zip(_JOB_COLUMNS, row, strict=False)
    ]
    pause = row[-1]
    said = None
    if pause is not None:
        until = datetime.fromisoformat(pause["expected_at"]) if pause["expected_at"] else None
        said = PauseSaid(pause["reason_code"], pause["verdict"], pause["told"], until)
    return RequestJob(*[*columns, row[-3], said, tuple(MateSaid(*one) for one in row[-2])])
