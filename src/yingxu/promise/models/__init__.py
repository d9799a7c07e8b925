"""Tables of the room ``promise``, by noun."""

from yingxu.promise.models.clocks import LAPSED, ClockState, Hold, Promise
from yingxu.promise.models.ladders import Ladder, PromiseWarning, Watch

__all__ = ["LAPSED", "ClockState", "Hold", "Ladder", "Promise", "PromiseWarning", "Watch"]
