"""What the room ``standards`` refuses, by noun."""

from yingxu.standards.refusals.calendars import (
    AlreadyPlanned,
    BadHours,
    EffectiveInPast,
    NothingToWithdraw,
    UnknownHolidaySet,
)
from yingxu.standards.refusals.editions import (
    AlreadyUnderWay,
    BeforeApproval,
    EditedMeanwhile,
    NotApproved,
    NothingChanged,
    StandardMissing,
    TextRefused,
    WrongStage,
)
from yingxu.standards.refusals.studies import (
    AlreadyDecided,
    NothingPromised,
    NotLooser,
    OnTrialOnly,
    StudyNeeded,
)

__all__ = [
    "AlreadyDecided",
    "AlreadyPlanned",
    "AlreadyUnderWay",
    "BadHours",
    "BeforeApproval",
    "EditedMeanwhile",
    "EffectiveInPast",
    "NotApproved",
    "NotLooser",
    "NothingChanged",
    "NothingPromised",
    "NothingToWithdraw",
    "OnTrialOnly",
    "StandardMissing",
    "StudyNeeded",
    "TextRefused",
    "UnknownHolidaySet",
    "WrongStage",
]
