"""With which characters a match of a pattern can begin: most texts hold none of them, and need not be searched.

Python's own engine knows the openings of plain alternatives only, and tries a pattern that begins with a group at every
character: half a microsecond a character and pattern.
"""

from __future__ import annotations

import re
from re import _parser  # type: ignore[attr-defined]  # the standard library's own reading of a pattern
from typing import Any

#: A range of more characters than so many (``[^…]`` has no end) is not listed.
_MOST = 200


def openings(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Return the characters, in small letters, that a match can begin with; None where that can't be told.

    Parameters
    ----------
    pattern : re.Pattern
        A pattern that ignores case, or one of characters without case.
    """
    found, may_be_empty = _of_sequence(_parser.parse(pattern.pattern, pattern.flags))
    return None if found is None or may_be_empty else frozenset(found)


def _of_sequence(parts: Any) -> tuple[set[str] | None, bool]:
    """Return what a sequence can begin with, and whether it can match nothing at all."""
    found: set[str] = set()
    for part in parts:
        ones, may_be_empty = _of_part(*part)
        if ones is None:
            return None, False
        found |= ones
        if not may_be_empty:
            return found, False
    return found, True


def _of_part(kind: Any, given: Any) -> tuple[set[str] | None, bool]:
    name = str(kind)
    if name == "LITERAL":
        return {chr(given).lower()}, False
    if name == "IN":
        return _of_class(given), False
    if name == "BRANCH":
        each = [_of_sequence(one) for one in given[1]]
        if any(ones is None for ones, _ in each):
            return None, False
        return set().union(*(ones for ones, _ in each if ones is not None)), any(empty for _, empty in each)
    if name == "SUBPATTERN":
        return _of_sequence(given[3])
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        ones, may_be_empty = _of_sequence(given[2])
        return ones, may_be_empty or given[0] == 0
    if name in ("ASSERT", "ASSERT_NOT", "AT"):
        return set(), True
    return None, False


def _of_class(members: Any) -> set[str] | None:
    found: set[str] = set()
    for kind, given in members:
        name = str(kind)
        if name == "LITERAL":
            found.add(chr(given).lower())
        elif name == "RANGE" and given[1] - given[0] < _MOST:
            found |= {chr(code).lower() for code in range(given[0], given[1] + 1)}
        else:
            return None
    return found
