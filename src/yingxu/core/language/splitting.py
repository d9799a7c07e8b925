"""Cutting a text into the clauses that may each ask for something."""

from __future__ import annotations

import re
from typing import Final

_STOPS: Final = re.compile(
    r"[,.;!?，。；！？、\n|]+|(?:还有|另外|顺便|顺带|再一个|再就是|同时|以及|加上|而且|并且|外加|再有|第[一二三四]|其次|其一|其二)+|\s{1,}"
)
#: Words by which people announce another request.
JOINERS: Final = re.compile(
    r"还有|另外|顺便|顺带|顺手|再一个|再就是|再带|再加|以及|加上|而且|并且|外加|也(?=[^\s,]{0,4}(?:坏|不|没|掉|漏|堵|要|松|断))|一起|一块|一并|都(?=修|弄|处理)|两个(?:问题|事)|[①②③]|(?:^|\D)[123][、.)]"
)


def clauses(text: str) -> list[str]:
    """Return the non-empty clauses of `text`, in order."""
    return [piece.strip() for piece in _STOPS.split(text) if piece and piece.strip()]
