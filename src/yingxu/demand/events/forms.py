"""Facts of forms, and of what is needed again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class PatientSeen(Fact):
    """Somebody looked at a patient's identifiers; which of them, never what they say."""

    kind: ClassVar[str] = "demand.patient.seen"
    subject_kind: ClassVar[str] = "request"
    fields: tuple[str, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecurrenceSet(Fact):
    """Something is asked for again and again from now on."""

    kind: ClassVar[str] = "demand.recurrence.set"
    subject_kind: ClassVar[str] = "recurrence"
    item_code: str
    starts_min: int
    weekdays: tuple[int, ...]
    skips_holidays: bool


@dataclass(frozen=True, kw_only=True)
class RecurrenceDaysLeftOut(Fact):
    """For some days it is not asked for: from the one, the other not included."""

    kind: ClassVar[str] = "demand.recurrence.days_left_out"
    subject_kind: ClassVar[str] = "recurrence"
    from_on: date
    to_on: date


@dataclass(frozen=True, kw_only=True)
class RecurrenceGoesOn(Fact):
    """What was left out from a day on is asked for again."""

    kind: ClassVar[str] = "demand.recurrence.goes_on"
    subject_kind: ClassVar[str] = "recurrence"
    from_on: date


@dataclass(frozen=True, kw_only=True)
class RecurrenceStopped(Fact):
    """Something is asked for again no more."""

    kind: ClassVar[str] = "demand.recurrence.stopped"
    subject_kind: ClassVar[str] = "recurrence"
