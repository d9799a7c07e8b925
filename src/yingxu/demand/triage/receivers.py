"""Which department outside logistics owns what a text asks for: by the words that the library gives each of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from yingxu.standards.library import rows

_BETWEEN = re.compile(r"[、，,等与和的]+")
#: Words of the list that every department's texts hold.
_EMPTY = frozenset({"科室", "医院"})


@cache
def _words() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    found = []
    for row in rows("receivers"):
        words = [word for word in _BETWEEN.split(row["covers_zh"]) if len(word) > 1 and word not in _EMPTY]
        found.append((row["code"], row["name_zh"], tuple(words)))
    return tuple(found)


def receiver_for(text: str, known: Mapping[str, str]) -> str:
    """Return the code of the department (``known``: code -> name at the site) whose words the text holds, else "".

    Budget: none.
    """
    best, length = "", 0
    for code, name, words in _words():
        here = code if code in known else next((one for one, said in known.items() if said == name), "")
        held = max((len(word) for word in (name, *words) if word in text), default=0)
        if here and held > length:
            best, length = here, held
    return best
