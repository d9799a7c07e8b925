"""What a clock shows: codes, instants and seconds. Sentences are made where a reader's language is known."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """The one state a clock is in."""

    WAITING = "waiting"  # not started yet
    RUNNING = "running"
    PAUSED = "paused"  # stopped by an approved pause
    LATE = "running_late"  # past due, not reached: broken, and still owed
    KEPT = "kept"
    BROKEN = "broken"
    KEPT_REPORTED_LATE = "kept_reported_late"  # reached in time, known only after the breach was recorded
    WITHDRAWN = "withdrawn"


# The batch answers with positions in this tuple.
STATES: tuple[State, ...] = tuple(State)
STATE_NUMBER: dict[State, int] = {state: number for number, state in enumerate(STATES)}


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A clock at one instant.

    Attributes
    ----------
    started_at
        None while waiting.
    due_at
        Last second that still keeps the promise; past due begins one second later. None while waiting, and while an
        uncapped pause holds the clock, because no instant is due then.
    limit_s
        Limit in force, open seconds; None when only an instant was promised.
    elapsed_s
        Open seconds counted until reached, withdrawn or now.
    remaining_s
        Open seconds left, negative when late; None while waiting.
    stopped_s
        Open seconds that approved pauses took out.
    reached_at
        When the milestone was reached, as known now.
    breached_at
        `due_at` of a clock that is or was past due unreached, None otherwise; stays when a late report mends it.
    pause_code, pause_review_at
        Reason of the pause in progress, whether it stops the clock or not, and when it is due for review.
    """

    state: State
    started_at: datetime | None
    due_at: datetime | None
    limit_s: int | None
    elapsed_s: int
    remaining_s: int | None
    stopped_s: int
    reached_at: datetime | None
    breached_at: datetime | None
    pause_code: str | None
    pause_review_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a clock's explanation: an event (`until_at` equals `from_at`) or a stretch of time.

    The counted seconds of all lines add up to `elapsed_s`; counted, closed and stopped ones to real time.

    Attributes
    ----------
    code
        Stable code: "event.*" something happened, "ignored.*" it happened and changed nothing, "time.*" time passed.
    counted_s, closed_s, stopped_s
        Seconds that counted, that fell outside the calendar, that an approved pause took out.
    facts
        Name and value pairs for the sentence: codes, seconds, datetimes.
    """

    code: str
    from_at: datetime
    until_at: datetime
    counted_s: int
    closed_s: int
    stopped_s: int
    facts: tuple[tuple[str, str | int | datetime | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A reading and how it came about."""

    reading: ClockReading
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the warning ladder: a fraction of the limit, or time past due.

    Attributes
    ----------
    code
        "fraction" or "overdue".
    fraction
        Share of the limit; 1.0 for overdue ones.
    overdue_s
        Open seconds past due; 0 for fractions.
    at
        When it comes due, or came due.
    """

    code: str
    fraction: float
    overdue_s: int
    at: datetime
