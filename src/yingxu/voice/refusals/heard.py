"""Refusals around what people said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class FateGiven(Refusal):
    """Somebody has answered it already."""

    code: ClassVar[str] = "fate_given"
    fate: str = ""


@dataclass(unsafe_hash=True)
class HospitalAnswers(Refusal):
    """Only the hospital may say so: a misunderstanding, what was disputed twice, what is about nobody (S64)."""

    code: ClassVar[str] = "hospital_answers"
    status: ClassVar[int] = 403


@dataclass(unsafe_hash=True)
class NotAnsweredYet(Refusal):
    """There is no answer to agree or disagree with."""

    code: ClassVar[str] = "not_answered_yet"
