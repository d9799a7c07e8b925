"""The written knowledge of the trade: catalogue, phrase book, synonym classes, place words, readings of characters.

All of it is data shipped inside the package; packaged resources count as code, so reading them here is no I/O of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

_DATA: Final = files("yingxu.core.language") / "data"


def line_of(item: str) -> str:
    """Return the service line of an item code: its first half in upper case."""
    return item.split(".", 1)[0].upper()


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
                phrases.append(Phrase(code, text.strip(), priority, danger))
    return phrases


@cache
def book_shares() -> NDArray[np.float64]:
    """Return for each item the shares of its phrases that are P1, P2, P3, P4 and danger, shape (n_items, 5)."""
    order = {code: row for row, code in enumerate(catalogue())}
    sums, counts = np.zeros((len(order), 5)), np.ones(len(order))
    for row, item in enumerate(catalogue().values()):
        sums[row, item.priority - 1] = 1.0
    for phrase in phrase_book():
        row = order[phrase.item]
        sums[row, phrase.priority - 1] += 1
        sums[row, 4] += phrase.danger
        counts[row] += 1
    shares: NDArray[np.float64] = sums / counts[:, None]
    return shares
