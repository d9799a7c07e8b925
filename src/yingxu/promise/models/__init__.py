"""Tables of the room ``promise``, by noun."""

from yingxu.promise.models.clocks import LAPSED, ClockState, Hold, Promise
from yingxu.promise.models.ladders import Ladder, PromiseWarning, Watch
from yingxu.promise.models.quality import HAND_OVER, Measure, QualityPromise, StratumKey

__all__ = [
    "HAND_OVER",
    "LAPSED",
    "ClockState",
    "Hold",
    "Ladder",
    "Measure",
    "Promise",
    "PromiseWarning",
    "QualityPromise",
    "StratumKey",
    "Watch",
]
