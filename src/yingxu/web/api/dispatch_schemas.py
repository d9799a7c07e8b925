"""What the API takes and gives about who goes: jobs, plans, workers, offers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

#: Reasons and words, as long as the pages take them.
WORDS = 300


class Strict(BaseModel):
    """A body; a field that nobody knows is refused, so that a misspelt reason is not silently left out."""

    model_config = ConfigDict(extra="forbid")


class Send(Strict):
    """Who goes."""

    worker: UUID
    mates: list[UUID] = Field(default=[], max_length=8, description="who is asked to go along")
    word: str = Field("", max_length=WORDS, description="what is said to the asker; it acknowledges the request")
    override_reason: str = Field(
        "", max_length=WORDS, description="why before a critical job, or (hospital) without what is asked for"
    )


class SendInstead(Strict):
    """Who goes instead."""

    worker: UUID
    note: str = Field("", max_length=WORDS)
    word: str = Field("", max_length=WORDS)
    override_reason: str = Field("", max_length=WORDS)


class Call(Strict):
    """Who goes along."""

    worker: UUID
    override_reason: str = Field("", max_length=WORDS)


class Note(Strict):
    """Why, or nothing."""

    note: str = Field("", max_length=WORDS)


class HandOver(Strict):
    """To whom."""

    worker: UUID
    note: str = Field("", max_length=WORDS)


class Round(Strict):
    """Several jobs for one worker, in this order: all or none."""

    jobs: list[UUID] = Field(min_length=1, max_length=12)
    worker: UUID
    word: str = Field("", max_length=WORDS)


class NewMode(Strict):
    """How a line's jobs find their worker."""

    site: str = Field(max_length=32)
    line: str = Field(max_length=8)
    mode: Literal["automatic", "proposal", "claim"]
    hold_limit: int = Field(2, ge=1, le=10)


class WorkerName(Schema):
    """A worker by id and name."""

    id: UUID
    name: str


class DispatchJob(Schema):
    """A job: what it asks of whoever goes, who has it, its moments."""

    id: UUID
    request: UUID
    number: str
    state: str
    priority: int
    line: str
    item: str
    item_name: str
    text: str
    place: str | None = Field(description="code of the place")
    place_name: str
    skill: str
    skill_level: int
    certificates: list[str]
    clearances: list[str]
    crew: int
    minutes: int
    worker: WorkerName | None
    handed_to: UUID | None = Field(description="asked to take it over and not answered yet")
    opened_at: datetime
    dispatched_at: datetime | None
    accept_by: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    next_due_at: datetime | None


class JobList(Schema):
    """A page of jobs, most urgent first; ``next`` is the cursor of the following page."""

    items: list[DispatchJob]
    next: str | None


class OfferOut(Schema):
    """One offer of the job and what became of it."""

    worker: str
    made_by: str
    made_at: datetime
    accept_by: datetime
    outcome: str
    settled_at: datetime | None
    reason: str
    note: str


class JobWithOffers(DispatchJob):
    """A job with everybody to whom it was offered."""

    offers: list[OfferOut]


class Delayed(Schema):
    """A job that begins later by this choice."""

    number: str
    minutes: int


class Barred(Schema):
    """Who may not go, and by which rule. Six names at most; ``n`` counts all."""

    rule: str
    names: list[str]
    n: int


class PlanOut(Schema):
    """What the planner proposes for a waiting job, and why."""

    job: UUID
    number: str
    priority: int
    worker: WorkerName | None = Field(description="null: nobody can go now; ``barred`` says by which rules")
    runner_up: WorkerName | None
    start_at: datetime | None
    made_at: datetime
    sentence: str
    if_overruled: str = Field(description="what would be worse with the runner-up")
    cost: float | None
    runner_up_cost: float | None
    terms: dict[str, float] = Field(description="cost by term, in weighted minutes")
    runner_up_terms: dict[str, float]
    delays: list[Delayed]
    runner_up_delays: list[Delayed]
    barred: list[Barred]
    mates: list[WorkerName]
    crew: int
    n_missing: int
    waits_for: str | None


class PlanList(Schema):
    """A page of the plan."""

    items: list[PlanOut]
    next: str | None


class WorkerOut(Schema):
    """A worker and the load now."""

    id: UUID
    name: str
    team: str
    lines: list[str]
    skills: dict[str, int]
    is_present: bool
    n_in_hand: int
    n_offered: int
    at_place: str = Field(description="place of the job in hand; empty when nothing is known")


class WorkerList(Schema):
    """A page of workers by id."""

    items: list[WorkerOut]
    next: str | None


class CandidateOut(WorkerOut):
    """A worker for a certain job: ``missing`` is empty when he or she may be sent."""

    missing: list[str]
    missing_in_words: str


class CandidateList(Schema):
    """Everybody present, who lacks nothing first, the least loaded first."""

    items: list[CandidateOut]


class DayItem(Schema):
    """A job of somebody's day."""

    job: UUID
    number: str
    state: str
    priority: int
    item_name: str
    place_name: str
    minutes: int
    is_planned: bool = Field(description="the planner's wish; nobody was told yet")
    start_at: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    next_due_at: datetime | None


class DayOut(Schema):
    """A worker's day."""

    worker: WorkerOut
    from_at: datetime
    to_at: datetime
    items: list[DayItem]


class ModeOut(Schema):
    """How one line's jobs find their worker."""

    line: str
    mode: str
    hold_limit: int


class ModeList(Schema):
    """Every line."""

    items: list[ModeOut]


class Sent(Schema):
    """What became of the job."""

    id: UUID
    number: str
    state: str
    worker_name: str
    accept_by: datetime | None


class PulledBackOut(Schema):
    """The job whose offer was taken back."""

    number: str


class GoesAlong(Schema):
    """Somebody who was called to go along, and the answer so far."""

    id: UUID
    number: str
    worker_name: str
    outcome: str


class RoundOut(Schema):
    """The jobs of the round, in their order."""

    numbers: list[str]
    worker_name: str


class Moved(Schema):
    """The job as the act left it."""

    id: UUID
    number: str
    state: str
