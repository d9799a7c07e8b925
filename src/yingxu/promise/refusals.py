"""What the room ``promise`` refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class NotReportedLate(Refusal):
    """There is nothing to mend: the milestone was not reached in time, or its breach was never recorded."""

    code: ClassVar[str] = "not_reported_late"
    milestone: str = ""
    state: str = ""


@dataclass(unsafe_hash=True)
class BadLadder(Refusal):
    """The steps do not make a ladder. ``step`` is counted from 1 (0: the ladder as a whole)."""

    code: ClassVar[str] = "bad_ladder"
    status: ClassVar[int] = 422
    step: int = 0
    problem: str = ""
