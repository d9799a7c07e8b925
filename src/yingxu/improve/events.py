"""Facts of the room ``improve``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class OutlookMade(Fact):
    """The analyst worked out a site's day: so many lines, so many groups of unfamiliar askings."""

    kind: ClassVar[str] = "improve.outlook.made"
    subject_kind: ClassVar[str] = "site"
    n_lines: int
    n_groups: int


@dataclass(frozen=True, kw_only=True)
class ProjectFact(Fact):
    """Base: a fact about an improvement project."""

    subject_kind: ClassVar[str] = "project"
    title: str


@dataclass(frozen=True, kw_only=True)
class ProjectProposed(ProjectFact):
    """Somebody proposes to change something; so many pieces of demand evidence stand with it."""

    kind: ClassVar[str] = "improve.project.proposed"
    n_evidence: int


@dataclass(frozen=True, kw_only=True)
class ProjectDecided(ProjectFact):
    """It was approved on its evidence, or declined; by somebody who had not proposed it."""

    kind: ClassVar[str] = "improve.project.decided"
    state: str
    words: str
    n_evidence: int


@dataclass(frozen=True, kw_only=True)
class ProjectStarted(ProjectFact):
    """It is under way."""

    kind: ClassVar[str] = "improve.project.started"


@dataclass(frozen=True, kw_only=True)
class ProjectDone(ProjectFact):
    """What was to change is changed."""

    kind: ClassVar[str] = "improve.project.done"
    result: str


@dataclass(frozen=True, kw_only=True)
class EvidenceLinked(ProjectFact):
    """A piece of demand stands with it as evidence. ``source``: request, voice, finding, group, outlook."""

    kind: ClassVar[str] = "improve.evidence.linked"
    source: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class EvidenceUnlinked(ProjectFact):
    """A piece of evidence was taken back before the project was decided."""

    kind: ClassVar[str] = "improve.evidence.unlinked"
    source: str
