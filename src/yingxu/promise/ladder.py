"""The warning ladder: its rungs as values, which edition holds, and when the rungs of one promise come due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache

from yingxu.core.clock import rungs as core_rungs
from yingxu.promise.models import Hold, Ladder, Promise
from yingxu.promise.refusals import BadLadder
from yingxu.promise.snapshots import events_of, is_in_time, reasons_of, terms_of
from yingxu.standards.library import rows

#: Whom a rung may name. ``WK`` is whoever answers for it: the worker who accepted, until then the desk.
RECEIVERS = ("WK", "DK", "TL", "LM", "PM", "HO", "HD")
#: So many rungs at most, and so long after the limit at most (seconds).
MOST_RUNGS, LONGEST_S = 8, 30 * 24 * 3600


@dataclass(frozen=True)
class Rung:
    """One step: at a share of the limit, or so many open seconds after it (``share`` is 1 then)."""

    code: str
    share: float
    late_s: int
    receivers: tuple[str, ...]

    @property
    def is_past_limit(self) -> bool:
        """Whether the promise is broken when it comes due."""
        return self.share >= 1


def rung(share: float, late_s: int, receivers: Iterable[str]) -> Rung:
    """Return a step with its code, the same for the same moment: ``f50``, ``f100``, ``late300``."""
    code = f"late{late_s}" if late_s else f"f{round(share * 100)}"
    return Rung(code, share, late_s, tuple(receivers))


def checked(steps: Sequence[Rung]) -> tuple[Rung, ...]:
    """Return the steps if they make a ladder; refuses: BadLadder, which names the step (counted from 1)."""
    if not steps:
        raise BadLadder(step=0, problem="empty")
    if len(steps) > MOST_RUNGS:
        raise BadLadder(step=len(steps), problem="too_many")
    before: tuple[float, int] = (0.0, 0)
    for place, step in enumerate(steps, 1):
        if not 0 < step.share <= 1:
            raise BadLadder(step=place, problem="share_out_of_range")
        if not 0 <= step.late_s <= LONGEST_S or (step.late_s and step.share != 1):
            raise BadLadder(step=place, problem="minutes_out_of_range")
        if (step.share, step.late_s) <= before:
            raise BadLadder(step=place, problem="out_of_order")
        if not step.receivers:
            raise BadLadder(step=place, problem="no_receiver")
        if any(code not in RECEIVERS for code in step.receivers):
            raise BadLadder(step=place, problem="unknown_receiver")
        before = (step.share, step.late_s)
    return tuple(steps)


def as_json(steps: Sequence[Rung]) -> list[dict[str, object]]:
    """Return steps as a ladder's row keeps them."""
    return [{**asdict(step), "receivers": list(step.receivers)} for step in steps]


def from_json(kept: Iterable[Mapping[str, object]]) -> tuple[Rung, ...]:
    """Return the steps of a ladder's row."""
    return tuple(rung(float(str(one["share"])), int(str(one["late_s"])), _codes(one["receivers"])) for one in kept)


def _codes(value: object) -> tuple[str, ...]:
    return tuple(str(code) for code in value) if isinstance(value, list | tuple) else ()


@cache
def starter(priority: int) -> tuple[Rung, ...]:
    """Return the library's ladder of a class (domain 5.9), which holds until the hospital makes its own."""
    found = []
    for row in rows("escalations"):
        receivers = tuple(row["notify"].split(";"))
        if row["trigger"] == "fraction":
            found.append(rung(float(row["fraction"]), 0, receivers))
        elif row["trigger"] == "overdue" and row["priority"] == f"P{priority}":
            found.append(rung(1.0, int(row["after_s"]), receivers))
    return checked(sorted(found, key=lambda step: (step.share, step.late_s)))


@dataclass(frozen=True)
class InForce:
    """The ladder that holds for a promise. ``is_urgent``: nobody's quiet hours hold its messages back."""

    steps: tuple[Rung, ...]
    is_urgent: bool
    effective_at: datetime | None = None
    #: The line that it was made for; empty: for every line.
    line_code: str = ""


class Ladders:
    """The editions of some sites' ladders; the line's own goes before that for every line."""

    def __init__(self, found: Iterable[Ladder]) -> None:
        self._found: dict[tuple[int, str, int], list[Ladder]] = {}
        for one in sorted(found, key=lambda one: one.effective_at):
            self._found.setdefault((one.site_id, one.line_code, one.priority), []).append(one)

    def in_force(self, site_id: int, line_code: str, priority: int, at: datetime) -> InForce:
        """Return the ladder that holds at a moment."""
        for code in dict.fromkeys((line_code, "")):
            for one in reversed(self._found.get((site_id, code, priority), ())):
                if one.effective_at <= at:
                    return InForce(from_json(one.rungs), one.is_urgent, one.effective_at, code)
        return InForce(starter(priority), False)


@dataclass(frozen=True)
class Due:
    """A step and the moment at which it is due."""

    step: Rung
    at: datetime

    def is_passed(self, at: datetime) -> bool:
        """Whether it is due: a limit has passed when its second is over, an instant within it still keeps it."""
        return not is_in_time(at, self.at) if self.step.is_past_limit else self.at <= at


def due_steps(row: Promise, holds: Iterable[Hold], steps: Sequence[Rung], at: datetime) -> tuple[Due, ...]:
    """Return when the steps of a promise are due, as known at an instant, rising; those that a pause holds are absent.

    A pure function of the promise's terms and what happened to it. Shares count the whole limit; what was used up under
    the promise that this one replaced was warned of there, so shares that it had passed are left out.
    """
    known = list(holds)
    terms = terms_of(row)
    by_share: dict[float, Rung] = {}
    by_late = {step.late_s: step for step in steps if step.late_s}
    for step in steps:
        if step.late_s:
            continue
        left_share = 1.0
        if step.share < 1:
            if terms.limit_s is None:
                continue
            left_share = (step.share * row.limit_s - row.spent_before_s) / terms.limit_s
            if left_share <= 0:
                continue
        by_share[left_share] = step
    found = core_rungs(
        terms,
        events_of(row, known),
        at,
        fractions=tuple(by_share),
        overdue_s=tuple(by_late),
        reasons=reasons_of(known),
    )
    due = [Due(by_late[one.overdue_s] if one.overdue_s else by_share[one.fraction], one.at) for one in found]
    return tuple(sorted(due, key=lambda one: (one.step.share, one.step.late_s)))
