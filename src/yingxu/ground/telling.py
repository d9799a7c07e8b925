"""What a recorded fact says to people outside the pages: the pages' own sentences, lent to the workers' channels.

The sentences stand with the pages, above this room; the fuse box hands them down once, as it hands the loop to the
ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Say = Callable[[str, Mapping[str, Any]], str]
_lent: list[Say] = []


def lend(say: Say) -> None:
    """Hand over the sentences. Called once, by the fuse box."""
    _lent[:] = [say]


def said(kind: str, facts: Mapping[str, Any]) -> str:
    """Return what a fact says, in the language that is active; its kind where nobody lent sentences."""
    return _lent[0](kind, facts) if _lent else kind
