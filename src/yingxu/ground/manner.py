"""How facts are told: as they happen, or retold from an outside record, where nobody is notified.

What is retold goes through the same verbs and leaves the same rows; its entries say where it comes from, and whether
the record states the act itself or it was inferred between two that are stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Manner:
    """Marks that every entry carries beside its own facts; ``is_muted``: no message leaves."""

    marks: Mapping[str, Any] = field(default_factory=dict)
    is_muted: bool = False


AS_IT_HAPPENS = Manner()
_manner: ContextVar[Manner] = ContextVar("manner", default=AS_IT_HAPPENS)


def manner() -> Manner:
    """Return how facts are told now."""
    return _manner.get()


class retold:  # noqa: N801  used as a word: ``with retold(evidence="log"):``
    """Tell facts from an outside record: entries carry ``evidence`` and maybe ``inferred``; nobody is told."""

    def __init__(self, *, evidence: str, is_inferred: bool = False, **marks: Any) -> None:
        marks["evidence"] = evidence
        if is_inferred:
            marks["inferred"] = True
        self._manner = Manner(marks, is_muted=True)

    def __enter__(self) -> None:
        self._token = _manner.set(self._manner)

    def __exit__(self, *ignored: object) -> None:
        _manner.reset(self._token)


class reported:  # noqa: N801  used as a word: ``with reported(device_at="…"):``
    """Tell facts that a phone reports after they happened: entries carry its marks, everybody is told as always."""

    def __init__(self, **marks: Any) -> None:
        self._manner = Manner(marks)

    def __enter__(self) -> None:
        self._token = _manner.set(self._manner)

    def __exit__(self, *ignored: object) -> None:
        _manner.reset(self._token)
