"""Facts of the room ``verify``. The subject is the job; the thread is its request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class VerdictFact(Fact):
    """Base: a judgement of one job."""

    subject_kind: ClassVar[str] = "job"
    ground: str


@dataclass(frozen=True, kw_only=True)
class JobFoundGood(VerdictFact):
    """The asker, an independent check or lapse says good; it can be closed."""

    kind: ClassVar[str] = "verify.job.found_good"


@dataclass(frozen=True, kw_only=True)
class JobFoundBad(VerdictFact):
    """Somebody entitled says no; the work goes on."""

    kind: ClassVar[str] = "verify.job.found_bad"
    reason_code: str
    #: What was said with it: a word of the request, not of the ledger.
    text: str = field(default="", metadata={"recorded": False})


@dataclass(frozen=True, kw_only=True)
class JobCheckedFirst(VerdictFact):
    """The team leader's own check, a first level that closes nothing."""

    kind: ClassVar[str] = "verify.job.checked_first"
    is_good: bool


@dataclass(frozen=True, kw_only=True)
class YesContradicted(VerdictFact):
    """A yes came with words that say no: it stays open until somebody has asked."""

    kind: ClassVar[str] = "verify.job.yes_contradicted"


@dataclass(frozen=True, kw_only=True)
class ReopeningAsked(VerdictFact):
    """After it was closed, the same fault is said to be back."""

    kind: ClassVar[str] = "verify.job.reopening_asked"
    reason_code: str
    is_from_asker: bool = field(default=False, metadata={"recorded": False})
    text: str = field(default="", metadata={"recorded": False})


@dataclass(frozen=True, kw_only=True)
class CallFact(Fact):
    """Base: about asking how it is after the work. The subject is the job."""

    subject_kind: ClassVar[str] = "job"
    after_days: int


@dataclass(frozen=True, kw_only=True)
class CallDrawn(CallFact):
    """The job is to be called about, for a reason that anybody can check."""

    kind: ClassVar[str] = "verify.call.drawn"
    why: str


@dataclass(frozen=True, kw_only=True)
class CallTried(CallFact):
    """Somebody tried and reached nobody; after the third time another job takes the place."""

    kind: ClassVar[str] = "verify.call.tried"
    why: str
    n_tries: int
    is_given_up: bool


@dataclass(frozen=True, kw_only=True)
class CallAnswered(CallFact):
    """The asker said how it is."""

    kind: ClassVar[str] = "verify.call.answered"
    outcome: str


@dataclass(frozen=True, kw_only=True)
class NumberSeen(CallFact):
    """Somebody who is to call looked at the asker's number."""

    kind: ClassVar[str] = "verify.call.number_seen"


@dataclass(frozen=True, kw_only=True)
class JobInspected(VerdictFact):
    """Somebody who did not do the work looked at it on the spot."""

    kind: ClassVar[str] = "verify.job.inspected"
    is_good: bool


@dataclass(frozen=True, kw_only=True)
class PeerFact(Fact):
    """Base: about a colleague's look. The subject is the job."""

    subject_kind: ClassVar[str] = "job"


@dataclass(frozen=True, kw_only=True)
class PeerAsked(PeerFact):
    """A colleague of the same skill is asked to look at the job, for a reason that anybody can check."""

    kind: ClassVar[str] = "verify.peer.asked"
    why: str
    number: str
    name: str
    due_at: str
    peer_id: int = field(metadata={"recorded": False})
    #: The job is not of the peer's own team, so that the peer would not see it.
    is_from_elsewhere: bool = field(default=False, metadata={"recorded": False})


@dataclass(frozen=True, kw_only=True)
class PeerAnswered(PeerFact):
    """The colleague looked and said how it is; that closes nothing."""

    kind: ClassVar[str] = "verify.peer.answered"
    number: str
    outcome: str
    way: str
    reason_code: str = ""


@dataclass(frozen=True, kw_only=True)
class PeerLeft(PeerFact):
    """The colleague does not look: declined with a reason, did not answer, or somebody else was asked instead."""

    kind: ClassVar[str] = "verify.peer.left"
    outcome: str
    name: str
    reason_code: str = ""


@dataclass(frozen=True, kw_only=True)
class NoPeerFound(PeerFact):
    """Nobody of the skill is left to ask: an independent check takes the place."""

    kind: ClassVar[str] = "verify.peer.nobody"
    why: str
