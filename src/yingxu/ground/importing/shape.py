"""What an uploaded table is made of: columns with their names, faults by row, what was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Line = TypeVar("Line")


@dataclass(frozen=True)
class Column:
    """One column: its names, whether it must be filled, and an example for the template."""

    code: str
    name: str
    name_en: str
    is_needed: bool
    example: str
    hint: str
    hint_en: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """What is wrong in one row; ``problem`` is a stable code, ``value`` what stands there, ``limit`` what may."""

    row: int
    column: str
    problem: str
    value: str = ""
    limit: str = ""


@dataclass(frozen=True)
class Read(Generic[Line]):
    """What a table says: its lines, in an order in which they can be carried out, and its faults by row."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
