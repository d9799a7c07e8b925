"""What happened to a clock: values, each at its own time, in any order of arrival."""

from dataclasses import dataclass
from datetime import datetime

from yingxu.core.clock.terms import Terms


@dataclass(frozen=True, slots=True)
class Started:
    """The promise was made; time runs from here. A second start is noted and changes nothing."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Paused:
    """Work paused for a reason.

    Attributes
    ----------
    is_approved
        Approved beforehand (an agreed window); else time runs until a `PauseApproved`.
    stops
        What the approval said, for reasons that stop only when said so; None: the reason's own rule.
    until_at
        The expected end: the window's, the appointment.
    """

    at: datetime
    reason_code: str
    is_approved: bool = False
    stops: bool | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PauseApproved:
    """The running pause was approved; from here it may stop the clock.

    Attributes
    ----------
    until_at
        The approval's own end: the stop ends there at the latest, whatever the reason says. None: no such end.
    """

    at: datetime
    stops: bool | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Resumed:
    """Work went on."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Reached:
    """The milestone was reached."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Reopened:
    """Verification failed or the fault came back: done and later clocks go on from their original start."""

    at: datetime


@dataclass(frozen=True, slots=True)
class TermsChanged:
    """Other terms from here on: a new edition, a priority re-classed, an appointment moved."""

    at: datetime
    terms: Terms
    why_code: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """No promise any more: cancelled, merged, declined, transferred.

    A breach before it stands, unless `is_void`: the case leaves every count (merged into another, cancelled before
    dispatch, declined, transferred; domain §6.1).
    """

    at: datetime
    why_code: str
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class Reinstated:
    """The withdrawal was undone (un-merged, returned, objection accepted); time in between counts."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Corrected:
    """Recorded at `at`: the milestone was in truth reached at `reached_at` (a phone without signal)."""

    at: datetime
    reached_at: datetime


Event = (
    Started | Paused | PauseApproved | Resumed | Reached | Reopened | TermsChanged | Withdrawn | Reinstated | Corrected
)
