"""Refusals of the room ``dispatch``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class NotQualified(Refusal):
    """The worker lacks something that the job needs. ``missing``: ``line:PLB``, ``skill:electrical:2``, ``party``."""

    code: ClassVar[str] = "not_qualified"
    worker: str = ""
    missing: tuple[str, ...] = ()


@dataclass(unsafe_hash=True)
class MoreUrgentWaiting(Refusal):
    """A critical job that this worker could do waits without anybody; nothing ordinary goes before it."""

    code: ClassVar[str] = "more_urgent_waiting"
    number: str = ""
    waiting: str = ""
