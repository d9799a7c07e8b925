"""Facts of the room ``improve``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class OutlookMade(Fact):
    """The analyst worked out a site's day: so many lines, so many groups of unfamiliar askings."""

    kind: ClassVar[str] = "improve.outlook.made"
    subject_kind: ClassVar[str] = "site"
    n_lines: int
    n_groups: int
