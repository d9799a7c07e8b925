"""Facts of telephone calls to the desk, and of what reading learned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class CallFact(Fact):
    """Base: a fact about one call. The caller's number stays in its row, never here."""

    subject_kind: ClassVar[str] = "call"


@dataclass(frozen=True, kw_only=True)
class CallRang(CallFact):
    """Somebody rings the desk."""

    kind: ClassVar[str] = "demand.call.rang"
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CallAnswered(CallFact):
    """Somebody at the desk picked up."""

    kind: ClassVar[str] = "demand.call.answered"
    agent: str


@dataclass(frozen=True, kw_only=True)
class CallAbandoned(CallFact):
    """The caller gave up before anybody answered; somebody calls back by a time."""

    kind: ClassVar[str] = "demand.call.abandoned"
    call_back_by: datetime


@dataclass(frozen=True, kw_only=True)
class CallSettled(CallFact):
    """What became of a call: how the call-back went, or the request that it became."""

    kind: ClassVar[str] = "demand.call.settled"
    outcome: str
    n_tries: int
    is_over: bool


@dataclass(frozen=True, kw_only=True)
class VersionLearned(Fact):
    """A version was learned from corrections and judged on texts that it never saw."""

    kind: ClassVar[str] = "demand.triage.learned"
    subject_kind: ClassVar[str] = "triage"
    number: int
    state: str
    n_lessons: int
    n_held_out: int


@dataclass(frozen=True, kw_only=True)
class VersionUsed(Fact):
    """From now on this version reads the site's texts; 0 is what came with the release."""

    kind: ClassVar[str] = "demand.triage.used"
    subject_kind: ClassVar[str] = "triage"
    number: int
    before: int
