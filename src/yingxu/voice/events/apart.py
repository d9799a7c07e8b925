"""Facts of the quarantine. What was held apart is named by its key; who left it is known to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class HeldApartJudged(Fact):
    """A person looked at what was held apart: it is let in, or stays apart, for a reason."""

    kind: ClassVar[str] = "voice.apart.judged"
    subject_kind: ClassVar[str] = "apart"
    what: str
    held_as: str
    is_kept: bool
    why: str
