"""What a text looks like to the linear models: characters, sounds, and classes of words, with places left aside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from yingxu.core.language.danger import alarms
from yingxu.core.language.numbers import NUMBER, half_width
from yingxu.core.language.pinyin import syllables
from yingxu.core.language.words import concepts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from yingxu.core.language.danger import Alarm

#: Longer texts say the same thing again; what comes after this many characters no longer counts.
LONGEST: Final = 400

_BUILDING: Final = (
    r"(?:门诊楼|急诊楼|医技楼|外科楼|内科楼|感染楼|行政楼|住院楼|综合楼|住院部|(?:\d+|[一二三四五六七八九])号楼)"
)
_WHERE: Final = re.compile(
    rf"{_BUILDING}|(?:负|地下)?{NUMBER}(?:楼|层|[Ff](?![A-Za-z])|床|房|室|诊室|病区|病房)|[Bb]\d(?!超)|\d{{2,4}}(?=病|房|室)"
)
_NUMBER: Final = re.compile(r"\d+(?:[.:]\d+)?")
_NOISE: Final = re.compile(r"[\s\"'“”‘’()《》【】\[\]~·…^_*#@&|<>=+-]+")
_STOP: Final = re.compile(r"[,.!?;:、，。！？；：/\\]+")


def plain(text: str) -> str:
    """Return `text` as the models read it: half-width, lower-case, floors and beds left out, one mark for a stop."""
    text = half_width(text[:LONGEST])
    text = _WHERE.sub("", text)
    text = _NUMBER.sub("0", text).lower()
    return _NOISE.sub("", _STOP.sub("|", text)).strip("|")


def grams(text: str) -> Iterator[str]:
    """Yield the features of a text already `plain`, with repeats.

    ``c…`` one to four characters, ``p…`` two or three folded syllables, ``k…`` a class of words, ``q…`` two
    classes that stand
    in one text in this order. A stop cuts character and sound grams.
    """
    for clause in text.split("|"):
        marked = f"^{clause}$"
        for size in (1, 2, 3, 4):
            for start in range(len(marked) - size + 1):
                piece = marked[start : start + size]
                if size > 1 or piece not in "^$":
                    yield "c" + piece
        sounds = syllables(clause)
        for size in (2, 3):
            for start in range(len(sounds) - size + 1):
                yield "p" + " ".join(sounds[start : start + size])
    seen: list[str] = []
    for found in concepts().scan(text):
        if found.kind not in seen:
            seen.append(found.kind)
            yield "k" + found.kind
    for index, first in enumerate(seen[:8]):
        for second in seen[index + 1 : 8]:
            yield f"q{min(first, second)}+{max(first, second)}"


def features(text: str, fired: Iterable[Alarm] | None = None) -> list[str]:
    """Return every feature of `text` with repeats: its grams, and twice ``r…`` for each rule it sets off.

    Parameters
    ----------
    text : str
        As written.
    fired : iterable of Alarm, optional
        The alarms of the half-width text when the caller has them already.
    """
    heard = alarms(half_width(text[:LONGEST])) if fired is None else fired
    return [*grams(plain(text)), *(mark for alarm in heard for mark in ("r" + alarm.rule.code,) * 2)]
