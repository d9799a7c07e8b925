"""Numbers as people say and type them: 七, 十六, 二十三, 7, ７, 负一."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "幺": 1}

#: A spoken or typed whole number up to 999, as a regular expression without groups.
NUMBER: Final = r"(?:\d{1,4}|[一二三四五六七八九两]?十[一二三四五六七八九]?|[一二三四五六七八九两零幺]{1,3})"

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def half_width(text: str) -> str:
    """Return `text` with full-width letters, digits and punctuation made half-width; the length stays the same."""
    return text.translate(_FULL_WIDTH)


def spoken_number(word: str) -> int | None:
    """Return the value of a number word, or None.

    Parameters
    ----------
    word : str
        Digits, or Chinese numerals below one hundred (``十六``), or digits read one by one (``一零三``).
    """
    word = half_width(word)
    if re.fullmatch(r"\d+", word):
        return int(word)
    if not word or any(c != "十" and c not in _DIGITS for c in word):
        return None
    if word.count("十") == 1:
        tens, ones = word.split("十")
        if len(tens) > 1 or len(ones) > 1:
            return None
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    if "十" in word:
        return None
    return int("".join(str(_DIGITS[c]) for c in word))
