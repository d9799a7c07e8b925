"""Facts of the room ``promise``. The subject is the promise; the thread is its request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class PromiseFact(Fact):
    """Base: a fact about one promise. ``request_id`` is the thread."""

    subject_kind: ClassVar[str] = "promise"
    milestone: str


@dataclass(frozen=True, kw_only=True)
class PromiseMade(PromiseFact):
    """We said by when."""

    kind: ClassVar[str] = "promise.clock.started"
    limit_s: int
    due_at: datetime
    job_id: int | None


@dataclass(frozen=True, kw_only=True)
class PromiseReached(PromiseFact):
    """The milestone was reached; ``is_kept`` says whether in time."""

    kind: ClassVar[str] = "promise.clock.stopped"
    is_kept: bool
    reached_at: datetime


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(PromiseFact):
    """The limit passed; dated at the moment it was due."""

    kind: ClassVar[str] = "promise.clock.broken"
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClockHeld(PromiseFact):
    """The clock stands still, approved."""

    kind: ClassVar[str] = "promise.clock.held"
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class ClockReleased(PromiseFact):
    """The clock runs again, with a later limit."""

    kind: ClassVar[str] = "promise.clock.released"
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClockRestarted(PromiseFact):
    """The milestone was not truly reached: its clock goes on from its original start."""

    kind: ClassVar[str] = "promise.clock.restarted"
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class PromiseVoided(PromiseFact):
    """The promise no longer stands (withdrawn, merged, replaced); it is not counted."""

    kind: ClassVar[str] = "promise.clock.voided"
    why: str


@dataclass(frozen=True, kw_only=True)
class LateReportAccepted(PromiseFact):
    """It was reached in time but reported late, with proof: counted apart (decision 15)."""

    kind: ClassVar[str] = "promise.clock.late_report_accepted"
    reached_at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class PromiseWarned(PromiseFact):
    """A rung of the warning ladder came due; dated when it was due. ``told_by``: a later rung's message told it too."""

    kind: ClassVar[str] = "promise.warning.raised"
    rung: str
    #: Share of the limit, and open seconds after it.
    share: float
    late_s: int
    due_at: datetime
    #: The promise's own limit.
    limit_at: datetime
    priority: int
    line_code: str
    #: Roles that were told.
    receivers: tuple[str, ...]
    is_urgent: bool
    told_by: str = ""


@dataclass(frozen=True, kw_only=True)
class LadderSet(Fact):
    """Who is warned when was decided anew. The subject is the site."""

    kind: ClassVar[str] = "promise.ladder.set"
    subject_kind: ClassVar[str] = "site"
    line_code: str
    priority: int
    steps: tuple[str, ...]
    is_urgent: bool
    effective_at: datetime


@dataclass(frozen=True, kw_only=True)
class QualityPromised(Fact):
    """A line promises a share of good work from a date on, with its sampling rule. The subject is the site."""

    kind: ClassVar[str] = "promise.quality.promised"
    subject_kind: ClassVar[str] = "site"
    code: str
    name: str
    line_code: str
    measure: str
    target: float
    sample_share: float
    from_on: str


@dataclass(frozen=True, kw_only=True)
class QualityPromiseEnded(Fact):
    """A quality promise holds no longer from a date on; what was counted before stays. The subject is the site."""

    kind: ClassVar[str] = "promise.quality.ended"
    subject_kind: ClassVar[str] = "site"
    code: str
    name: str
    to_on: str
