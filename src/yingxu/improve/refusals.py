"""Refusals of improvement projects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class EvidenceMissing(Refusal):
    """Nothing shows that anybody needs it: a project is approved only on linked evidence of demand (S9)."""

    code: ClassVar[str] = "evidence_missing"
    status: ClassVar[int] = 422
    title: str = ""


@dataclass(unsafe_hash=True)
class ProjectNotThere(Refusal):
    """The project is not in the state that this needs."""

    code: ClassVar[str] = "project_not_in_this_state"
    state: str = ""


@dataclass(unsafe_hash=True)
class EvidenceThere(Refusal):
    """The same piece of demand stands with the project already."""

    code: ClassVar[str] = "evidence_there_already"
    source: str = ""
