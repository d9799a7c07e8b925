"""What somebody who is typing probably asks for: a few items to choose from, and whether the words name a danger.

A proposal only: the asker or the desk chooses; nothing here is decided.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from yingxu.core.language import propose
from yingxu.core.language.bare import is_bare
from yingxu.core.language.numbers import half_width
from yingxu.standards import library
from yingxu.standards.queries import CatalogueRow

#: So many items are offered at once.
AT_MOST = 5
#: What people ask for every day, offered before they have typed anything, by the class of the place.
_EVERYDAY = ("plb.toilet", "ele.light", "hva.not_cool", "cln.spill", "itt.printer")
_EVERYDAY_OF_CLASS = {
    "ward": ("esc.exam", "plb.toilet", "ele.light", "dlv.specimen", "cln.spill"),
    "critical": ("dlv.specimen_stat", "esc.transfer", "gas.terminal", "hva.not_cool", "ele.socket"),
    "emergency": ("esc.emergency", "dlv.specimen_stat", "cln.blood", "esc.exam", "ele.light"),
}
_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[a-z]{2,}")
#: Words that English names share with every sentence.
_EMPTY = frozenset(
    [
        "the",
        "is",
        "of",
        "on",
        "in",
        "at",
        "to",
        "and",
        "or",
        "not",
        "no",
        "it",
        "my",
        "our",
        "we",
        "has",
        "have",
        "with",
        "for",
        "this",
        "that",
        "there",
        "please",
        "need",
    ]
)


@dataclass(frozen=True)
class Likely:
    """Items to offer, the likeliest first; ``danger_words`` are the asker's own words that name a danger."""

    items: tuple[CatalogueRow, ...]
    is_danger: bool
    is_sure: bool
    #: The words ask for nothing; what is offered are the everyday items, as while nothing was typed.
    is_bare: bool = False


def likely(text: str, catalogue: Sequence[CatalogueRow], *, place_class: str = "", asset_class: str = "") -> Likely:
    """Return what ``text`` probably asks for, out of a site's catalogue; everyday items while it says nothing.

    Whoever stands before an asset most likely means it: what is asked about its class comes first, those that the words
    name before the others, unless the words surely name something else. Budget: none; under a millisecond once the word
    table is loaded.
    """
    known = {row.code: row for row in catalogue}
    own = asked_of_class(asset_class)
    said = text.strip()
    if not said or is_bare(half_width(said)):
        return Likely(_rows((*own, *_everyday(place_class)), known), False, False, is_bare=bool(said))
    if not _CJK.search(said):
        found = Likely(
            named_in_english(said, catalogue) or _rows(_everyday(place_class), known),
            is_danger=bool(_beginnings(said) & _DANGER),
            is_sure=False,
        )
        return _about(own, found, known)
    proposal = propose(said)
    codes = (*proposal.items, *proposal.alternatives)
    found = Likely(_rows(codes, known), proposal.is_danger, is_sure=proposal.confidence >= 0.8)
    return _about(own, found, known)


def _about(own: Sequence[str], found: Likely, known: dict[str, CatalogueRow]) -> Likely:
    """Return the offer with what is asked about the asset's class before the rest."""
    if not own or (found.is_sure and found.items and found.items[0].code not in own):
        return found
    lines = {code.partition(".")[0] for code in own}
    said = [row.code for row in found.items]
    near = [code for code in said if code in own or code.partition(".")[0] in lines]
    return Likely(_rows((*near, *own, *said), known), found.is_danger, found.is_sure)


@cache
def asked_of_class(code: str) -> tuple[str, ...]:
    """Return the codes of the items that are asked about a class of assets, the likeliest first. Budget: none."""
    row = library.by_code("asset_classes").get(code)
    return tuple(filter(None, row["items"].split(";"))) if row else ()


def _rows(codes: Sequence[str], known: dict[str, CatalogueRow]) -> tuple[CatalogueRow, ...]:
    return tuple(known[code] for code in dict.fromkeys(codes) if code in known)[:AT_MOST]


def _everyday(place_class: str) -> tuple[str, ...]:
    return _EVERYDAY_OF_CLASS.get(place_class, _EVERYDAY)


def named_in_english(text: str, catalogue: Sequence[CatalogueRow]) -> tuple[CatalogueRow, ...]:
    """Return the items that share words with an English text, the likeliest first; none when none does. Budget: none.

    Words are compared by their beginnings, so that ``leaking`` meets ``leak``.
    """
    said = _beginnings(text)
    scored = []
    for row in catalogue:
        names = _beginnings(f"{row.name_en} {row.line_name_en}")
        shared = said & names
        if shared:
            scored.append((-len(shared) - len(shared & _beginnings(row.name_en)), len(names), row.code, row))
    return tuple(row for _, _, _, row in sorted(scored, key=lambda one: one[:3]))[:AT_MOST]


def _beginnings(text: str) -> frozenset[str]:
    return frozenset(word[:4] for word in _WORD.findall(text.lower()) if word not in _EMPTY)


_DANGER = _beginnings(
    "fire burning smoke sparks trapped explosion electrocuted bleeding collapse gas smell flooding fight knife"
)
