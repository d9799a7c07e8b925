"""What the calendar refuses, each by its own name with its facts; sentences are made elsewhere."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import ClassVar


class HoursRefusal(ValueError):
    """A calendar or a question to it that cannot be honoured."""

    code: ClassVar[str] = "hours.refused"

    def __str__(self) -> str:
        facts = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(self))  # type: ignore[arg-type]
        return f"{self.code}: {facts}"


@dataclass(eq=False)
class NaiveTime(HoursRefusal):
    """A datetime without a zone names no instant."""

    code: ClassVar[str] = "hours.time.naive"
    given: datetime


@dataclass(eq=False)
class SpanOutOfOrder(HoursRefusal):
    """A span must end after it starts."""

    code: ClassVar[str] = "hours.span.out_of_order"
    start: datetime
    end: datetime


@dataclass(eq=False)
class TimeRunsBackwards(HoursRefusal):
    """Negative time was asked for: to spend, or between an end and an earlier start."""

    code: ClassVar[str] = "hours.time.backwards"
    seconds: float


@dataclass(eq=False)
class BadMinute(HoursRefusal):
    """A time of day that is not a whole minute between 00:00 and 24:00."""

    code: ClassVar[str] = "hours.period.bad_minute"
    given: str


@dataclass(eq=False)
class EmptyPeriod(HoursRefusal):
    """A period that opens and closes at the same minute; a whole day is 00:00 to 24:00."""

    code: ClassVar[str] = "hours.period.empty"
    minute: int


@dataclass(eq=False)
class OverlappingPeriods(HoursRefusal):
    """Two periods cover the same minute; `weekday` (0 = Monday) or `on` says where the first one starts."""

    code: ClassVar[str] = "hours.period.overlap"
    first: str
    second: str
    weekday: int | None = None
    on: date | None = None


@dataclass(eq=False)
class WrongWeek(HoursRefusal):
    """A week has seven days, numbered 0 (Monday) to 6 (Sunday)."""

    code: ClassVar[str] = "hours.week.wrong"
    given: int


@dataclass(eq=False)
class NeverOpen(HoursRefusal):
    """A week without an open minute: time would never run. `effective_on` names the edition, None the first."""

    code: ClassVar[str] = "hours.calendar.never_open"
    effective_on: date | None


@dataclass(eq=False)
class EditionsOutOfOrder(HoursRefusal):
    """Editions need one open-ended first one, then rising effective dates."""

    code: ClassVar[str] = "hours.calendar.editions_out_of_order"
    effective_on: date | None


@dataclass(eq=False)
class DateSaidTwice(HoursRefusal):
    """One date is named twice among closed, make-up and special dates."""

    code: ClassVar[str] = "hours.calendar.date_said_twice"
    on: date


@dataclass(eq=False)
class UnknownZone(HoursRefusal):
    """The zone is not in the IANA database."""

    code: ClassVar[str] = "hours.calendar.unknown_zone"
    zone: str


@dataclass(eq=False)
class BeyondHorizon(HoursRefusal):
    """The answer would lie outside the years 1900 to 2999, which are the years calendars are computed for."""

    code: ClassVar[str] = "hours.beyond_horizon"
    year: int
