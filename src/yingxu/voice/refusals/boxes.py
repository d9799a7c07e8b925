"""Refusals of suggestion boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class BoxClosed(Refusal):
    """The box takes no letters any more."""

    code: ClassVar[str] = "box_closed"


@dataclass(unsafe_hash=True)
class SlipsDiffer(Refusal):
    """The second person typed something else than the first; ``place``: after how many characters; where, of both."""

    code: ClassVar[str] = "slips_differ"
    place: int = 0
    differences: tuple[tuple[str, str], ...] = ()


@dataclass(unsafe_hash=True)
class WitnessesNeeded(Refusal):
    """Two witnesses are wanted, two people other than who opens the box, of whom one may sign by account."""

    code: ClassVar[str] = "witnesses_needed"


@dataclass(unsafe_hash=True)
class NoSlipCounted(Refusal):
    """All slips that were counted at the openings are typed already; ``n``: so many were counted the last time."""

    code: ClassVar[str] = "no_slip_counted"
    n: int = 0


@dataclass(unsafe_hash=True)
class NotOpenedYet(Refusal):
    """The letter still lies in the box."""

    code: ClassVar[str] = "letter_not_opened"


@dataclass(unsafe_hash=True)
class NothingToSay(Refusal):
    """There is no answer yet that one could agree or disagree with, or the last word was said."""

    code: ClassVar[str] = "no_answer_to_judge"
