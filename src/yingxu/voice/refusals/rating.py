"""Refusals of the room ``voice``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class NothingToRate(Refusal):
    """No work on it was finished yet, and it was not answered."""

    code: ClassVar[str] = "nothing_to_rate"
    number: str = ""


@dataclass(unsafe_hash=True)
class AlreadyRated(Refusal):
    """This person rated it before; a rating is asked for once."""

    code: ClassVar[str] = "already_rated"
    number: str = ""


@dataclass(unsafe_hash=True)
class NotRatedYet(Refusal):
    """Words are added to a rating; this rater has given none."""

    code: ClassVar[str] = "not_rated_yet"
    number: str = ""


@dataclass(unsafe_hash=True)
class AlreadySaid(Refusal):
    """Why was said already, or a week has passed since the tap."""

    code: ClassVar[str] = "rating_said_already"
    number: str = ""
