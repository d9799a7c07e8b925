"""Service hours: when a promise's time runs.

A `Calendar` says, in local wall time, when a service is open: a week of periods (several a day, overnight ones too),
dates closed, make-up working days, dates with hours of their own, and editions that change the week from a date on.
`advance` walks open time forwards, `elapsed` measures it, both exactly and through every clock change of the zone.
"""

from yingxu.core.hours.calendar import Calendar, Edition, Period, Week
from yingxu.core.hours.compiled import CompiledCalendar
from yingxu.core.hours.measure import advance, elapsed, is_open, next_opening, open_spans
from yingxu.core.hours.refusals import (
    BadMinute,
    BeyondHorizon,
    DateSaidTwice,
    EditionsOutOfOrder,
    EmptyPeriod,
    HoursRefusal,
    NaiveTime,
    NeverOpen,
    OverlappingPeriods,
    SpanOutOfOrder,
    TimeRunsBackwards,
    UnknownZone,
    WrongWeek,
)
from yingxu.core.hours.span import Span

__all__ = [
    "BadMinute",
    "BeyondHorizon",
    "Calendar",
    "CompiledCalendar",
    "DateSaidTwice",
    "Edition",
    "EditionsOutOfOrder",
    "EmptyPeriod",
    "HoursRefusal",
    "NaiveTime",
    "NeverOpen",
    "OverlappingPeriods",
    "Period",
    "Span",
    "SpanOutOfOrder",
    "TimeRunsBackwards",
    "UnknownZone",
    "Week",
    "WrongWeek",
    "advance",
    "elapsed",
    "is_open",
    "next_opening",
    "open_spans",
]
