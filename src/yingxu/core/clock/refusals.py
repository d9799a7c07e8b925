"""What the clock refuses, each by its own name with its facts; sentences are made elsewhere."""

from dataclasses import dataclass, fields
from typing import ClassVar


class ClockRefusal(ValueError):
    """Terms or events that mean nothing."""

    code: ClassVar[str] = "clock.refused"

    def __str__(self) -> str:
        facts = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(self))  # type: ignore[arg-type]
        return f"{self.code}: {facts}"


@dataclass(eq=False)
class NothingPromised(ClockRefusal):
    """Terms with neither a limit nor a target."""

    code: ClassVar[str] = "clock.terms.nothing_promised"
    milestone: str


@dataclass(eq=False)
class LimitNotPositive(ClockRefusal):
    """A limit of no time or less."""

    code: ClassVar[str] = "clock.terms.limit_not_positive"
    limit_s: int


@dataclass(eq=False)
class PercentileOutOfRange(ClockRefusal):
    """A percentile is a share above 0 and at most 1 (0.9, not 90)."""

    code: ClassVar[str] = "clock.terms.percentile_out_of_range"
    percentile: float


@dataclass(eq=False)
class ReasonIncoherent(ClockRefusal):
    """A pause reason whose bounds contradict it."""

    code: ClassVar[str] = "clock.reason.incoherent"
    reason_code: str


@dataclass(eq=False)
class UnknownPauseReason(ClockRefusal):
    """A pause for a reason that is not in the table."""

    code: ClassVar[str] = "clock.pause.unknown_reason"
    reason_code: str


@dataclass(eq=False)
class ReasonNeverStops(ClockRefusal):
    """An approval that would stop the clock for a reason that never does."""

    code: ClassVar[str] = "clock.pause.reason_never_stops"
    reason_code: str


@dataclass(eq=False)
class MilestoneChanged(ClockRefusal):
    """A change of terms may not turn one milestone's clock into another's."""

    code: ClassVar[str] = "clock.terms.milestone_changed"
    milestone: str
    given: str


@dataclass(eq=False)
class FractionOutOfRange(ClockRefusal):
    """A warning fraction outside (0, 1], or an overdue offset that is not positive."""

    code: ClassVar[str] = "clock.warning.out_of_range"
    given: float


@dataclass(eq=False)
class ArraysDisagree(ClockRefusal):
    """Batch arrays whose lengths do not fit together, or a pause that is out of order or names no clock."""

    code: ClassVar[str] = "clock.batch.arrays_disagree"
    what: str
