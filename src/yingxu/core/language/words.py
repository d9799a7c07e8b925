"""Longest-match search for words of closed lists, at every position or left to right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from yingxu.core.language.book import classes_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Found:
    """A word found at ``[start, end)`` of a text, and the class it stands for."""

    start: int
    end: int
    word: str
    kind: str


class WordList:
    """A closed list of words with their classes, searched by longest match."""

    __slots__ = ("_by_first", "kinds")

    def __init__(self, words: dict[str, str]) -> None:
        self.kinds = tuple(sorted(set(words.values())))
        self._by_first: dict[str, list[tuple[str, str]]] = {}
        for word, kind in words.items():
            self._by_first.setdefault(word[0], []).append((word, kind))
        for pairs in self._by_first.values():
            pairs.sort(key=lambda pair: -len(pair[0]))

    def at(self, text: str, start: int) -> Found | None:
        """Return the longest word that begins at `start`, or None."""
        for word, kind in self._by_first.get(text[start], ()):
            if text.startswith(word, start):
                return Found(start, start + len(word), word, kind)
        return None

    def scan(self, text: str) -> Iterator[Found]:
        """Yield words from left to right, longest first, without overlaps."""
        start = 0
        while start < len(text):
            found = self.at(text, start)
            if found is None:
                start += 1
            else:
                yield found
                start = found.end


def word_list(name: str) -> WordList:
    """Return the packaged list `name`; the first class that names a word keeps it."""
    words: dict[str, str] = {}
    for kind, members in classes_of(name).items():
        for word in members:
            words.setdefault(word, kind)
    return WordList(words)


@cache
def concepts() -> WordList:
    """Return the synonym classes of the trade."""
    return word_list("concepts.txt")


@cache
def place_words() -> WordList:
    """Return the words that place names are made of."""
    return word_list("places.txt")
