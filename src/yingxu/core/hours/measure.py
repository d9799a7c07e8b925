"""The questions people ask of a calendar, in aware datetimes, exact to the microsecond.

Openings begin and end on whole seconds, so within one second a calendar is either open or closed; the fractions of the
ends are added to whole-second arithmetic and nothing is rounded.
"""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta

from yingxu.core.hours.calendar import Calendar
from yingxu.core.hours.refusals import NaiveTime, TimeRunsBackwards
from yingxu.core.hours.span import EPOCH, Span
from yingxu.core.hours.timeline import SECOND

_MICRO = 1_000_000
_MICROSECOND = timedelta(microseconds=1)


def epoch_s(instant: datetime) -> int:
    """Return the whole epoch second that an aware instant lies in.

    Raises
    ------
    NaiveTime
        The instant has no zone.
    """
    try:
        return (instant - EPOCH) // SECOND
    except TypeError:
        raise NaiveTime(instant) from None


def at_epoch(instant_s: int) -> datetime:
    """Return the UTC datetime of a whole epoch second."""
    return EPOCH + timedelta(seconds=instant_s)


def advance(calendar: Calendar, start: datetime, spent: timedelta) -> datetime:
    """Return the first instant by which `spent` of open time has passed since `start`.

    Time used up exactly at a closing ends at that closing, not at the next opening. No time spent is `start` itself,
    open or not. The answer is written in the zone of `start`.

    Raises
    ------
    NaiveTime
        `start` has no zone.
    TimeRunsBackwards
        `spent` is negative.
    BeyondHorizon
        The answer lies after the year 2999.
    """
    if spent < timedelta():
        raise TimeRunsBackwards(spent.total_seconds())
    start_s = epoch_s(start)
    if not spent:
        return start
    fraction_us = (start - at_epoch(start_s)) // _MICROSECOND if _open_s(calendar, start_s) else 0
    whole_s, beyond_us = divmod(spent // _MICROSECOND + fraction_us, _MICRO)
    # The last, partial second runs inside an open second: the one that ends when the next whole second is used up.
    if beyond_us:
        due = at_epoch(calendar.timeline.advance_s(start_s, whole_s + 1) - 1) + beyond_us * _MICROSECOND
    else:
        due = at_epoch(calendar.timeline.advance_s(start_s, whole_s))
    return due.astimezone(start.tzinfo)


def elapsed(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return the open time in [start, end).

    Raises
    ------
    NaiveTime
        An end has no zone.
    TimeRunsBackwards
        `end` is before `start`.
    """
    start_s, end_s = epoch_s(start), epoch_s(end)
    start_us, end_us = (start - at_epoch(start_s)) // _MICROSECOND, (end - at_epoch(end_s)) // _MICROSECOND
    if (end_s, end_us) < (start_s, start_us):
        raise TimeRunsBackwards(end_s - start_s + (end_us - start_us) / _MICRO)
    open_us = calendar.timeline.elapsed_s(start_s, end_s) * _MICRO
    if start_us and _open_s(calendar, start_s):
        open_us -= start_us
    if end_us and _open_s(calendar, end_s):
        open_us += end_us
    return timedelta(microseconds=open_us)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Return whether time runs at an instant. Raises `NaiveTime`."""
    return _open_s(calendar, epoch_s(at))


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """Return `at` when open, else the next opening, in the zone of `at`. Raises `NaiveTime`, `BeyondHorizon`."""
    at_s = epoch_s(at)
    if _open_s(calendar, at_s):
        return at
    return at_epoch(calendar.timeline.advance_s(at_s, 1) - 1).astimezone(at.tzinfo)


def open_spans(calendar: Calendar, span: Span) -> list[Span]:
    """Return the open time inside a span as rising disjoint spans, in the zone of its start."""
    known = calendar.timeline.openings(epoch_s(span.start), epoch_s(span.end) + 1)
    zone, end = span.start.tzinfo, span.end.astimezone(UTC)
    found = []
    for index in range(max(1, bisect_right(known.opens, epoch_s(span.start)) - 1), len(known.opens)):
        opens, closes = at_epoch(known.opens[index]), at_epoch(known.closes[index])
        if opens >= end:
            break
        opens, closes = max(opens, span.start), min(closes, end)
        if opens < closes:
            found.append(Span(opens.astimezone(zone), closes.astimezone(zone)))
    return found


def _open_s(calendar: Calendar, instant_s: int) -> bool:
    return calendar.timeline.elapsed_s(instant_s, instant_s + 1) == 1
