"""Refusals of the look-ahead calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class OnCalendarAlready(Refusal):
    """The season or holiday stands on the site's calendar already."""

    code: ClassVar[str] = "on_calendar_already"
    name: str = ""


@dataclass(unsafe_hash=True)
class NotOpenAnyMore(Refusal):
    """The preparation was made ready or left out meanwhile."""

    code: ClassVar[str] = "preparation_not_open"
    state: str = ""


@dataclass(unsafe_hash=True)
class PreparationInWork(Refusal):
    """Somebody works on it: the end of that work makes it ready."""

    code: ClassVar[str] = "preparation_in_work"
    number: str = ""


@dataclass(unsafe_hash=True)
class AfterItBegins(Refusal):
    """A preparation cannot be put off beyond the day on which what it is for begins."""

    code: ClassVar[str] = "after_it_begins"
    status: ClassVar[int] = 422
    begins_on: str = ""


@dataclass(unsafe_hash=True)
class NobodyToTell(Refusal):
    """Nobody with an account is touched by it: an announcement would reach nobody."""

    code: ClassVar[str] = "nobody_to_tell"
    place: str = ""
