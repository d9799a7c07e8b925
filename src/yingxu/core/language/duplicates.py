"""Which reports of one day are about the same incident: place, trade and words agree.

A proposal for a person (domain 5.6); the caller gives reports that are near enough in time, and merges nothing
by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING, Final

import numpy as np
from rapidfuzz import fuzz

from yingxu.core.language.book import classes_of, line_of, phrase_book
from yingxu.core.language.finals import chance
from yingxu.core.language.grams import plain
from yingxu.core.language.numbers import half_width, spoken_number
from yingxu.core.language.passengers import CARRYING, Passengers, passengers_in
from yingxu.core.language.places import parts_of
from yingxu.core.language.scorer import shipped_table
from yingxu.core.language.words import concepts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

#: Chance from which two reports are proposed as one incident.
SAME_FROM: Final = 0.4

#: Trades between which people who see the same thing choose differently: water, power, people on the move,
#: waste, comfort.
_FAMILIES: Final = (
    frozenset({"PLB", "SEW", "BLD", "HVA", "BLR", "FIR", "CLN"}),
    frozenset({"ELE", "FIR", "ITT", "ELV"}),
    frozenset({"ESC", "DLV", "VEH", "ELV"}),
    frozenset({"MWS", "CLN", "LIN"}),
    frozenset({"SEC", "PRK", "FIR"}),
    frozenset({"FUR", "BLD", "SEC"}),
    frozenset({"LND", "BLD", "PST"}),
)
_CHASE: Final = re.compile(
    r"还没|还在|还是|怎么还|催|又|刚才|刚刚|再报|报过|报了|也(?:看到|发现|闻到|听)|上午报|已经报|取消|不用来|好了|找到|到现在|没人来|什么时候来|人呢|同一|就是那"
)
_NAMED: Final = ("BUILDING", "DEPARTMENT", "ROOM")
_ENDING: Final = re.compile(r"(?:大楼|楼|大厅|病房|病区|门口|科|室|处|台|厅|区|部|间|站|中心)$")
_NUMBER: Final = re.compile(r"\d+|[一二三四五六七八九十两零]+")


@dataclass(frozen=True, slots=True)
class Report:
    """One report: its text, the places and likely items read from it (main one first), in order of arrival."""

    text: str
    places: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SamePair:
    """Two reports, by position, that seem to be one incident; `reason` names what they share."""

    earlier: int
    later: int
    chance: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Seen:
    places: dict[str, frozenset[str]]
    words: str
    grams: frozenset[str]
    concepts: frozenset[str]
    chases: bool
    #: Who is carried, of a report of a trade that carries.
    carried: Passengers | None = None


def same_incident(reports: Sequence[Report], weights: NDArray[np.float64] | None = None) -> list[SamePair]:
    """Return the pairs of `reports` that seem to be one incident, each later report with its likeliest earlier one.

    Parameters
    ----------
    reports : sequence of Report
        Reports of one day or shorter window, in order of arrival.
    weights : ndarray of float, optional
        The logistic model over `pair_facts`; the shipped one by default.
    """
    if weights is None:
        weights = shipped_table().finals["final_same"]
    seen = [look(report) for report in reports]
    pairs = []
    for later in range(1, len(reports)):
        best, best_chance = -1, SAME_FROM
        for earlier in range(later):
            if _elsewhere(seen[earlier], seen[later]):
                continue
            value = chance(weights, pair_facts(reports[earlier], seen[earlier], reports[later], seen[later]))
            # Ties go to the first report: the incident is named after it.
            if value > best_chance:
                best, best_chance = earlier, value
        if best >= 0:
            reason = _reason(reports[best], seen[best], reports[later], seen[later])
            pairs.append(SamePair(best, later, round(best_chance, 3), reason))
    return pairs


def likely_same(
    report: Report, others: Sequence[Report], weights: NDArray[np.float64] | None = None
) -> list[tuple[int, float]]:
    """Return the positions of those `others` that seem to tell of the same incident, likeliest first, with chances.

    Parameters
    ----------
    report : Report
        The later report.
    others : sequence of Report
        Earlier ones, near enough in time.
    weights : ndarray of float, optional
        The logistic model over `pair_facts`; the shipped one by default.
    """
    if weights is None:
        weights = shipped_table().finals["final_same"]
    seen = look(report)
    found = []
    for place, other in enumerate(others):
        seen_other = look(other)
        if not _elsewhere(seen_other, seen):
            value = chance(weights, pair_facts(other, seen_other, report, seen))
            if value >= SAME_FROM:
                found.append((place, round(value, 3)))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


@lru_cache(maxsize=2048)
def look(report: Report) -> _Seen:
    """Return what is compared of a report."""
    places: dict[str, set[str]] = {}
    for place in report.places:
        smooth = half_width(place)
        for part in parts_of(smooth):
            places.setdefault(part.kind, set()).add(_same_name(smooth[part.start : part.end]))
    words = plain(report.text).replace("|", "")
    return _Seen(
        places={kind: frozenset(names) for kind, names in places.items()},
        words=words,
        grams=frozenset(words[i : i + 2] for i in range(len(words) - 1)),
        concepts=frozenset(found.kind for found in concepts().scan(half_width(report.text))),
        chases=_CHASE.search(report.text) is not None,
        carried=passengers_in(report.text) if line_of(report.items[0]) in CARRYING else None,
    )


@lru_cache(maxsize=1)
def _names_of_one_place() -> dict[str, str]:
    return {name: first for first, names in classes_of("same_places.txt").items() for name in names}


@lru_cache(maxsize=1)
def _rarity() -> dict[str, float]:
    """Return how telling each pair of characters is: its smoothed inverse frequency among the phrases of the book."""
    seen: Counter[str] = Counter()
    for phrase in phrase_book():
        words = plain(phrase.text).replace("|", "")
        seen.update({words[i : i + 2] for i in range(len(words) - 1)})
    return {pair: 1.0 / (1.0 + log(count)) for pair, count in seen.items()}


def _weighed_overlap(a: frozenset[str], b: frozenset[str]) -> float:
    rarity = _rarity()

    def weight(grams: frozenset[str]) -> float:
        return sum(sorted(rarity.get(gram, 1.0) for gram in grams))

    return weight(a & b) / max(1e-9, min(weight(a), weight(b)))


def _same_name(word: str) -> str:
    word = _names_of_one_place().get(word, word)
    word = _NUMBER.sub(lambda m: str(n) if (n := spoken_number(m.group())) is not None else m.group(), word)
    word = word.upper().replace("层", "楼").replace("F", "楼").replace("电梯", "梯").replace("号床", "床")
    return (
        word.removesuffix("内科").removesuffix("外科").removesuffix("科").removesuffix("室") if len(word) > 3 else word
    )


def _root(word: str) -> str:
    """Return what is left of a place's name without what kind of place it is: 急诊大厅, 急诊楼, 急诊科 are all 急诊."""
    shorter = _ENDING.sub("", word)
    return shorter if len(shorter) > 1 else word


def _share_root(a: _Seen, b: _Seen) -> bool:
    """Return whether a named building, department or room of one report is, or lies in, one of the other's."""
    mine, theirs = ({_root(name) for kind in _NAMED for name in seen.places.get(kind, ())} for seen in (a, b))
    return any(x in y or y in x for x in mine for y in theirs if min(len(x), len(y)) > 1)


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _elsewhere(a: _Seen, b: _Seen) -> bool:
    """Return whether two reports name different places in two ways, say floor and bed, and share none.

    Or carry different people: two beds of a ward that go to the same examination are two bookings.
    """
    if a.carried is not None and b.carried is not None and a.carried.are_others(b.carried):
        return True
    if any(a.places[kind] & b.places.get(kind, frozenset()) for kind in a.places):
        return False
    return sum(bool(a.places.get(kind) and b.places.get(kind)) for kind in ("BUILDING", "FLOOR", "BED", "DEVICE")) > 1


def pair_facts(a: Report, seen_a: _Seen, b: Report, seen_b: _Seen) -> NDArray[np.float64]:
    """Return the facts on which two reports are called one incident, with a constant 1 at the end."""
    kinds = ("BUILDING", "FLOOR", "DEPARTMENT", "ROOM", "BED", "DEVICE")
    shared, clash = [], []
    for kind in kinds:
        mine, theirs = seen_a.places.get(kind, frozenset()), seen_b.places.get(kind, frozenset())
        touching = bool(mine & theirs) or any(x in y or y in x for x in mine for y in theirs if kind == "DEPARTMENT")
        shared.append(float(touching))
        clash.append(float(bool(mine) and bool(theirs) and not touching))
    line_a, line_b = line_of(a.items[0]), line_of(b.items[0])
    general = "GEN" in (line_a, line_b)
    same_line = float(line_a == line_b and not general)
    family = float(any(line_a in f and line_b in f for f in _FAMILIES) and not same_line)
    mutual = float(a.items[0] in b.items or b.items[0] in a.items)
    any_shared = float(any(shared))
    likeness = fuzz.ratio(seen_a.words, seen_b.words) / 100.0
    partial = fuzz.partial_ratio(seen_a.words, seen_b.words) / 100.0
    root = float(_share_root(seen_a, seen_b))
    nowhere = float(not seen_a.places or not seen_b.places)
    return np.array(
        [
            *shared,
            *clash,
            any_shared,
            any_shared * same_line,
            any_shared * mutual,
            root,
            root * same_line,
            root * mutual,
            root * float(any(clash)),
            same_line,
            family,
            family * any_shared,
            float(a.items[0] == b.items[0]),
            mutual,
            nowhere,
            nowhere * mutual,
            likeness,
            partial,
            _overlap(seen_a.grams, seen_b.grams),
            _weighed_overlap(seen_a.grams, seen_b.grams),
            _overlap(seen_a.concepts, seen_b.concepts),
            float(seen_b.chases),
            float(seen_b.chases) * any_shared,
            float(seen_b.chases) * mutual,
            float(line_b == "GEN"),
            float(line_b == "GEN") * any_shared,
            1.0,
        ]
    )


def _reason(a: Report, seen_a: _Seen, b: Report, seen_b: _Seen) -> str:
    places = sorted(
        name for kind, names in seen_a.places.items() for name in names & seen_b.places.get(kind, frozenset())
    )
    parts = []
    if places:
        parts.append("place " + ", ".join(places))
    if a.items[0] == b.items[0]:
        parts.append("item " + a.items[0])
    elif line_of(a.items[0]) == line_of(b.items[0]):
        parts.append("line " + line_of(a.items[0]))
    if seen_b.chases:
        parts.append("chase")
    parts.append(f"words {round(100 * _overlap(seen_a.grams, seen_b.grams))} %")
    return "; ".join(parts)
