"""Facts of doors and of what comes in at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class DoorOpened(Fact):
    """There is another way in."""

    kind: ClassVar[str] = "demand.door.opened"
    subject_kind: ClassVar[str] = "door"
    door_kind: str
    name: str


@dataclass(frozen=True, kw_only=True)
class DoorChanged(Fact):
    """A door has other settings (their names; never secrets), or was turned on or off."""

    kind: ClassVar[str] = "demand.door.changed"
    subject_kind: ClassVar[str] = "door"
    name: str
    is_on: bool
    settings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SenderNamed(Fact):
    """An address that writes to us was given its person or its place."""

    kind: ClassVar[str] = "demand.sender.named"
    subject_kind: ClassVar[str] = "sender"
    account_id: int | None


@dataclass(frozen=True, kw_only=True)
class MessageTaken(Fact):
    """A message from outside became a request (``raised``) or a word on one (``added``)."""

    kind: ClassVar[str] = "demand.message.taken"
    subject_kind: ClassVar[str] = "message"
    door_name: str
    door_kind: str
    state: str


@dataclass(frozen=True, kw_only=True)
class MessagePutAway(Fact):
    """A person looked at a message that could not be taken in, and said what was done."""

    kind: ClassVar[str] = "demand.message.put_away"
    subject_kind: ClassVar[str] = "message"
    reason: str


@dataclass(frozen=True, kw_only=True)
class AlarmRuleSet(Fact):
    """It is said when a reading is an alarm, and what is asked for then."""

    kind: ClassVar[str] = "demand.alarm_rule.set"
    subject_kind: ClassVar[str] = "alarm_rule"
    name: str
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class AlarmBegan(Fact):
    """A reading crossed its rule's limit."""

    kind: ClassVar[str] = "demand.alarm.began"
    subject_kind: ClassVar[str] = "alarm"
    name: str
    topic: str
    value: str


@dataclass(frozen=True, kw_only=True)
class AlarmEnded(Fact):
    """The reading is back; the thread is the request that was made of the alarm, if one was."""

    kind: ClassVar[str] = "demand.alarm.ended"
    subject_kind: ClassVar[str] = "alarm"
    name: str
    topic: str
    value: str


@dataclass(frozen=True, kw_only=True)
class FollowUpOpened(Fact):
    """The request was opened because a step of a job was not good."""

    kind: ClassVar[str] = "demand.request.follow_up_opened"
    subject_kind: ClassVar[str] = "request"
    job_number: str
    step: str


@dataclass(frozen=True, kw_only=True)
class FollowUpNamed(Fact):
    """Of the request whose job it was: what was not good goes on under another number."""

    kind: ClassVar[str] = "demand.request.follow_up_named"
    subject_kind: ClassVar[str] = "request"
    number: str
    step: str
