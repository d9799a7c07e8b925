"""Facts of the room ``team``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class TeamMade(Fact):
    """A team serves lines."""

    kind: ClassVar[str] = "team.team.made"
    subject_kind: ClassVar[str] = "team"
    code: str
    line_codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MemberJoined(Fact):
    """A person works in a team."""

    kind: ClassVar[str] = "team.member.joined"
    subject_kind: ClassVar[str] = "account"
    team_id: int


@dataclass(frozen=True, kw_only=True)
class PresenceChanged(Fact):
    """A person came to work or left."""

    kind: ClassVar[str] = "team.member.presence_changed"
    subject_kind: ClassVar[str] = "account"
    is_present: bool


@dataclass(frozen=True, kw_only=True)
class PostMade(Fact):
    """A team has a post."""

    kind: ClassVar[str] = "team.post.made"
    subject_kind: ClassVar[str] = "team"
    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class PostChanged(Fact):
    """A post covers something else from now on."""

    kind: ClassVar[str] = "team.post.changed"
    subject_kind: ClassVar[str] = "team"
    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class PostGiven(Fact):
    """A person holds a post."""

    kind: ClassVar[str] = "team.post.given"
    subject_kind: ClassVar[str] = "account"
    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class PostTaken(Fact):
    """A person no longer holds a post."""

    kind: ClassVar[str] = "team.post.taken"
    subject_kind: ClassVar[str] = "account"
    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class HandbookChanged(Fact):
    """A page of the handbook has a new edition; whoever has it in the own book owes a reading."""

    kind: ClassVar[str] = "team.handbook.changed"
    subject_kind: ClassVar[str] = "item"
    item_code: str
    number: int
    n_people: int


@dataclass(frozen=True, kw_only=True)
class HandbookSigned(Fact):
    """A person signed for having read editions of the own handbook, after answering three questions right."""

    kind: ClassVar[str] = "team.handbook.signed"
    subject_kind: ClassVar[str] = "account"
    part: str
    edition_ids: tuple[int, ...]
    #: ``item code:edition number`` of each.
    editions: tuple[str, ...]
    n_attempts: int


@dataclass(frozen=True, kw_only=True)
class HandbookQuizFailed(Fact):
    """A person did not answer the three questions right and reads again."""

    kind: ClassVar[str] = "team.handbook.quiz_failed"
    subject_kind: ClassVar[str] = "account"
    part: str
    attempt: int
    n_right: int


@dataclass(frozen=True, kw_only=True)
class HandbookReminded(Fact):
    """A person was reminded of what is not read yet."""

    kind: ClassVar[str] = "team.handbook.reminded"
    subject_kind: ClassVar[str] = "account"
    n_unread: int
    n_overdue: int
