"""Refusals of forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(frozen=True)
class WrongField:
    """A field that is missing or has the wrong form; ``limit``: what may stand there."""

    code: str
    name: str
    name_en: str
    problem: str
    limit: str = ""


@dataclass(unsafe_hash=True)
class FormWrong(Refusal):
    """Fields of an item's form are missing or wrong: all of them at once."""

    code: ClassVar[str] = "form_wrong"
    status: ClassVar[int] = 422
    fields: tuple[WrongField, ...] = ()
