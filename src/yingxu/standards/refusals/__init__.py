"""What the room ``standards`` refuses, by noun."""

from yingxu.standards.refusals.calendars import (
    AlreadyPlanned,
    BadHours,
    EffectiveInPast,
    NothingToWithdraw,
    UnknownHolidaySet,
)
from yingxu.standards.refusals.studies import (
    AlreadyDecided,
    DraftIsThere,
    NothingPromised,
    NotLooser,
    StudyNeeded,
)

__all__ = [
    "AlreadyDecided",
    "AlreadyPlanned",
    "BadHours",
    "DraftIsThere",
    "EffectiveInPast",
    "NotLooser",
    "NothingPromised",
    "NothingToWithdraw",
    "StudyNeeded",
    "UnknownHolidaySet",
]
