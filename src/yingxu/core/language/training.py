"""Learning the table from the phrase book and labelled texts: values in, arrays out, the same arrays for the same input.

Only the command that trains imports this module; scoring needs numpy alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from yingxu.core.language.book import catalogue, phrase_book
from yingxu.core.language.grams import grams, plain
from yingxu.core.language.scorer import EXTRA_HEADS, Table, key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text: item codes (the main one first), priority 1..4, danger, and the texts' common incident."""

    text: str
    items: tuple[str, ...]
    priority: int
    danger: bool
    incident: str = ""
    day: int = 0
    places: tuple[str, ...] = ()


def book_examples() -> list[Example]:
    """Return the phrase book and the item names as examples."""
    named = [Example(item.name, (item.code,), item.priority, False) for item in catalogue().values()]
    return [Example(p.text, (p.item,), p.priority, p.danger) for p in phrase_book()] + named


def _features(text: str) -> list[str]:
    return list(grams(plain(text)))


def train_table(
    examples: Sequence[Example], *, sample_weight: float = 0.5, cost: float = 0.7, keep_share: float = 0.015
) -> dict[str, NDArray[np.generic]]:
    """Fit one linear separator for each item and extra head, and return the quantised table.

    Parameters
    ----------
    examples : sequence of Example
        Labelled texts beside the phrase book, which is always part of the training.
    sample_weight : float
        Weight of one example against one phrase of the book.
    cost : float
        Inverse regularisation of the support vector machines (Fan et al. 2008, LIBLINEAR).
    keep_share : float
        Weights smaller than this share of their head's largest weight are dropped.

    Returns
    -------
    dict
        The arrays of `Table`.
    """
    written = book_examples()
    everything = [*written, *examples]
    vectorizer = TfidfVectorizer(analyzer=_features, sublinear_tf=True)
    matrix = vectorizer.fit_transform([e.text for e in everything])
    weights = np.array([1.0] * len(written) + [sample_weight] * len(examples))
    codes = list(catalogue())
    order = {code: i for i, code in enumerate(codes)}
    model = LinearSVC(C=cost, random_state=0).fit(matrix, [order[e.items[0]] for e in everything], sample_weight=weights)
    rows, biases = [model.coef_], [model.intercept_]
    # For danger and urgency a whole sentence teaches more than a phrase of the book does.
    weights = np.array([1.0] * len(written) + [3.0] * len(examples))
    targets = {
        "danger": [e.danger for e in everything],
        "p1": [e.priority == 1 for e in everything],
        "p2": [e.priority == 2 for e in everything],
        "p4": [e.priority == 4 for e in everything],
    }
    for head in EXTRA_HEADS:
        binary = LinearSVC(C=0.3, random_state=0, class_weight="balanced").fit(matrix, targets[head], sample_weight=weights)
        rows.append(binary.coef_)
        biases.append(binary.intercept_)
    return _quantised(vectorizer, np.vstack(rows), np.concatenate(biases), keep_share)


def _quantised(
    vectorizer: TfidfVectorizer, coefficients: NDArray[np.float64], bias: NDArray[np.float64], keep_share: float
) -> dict[str, NDArray[np.generic]]:
    names = vectorizer.get_feature_names_out()
    keys = np.fromiter((key_of(name) for name in names), dtype=np.uint32, count=len(names))
    _, order = np.unique(keys, return_index=True)
    peak = np.abs(coefficients).max(axis=1)
    scale = peak / 127.0
    steps = np.rint(coefficients[:, order] / scale[:, None]).astype(np.int8).T
    steps[np.abs(steps) < 127 * keep_share] = 0
    used = np.flatnonzero(steps.any(axis=1))
    order, steps = order[used], steps[used]
    features, heads = np.nonzero(steps)
    starts = np.zeros(len(order) + 1, dtype=np.int32)
    np.cumsum(np.bincount(features, minlength=len(order)), out=starts[1:])
    return {
        "keys": keys[order],
        "idf": vectorizer.idf_[order].astype(np.float16),
        "starts": starts,
        "heads": heads.astype(np.uint8),
        "values": steps[features, heads],
        "scale": scale.astype(np.float32),
        "bias": bias.astype(np.float32),
    }


def table_of(examples: Sequence[Example]) -> Table:
    """Return the trained table itself, for measuring."""
    return Table(train_table(examples))
