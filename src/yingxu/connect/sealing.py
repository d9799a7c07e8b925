"""The sealer's turn, and the ledger's partitions for months to come."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone

from yingxu.ground import seals
from yingxu.ground.seals import Sample


@dataclass
class Sealer:
    """Samples the highest entry, and seals up to it once every transaction of that moment has ended."""

    waiting: Sample | None = field(default=None)

    def turn(self) -> bool:
        """Seal what is settled, then sample anew; never asks to go on at once."""
        if self.waiting is not None:
            if not seals.is_settled(self.waiting):
                return False
            seals.seal_up_to(self.waiting, at=timezone.now())
        self.waiting = seals.sample()
        return False


def open_partitions() -> bool:
    """Open this month's partition and the next two."""
    seals.open_partitions(timezone.now())
    return False
