"""How long a standard is to read, against the budget of its kind: concise and useful (精而管用)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

#: Chinese characters read aloud in a minute by adults at home in the language: 255 (SD 29). Trauzettel-Klosinski &
#: Dietz 2012, Standardized assessment of reading performance: the new International Reading Speed Texts IReST,
#: IOVS 53(9). Our deviation: texts there are prose, ours are steps; the figure compares texts, it times nobody.
CHARACTERS_PER_MIN = 255


@dataclass(frozen=True)
class Budget:
    """How long a standard of one kind of work may be: steps, characters."""

    n_steps: int
    n_characters: int

    @property
    def read_s(self) -> int:
        """Seconds that reading a text as long as the budget takes."""
        return _seconds(self.n_characters)


@dataclass(frozen=True)
class Length:
    """How long a standard is: steps, characters (Chinese text, spaces not counted), seconds to read."""

    n_steps: int
    n_characters: int
    read_s: int


def measure(text: Mapping[str, Any]) -> Length:
    """Return how long a standard's Chinese text is (``goal``, ``requirement``, ``steps`` with their options)."""
    n = sum(_characters(part) for part in _parts(text))
    return Length(len(text.get("steps") or ()), n, _seconds(n))


def over_budget(length: Length, budget: Budget) -> tuple[str, ...]:
    """Return which figures pass the budget: ``steps``, ``characters``; none when it keeps to it."""
    over = []
    if length.n_steps > budget.n_steps:
        over.append("steps")
    if length.n_characters > budget.n_characters:
        over.append("characters")
    return tuple(over)


def _parts(text: Mapping[str, Any]) -> Iterable[str]:
    yield str(text.get("goal") or "")
    yield str(text.get("requirement") or "")
    for step in text.get("steps") or ():
        yield str(step.get("zh", ""))
        for choice in step.get("choices") or ():
            yield str(choice.get("zh", ""))


def _characters(said: str) -> int:
    return sum(not letter.isspace() for letter in said)


def _seconds(n_characters: int) -> int:
    return ceil(n_characters * 60 / CHARACTERS_PER_MIN)
