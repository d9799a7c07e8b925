"""Facts of supervisors, findings, opinions and forums."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class SupervisorNominated(Fact):
    """Somebody was nominated as a volunteer supervisor by the three criteria."""

    kind: ClassVar[str] = "voice.supervisor.nominated"
    subject_kind: ClassVar[str] = "supervisor"
    name: str


@dataclass(frozen=True, kw_only=True)
class SupervisorDecided(Fact):
    """A nominee was appointed for a term, a term was renewed until a day, or supervision ended."""

    kind: ClassVar[str] = "voice.supervisor.decided"
    subject_kind: ClassVar[str] = "supervisor"
    name: str
    state: str
    to_on: str = ""


@dataclass(frozen=True, kw_only=True)
class VisitPlanned(Fact):
    """A supervisor planned a round."""

    kind: ClassVar[str] = "voice.visit.planned"
    subject_kind: ClassVar[str] = "visit"
    on: str


@dataclass(frozen=True, kw_only=True)
class VisitMade(Fact):
    """A supervisor made a planned round."""

    kind: ClassVar[str] = "voice.visit.made"
    subject_kind: ClassVar[str] = "visit"


@dataclass(frozen=True, kw_only=True)
class RemarkRaised(Fact):
    """An opinion was heard: a finding, or a word at the forum. A hidden name is not in the entry."""

    kind: ClassVar[str] = "voice.remark.raised"
    subject_kind: ClassVar[str] = "remark"
    source: str
    is_hidden: bool


@dataclass(frozen=True, kw_only=True)
class RemarkAnswered(Fact):
    """An opinion got a type, an answer and a fate; ``state`` is proposed while the hospital has not agreed."""

    kind: ClassVar[str] = "voice.remark.answered"
    subject_kind: ClassVar[str] = "remark"
    state: str
    verdict: str
    fate: str
    owner: str
    due_on: str
    #: The request of a finding that ends with the same words, as no work has begun on it; None: nothing ends.
    ended_request_id: int | None = field(default=None, metadata={"recorded": False})
    answer: str = field(default="", metadata={"recorded": False})


@dataclass(frozen=True, kw_only=True)
class RemarkJudged(Fact):
    """The asker said the last word."""

    kind: ClassVar[str] = "voice.remark.judged"
    subject_kind: ClassVar[str] = "remark"
    word: str
    n_disagreed: int


@dataclass(frozen=True, kw_only=True)
class PromiseOfForumDone(Fact):
    """What was promised for an opinion was done."""

    kind: ClassVar[str] = "voice.remark.done"
    subject_kind: ClassVar[str] = "remark"


@dataclass(frozen=True, kw_only=True)
class FinderRevealed(Fact):
    """An auditor looked at the hidden name of a finder, for a reason."""

    kind: ClassVar[str] = "voice.finder.revealed"
    subject_kind: ClassVar[str] = "remark"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ForumPlanned(Fact):
    """The month's forum has its day and room."""

    kind: ClassVar[str] = "voice.forum.planned"
    subject_kind: ClassVar[str] = "forum"
    month: str
    planned_at: str


@dataclass(frozen=True, kw_only=True)
class ForumHeld(Fact):
    """The forum was held: who came, how many promises were read back."""

    kind: ClassVar[str] = "voice.forum.held"
    subject_kind: ClassVar[str] = "forum"
    month: str
    n_came: int
    n_read_back: int


@dataclass(frozen=True, kw_only=True)
class ForumMissed(Fact):
    """A month ended without its forum."""

    kind: ClassVar[str] = "voice.forum.missed"
    subject_kind: ClassVar[str] = "forum"
    month: str


@dataclass(frozen=True, kw_only=True)
class PromisedLate(Fact):
    """What was promised for an opinion or a finding is late; somebody higher is told each time (domain S39)."""

    kind: ClassVar[str] = "voice.remark.promised_late"
    subject_kind: ClassVar[str] = "remark"
    owner: str
    due_on: str
    step: int
