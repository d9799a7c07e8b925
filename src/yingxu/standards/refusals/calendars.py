"""What a change of service hours may be refused for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class BadHours(Refusal):
    """Hours that are no hours; ``problem`` is the core's own code, ``facts_said`` what it found where.

    Periods overlap (``hours.period.overlap``), there is no open hour at all (``hours.calendar.never_open``), a time is
    none (``hours.period.bad_minute``), a period is empty (``hours.period.empty``), a date is said twice.
    """

    code: ClassVar[str] = "bad_hours"
    status: ClassVar[int] = 422
    problem: str = ""
    #: Weekday 0..6 or ISO date on which it is so; empty when it is the whole week.
    on: str = ""
    first: str = ""
    second: str = ""


@dataclass(unsafe_hash=True)
class EffectiveInPast(Refusal):
    """A change takes effect today or later: what was promised and counted before stays as it was."""

    code: ClassVar[str] = "effective_in_past"
    status: ClassVar[int] = 422
    from_on: str = ""
    today: str = ""


@dataclass(unsafe_hash=True)
class AlreadyPlanned(Refusal):
    """Something else takes effect on that date already; withdraw it first, or choose another date."""

    code: ClassVar[str] = "already_planned"
    kind: str = ""
    on: str = ""


@dataclass(unsafe_hash=True)
class NothingToWithdraw(Refusal):
    """What has taken effect stays; only what is still to come can be withdrawn."""

    code: ClassVar[str] = "nothing_to_withdraw"
    kind: str = ""
    on: str = ""


@dataclass(unsafe_hash=True)
class UnknownHolidaySet(Refusal):
    """There are no holidays of that name for that year; ``known`` names the years that there are."""

    code: ClassVar[str] = "unknown_holiday_set"
    status: ClassVar[int] = 422
    name: str = ""
    year: int = 0
    known: str = ""
