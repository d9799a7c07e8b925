"""Facts of rating stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class StandSet(Fact):
    """A rating stand was put up or changed."""

    kind: ClassVar[str] = "voice.stand.set"
    subject_kind: ClassVar[str] = "stand"
    name: str
    line_code: str
    most_per_hour: int
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class TapLeft(Fact):
    """Somebody touched a face; ``quarantine``: why it does not count."""

    kind: ClassVar[str] = "voice.tap.left"
    subject_kind: ClassVar[str] = "stand"
    face: int
    reason: str
    quarantine: str
