"""The single truth about a clock: its terms and events, read at an instant."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil

from yingxu.core.clock.course import Course
from yingxu.core.clock.events import Event
from yingxu.core.clock.reading import ClockReading, Explanation, Line, Rung, State
from yingxu.core.clock.refusals import FractionOutOfRange
from yingxu.core.clock.terms import STARTER_REASONS, Reasons, Terms
from yingxu.core.hours.measure import at_epoch, epoch_s
from yingxu.core.hours.span import EPOCH


def derive(terms: Terms, events: Iterable[Event], at: datetime, *, reasons: Reasons = STARTER_REASONS) -> ClockReading:
    """Read a clock.

    Parameters
    ----------
    terms
        The terms at the start; later ones come as `TermsChanged`.
    events
        What happened, in any order; events after `at` have not happened yet. Of two at the same instant the one
        given first happens first.
    at
        The instant of reading.
    reasons
        The site's table of pause reasons.

    Raises
    ------
    UnknownPauseReason, ReasonNeverStops, MilestoneChanged
        Events that contradict the data they lean on.
    NaiveTime, BeyondHorizon
        An instant without a zone, or outside the years 1900 to 2999.

    Notes
    -----
    Events that cannot be (a pause of a finished clock, a second start) change nothing; `explain` lists them.
    """
    return _read(_play(terms, events, at, reasons, None), epoch_s(at))


def explain(terms: Terms, events: Iterable[Event], at: datetime, *, reasons: Reasons = STARTER_REASONS) -> Explanation:
    """Read a clock as `derive` does, with the lines that add up to it. Raises what `derive` raises."""
    lines: list[Line] = []
    course = _play(terms, events, at, reasons, lines)
    course.finish(epoch_s(at))
    return Explanation(_read(course, epoch_s(at)), tuple(lines))


def rungs(
    terms: Terms,
    events: Iterable[Event],
    at: datetime,
    *,
    fractions: Sequence[float] = (0.5, 0.8, 1.0),
    overdue_s: Sequence[int] = (),
    reasons: Reasons = STARTER_REASONS,
) -> tuple[Rung, ...]:
    """Return when the warnings of a clock come due, calendar and pauses counted, as known at an instant.

    Parameters
    ----------
    fractions
        Shares of the limit, in (0, 1]. For a promised instant: of the real time from the start to it.
    overdue_s
        Open seconds past due (domain §5.9: P1 300, P2 900, P3 7200).

    Returns
    -------
    tuple of Rung
        Rising. Past ones are included, so that a worker that comes late dates them right; none that would come after
        the clock was reached or withdrawn; none that a pause without end holds; none before a change of terms.

    Raises
    ------
    FractionOutOfRange
        A fraction outside (0, 1], an overdue offset that is not positive; and what `derive` raises.
    """
    for given in (*fractions, *(1.0 if each > 0 else each for each in overdue_s)):
        if not 0 < given <= 1:
            raise FractionOutOfRange(given)
    course = _play(terms, events, at, reasons, None)
    due_s, start_s = course.due_s(), course.start_s
    if start_s is None or due_s is None:
        # A pause holds the clock, or it has not begun: only what came due before the stop is known.
        wanted = [("fraction", share, 0, _fraction_s(course, share, None)) for share in fractions]
    else:
        wanted = [("fraction", share, 0, _fraction_s(course, share, due_s)) for share in fractions]
        wanted += [("overdue", 1.0, late_s, _overdue_s(course, late_s, due_s)) for late_s in overdue_s]
    end_s = course.reached_s if course.reached_s is not None else course.withdrawn_s
    found = [
        Rung(code, share, late_s, at_epoch(max(instant_s, course.not_before_s or instant_s)))
        for code, share, late_s, instant_s in wanted
        if instant_s is not None and (end_s is None or instant_s <= end_s)
    ]
    return tuple(sorted(found, key=lambda rung: (rung.at, rung.fraction, rung.overdue_s)))


def _play(terms: Terms, events: Iterable[Event], at: datetime, reasons: Reasons, lines: list[Line] | None) -> Course:
    course = Course(terms, reasons, lines)
    for event in _in_order(events):
        if event.at - EPOCH > at - EPOCH:  # two times of one zone would compare as wall times
            break
        course.play(event)
    course.settle(epoch_s(at))
    return course


def _in_order(events: Iterable[Event]) -> list[Event]:
    ordered = list(events)
    for event in ordered:
        epoch_s(event.at)
    ordered.sort(key=lambda event: event.at - EPOCH)
    return ordered


def _read(course: Course, at_s: int) -> ClockReading:
    limit_s = course.terms.limit_s
    if course.start_s is None:
        state = State.WAITING if course.withdrawn_s is None else State.WITHDRAWN
        return ClockReading(state, None, None, limit_s, 0, None, 0, None, None, None, None)
    due_s = course.due_s()
    reached_s, withdrawn_s, pause = course.reached_s, course.withdrawn_s, course.pause
    end_s = reached_s if reached_s is not None else withdrawn_s if withdrawn_s is not None else at_s
    is_late = due_s is not None and end_s > due_s
    if course.is_void:
        state = State.WITHDRAWN
    elif reached_s is not None:
        state = State.BROKEN if is_late else State.KEPT
        if course.mended_due_s is not None:
            state = State.KEPT_REPORTED_LATE
    elif withdrawn_s is not None:
        state = State.BROKEN if is_late else State.WITHDRAWN
    elif is_late:
        state = State.LATE
    else:
        state = State.PAUSED if course.runs_from_s is None else State.RUNNING
    elapsed_s = course.used_at(end_s)
    review_at = None
    if pause is not None and pause.reason.review_s is not None:
        review_at = at_epoch(pause.from_s + pause.reason.review_s)
    breached_s = due_s if is_late else course.mended_due_s
    return ClockReading(
        state,
        at_epoch(course.start_s),
        None if due_s is None else at_epoch(due_s),
        limit_s,
        elapsed_s,
        _remaining_s(course, end_s, due_s, elapsed_s),
        course.stopped_at(end_s),
        None if reached_s is None else at_epoch(reached_s),
        None if breached_s is None else at_epoch(breached_s),
        None if pause is None else pause.reason.code,
        review_at,
    )


def _remaining_s(course: Course, end_s: int, due_s: int | None, elapsed_s: int) -> int:
    limit_s = course.terms.limit_s
    floor_s = course.target_s()
    if limit_s is not None and (due_s is None or due_s != floor_s):
        return limit_s - elapsed_s
    assert due_s is not None  # without a limit the promised instant is due, paused or not
    if end_s <= due_s:
        return course.timeline.elapsed_s(end_s, due_s)
    return -course.timeline.elapsed_s(due_s, end_s)


def _fraction_s(course: Course, share: float, due_s: int | None) -> int | None:
    """Return when a share of the limit is used up; where an instant governs, a share of the real time up to it."""
    if course.start_s is None:
        return None
    if due_s is not None and due_s == course.target_s():
        if share == 1 or due_s <= course.start_s:
            return due_s
        return course.start_s + ceil(round(share * (due_s - course.start_s), 6))
    limit_s = course.terms.limit_s
    assert limit_s is not None
    return course.instant_of(max(1, ceil(round(share * limit_s, 6))))


def _overdue_s(course: Course, late_s: int, due_s: int) -> int | None:
    limit_s = course.terms.limit_s
    if limit_s is None or due_s == course.target_s():
        return course.timeline.advance_s(due_s, late_s)
    return course.instant_of(limit_s + late_s)
