"""Facts of the room ``dispatch``. The subject is the job; the thread is its request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class JobAssigned(Fact):
    """Somebody decided who goes."""

    kind: ClassVar[str] = "dispatch.job.assigned"
    subject_kind: ClassVar[str] = "job"
    worker_id: int
    worker_name: str
    team_id: int | None
    party_id: int | None
    accept_by: datetime
    assignment_id: int
    #: A person's word to the asker; empty when none was given.
    word: str
    override_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class JobPulledBack(Fact):
    """The offer was taken back: not accepted in time, or somebody else is to go."""

    kind: ClassVar[str] = "dispatch.job.pulled_back"
    subject_kind: ClassVar[str] = "job"
    worker_id: int
    reason_code: str
    note: str = ""
    #: Nobody accepted in time: for the so many-th time. 0: somebody took it back by hand.
    n_lapsed: int = 0


@dataclass(frozen=True, kw_only=True)
class JobReassigned(Fact):
    """Somebody else is to take over what a worker has in hand; until he or she accepts, nothing changes."""

    kind: ClassVar[str] = "dispatch.job.reassigned"
    subject_kind: ClassVar[str] = "job"
    worker_id: int
    to_worker_id: int
    to_worker_name: str
    note: str
    override_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class MateFact(Fact):
    """Somebody beside the accountable person: who, on which job."""

    subject_kind: ClassVar[str] = "job"
    number: str
    worker_id: int
    worker_name: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class MateCalled(MateFact):
    """Somebody is asked to go along on a job that takes several."""

    kind: ClassVar[str] = "dispatch.mate.called"


@dataclass(frozen=True, kw_only=True)
class MateAccepted(MateFact):
    """Who was asked to go along is coming."""

    kind: ClassVar[str] = "dispatch.mate.accepted"


@dataclass(frozen=True, kw_only=True)
class MateDeclined(MateFact):
    """Who was asked to go along cannot come; ``note`` says why."""

    kind: ClassVar[str] = "dispatch.mate.declined"


@dataclass(frozen=True, kw_only=True)
class PlannerTookOver(Fact):
    """A planner process plans for a site from now on: the first, or the one before was gone."""

    kind: ClassVar[str] = "dispatch.planner.took_over"
    subject_kind: ClassVar[str] = "site"
    epoch: int


@dataclass(frozen=True, kw_only=True)
class ModeChanged(Fact):
    """How the jobs of a line find their worker from now on."""

    kind: ClassVar[str] = "dispatch.line.mode_changed"
    subject_kind: ClassVar[str] = "site"
    line_code: str
    mode: str
    hold_limit: int


@dataclass(frozen=True, kw_only=True)
class WayTimeSaid(Fact):
    """Somebody said how long a way takes; ``seconds`` None: what was learnt counts again."""

    kind: ClassVar[str] = "dispatch.way.said"
    subject_kind: ClassVar[str] = "site"
    begin_name: str
    begin_floor: int | None
    end_name: str
    end_floor: int | None
    seconds: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class WhatIfAsked(Fact):
    """Somebody asks what another way of sending, or other hands, would have come to."""

    kind: ClassVar[str] = "dispatch.what_if.asked"
    subject_kind: ClassVar[str] = "what_if"
    line_code: str
    from_at: datetime
    to_at: datetime
    more_hands: int
    further: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WhatIfCancelled(Fact):
    """Nobody wants the answer any more; nothing more is reckoned."""

    kind: ClassVar[str] = "dispatch.what_if.cancelled"
    subject_kind: ClassVar[str] = "what_if"


@dataclass(frozen=True, kw_only=True)
class WhatIfAnswered(Fact):
    """The question is answered by simulation, or cannot be (``state``)."""

    kind: ClassVar[str] = "dispatch.what_if.answered"
    subject_kind: ClassVar[str] = "what_if"
    state: str
    n_jobs: int
