"""What was promised: a milestone, a limit, and the calendar in which the limit runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yingxu.core.clock.refusals import (
    LimitNotPositive,
    NothingPromised,
    PercentileOutOfRange,
    ReasonIncoherent,
)
from yingxu.core.hours import Calendar, NaiveTime


class Milestone(StrEnum):
    """The five moments that can be promised to an asker."""

    ACKNOWLEDGED = "acknowledged"
    ARRIVED = "arrived"
    SAFE = "safe"
    DONE = "done"
    VERIFIED = "verified"


CONTINUES_AFTER_REOPENING = frozenset({Milestone.DONE, Milestone.VERIFIED})


@dataclass(frozen=True, slots=True)
class Terms:
    """One promise term. Due is when the limit is used up, or `target_at`; given both, the later of the two.

    Attributes
    ----------
    milestone
        What is promised.
    limit_s
        Open seconds in `calendar`; reaching within it means `<=`. None when only an instant is promised.
    calendar
        When the limit runs.
    percentile
        Share (0..1] of cases that should keep the limit; None means every one.
    target_at
        An instant promised as such (an appointment, a target in a log); pauses and closing hours do not move it.

    Raises
    ------
    NothingPromised
        Neither limit nor target.
    LimitNotPositive, PercentileOutOfRange, NaiveTime
        A limit, percentile or target that means nothing.
    """

    milestone: Milestone
    limit_s: int | None
    calendar: Calendar
    percentile: float | None = None
    target_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.limit_s is None and self.target_at is None:
            raise NothingPromised(self.milestone)
        if self.limit_s is not None and self.limit_s <= 0:
            raise LimitNotPositive(self.limit_s)
        if self.percentile is not None and not 0 < self.percentile <= 1:
            raise PercentileOutOfRange(self.percentile)
        if self.target_at is not None and self.target_at.utcoffset() is None:
            raise NaiveTime(self.target_at)


class Stops(StrEnum):
    """Whether a pause for a reason stops the clock."""

    YES = "yes"
    NEVER = "never"
    WHEN_SAID = "when_said"  # only when the approval says so


@dataclass(frozen=True, slots=True)
class PauseReason:
    """One row of the table of pause reasons: data of a site, see domain §5.5.

    Attributes
    ----------
    code
        Stable code, "W5".
    stops
        Whether an approved pause stops the clock.
    cap_s
        Longest stop of one pause, seconds of real time from the moment it stopped; then time runs on. None: no cap.
    until_grace_s
        The stop ends this long after the expected end given with the pause. None: an expected end is only told.
    review_s
        A pause longer than this, from its beginning, is due for review; the clock takes no notice. None: never.

    Raises
    ------
    ReasonIncoherent
        A cap or grace on a reason that never stops, or not positive.
    """

    code: str
    stops: Stops
    cap_s: int | None = None
    until_grace_s: int | None = None
    review_s: int | None = None

    def __post_init__(self) -> None:
        bounds = (self.cap_s, self.until_grace_s)
        if self.stops is Stops.NEVER and bounds != (None, None):
            raise ReasonIncoherent(self.code)
        if (self.cap_s is not None and self.cap_s <= 0) or (self.until_grace_s is not None and self.until_grace_s < 0):
            raise ReasonIncoherent(self.code)


Reasons = Mapping[str, PauseReason]
_HOUR = 3600

# Domain §5.5, the starter rows; a site edits its own copy and passes it in.
STARTER_REASONS: Reasons = {
    reason.code: reason
    for reason in (
        PauseReason("R1", Stops.YES, review_s=24 * _HOUR),
        PauseReason("R2", Stops.YES, until_grace_s=2 * _HOUR),
        PauseReason("R3", Stops.YES, until_grace_s=0),
        PauseReason("W1", Stops.WHEN_SAID, review_s=72 * _HOUR),
        PauseReason("W2", Stops.WHEN_SAID, review_s=72 * _HOUR),
        PauseReason("W3", Stops.YES, review_s=7 * 24 * _HOUR),
        PauseReason("W4", Stops.NEVER, review_s=2 * _HOUR),
        PauseReason("W5", Stops.YES, cap_s=1800, review_s=1800),
        PauseReason("W6", Stops.YES, review_s=24 * _HOUR),
    )
}
