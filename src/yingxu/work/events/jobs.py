"""Facts of the room ``work``. The subject is the job; the thread is its request."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class JobFact(Fact):
    """Base: a fact about one job. ``request_id`` is the thread."""

    subject_kind: ClassVar[str] = "job"
    number: str
    state: str
    #: What reactions may use instead of reading it again; never recorded, it repeats what the row says.
    assignment_key: int | None = field(default=None, metadata={"recorded": False})
    edition_key: int | None = field(default=None, metadata={"recorded": False})
    priority_now: int = field(default=0, metadata={"recorded": False})


@dataclass(frozen=True, kw_only=True)
class ActedOnBehalf(JobFact):
    """A team leader did the worker's act in the worker's name, for a reason; the entry keeps both names."""

    kind: ClassVar[str] = "work.job.acted_on_behalf"
    reason: str


@dataclass(frozen=True, kw_only=True)
class JobOpened(JobFact):
    """There is work to do; it waits in the queue."""

    kind: ClassVar[str] = "work.job.opened"
    item_id: int
    edition_id: int
    line_code: str
    priority: int
    place_class: str
    opened_at: datetime


@dataclass(frozen=True, kw_only=True)
class JobDispatched(JobFact):
    """Offered to a worker, who has until ``accept_by`` to accept."""

    kind: ClassVar[str] = "work.job.dispatched"
    worker_id: int
    worker_name: str
    team_id: int | None
    party_id: int | None
    accept_by: datetime


@dataclass(frozen=True, kw_only=True)
class JobAccepted(JobFact):
    """The worker took it; he or she answers for it now."""

    kind: ClassVar[str] = "work.job.accepted"
    worker_id: int


@dataclass(frozen=True, kw_only=True)
class JobReturned(JobFact):
    """The worker gave it back with a reason, or it was pulled back; it waits in the queue again."""

    kind: ClassVar[str] = "work.job.returned"
    worker_id: int
    reason_code: str
    is_pulled_back: bool
    n_returns: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkerSetOut(JobFact):
    """The worker is on the way."""

    kind: ClassVar[str] = "work.job.set_out"
    worker_id: int


@dataclass(frozen=True, kw_only=True)
class JobArrived(JobFact):
    """The worker is at the place; ``proof`` says how we know."""

    kind: ClassVar[str] = "work.job.arrived"
    worker_id: int
    proof: str


@dataclass(frozen=True, kw_only=True)
class ArrivalConfirmed(JobFact):
    """The asker says that the worker is there: an arrival without proof is proven."""

    kind: ClassVar[str] = "work.job.arrival_confirmed"


@dataclass(frozen=True, kw_only=True)
class HandOverOffered(JobFact):
    """Another worker was asked to take the job over; who has it answers for it until the other accepts."""

    kind: ClassVar[str] = "work.hand_over.offered"
    worker_id: int
    to_worker_id: int
    note: str


@dataclass(frozen=True, kw_only=True)
class HandOverDeclined(JobFact):
    """The other did not take it; nothing changes."""

    kind: ClassVar[str] = "work.hand_over.declined"
    to_worker_id: int


@dataclass(frozen=True, kw_only=True)
class JobHandedOver(JobFact):
    """The other accepted and answers for it from now; ``state`` did not change."""

    kind: ClassVar[str] = "work.job.handed_over"
    from_worker_id: int
    worker_id: int
    worker_name: str
    team_id: int | None
    next_assignment_key: int = field(default=0, metadata={"recorded": False})


@dataclass(frozen=True, kw_only=True)
class JobStarted(JobFact):
    """Work began, or began again."""

    kind: ClassVar[str] = "work.job.started"
    worker_id: int


@dataclass(frozen=True, kw_only=True)
class JobMadeSafe(JobFact):
    """The danger is contained."""

    kind: ClassVar[str] = "work.job.made_safe"


@dataclass(frozen=True, kw_only=True)
class StepCarriedOut(JobFact):
    """A step of the procedure was carried out."""

    kind: ClassVar[str] = "work.step.carried_out"
    step_code: str
    is_ok: bool
    is_critical: bool


@dataclass(frozen=True, kw_only=True)
class EvidenceAdded(JobFact):
    """Photos were added; ``flags`` name what somebody should look at (too old, seen in another job).

    ``signed_by``: whose signature it is, where it is one.
    """

    kind: ClassVar[str] = "work.job.evidence_added"
    label: str
    n: int
    flags: tuple[str, ...]
    signed_by: str = ""


@dataclass(frozen=True, kw_only=True)
class PauseAsked(JobFact):
    """The worker paused with a reason; clocks go on until somebody approves that they stop."""

    kind: ClassVar[str] = "work.pause.asked"
    reason_code: str
    expected_at: datetime | None
    told: str


@dataclass(frozen=True, kw_only=True)
class PauseApproved(JobFact):
    """Clocks that may stop stand still from now."""

    kind: ClassVar[str] = "work.pause.approved"
    reason_code: str
    limit_s: int | None


@dataclass(frozen=True, kw_only=True)
class PauseRefused(JobFact):
    """The pause stands, the clocks run."""

    kind: ClassVar[str] = "work.pause.refused"
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class JobResumed(JobFact):
    """Work goes on; clocks that stood still run again."""

    kind: ClassVar[str] = "work.job.resumed"
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class JobFinished(JobFact):
    """The worker says done and the evidence is complete. Nothing is closed by this."""

    kind: ClassVar[str] = "work.job.finished"
    worker_id: int | None
    confirm_by: datetime
    quality_score: int | None
    minutes: int | None


@dataclass(frozen=True, kw_only=True)
class JobSentBack(JobFact):
    """Not good: the asker's or a checker's no. The done clock goes on from its original start."""

    kind: ClassVar[str] = "work.job.sent_back"
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class JobReopened(JobFact):
    """The same fault is back within the window."""

    kind: ClassVar[str] = "work.job.reopened"
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class JobVerified(JobFact):
    """Found good by the asker, an independent check, or lapse (counted apart)."""

    kind: ClassVar[str] = "work.job.verified"
    ground: str


@dataclass(frozen=True, kw_only=True)
class JobClosed(JobFact):
    """Nothing more will happen here."""

    kind: ClassVar[str] = "work.job.closed"
    result_text: str = field(default="", metadata={"recorded": False})


@dataclass(frozen=True, kw_only=True)
class JobCancelled(JobFact):
    """Called off with its request."""

    kind: ClassVar[str] = "work.job.cancelled"
    worker_id: int | None


@dataclass(frozen=True, kw_only=True)
class JobFollowed(JobFact):
    """It went where its request went: transferred, merged, declined, or back into the queue."""

    kind: ClassVar[str] = "work.job.followed"
    worker_id: int | None


@dataclass(frozen=True, kw_only=True)
class HelpAsked(JobFact):
    """The worker at the job asked for a second pair of hands; the team leader and the desk were told."""

    kind: ClassVar[str] = "work.job.help_asked"
    worker_id: int
    note: str


@dataclass(frozen=True, kw_only=True)
class ReportSetAside(JobFact):
    """A phone reported an act that could not be carried out as reported; it is kept for worker and desk to see."""

    kind: ClassVar[str] = "work.report.set_aside"
    report_id: int
    act: str
    why: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class ReportSettled(JobFact):
    """Somebody has looked at what was set aside, or the act was done again."""

    kind: ClassVar[str] = "work.report.settled"
    report_id: int
    act: str
    how: str
    words: str


@dataclass(frozen=True, kw_only=True)
class LoadTaken(JobFact):
    """The load was taken over for transport; two identifiers agreed. The first node of its chain of custody."""

    kind: ClassVar[str] = "work.load.taken"
    worker_id: int
    place_id: int | None
    proof: str
    label: str
    temperature_c: str = ""


@dataclass(frozen=True, kw_only=True)
class LoadGiven(JobFact):
    """The load was handed over; the identifiers were those it was taken with. ``carry_s``: how long it was carried."""

    kind: ClassVar[str] = "work.load.given"
    worker_id: int
    place_id: int | None
    proof: str
    label: str
    carry_s: int
    temperature_c: str = ""
    #: Nobody could have it: it is where it was taken.
    is_back: bool = False


@dataclass(frozen=True, kw_only=True)
class TransportDelayed(JobFact):
    """A transport stands still, for a reason that is somebody's matter."""

    kind: ClassVar[str] = "work.transport.delayed"
    worker_id: int
    reason_code: str
    accountable: str


@dataclass(frozen=True, kw_only=True)
class TransportWentOn(JobFact):
    """A transport that stood still goes on."""

    kind: ClassVar[str] = "work.transport.went_on"
    worker_id: int
    reason_code: str
    accountable: str
    stood_s: int


@dataclass(frozen=True, kw_only=True)
class ZoneSignedIn(Fact):
    """A worker signed in to a zone and is looked for there."""

    kind: ClassVar[str] = "work.zone.signed_in"
    subject_kind: ClassVar[str] = "account"
    worker_id: int
    place_id: int
