"""Learning from what people decided: a small change of the shipped table, judged on texts that it never saw.

The change is learned by passive-aggressive updates (Crammer et al. 2006, "Online passive-aggressive algorithms", PA-I):
only a text that is decided wrongly, or too narrowly, moves weights, and by no more than an aggressiveness. Deviations:
the margin is in units of the table's decision values, weights are averaged over all passes, and rows are quantised on
the table's own scale. Numpy alone; a thousand texts take seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import numpy as np

from yingxu.core.language.book import phrase_book
from yingxu.core.language.danger import alarms
from yingxu.core.language.grams import features
from yingxu.core.language.numbers import half_width
from yingxu.core.language.proposal import propose
from yingxu.core.language.scorer import Table, key_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

PASSES: Final = 5
AGGRESSIVENESS: Final = 0.35
MARGIN: Final = 0.25
#: Every so manieth phrase of the book checks that nothing old is forgotten.
_BOOK_STEP: Final = 20
#: A share may fall by so much without being called worse: one text in a hundred.
_SLACK: Final = 0.01


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text with the item and the priority 1..4 that a person decided on; danger, if he said yes or no to it."""

    text: str
    item: str
    priority: int
    danger: bool | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """How well a table reads `n` texts: shares 0..1 of the right item, the item in the first three, the priority, of P1
    found; and of the book's own phrases still read right.
    """

    n: int
    item: float
    first_three: float
    priority: float
    p1_found: float
    n_p1: int
    book: float


def digest_of(table: Table) -> str:
    """Return a digest of the weights of a table, to tell releases apart."""
    return sha256(table.keys.tobytes() + table.values.tobytes()).hexdigest()


def learn(lessons: Sequence[Lesson], base: Table) -> dict[str, NDArray[np.generic]]:
    """Return the rows that `lessons` change in `base`, in arrays: ``keys`` uint32 sorted, ``idf``, ``rows`` float32.

    The same lessons in the same order give the same arrays. Texts of unknown items teach nothing.
    """
    order = {code: row for row, code in enumerate(base.items)}
    n_items = len(base.items)
    new_idf = float(base.idf.max())
    at: dict[int, int] = {}
    idf: list[float] = []
    samples: list[tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64], int]] = []
    for lesson in lessons:
        if lesson.item not in order:
            continue
        columns, weights = [], []
        smooth = half_width(lesson.text)
        counts: dict[int, int] = {}
        for name in features(smooth, list(alarms(smooth))):
            key = key_of(name)
            counts[key] = counts.get(key, 0) + 1
        for key, count in counts.items():
            place = int(np.searchsorted(base.keys, key))
            is_known = place < len(base.keys) and int(base.keys[place]) == key
            if key not in at:
                at[key] = len(idf)
                idf.append(float(base.idf[place]) if is_known else new_idf)
            columns.append(at[key])
            weights.append((1 + float(np.log(count))) * idf[at[key]])
        vector = np.array(weights)
        norm = float(np.sqrt(vector @ vector))
        if norm == 0:
            continue
        samples.append((np.array(columns), vector / norm, base.read(smooth).items, order[lesson.item]))
    change = np.zeros((len(idf), n_items))
    total = np.zeros_like(change)
    for _ in range(PASSES):
        for columns_, vector_, scores, right in samples:
            said = scores + vector_ @ change[columns_]
            rival = int(np.argmax(np.where(np.arange(n_items) == right, -np.inf, said)))
            loss = MARGIN - (said[right] - said[rival])
            if loss > 0:
                step = min(AGGRESSIVENESS, loss / (2 * float(vector_ @ vector_)))
                change[columns_, right] += step * vector_
                change[columns_, rival] -= step * vector_
        total += change
    total /= PASSES
    keys = np.array(list(at), dtype=np.uint32)
    used = np.flatnonzero(np.abs(total).max(axis=1, initial=0.0) > 1e-4) if len(keys) else np.array([], dtype=np.intp)
    used = used[np.argsort(keys[used])]
    return {
        "keys": keys[used],
        "idf": np.array(idf, dtype=np.float16)[used],
        "rows": total[used].astype(np.float32),
    }


def applied(base: Table, learned: Mapping[str, NDArray[np.generic]]) -> Table:
    """Return `base` with the learned rows added, on its own scale of 127 steps a head."""
    keys, rows = np.asarray(learned["keys"]), np.asarray(learned["rows"], dtype=np.float64)
    if not len(keys):
        return base
    n_heads = len(base.scale)
    full = np.zeros((len(keys), n_heads))
    full[:, : rows.shape[1]] = rows / base.scale[: rows.shape[1]]
    place = np.minimum(np.searchsorted(base.keys, keys), len(base.keys) - 1)
    is_known = base.keys[place] == keys
    for row in np.flatnonzero(is_known):
        own = slice(int(base.starts[place[row]]), int(base.starts[place[row] + 1]))
        full[row, base.heads[own]] += base.values[own]
    steps = np.clip(np.rint(full), -127, 127).astype(np.int8)
    keep = np.ones(len(base.keys), dtype=bool)
    keep[place[is_known]] = False
    sizes = np.diff(base.starts)
    cells_kept = np.repeat(keep, sizes)
    own_rows, own_heads = np.nonzero(steps)
    all_keys = np.concatenate([base.keys[keep], keys])
    order = np.argsort(all_keys, kind="stable")
    all_sizes = np.concatenate([sizes[keep], np.bincount(own_rows, minlength=len(keys))])
    heads = np.concatenate([base.heads[cells_kept], own_heads.astype(np.uint8)])
    values = np.concatenate([base.values[cells_kept], steps[own_rows, own_heads]])
    firsts = np.concatenate([[0], np.cumsum(all_sizes)[:-1]])
    sorted_sizes = all_sizes[order]
    starts = np.zeros(len(all_keys) + 1, dtype=np.int32)
    np.cumsum(sorted_sizes, out=starts[1:])
    cells = np.repeat(firsts[order], sorted_sizes) + (
        np.arange(int(sorted_sizes.sum())) - np.repeat(starts[:-1], sorted_sizes)
    )
    return Table(
        {
            "keys": all_keys[order],
            "idf": np.concatenate([base.idf[keep], np.asarray(learned["idf"])])[order],
            "starts": starts,
            "heads": heads[cells],
            "values": values[cells],
            "scale": base.scale,
            "bias": base.bias,
            **base.finals,
        }
    )


def judge(lessons: Sequence[Lesson], table: Table) -> Figures:
    """Return how well `table` reads `lessons`, none of which it may have learned from."""
    read = [propose(lesson.text, table) for lesson in lessons]
    n = max(1, len(lessons))
    critical = [one.priority == 1 for one, lesson in zip(read, lessons, strict=True) if lesson.priority == 1]
    phrases = phrase_book()[::_BOOK_STEP]
    return Figures(
        n=len(lessons),
        item=sum(one.item == lesson.item for one, lesson in zip(read, lessons, strict=True)) / n,
        first_three=sum(
            lesson.item in (one.item, *one.alternatives[:2]) for one, lesson in zip(read, lessons, strict=True)
        )
        / n,
        priority=sum(one.priority == lesson.priority for one, lesson in zip(read, lessons, strict=True)) / n,
        p1_found=sum(critical) / len(critical) if critical else 1.0,
        n_p1=len(critical),
        book=sum(propose(phrase.text, table).item == phrase.item for phrase in phrases) / len(phrases),
    )


def worse(before: Figures, after: Figures) -> tuple[str, ...]:
    """Return the names of the figures that fell: any fall of items and P1 counts, elsewhere more than one in a hundred.

    A version that reads not one text more rightly is worse as well: ``item``.
    """
    fallen = [
        name for name in ("first_three", "priority", "book") if getattr(after, name) < getattr(before, name) - _SLACK
    ]
    if after.item <= before.item:
        fallen.insert(0, "item")
    if after.p1_found < before.p1_found:
        fallen.append("p1_found")
    return tuple(fallen)
