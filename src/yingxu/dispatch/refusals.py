"""Refusals of the room ``dispatch``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class NotQualified(Refusal):
    """The worker lacks something that the job needs. ``missing``: ``line:PLB``, ``skill:electrical:2``, ``party``."""

    code: ClassVar[str] = "not_qualified"
    worker: str = ""
    missing: tuple[str, ...] = ()


@dataclass(unsafe_hash=True)
class MoreUrgentWaiting(Refusal):
    """A critical job that this worker could do waits without anybody; nothing ordinary goes before it."""

    code: ClassVar[str] = "more_urgent_waiting"
    number: str = ""
    waiting: str = ""


@dataclass(unsafe_hash=True)
class LeaseLost(Refusal):
    """Another planner plans for this site now; what this one reckoned is not written."""

    code: ClassVar[str] = "lease_lost"
    status: ClassVar[int] = 409


@dataclass(unsafe_hash=True)
class NotForClaiming(Refusal):
    """The line's jobs are given out by the desk, or this one is no longer free."""

    code: ClassVar[str] = "not_for_claiming"
    status: ClassVar[int] = 409
    number: str = ""


@dataclass(unsafe_hash=True)
class LetGoBefore(Refusal):
    """Who let this job lapse or gave it back does not claim it again; the desk may still send him or her."""

    code: ClassVar[str] = "let_go_before"
    status: ClassVar[int] = 409
    number: str = ""


@dataclass(unsafe_hash=True)
class HoldsEnough(Refusal):
    """Whoever holds that many jobs finishes one before claiming another."""

    code: ClassVar[str] = "holds_enough"
    status: ClassVar[int] = 409
    held: int = 0
    limit: int = 0


@dataclass(unsafe_hash=True)
class NotGoingAlong(Refusal):
    """Nobody asked this person to go along on this job now, or the answer was given already."""

    code: ClassVar[str] = "not_going_along"
    status: ClassVar[int] = 409
    number: str = ""
