"""Texts with shared words, found together: what is asked for again and again and fits nothing yet (domain S19)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

import numpy as np

from yingxu.core.language.grams import plain

#: Five askings with shared words raise one candidate.
LEAST: Final = 5
#: Texts this alike (cosine of their weighted character pairs and triples) stand in one group.
ALIKE_FROM: Final = 0.34
#: More texts than this are not compared pair by pair: the caller gives the newest.
MOST: Final = 2_000
_MOST_WORDS: Final = 4


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Texts by their position in the input, oldest first as given, and the pieces of text that they share."""

    members: tuple[int, ...]
    words: tuple[str, ...]


def shared_words(texts: Sequence[str], *, at_least: int = LEAST) -> list[WordGroup]:
    """Return groups of texts that share words, the largest first.

    Leader clustering (Hartigan 1975, ch. 3) over tf-idf weighted character pairs and triples: a text joins the group
    whose centre it is most alike, from `ALIKE_FROM` on, else it leads one of its own; a second pass lets every
    text choose
    again among the centres that came of the first. Deviation: the order is that of the input, so the answer repeats.

    Parameters
    ----------
    texts : as written, at most `MOST` of them count.
    at_least : texts in a group.
    """
    texts = texts[:MOST]
    bags = [_bag(plain(text)) for text in texts]
    seen = Counter(gram for bag in bags for gram in bag)
    weights = {gram: log((1 + len(texts)) / n) for gram, n in seen.items() if n > 1}
    vectors = [_unit({gram: n * weights[gram] for gram, n in bag.items() if gram in weights}) for bag in bags]
    chosen, centres = _pass(vectors, [])
    chosen, _ = _pass(vectors, [centre for at, centre in enumerate(centres) if (chosen == at).sum() > 1])
    groups = []
    for leader in range(int(chosen.max(initial=-1)) + 1):
        members = tuple(int(at) for at in np.flatnonzero(chosen == leader))
        if len(members) >= at_least:
            words = _words([plain(texts[at]) for at in members], seen, len(texts))
            if words:
                groups.append(WordGroup(members, words))
    return sorted(groups, key=lambda group: (-len(group.members), group.members))


def _bag(text: str) -> Counter[str]:
    return Counter(
        clause[at : at + size] for clause in text.split("|") for size in (2, 3) for at in range(len(clause) - size + 1)
    )


def _unit(vector: dict[str, float]) -> dict[str, float]:
    length = sqrt(sum(value * value for value in vector.values()))
    return {gram: value / length for gram, value in vector.items()} if length > 0 else {}


def _pass(
    vectors: list[dict[str, float]], leaders: list[dict[str, float]]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], list[dict[str, float]]]:
    """Give each text to the leader that it is most alike; without one it leads. -1: a text without weighty words."""
    sums: list[dict[str, float]] = [dict(leader) for leader in leaders]
    holders: dict[str, set[int]] = {}
    for at, leader in enumerate(sums):
        for gram in leader:
            holders.setdefault(gram, set()).add(at)
    chosen = np.full(len(vectors), -1, dtype=np.int64)
    for at, vector in enumerate(vectors):
        if not vector:
            continue
        alike: Counter[int] = Counter()
        for gram, value in vector.items():
            for leader_at in holders.get(gram, ()):
                alike[leader_at] += value * sums[leader_at][gram]  # type: ignore[assignment]
        best, most = -1, 0.0
        for leader_at, dot in sorted(alike.items()):
            share = dot / sqrt(sum(value * value for value in sums[leader_at].values()))
            if share > most:
                best, most = leader_at, share
        if most < ALIKE_FROM:
            best = len(sums)
            sums.append({})
        for gram, value in vector.items():
            sums[best][gram] = sums[best].get(gram, 0.0) + value
            holders.setdefault(gram, set()).add(best)
        chosen[at] = best
    return chosen, sums


def _words(texts: list[str], seen: Counter[str], n_texts: int) -> tuple[str, ...]:
    """Return the pieces that most of the group say and the others do not, longest first, none inside another."""
    pieces: Counter[str] = Counter()
    for text in texts:
        pieces.update(
            {
                clause[at : at + size]
                for clause in text.split("|")
                for size in (2, 3, 4, 5)
                for at in range(len(clause) - size + 1)
            }
        )
    worth = {
        piece: n / len(texts) * log((1 + n_texts) / seen.get(piece[:3], n)) * len(piece) ** 0.5
        for piece, n in pieces.items()
        if n >= max(2, 0.4 * len(texts))
    }
    found: list[str] = []
    for piece in sorted(worth, key=lambda piece: (-worth[piece], piece)):
        if not any(piece in other or other in piece or _overlaps(piece, other) for other in found):
            found.append(piece)
        if len(found) == _MOST_WORDS:
            break
    return tuple(found)


def _overlaps(one: str, other: str) -> bool:
    return any(
        one[-size:] == other[:size] or other[-size:] == one[:size] for size in range(1, min(len(one), len(other)))
    )
