"""Facts of surveys. Nothing is recorded when a sheet comes in: the ledger knows the second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class SurveyMade(Fact):
    """A survey stands, with its window and its sample."""

    kind: ClassVar[str] = "voice.survey.made"
    subject_kind: ClassVar[str] = "survey"
    title: str
    opens_on: str
    closes_on: str
    population: int
    n_target: int
    n_questions: int


@dataclass(frozen=True, kw_only=True)
class SurveyChanged(Fact):
    """A survey's window, sample, departments or switch changed; its answers did not."""

    kind: ClassVar[str] = "voice.survey.changed"
    subject_kind: ClassVar[str] = "survey"
    opens_on: str
    closes_on: str
    population: int
    n_target: int
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class SurveyQuestionsSet(Fact):
    """The questions of a survey were set; after the first answer that is a new edition."""

    kind: ClassVar[str] = "voice.survey.questions_set"
    subject_kind: ClassVar[str] = "survey"
    edition: int
    n_questions: int


@dataclass(frozen=True, kw_only=True)
class SheetHeldApart(Fact):
    """A sheet was put into quarantine, or taken out again (empty reason)."""

    kind: ClassVar[str] = "voice.sheet.held_apart"
    subject_kind: ClassVar[str] = "sheet"
    reason: str
