"""English texts: a plain list of words, first hit wins. A fallback, not a peer of the Chinese reading."""

from __future__ import annotations

import re
from functools import cache

from yingxu.core.language.book import lines_of

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{3,}")


def is_english(text: str) -> bool:
    """Return whether `text` holds Latin words and no Chinese character."""
    return _CHINESE.search(text) is None and _LATIN_WORD.search(text) is not None


@cache
def _rows() -> tuple[tuple[str, int, bool, re.Pattern[str]], ...]:
    rows = []
    for line in lines_of("english.txt"):
        head, pattern = line.split(": ", 1)
        item, priority, danger = head.split()
        rows.append((item, int(priority), danger == "1", re.compile(pattern, re.IGNORECASE)))
    return tuple(rows)


def propose_item(text: str) -> tuple[str, int, bool, tuple[str, ...]]:
    """Return item, priority, danger and the words that decided; ``gen.unclear`` when no word is known."""
    for item, priority, danger, pattern in _rows():
        if match := pattern.search(text):
            return item, priority, danger, (match.group(),)
    return "gen.unclear", 3, False, ()
