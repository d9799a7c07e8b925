"""Texts that ask for nothing: thanks, a word that something was heard, a greeting, a trial, signs alone.

The trained table has to name some item for every text and names one for these too; whether there is anything to do is
decided before it, by a closed list.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from yingxu.core.language.words import WordList, word_list

#: A longer text is never bare: whoever writes so much wants something.
_LONGEST: Final = 24
#: Alone they name somebody or end a word; they make nothing bare that no other word of the list stands in.
_FILLING: Final = "WHO"


@cache
def _words() -> WordList:
    return word_list("bare.txt")


def is_bare(text: str) -> bool:
    """Return whether `text` asks for nothing at all: signs alone, or words of the closed list and nothing else.

    Parameters
    ----------
    text : str
        With half-width signs. Blanks, signs and pictures between words don't count; a number does: it may be a place
        or a telephone.
    """
    said = "".join(character for character in text.lower() if character.isalnum())
    if not said:
        return True
    if len(said) > _LONGEST:
        return False
    at, kinds = 0, set()
    while at < len(said):
        found = _words().at(said, at)
        if found is None:
            return False
        kinds.add(found.kind)
        at = found.end
    return kinds != {_FILLING}
