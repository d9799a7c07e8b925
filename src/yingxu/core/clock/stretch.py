"""Pieces of a clock's course."""

from dataclasses import dataclass

from yingxu.core.clock.terms import PauseReason
from yingxu.core.hours.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time that ran and was then stopped: [from_s, to_s) of a calendar, after `used_before_s`."""

    from_s: int
    to_s: int
    used_before_s: int
    seconds: int
    timeline: Timeline


@dataclass(slots=True)
class Pause:
    """The pause in progress. It stops the clock from `stopped_from_s` (None: not, or not yet) until `stop_until_s`."""

    reason: PauseReason
    from_s: int
    until_s: int | None
    stopped_from_s: int | None = None
    stop_until_s: int | None = None
