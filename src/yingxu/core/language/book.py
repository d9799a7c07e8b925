"""The written knowledge of the trade: catalogue, phrase book, synonym classes, place words, readings of characters.

All of it is data shipped inside the package; packaged resources count as code, so reading them here is no I/O of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DATA: Final = files("yingxu.core.language") / "data"

#: Elevator faults, theatre transport and so on: the 25 service lines are the upper-case first half of an item code.
LINE_OF_ITEM: Final = lambda item: item.split(".", 1)[0].upper()  # noqa: E731  (a name for the one rule of the codes)


@dataclass(frozen=True, slots=True)
class Item:
    """One service item of the starter catalogue; `priority` is its default class 1..4."""

    code: str
    name: str
    priority: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """One natural way to ask for an item, with the priority 1..4 and danger that these words alone deserve."""

    item: str
    text: str
    priority: int
    danger: bool


def lines_of(name: str) -> Iterator[str]:
    """Yield the lines of a packaged data file that are neither empty nor comments."""
    for line in (_DATA / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


@cache
def catalogue() -> Mapping[str, Item]:
    """Return the 166 items by code, in catalogue order."""
    rows = [line.split(",") for line in lines_of("items.csv")][1:]
    return MappingProxyType({code: Item(code, name, int(priority)) for code, name, priority in rows})


def classes_of(name: str) -> dict[str, tuple[str, ...]]:
    """Return ``class -> words`` of a packaged list whose lines read ``CLASS: word word …``."""
    table: dict[str, tuple[str, ...]] = {}
    for line in lines_of(name):
        key, words = line.split(":", 1)
        table[key] = table.get(key, ()) + tuple(words.split())
    return table


def phrase_book() -> list[Phrase]:
    """Return every phrase of the book; read once, by training and tests only."""
    items = catalogue()
    phrases = []
    for path in sorted((_DATA / "phrases").iterdir(), key=lambda p: p.name):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#") or ":" not in line:
                continue
            code, rest = line.split(":", 1)
            for raw in rest.split("|"):
                text = raw.strip()
                danger = text.endswith("!")
                text = text.removesuffix("!")
                priority = items[code].priority
                if len(text) > 2 and text[-2] == "=" and text[-1] in "1234":
                    priority, text = int(text[-1]), text[:-2]
                if text.strip():
                    phrases.append(Phrase(code, text.strip(), priority, danger))
    return phrases
