"""The milestone clock: what was promised, what happened, and what that makes of the promise at an instant.

`derive` is the single truth; a stored due time is a cache of it. `explain` tells how a reading came about, line by
line, in codes and seconds. `rungs` says when warnings come due. `evaluate_batch` reads millions at once.
"""

from yingxu.core.clock.batch import BatchReading, Pauses, evaluate_batch
from yingxu.core.clock.derive import derive, explain, rungs
from yingxu.core.clock.events import (
    Corrected,
    Event,
    PauseApproved,
    Paused,
    Reached,
    Reinstated,
    Reopened,
    Resumed,
    Started,
    TermsChanged,
    Withdrawn,
)
from yingxu.core.clock.reading import STATE_NUMBER, STATES, ClockReading, Explanation, Line, Rung, State
from yingxu.core.clock.refusals import (
    ArraysDisagree,
    ClockRefusal,
    FractionOutOfRange,
    LimitNotPositive,
    MilestoneChanged,
    NothingPromised,
    PercentileOutOfRange,
    ReasonIncoherent,
    ReasonNeverStops,
    UnknownPauseReason,
)
from yingxu.core.clock.terms import STARTER_REASONS, Milestone, PauseReason, Reasons, Stops, Terms

__all__ = [
    "STARTER_REASONS",
    "STATES",
    "STATE_NUMBER",
    "ArraysDisagree",
    "BatchReading",
    "ClockReading",
    "ClockRefusal",
    "Corrected",
    "Event",
    "Explanation",
    "FractionOutOfRange",
    "LimitNotPositive",
    "Line",
    "Milestone",
    "MilestoneChanged",
    "NothingPromised",
    "PauseApproved",
    "PauseReason",
    "Paused",
    "Pauses",
    "PercentileOutOfRange",
    "Reached",
    "ReasonIncoherent",
    "ReasonNeverStops",
    "Reasons",
    "Reinstated",
    "Reopened",
    "Resumed",
    "Rung",
    "Started",
    "State",
    "Stops",
    "Terms",
    "TermsChanged",
    "UnknownPauseReason",
    "Withdrawn",
    "derive",
    "evaluate_batch",
    "explain",
    "rungs",
]
