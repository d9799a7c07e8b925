"""Several problems in one text: its clauses, what each asks for, and which of them stand for a request of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from yingxu.core.language.book import line_of
from yingxu.core.language.finals import shares_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from yingxu.core.language.danger import Alarm
    from yingxu.core.language.scorer import Table

_STOPS: Final = re.compile(
    r"[,.;!?，。；！？、\n|…]+|(?:还有|另外|顺便|顺带|再一个|再就是|同时|以及|加上|而且|并且|外加|再有|第[一二三四]|其次|其一|其二|一边)+|\s+"
    r"|(?<=[了响水掉亮开住上转动断])(?=也|还(?!没|是|在|有))"
)
#: Words by which people announce another request.
_JOINERS: Final = re.compile(
    r"还有|另外|顺便|顺带|顺手|再一个|再就是|再[带加送]|以及|加上|而且|并且|外加|还(?=[^\s,没是在]{0,4}(?:坏|不|掉|漏|堵|要|松|断))|[^都谁]也(?=[^\s,]{0,5}(?:坏|不|没|掉|漏|堵|要|松|断))"
)
_TOGETHER: Final = re.compile(
    r"一起|一块儿?|一并|都(?:修|弄|处理|看)|[两二三四]个?(?:问题|事|件|样|处)|[①②③]|(?:^|\D)[123][、.)](?=\D)|[;；]"
)

#: Clauses read at most; a longer text says the same thing again.
MOST_CLAUSES: Final = 16


@dataclass(frozen=True, slots=True)
class Asked:
    """What one clause asks for besides the main item, and the share 0..1 that its reading gives it."""

    item: str
    share: float
    clause: str


def clauses(text: str) -> list[str]:
    """Return the non-empty clauses of `text`, in order."""
    return [piece.strip() for piece in _STOPS.split(text) if piece and piece.strip()]


def asked_for(text: str, main: str, table: Table, fired: Sequence[Alarm] = ()) -> list[Asked]:
    """Return what the clauses of the half-width `text` ask for besides `main`, surest first, each item once.

    `fired` are the alarms of the whole text; a clause has those whose words stand in it.
    """
    pieces = [piece for piece in clauses(text) if len(piece) > 2][:MOST_CLAUSES]
    if len(pieces) < 2:
        return []
    best: dict[str, Asked] = {}
    for piece in pieces:
        shares = shares_of(table.read(piece, [alarm for alarm in fired if alarm.words in piece]).items)
        top = int(shares.argmax())
        asked = Asked(table.items[top], float(shares[top]), piece)
        if asked.item != main and (asked.item not in best or asked.share > best[asked.item].share):
            best[asked.item] = asked
    return sorted(best.values(), key=lambda asked: (-asked.share, asked.item))


def several_facts(text: str, others: Sequence[Asked]) -> NDArray[np.float64]:
    """Return the facts on which "several problems" is decided, with a constant 1 at the end."""
    strongest = others[0].share if others else 0.0
    second = others[1].share if len(others) > 1 else 0.0
    joined = float(_JOINERS.search(text) is not None)
    together = float(_TOGETHER.search(text) is not None)
    lines = len({line_of(asked.item) for asked in others if asked.share > 0.3})
    complaint = max(
        (asked.share for asked in others if asked.item in {"gen.complaint", "gen.suggest", "gen.praise"}), default=0.0
    )
    return np.array(
        [
            strongest,
            second,
            joined,
            together,
            joined * strongest,
            together * strongest,
            float(lines),
            complaint,
            min(len(text), 120) / 60.0,
            min(len(others), 6) / 6.0,
            1.0,
        ]
    )
