"""Which words of a text decided: verbatim pieces, the heaviest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from yingxu.core.language.words import concepts

if TYPE_CHECKING:
    from yingxu.core.language.scorer import Reading, Table

N_WORDS: Final = 3


def deciding_words(table: Table, reading: Reading, head: int, text: str) -> list[str]:
    """Return up to `N_WORDS` pieces of `text` that spoke most for `head`, without pieces of one another."""
    spoken_for: dict[str, float] = {}
    for gram, gain in zip(reading.grams, table.gains(reading, head).tolist(), strict=True):
        if gain <= 0:
            continue
        if gram[0] == "c" and len(gram) > 2:
            piece = gram[1:].strip("^$")
            if piece in text:
                spoken_for[piece] = spoken_for.get(piece, 0.0) + gain
        elif gram[0] == "k":
            for found in concepts().scan(text):
                if found.kind == gram[1:]:
                    spoken_for[found.word] = spoken_for.get(found.word, 0.0) + gain
                    break
    words: list[str] = []
    for piece in sorted(spoken_for, key=lambda p: (-spoken_for[p] * (0.6 if len(p) == 1 else 1.0), p)):
        if all(piece not in word and word not in piece for word in words):
            words.append(piece)
        if len(words) == N_WORDS:
            break
    return words
