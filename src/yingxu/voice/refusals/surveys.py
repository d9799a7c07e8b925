"""Refusals of surveys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class SurveyNotOpen(Refusal):
    """The survey takes no answers: not yet, no more, or it was stopped."""

    code: ClassVar[str] = "survey_not_open"
    opens_on: str = ""
    closes_on: str = ""
