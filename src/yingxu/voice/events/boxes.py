"""Facts of suggestion boxes. Nothing is recorded when a letter is dropped: the ledger knows the second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class BoxMade(Fact):
    """A suggestion box was put up."""

    kind: ClassVar[str] = "voice.box.made"
    subject_kind: ClassVar[str] = "box"
    name: str


@dataclass(frozen=True, kw_only=True)
class BoxSwitched(Fact):
    """A suggestion box was closed, or opened for letters again."""

    kind: ClassVar[str] = "voice.box.switched"
    subject_kind: ClassVar[str] = "box"
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class BoxOpened(Fact):
    """Somebody took the letters out: how many there were, how many of them are held apart."""

    kind: ClassVar[str] = "voice.box.opened"
    subject_kind: ClassVar[str] = "box"
    n: int
    n_apart: int


@dataclass(frozen=True, kw_only=True)
class LetterReceived(Fact):
    """A letter lay in the box; its actor is the box and its hour is the day's midnight."""

    kind: ClassVar[str] = "voice.letter.received"
    subject_kind: ClassVar[str] = "letter"
    origin: str
    is_signed: bool


@dataclass(frozen=True, kw_only=True)
class LetterAnswered(Fact):
    """A letter got its answer and fate."""

    kind: ClassVar[str] = "voice.letter.answered"
    subject_kind: ClassVar[str] = "letter"
    verdict: str
    fate: str
    is_public: bool


@dataclass(frozen=True, kw_only=True)
class LetterHeldApart(Fact):
    """A letter was put into quarantine, or taken out again (empty reason)."""

    kind: ClassVar[str] = "voice.letter.held_apart"
    subject_kind: ClassVar[str] = "letter"
    reason: str


@dataclass(frozen=True, kw_only=True)
class BoxLeftClosed(Fact):
    """Letters have lain in a box for too long, or the box of wood was not opened for too long; ``since``: the day."""

    kind: ClassVar[str] = "voice.box.left_closed"
    subject_kind: ClassVar[str] = "box"
    name: str
    since: str
    is_paper: bool


@dataclass(frozen=True, kw_only=True)
class PaperTakenOut(Fact):
    """The box of wood was opened before two witnesses, and its slips were counted."""

    kind: ClassVar[str] = "voice.box.paper_taken_out"
    subject_kind: ClassVar[str] = "box"
    n: int
    witnesses: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class PaperCountersigned(Fact):
    """The second witness signed, with the own account, that the box was opened so and held so many slips."""

    kind: ClassVar[str] = "voice.box.paper_countersigned"
    subject_kind: ClassVar[str] = "box"
    n: int


@dataclass(frozen=True, kw_only=True)
class SlipTyped(Fact):
    """A paper slip was typed by one person and waits for the second; ``again``: the typing before was wrong."""

    kind: ClassVar[str] = "voice.slip.typed"
    subject_kind: ClassVar[str] = "slip"
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class SlipConfirmed(Fact):
    """A second person typed the same; the slip is a letter now."""

    kind: ClassVar[str] = "voice.slip.confirmed"
    subject_kind: ClassVar[str] = "slip"
