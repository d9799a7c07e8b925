"""Clocks of an emergency, and its call tree: values in, readings out.

An emergency is judged by moments that people note (*marks*: reported, maintainer notified, at the door, freed). A
*limit* stands between two of them, or between each two of a repeated one (contact with the trapped every 3 minutes).
A limit is kept when the time between is **at most** the limit: thirty minutes to the second keep a rule of thirty.

The call tree is a ladder: its first level is due when the emergency opens; the next one when the wait for the one
before is over or everything that was to be tried there failed, and only as long as no person has answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise


@dataclass(frozen=True)
class Limit:
    """What is allowed between two marks.

    Parameters
    ----------
    code : name of the limit.
    from_code, to_code : marks between which it runs.
    limit_s : seconds; None: measured, never judged.
    until_code : a repeated limit: it runs from ``from_code`` and from each ``to_code`` until this mark.
    """

    code: str
    from_code: str
    to_code: str
    limit_s: int | None
    until_code: str = ""


@dataclass(frozen=True)
class Mark:
    """A moment that somebody noted."""

    code: str
    at: datetime


@dataclass(frozen=True)
class Standing:
    """How a limit stands at an instant.

    ``state``: ``waiting`` (not begun), ``running``, ``late`` (over the limit and not reached), ``kept``, ``broken``
    (reached, or ended, too late), ``measured`` (no limit), ``unknown`` (over without ever being reached in view of the
    limit). ``spent_s``: seconds between the marks, of a repeated one the longest gap. ``late_from``: the instants at
    which the limit was passed, in order.
    """

    limit: Limit
    state: str
    from_at: datetime | None = None
    due_at: datetime | None = None
    reached_at: datetime | None = None
    spent_s: int | None = None
    n: int = 0
    late_from: tuple[datetime, ...] = ()


def standing(limit: Limit, marks: Iterable[Mark], at: datetime, *, ended_at: datetime | None = None) -> Standing:
    """Return how a limit stands at ``at``; ``ended_at``: the emergency is over since then.

    Of a mark that was noted twice the first counts, as a person who arrives arrives once (domain 6.18).
    """
    known = sorted((mark for mark in marks if mark.at <= at), key=lambda mark: mark.at)
    if limit.until_code:
        return _repeated(limit, known, at, ended_at)
    from_at = _first(known, limit.from_code)
    if from_at is None:
        return Standing(limit, "waiting")
    reached_at = _first(known, limit.to_code)
    due_at = None if limit.limit_s is None else from_at + timedelta(seconds=limit.limit_s)
    until = reached_at or (ended_at if ended_at is not None and ended_at <= at else None) or at
    spent_s = max(0, int((until - from_at).total_seconds()))
    is_over = due_at is not None and until > due_at
    late_from = (due_at,) if is_over and due_at is not None else ()
    if reached_at is not None:
        state = "measured" if due_at is None else "broken" if is_over else "kept"
    elif ended_at is not None and ended_at <= at:
        state = "broken" if is_over else "unknown"
    else:
        state = "late" if is_over else "running"
    return Standing(limit, state, from_at, due_at, reached_at, spent_s, 1, late_from)


def _repeated(limit: Limit, known: Sequence[Mark], at: datetime, ended_at: datetime | None) -> Standing:
    from_at = _first(known, limit.from_code)
    if from_at is None or limit.limit_s is None:
        return Standing(limit, "waiting", from_at)
    over = [moment for moment in (_first(known, limit.until_code), ended_at) if moment is not None and moment <= at]
    over_at = min(over) if over else None
    until = over_at or at
    times = [mark.at for mark in known if mark.code == limit.to_code and from_at <= mark.at <= until]
    moments = [from_at, *times, until]
    gaps = [(later - earlier, earlier) for earlier, later in pairwise(moments)]
    allowed = timedelta(seconds=limit.limit_s)
    late_from = tuple(earlier + allowed for gap, earlier in gaps if gap > allowed)
    longest_s = int(max(gap for gap, _ in gaps).total_seconds())
    due_at = None if over_at is not None else moments[-2] + allowed
    if over_at is not None:
        state = "broken" if late_from else "kept"
    else:
        state = "late" if due_at is not None and at > due_at else "running"
    return Standing(limit, state, from_at, due_at, over_at, longest_s, len(times), late_from)


def _first(known: Sequence[Mark], code: str) -> datetime | None:
    return next((mark.at for mark in known if mark.code == code), None)


@dataclass(frozen=True)
class Level:
    """One level of a call tree: how long is waited for it (seconds), and after how many tries it is given up."""

    key: int
    wait_s: int
    max_tries: int


@dataclass(frozen=True)
class Try:
    """One attempt to reach a level; a person answered, or not."""

    key: int
    at: datetime
    is_answered: bool


@dataclass(frozen=True)
class TreeReading:
    """How a call tree stands: its levels that came due, with the moments; when the next thing happens by itself.

    ``spent_at``: every level was given up and nobody answered.
    """

    due: tuple[tuple[int, datetime], ...]
    answered_at: datetime | None = None
    next_at: datetime | None = None
    spent_at: datetime | None = None


def tree_reading(levels: Sequence[Level], opened_at: datetime, tries: Iterable[Try], at: datetime) -> TreeReading:
    """Return which levels are due at ``at``.

    A level is given up at its due moment plus ``wait_s``, or at its ``max_tries``-th failed try if that is earlier (not
    before it was due). Whoever answers, on whatever level, ends it; an answer in the same instant goes before.
    """
    made = sorted((one for one in tries if one.at <= at), key=lambda one: one.at)
    answered_at = next((one.at for one in made if one.is_answered), None)
    until = at if answered_at is None else answered_at
    due: list[tuple[int, datetime]] = []
    moment = opened_at
    for level in levels:
        if due and (moment > until or moment == answered_at):
            break
        due.append((level.key, moment))
        failed = [one.at for one in made if one.key == level.key and not one.is_answered]
        over = moment + timedelta(seconds=level.wait_s)
        if len(failed) >= level.max_tries:
            over = min(over, max(moment, failed[level.max_tries - 1]))
        moment = over
    if not levels or (answered_at is not None and (len(due) < len(levels) or answered_at <= moment)):
        return TreeReading(tuple(due), answered_at)
    if len(due) < len(levels) or moment > at:
        return TreeReading(tuple(due), answered_at, next_at=moment)
    return TreeReading(tuple(due), answered_at, spent_at=moment)
