"""Refusals about work that an outside company does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class LinkEnded(Refusal):
    """The link opens nothing any more. ``why``: expired, or what ended its order."""

    code: ClassVar[str] = "outside_link_ended"
    status: ClassVar[int] = 410
    why: str = ""


@dataclass(unsafe_hash=True)
class OutsideAlready(Refusal):
    """The job is with an outside company now; its link is to be taken back first."""

    code: ClassVar[str] = "outside_already"
    number: str = ""
    company: str = ""


@dataclass(unsafe_hash=True)
class NoOneAnswers(Refusal):
    """Nobody here has the job: who answers for it while an outside company works is to be said.

    ``name``: who was named, and serves another line.
    """

    code: ClassVar[str] = "no_one_answers"
    status: ClassVar[int] = 422
    number: str = ""
    name: str = ""


@dataclass(unsafe_hash=True)
class CostTaken(Refusal):
    """What the company asked is a bill of the job already."""

    code: ClassVar[str] = "outside_cost_taken"
    number: str = ""


@dataclass(unsafe_hash=True)
class NotAccepted(Refusal):
    """The company has not said yet that it comes."""

    code: ClassVar[str] = "outside_not_accepted"
    number: str = ""
