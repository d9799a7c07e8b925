"""What the room ``standards`` refuses, by noun."""

from yingxu.standards.refusals.calendars import (
    AlreadyPlanned,
    BadHours,
    EffectiveInPast,
    NothingToWithdraw,
    UnknownHolidaySet,
)

__all__ = ["AlreadyPlanned", "BadHours", "EffectiveInPast", "NothingToWithdraw", "UnknownHolidaySet"]
