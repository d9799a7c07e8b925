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
