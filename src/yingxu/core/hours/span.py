"""One type for every stretch of time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from yingxu.core.hours.refusals import NaiveTime, SpanOutOfOrder

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open time [start, end), aware and ordered.

    Raises
    ------
    NaiveTime
        An end without a zone.
    SpanOutOfOrder
        `end` is not after `start`.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for instant in (self.start, self.end):
            if instant.utcoffset() is None:
                raise NaiveTime(instant)
        if self.seconds <= 0:
            raise SpanOutOfOrder(self.start, self.end)

    @property
    def seconds(self) -> float:
        """Length in seconds of real time, whatever zones the two ends are written in."""
        # Two datetimes of one zone subtract as wall times; the offsets make the length real.
        ends = (self.end.utcoffset() or timedelta()) - (self.start.utcoffset() or timedelta())
        return (self.end.replace(tzinfo=None) - self.start.replace(tzinfo=None) - ends).total_seconds()

    def __contains__(self, instant: datetime) -> bool:
        return self.start - EPOCH <= instant - EPOCH < self.end - EPOCH
