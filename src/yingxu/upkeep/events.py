"""Facts of the room ``upkeep``. A preparation's thread is the request that was raised for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class OccasionFact(Fact):
    """Base: a fact about something that comes."""

    subject_kind: ClassVar[str] = "occasion"
    name: str
    name_en: str = ""


@dataclass(frozen=True, kw_only=True)
class OccasionAdded(OccasionFact):
    """It stands on the calendar, with so many things to make ready."""

    kind: ClassVar[str] = "upkeep.occasion.added"
    n_rules: int


@dataclass(frozen=True, kw_only=True)
class OccasionChanged(OccasionFact):
    """Its days, its place or its words are others; so many open preparations have another day."""

    kind: ClassVar[str] = "upkeep.occasion.changed"
    n_moved: int


@dataclass(frozen=True, kw_only=True)
class OccasionWithdrawn(OccasionFact):
    """It does not come any more; nothing further is raised for it."""

    kind: ClassVar[str] = "upkeep.occasion.withdrawn"
    reason: str
    n_skipped: int


@dataclass(frozen=True, kw_only=True)
class OccasionAnnounced(OccasionFact):
    """Those whom it touches were told. ``is_short``: later than a day before."""

    kind: ClassVar[str] = "upkeep.occasion.announced"
    text: str
    begins_on: str
    n_told: int
    is_short: bool


@dataclass(frozen=True, kw_only=True)
class RuleKept(OccasionFact):
    """Something is made ready before each turn of it; ``is_new``: from now on, else otherwise than before."""

    kind: ClassVar[str] = "upkeep.rule.kept"
    text: str
    lead_days: int
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class RuleWithdrawn(OccasionFact):
    """Something is not made ready for it any more."""

    kind: ClassVar[str] = "upkeep.rule.withdrawn"
    text: str


@dataclass(frozen=True, kw_only=True)
class PreparationFact(Fact):
    """Base: a fact about one preparation."""

    subject_kind: ClassVar[str] = "preparation"
    text: str
    text_en: str = ""


@dataclass(frozen=True, kw_only=True)
class PreparationOpened(PreparationFact):
    """We start before we are asked: it was raised ahead of what comes. ``is_short``: inside its lead."""

    kind: ClassVar[str] = "upkeep.preparation.opened"
    occasion: str
    occasion_en: str
    begins_on: str
    due_on: str
    owner: str
    is_short: bool
    lead_days: int


@dataclass(frozen=True, kw_only=True)
class PreparationUnowned(PreparationFact):
    """Nobody answers for it: an alarm."""

    kind: ClassVar[str] = "upkeep.preparation.unowned"
    occasion: str
    occasion_en: str
    due_on: str
    is_urgent: bool = True


@dataclass(frozen=True, kw_only=True)
class PreparationTaken(PreparationFact):
    """Somebody answers for it now."""

    kind: ClassVar[str] = "upkeep.preparation.taken"
    owner: str
    due_on: str


@dataclass(frozen=True, kw_only=True)
class PreparationReady(PreparationFact):
    """It is ready: its work was done, or somebody says so by a note."""

    kind: ClassVar[str] = "upkeep.preparation.ready"
    is_by_work: bool
    is_late: bool
    note: str
    ended_request_id: int | None = field(default=None, metadata={"recorded": False})


@dataclass(frozen=True, kw_only=True)
class PreparationSkipped(PreparationFact):
    """It is left out this time, with the reason."""

    kind: ClassVar[str] = "upkeep.preparation.skipped"
    reason: str
    ended_request_id: int | None = field(default=None, metadata={"recorded": False})


@dataclass(frozen=True, kw_only=True)
class PreparationPostponed(PreparationFact):
    """It is to be ready by another day, with the reason."""

    kind: ClassVar[str] = "upkeep.preparation.postponed"
    before: str
    due_on: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PreparationLate(PreparationFact):
    """It is not ready: near its day, past it, or what it is for begins; somebody higher is told each time."""

    kind: ClassVar[str] = "upkeep.preparation.late"
    occasion: str
    occasion_en: str
    begins_on: str
    due_on: str
    owner: str
    step: int


@dataclass(frozen=True, kw_only=True)
class PreparationLostWork(PreparationFact):
    """Its work was called off and it is not ready: somebody has to do it otherwise."""

    kind: ClassVar[str] = "upkeep.preparation.lost_work"
    final_answer: str
    due_on: str


@dataclass(frozen=True, kw_only=True)
class PreparationReopened(PreparationFact):
    """Its work was not good: it is to be made ready again."""

    kind: ClassVar[str] = "upkeep.preparation.reopened"
    due_on: str
