"""Facts of emergencies. The subject is the incident; the thread is its request, of a drill the incident itself.

A fact of a drill says so (``is_drill``): nothing outside the house hears of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class IncidentFact(Fact):
    """Base: a fact about one incident."""

    subject_kind: ClassVar[str] = "incident"
    incident_kind: str
    is_drill: bool


@dataclass(frozen=True, kw_only=True)
class IncidentProposed(IncidentFact):
    """A critical request may be an emergency; a person has to say so."""

    kind: ClassVar[str] = "work.incident.proposed"


@dataclass(frozen=True, kw_only=True)
class IncidentOpened(IncidentFact):
    """Somebody confirmed it (or began a drill): it has a commander, its clocks and its call tree run."""

    kind: ClassVar[str] = "work.incident.opened"
    commander: str
    is_urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class IncidentDropped(IncidentFact):
    """It was no emergency, or over before anybody opened it. ``why``: not_one, over."""

    kind: ClassVar[str] = "work.incident.dropped"
    why: str
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class IncidentJoined(IncidentFact):
    """It is the same as another incident and is told there."""

    kind: ClassVar[str] = "work.incident.joined"
    joined_to: int


@dataclass(frozen=True, kw_only=True)
class CommandTaken(IncidentFact):
    """Somebody else leads from now on."""

    kind: ClassVar[str] = "work.incident.command_taken"
    commander: str
    before: str


@dataclass(frozen=True, kw_only=True)
class MarkNoted(IncidentFact):
    """A moment that the limits need was noted."""

    kind: ClassVar[str] = "work.incident.mark_noted"
    mark: str
    marked_at: datetime
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class LineNoted(IncidentFact):
    """Something said, done, decided or told was put on the log."""

    kind: ClassVar[str] = "work.incident.line_noted"
    code: str


@dataclass(frozen=True, kw_only=True)
class PlaceTouched(IncidentFact):
    """A place is affected, or its people were told."""

    kind: ClassVar[str] = "work.incident.place_touched"
    place: str
    is_told: bool


@dataclass(frozen=True, kw_only=True)
class CallTried(IncidentFact):
    """Somebody of the call tree was called: answered, no_answer, busy."""

    kind: ClassVar[str] = "work.incident.call_tried"
    callee: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class CallDue(IncidentFact):
    """The next level of the call tree is due: nobody has answered yet."""

    kind: ClassVar[str] = "work.incident.call_due"
    branch: str
    level: int
    callee: str
    due_at: datetime
    is_urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class CallTreeSpent(IncidentFact):
    """Every level of a branch was given up and no person answered."""

    kind: ClassVar[str] = "work.incident.call_tree_spent"
    branch: str
    is_urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class IncidentLimitPassed(IncidentFact):
    """A limit was passed. Legal and no drill: it is a compliance event, never erased, only explained."""

    kind: ClassVar[str] = "work.incident.limit_passed"
    clock: str
    is_legal: bool
    due_at: datetime
    limit_s: int
    is_urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class IncidentEnded(IncidentFact):
    """It is over. ``outcome``: real, false."""

    kind: ClassVar[str] = "work.incident.ended"
    outcome: str
    lasted_s: int


@dataclass(frozen=True, kw_only=True)
class IncidentReviewed(IncidentFact):
    """What went well, what did not and what changes was written down."""

    kind: ClassVar[str] = "work.incident.reviewed"


@dataclass(frozen=True, kw_only=True)
class EmergencyPlanMade(Fact):
    """The site's own call tree and limits of a kind hold from now on; the thread is the plan."""

    kind: ClassVar[str] = "work.emergency_plan.made"
    subject_kind: ClassVar[str] = "emergency_plan"
    incident_kind: str
    n_levels: int
