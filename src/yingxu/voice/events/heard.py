"""Facts about what people said of the service. Who spoke is not in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class HeardFact(Fact):
    """Base: about one voice; the thread is its request, or itself."""

    subject_kind: ClassVar[str] = "voice"


@dataclass(frozen=True, kw_only=True)
class VoiceHeard(HeardFact):
    """Somebody complained, praised or vented, and has a person's answer to expect."""

    kind: ClassVar[str] = "voice.heard.said"
    said: str
    answer_by: str


@dataclass(frozen=True, kw_only=True)
class VoiceHeldApart(HeardFact):
    """Too many were said at once: it is kept apart, and nobody is told of it, until a person has looked."""

    kind: ClassVar[str] = "voice.heard.held_apart"
    said: str


@dataclass(frozen=True, kw_only=True)
class VoiceAnswered(HeardFact):
    """A person gave it its fate."""

    kind: ClassVar[str] = "voice.heard.answered"
    fate: str


@dataclass(frozen=True, kw_only=True)
class VoiceDisputed(HeardFact):
    """Who spoke still disagrees; it waits for an answer again."""

    kind: ClassVar[str] = "voice.heard.disputed"
    n_disputes: int


@dataclass(frozen=True, kw_only=True)
class VoiceContent(HeardFact):
    """Who spoke is content with the answer."""

    kind: ClassVar[str] = "voice.heard.understood"


@dataclass(frozen=True, kw_only=True)
class VoiceTaken(HeardFact):
    """Somebody took it in hand."""

    kind: ClassVar[str] = "voice.heard.taken"


@dataclass(frozen=True, kw_only=True)
class VoiceLate(HeardFact):
    """Its time is past and nobody has answered; told one step higher."""

    kind: ClassVar[str] = "voice.heard.late"
    said: str
    answer_by: str
    step: int
