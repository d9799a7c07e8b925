"""How a text sounds, so that a misheard or mistyped word still resembles the right one.

Readings come from a packaged table (made with pypinyin; one reading for each character of GB 2312), so that a
web process
need not load a dictionary. Pairs that dictation and dialect confuse are folded: zh/z, ch/c, sh/s, n/l, f/h,
ing/in, eng/en, ang/an.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from yingxu.core.language.book import lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def fold(syllable: str) -> str:
    """Return `syllable` without the distinctions that speakers of many dialects do not make."""
    for ending in ("ang", "eng", "ing"):
        if syllable.endswith(ending):
            syllable = syllable[:-1]
    if syllable[:2] in {"zh", "ch", "sh"}:
        syllable = syllable[0] + syllable[2:]
    if syllable[0] == "l":
        return "n" + syllable[1:]
    if syllable[0] == "h" and len(syllable) > 1 and syllable[1] == "u" and syllable != "hu":
        return "f" + (syllable[2:] if syllable[2:] not in {"o", "i"} else syllable[1:])
    return syllable


@cache
def readings() -> Mapping[str, str]:
    """Return ``character -> folded syllable``."""
    table: dict[str, str] = {}
    for line in lines_of("pinyin.txt"):
        syllable, characters = line.split(" ", 1)
        table |= dict.fromkeys(characters, fold(syllable))
    return table


def syllables(text: str) -> list[str]:
    """Return the folded syllable of every character; a character without a reading stands for itself."""
    table = readings()
    return [table.get(character, character) for character in text]
