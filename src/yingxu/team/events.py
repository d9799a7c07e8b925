"""Facts of the room ``team``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, kw_only=True)
class SkillsChanged(Fact):
    """What a person can do was set anew: ``skill:level`` each."""

    kind: ClassVar[str] = "team.member.skills_changed"
    subject_kind: ClassVar[str] = "account"
    skills: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ClearancesChanged(Fact):
    """Which restricted zones a person may enter was set anew."""

    kind: ClassVar[str] = "team.member.clearances_changed"
    subject_kind: ClassVar[str] = "account"
    clearances: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DutySet(Fact):
    """When a person is on duty."""

    kind: ClassVar[str] = "team.member.duty_set"
    subject_kind: ClassVar[str] = "account"
    duty_from: datetime
    duty_to: datetime
    n_breaks: int
    duty_kind: str = "work"


@dataclass(frozen=True, kw_only=True)
class DutyCalledOff(Fact):
    """Somebody does not come, goes home early, or a colleague takes the duty (then without a reason)."""

    kind: ClassVar[str] = "team.member.duty_called_off"
    subject_kind: ClassVar[str] = "account"
    duty_from: datetime
    duty_to: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class CertificateEntered(Fact):
    """A certificate is on record; it counts once somebody else has verified it."""

    kind: ClassVar[str] = "team.certificate.entered"
    subject_kind: ClassVar[str] = "account"
    certificate_code: str
    valid_to: str
    review_due: str


@dataclass(frozen=True, kw_only=True)
class CertificateCorrected(Fact):
    """What was entered of a certificate that nobody had verified yet was put right."""

    kind: ClassVar[str] = "team.certificate.corrected"
    subject_kind: ClassVar[str] = "account"
    certificate_code: str
    valid_to: str
    review_due: str


@dataclass(frozen=True, kw_only=True)
class CertificateVerified(Fact):
    """Somebody compared a certificate with the paper."""

    kind: ClassVar[str] = "team.certificate.verified"
    subject_kind: ClassVar[str] = "account"
    certificate_code: str


@dataclass(frozen=True, kw_only=True)
class CertificateWithdrawn(Fact):
    """A certificate counts no more."""

    kind: ClassVar[str] = "team.certificate.withdrawn"
    subject_kind: ClassVar[str] = "account"
    certificate_code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ZoneRestricted(Fact):
    """Only who is cleared enters a place."""

    kind: ClassVar[str] = "team.zone.restricted"
    subject_kind: ClassVar[str] = "place"
    clearance: str


@dataclass(frozen=True, kw_only=True)
class ZoneLifted(Fact):
    """Everybody enters a place again."""

    kind: ClassVar[str] = "team.zone.lifted"
    subject_kind: ClassVar[str] = "place"
    clearance: str


@dataclass(frozen=True, kw_only=True)
class GatesChanged(Fact):
    """From now on papers and duty hours decide who of a team may be sent, or no longer."""

    kind: ClassVar[str] = "team.team.gates_changed"
    subject_kind: ClassVar[str] = "team"
    is_gated: bool
    reason: str
