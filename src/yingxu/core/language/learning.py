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

from yingxu.core.language.book import catalogue, phrase_book
from yingxu.core.language.danger import alarms
from yingxu.core.language.finals import DANGER_FROM, P1_FROM, facts_of
from yingxu.core.language.grams import features
from yingxu.core.language.numbers import half_width
from yingxu.core.language.proposal import propose
from yingxu.core.language.scorer import TOLD_HEADS, Table, key_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

PASSES: Final = 5
AGGRESSIVENESS: Final = 0.35
MARGIN: Final = 0.25
#: The same for urgency and danger, in logits of the final models.
TOLD_MARGIN: Final = 0.5
TOLD_AGGRESSIVENESS: Final = 1.0
N_TOLD: Final = len(TOLD_HEADS)
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
    found; of the book's own phrases still read right; of `n_danger` and `n_harmless` texts said to be so, how many are
    read so.
    """

    n: int
    item: float
    first_three: float
    priority: float
    p1_found: float
    n_p1: int
    book: float
    danger_found: float = 1.0
    n_danger: int = 0
    harmless: float = 1.0
    n_harmless: int = 0


def digest_of(table: Table) -> str:
    """Return a digest of the weights of a table, to tell releases apart."""
    return sha256(table.keys.tobytes() + table.values.tobytes()).hexdigest()


def learn(lessons: Sequence[Lesson], base: Table) -> dict[str, NDArray[np.generic]]:
    """Return what `lessons` change in `base`: ``keys`` uint32 sorted (n,), ``idf`` (n,), ``rows`` float32 (n, n_items)
    and ``told`` float32 (n, 5), the last for urgency and danger.

    The same lessons in the same order give the same arrays. Texts of unknown items teach nothing.
    """
    order = {code: row for row, code in enumerate(base.items)}
    taught = [lesson for lesson in lessons if lesson.item in order]
    keys, idf, vectors = _vectors([lesson.text for lesson in taught], base)
    rows = _learn_items(vectors, [order[lesson.item] for lesson in taught], taught, base, len(keys))
    told = _learn_told(
        vectors, taught, applied(base, _change(keys, idf, rows, np.zeros((len(keys), N_TOLD)))), len(keys)
    )
    return _change(keys, idf, rows, told)


_Vector = tuple["NDArray[np.intp]", "NDArray[np.float64]"]


def _vectors(texts: Sequence[str], base: Table) -> tuple[NDArray[np.uint32], NDArray[np.float64], list[_Vector]]:
    """Return the keys of all features of `texts`, their idf, and each text as positions and a vector of unit length."""
    new_idf = float(base.idf.max())
    at: dict[int, int] = {}
    idf: list[float] = []
    vectors: list[_Vector] = []
    for text in texts:
        columns, weights = [], []
        smooth = half_width(text)
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
        vectors.append((np.array(columns, dtype=np.intp), vector / norm if norm else vector))
    return np.array(list(at), dtype=np.uint32), np.array(idf), vectors


def _learn_items(
    vectors: Sequence[_Vector], rights: Sequence[int], taught: Sequence[Lesson], base: Table, n_keys: int
) -> NDArray[np.float64]:
    scores = [base.read(half_width(lesson.text)).items for lesson in taught]
    change = np.zeros((n_keys, len(base.items)))
    total = np.zeros_like(change)
    for _ in range(PASSES):
        for (columns, vector), known, right in zip(vectors, scores, rights, strict=True):
            said = known + vector @ change[columns]
            rival = int(np.argmax(np.where(np.arange(len(said)) == right, -np.inf, said)))
            loss = MARGIN - (said[right] - said[rival])
            if loss > 0 and len(vector):
                step = min(AGGRESSIVENESS, loss / (2 * float(vector @ vector)))
                change[columns, right] += step * vector
                change[columns, rival] -= step * vector
        total += change
    return total / PASSES


def _learn_told(vectors: Sequence[_Vector], taught: Sequence[Lesson], table: Table, n_keys: int) -> NDArray[np.float64]:
    """Return what decisions on urgency and danger add to the logits of `table`, shape (n_keys, 5)."""
    # As the thresholds decide: P1 and danger count from a small chance on.
    first, from_danger = np.array([_logit(P1_FROM), 0.0, 0.0, 0.0]), _logit(DANGER_FROM)
    known = []
    for lesson in taught:
        smooth = half_width(lesson.text)
        fired = list(alarms(smooth))
        facts = facts_of(smooth, table.read(smooth, fired), fired, table.items)
        urgency, danger = table.finals["final_urgency"] @ facts, float(table.finals["final_danger"] @ facts)
        known.append((urgency - first, danger - from_danger))
    change = np.zeros((n_keys, N_TOLD))
    total = np.zeros_like(change)
    for _ in range(PASSES):
        for (columns, vector), lesson, (urgency, danger) in zip(vectors, taught, known, strict=True):
            said = urgency + vector @ change[columns, :4]
            right = lesson.priority - 1
            rival = int(np.argmax(np.where(np.arange(4) == right, -np.inf, said)))
            loss = TOLD_MARGIN - (said[right] - said[rival])
            # Whoever leaves an item's own class does not deny that it might wait.
            if loss > 0 and len(vector) and not (rival > right and _is_own_class(lesson)):
                step = min(TOLD_AGGRESSIVENESS, loss / (2 * float(vector @ vector)))
                change[columns, right] += step * vector
                change[columns, rival] -= step * vector
            if lesson.danger is not None and len(vector):
                sign = 1.0 if lesson.danger else -1.0
                loss = TOLD_MARGIN - sign * (danger + float(vector @ change[columns, 4]))
                if loss > 0:
                    change[columns, 4] += sign * min(TOLD_AGGRESSIVENESS, loss / float(vector @ vector)) * vector
        total += change
    return total / PASSES


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _is_own_class(lesson: Lesson) -> bool:
    """Return whether a lesson's urgency is the one that its item has by itself."""
    item = catalogue().get(lesson.item)
    return item is not None and lesson.priority == item.priority


def _change(
    keys: NDArray[np.uint32], idf: NDArray[np.float64], rows: NDArray[np.float64], told: NDArray[np.float64]
) -> dict[str, NDArray[np.generic]]:
    moved = np.maximum(np.abs(rows).max(axis=1, initial=0.0), np.abs(told).max(axis=1, initial=0.0))
    used = np.flatnonzero(moved > 1e-4)
    used = used[np.argsort(keys[used])]
    return {
        "keys": keys[used],
        "idf": idf[used].astype(np.float16),
        "rows": rows[used].astype(np.float32),
        "told": told[used].astype(np.float32),
    }


def applied(base: Table, learned: Mapping[str, NDArray[np.generic]]) -> Table:
    """Return `base` with the learned rows added, on its own scale of 127 steps a head."""
    keys, rows = np.asarray(learned["keys"]), np.asarray(learned["rows"], dtype=np.float64)
    if not len(keys):
        return base
    n_heads = len(base.scale)
    full = np.zeros((len(keys), n_heads))
    full[:, : rows.shape[1]] = rows / base.scale[: rows.shape[1]]
    if "told" in learned:
        full[:, base.first_told() :] = np.asarray(learned["told"], dtype=np.float64) / base.scale[base.first_told() :]
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
    read = [(propose(lesson.text, table), lesson) for lesson in lessons]
    phrases = phrase_book()[::_BOOK_STEP]
    critical = [one.priority == 1 for one, lesson in read if lesson.priority == 1]
    dangers = [one.is_danger for one, lesson in read if lesson.danger is True]
    harmless = [not one.is_danger for one, lesson in read if lesson.danger is False]
    return Figures(
        n=len(lessons),
        item=_share([one.item == lesson.item for one, lesson in read], 0.0),
        first_three=_share([lesson.item in (one.item, *one.alternatives[:2]) for one, lesson in read], 0.0),
        priority=_share([_agrees(one.priority, lesson) for one, lesson in read], 0.0),
        p1_found=_share(critical, 1.0),
        n_p1=len(critical),
        book=_share([propose(phrase.text, table).item == phrase.item for phrase in phrases], 0.0),
        danger_found=_share(dangers, 1.0),
        n_danger=len(dangers),
        harmless=_share(harmless, 1.0),
        n_harmless=len(harmless),
    )


def _share(values: Sequence[bool], if_none: float) -> float:
    return sum(values) / len(values) if values else if_none


def _agrees(priority: int, lesson: Lesson) -> bool:
    """Return whether a proposed urgency leads to the decided one: below an item's own class none is set by itself."""
    return priority == lesson.priority or (priority > lesson.priority and _is_own_class(lesson))


def worse(before: Figures, after: Figures) -> tuple[str, ...]:
    """Return the names of the figures that fell: any fall of items, of P1 and of dangers found counts, elsewhere more
    than one in a hundred.

    A version that reads nothing more rightly, neither item nor urgency nor danger, is worse as well: ``item``.
    """
    fallen = [
        name
        for name in ("first_three", "priority", "book", "harmless")
        if getattr(after, name) < getattr(before, name) - _SLACK
    ]
    gains = any(
        getattr(after, name) > getattr(before, name)
        for name in ("item", "priority", "p1_found", "danger_found", "harmless")
    )
    if after.item < before.item or not gains:
        fallen.insert(0, "item")
    fallen += [name for name in ("p1_found", "danger_found") if getattr(after, name) < getattr(before, name)]
    return tuple(fallen)
