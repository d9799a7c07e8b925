"""Learning the table from phrase book and labelled texts: values in, arrays out, the same arrays for the same input.

Only the command that trains imports this module; scoring needs numpy alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from yingxu.core.language.book import catalogue, line_of, phrase_book
from yingxu.core.language.danger import alarms
from yingxu.core.language.duplicates import Report, look, pair_facts
from yingxu.core.language.finals import facts_of, sureness_facts
from yingxu.core.language.grams import features
from yingxu.core.language.numbers import half_width
from yingxu.core.language.places import facts_of_ending, facts_of_runs, places_in, runs_of
from yingxu.core.language.scorer import EXTRA_HEADS, Table, key_of, line_codes
from yingxu.core.language.splitting import asked_for, several_facts
from yingxu.core.language.variations import variations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text: item codes (the main one first), priority 1..4, danger, and the texts' common incident.

    `teaches_places` is False where another hand than the samples' labelled, in another taste of where a name ends.
    """

    text: str
    items: tuple[str, ...]
    priority: int
    danger: bool
    incident: str = ""
    day: int = 0
    places: tuple[str, ...] = ()
    teaches_places: bool = True


def book_examples() -> list[Example]:
    """Return the phrase book and the item names as examples."""
    named = [Example(item.name, (item.code,), item.priority, False) for item in catalogue().values()]
    return [Example(p.text, (p.item,), p.priority, p.danger) for p in phrase_book()] + named


#: How often each phrase of the book is varied, and what a variation weighs against the phrase itself.
N_VARIATIONS: Final = 2
VARIATION_WEIGHT: Final = 0.5

#: Inverse regularisation of the support vector machines for items and lines, and for danger and urgency (Fan et
#: al. 2008, LIBLINEAR).
ITEM_COST: Final = 0.7
EXTRA_COST: Final = 0.3
#: Where the search for a separator stops; LIBLINEAR's own default is 0.1, scikit-learn's a thousandth of that.
TOLERANCE: Final = 0.01

#: What an example labelled by another hand than the samples' weighs in the final models.
OTHER_HAND: Final = 0.3
#: Inverse regularisation of the final models for urgency and danger.
URGENCY_COST: Final = 0.3
#: Weight of a whole sentence against a phrase of the book, for danger and urgency.
EXTRA_WEIGHT: Final = 2.0


def train_heads(
    examples: Sequence[Example], *, example_weight: float = 1.0, keep_share: float = 0.015
) -> dict[str, NDArray[np.generic]]:
    """Fit one linear separator for each item, line and extra head, and return the quantised table without final models.

    Parameters
    ----------
    examples : sequence of Example
        Labelled texts beside the phrase book, which is always part of the training.
    example_weight : float
        Weight of one example against one phrase of the book, for items and lines.
    keep_share : float
        Weights smaller than this share of their head's largest weight are dropped.

    Returns
    -------
    dict
        The arrays of `Table`, but for the ``final_…`` ones.
    """
    written = book_examples()
    known = [*written, *examples]
    varied = list(variations([e.text for e in written], [e.items[0] for e in written], n_each=N_VARIATIONS))
    everything = [*known, *(written[index] for index, _ in varied)]
    keys, idf = _vocabulary([e.text for e in known])
    matrix = _matrix([*(e.text for e in known), *(text for _, text in varied)], keys, idf)
    order = {code: row for row, code in enumerate(catalogue())}
    lines = line_codes()
    light = [VARIATION_WEIGHT] * len(varied)
    weights = np.array([1.0] * len(written) + [example_weight] * len(examples) + light)
    rows, biases = [], []
    for target in (
        [order[e.items[0]] for e in everything],
        [lines.index(line_of(e.items[0])) for e in everything],
    ):
        model = LinearSVC(C=ITEM_COST, tol=TOLERANCE, random_state=0).fit(matrix, target, sample_weight=weights)
        rows.append(model.coef_)
        biases.append(model.intercept_)
    # For danger and urgency a whole sentence teaches more than a phrase of the book does.
    weights = np.array([1.0] * len(written) + [EXTRA_WEIGHT] * len(examples) + light)
    marks = {
        "danger": [e.danger for e in everything],
        "p1": [e.priority == 1 for e in everything],
        "p2": [e.priority == 2 for e in everything],
        "p4": [e.priority == 4 for e in everything],
        "raised": [e.priority < catalogue()[e.items[0]].priority for e in everything],
        "lowered": [e.priority > catalogue()[e.items[0]].priority for e in everything],
    }
    for head in EXTRA_HEADS:
        binary = LinearSVC(C=EXTRA_COST, tol=TOLERANCE, random_state=0, class_weight="balanced")
        binary.fit(matrix, marks[head], sample_weight=weights)
        rows.append(binary.coef_)
        biases.append(binary.intercept_)
    return _quantised(keys, idf, np.vstack(rows), np.concatenate(biases), keep_share)


def folds_by_incident(examples: Sequence[Example], n_folds: int) -> list[tuple[list[int], list[int]]]:
    """Return ``(train, test)`` index lists that never part two reports of one incident."""
    incidents = [e.incident for e in examples]
    return [(a.tolist(), b.tolist()) for a, b in GroupKFold(n_folds).split(incidents, groups=incidents)]


def train_table(
    examples: Sequence[Example], *, n_folds: int = 5, fresh: Sequence[bool] = ()
) -> dict[str, NDArray[np.generic]]:
    """Fit the heads on everything, and the final models on what heads trained without an example say about it.

    Parameters
    ----------
    examples : sequence of Example
        Labelled texts; several hundred, or the final models are worth little.
    n_folds : int
        Folds of the inner cross-validation.
    fresh : sequence of bool, optional
        Which examples the author of the phrase book never read; confidence is calibrated on these alone.
    """
    readings: list[Facts] = [None] * len(examples)  # type: ignore[list-item]
    for train, test in folds_by_incident(examples, n_folds):
        table = Table(train_heads([examples[i] for i in train]))
        for i in test:
            readings[i] = facts_for(examples[i].text, table)
    return train_heads(examples) | train_finals(examples, readings, fresh or [True] * len(examples))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the final models see of one text."""

    urgency: NDArray[np.float64]
    sureness: NDArray[np.float64]
    several: NDArray[np.float64]
    items: tuple[str, ...]


def facts_for(text: str, table: Table) -> Facts:
    """Return what the final models see of `text`."""
    smooth = half_width(text)
    fired = list(alarms(smooth))
    reading = table.read(smooth, fired)
    main = table.items[int(reading.items.argmax())]
    return Facts(
        urgency=facts_of(smooth, reading, fired, table.items),
        sureness=sureness_facts(reading),
        several=several_facts(smooth, asked_for(smooth, main, table, fired)),
        items=tuple(table.items[int(i)] for i in np.argsort(-reading.items, kind="stable")[:3]),
    )


def train_finals(
    examples: Sequence[Example], readings: Sequence[Facts], fresh: Sequence[bool]
) -> dict[str, NDArray[np.generic]]:
    """Return the logistic models over named facts: urgency, danger, confidence, several problems."""
    urgency = np.array([r.urgency for r in readings])
    sureness = np.array([r.sureness for r in readings])
    several = np.array([r.several for r in readings])
    right = np.array([r.items[0] == e.items[0] for r, e in zip(readings, examples, strict=True)])
    unseen = np.array(fresh)
    weights = np.array([1.0 if example.teaches_places else OTHER_HAND for example in examples])
    naming = [example for example in examples if example.teaches_places]
    place, ending = _place_model(naming), ending_model(naming)
    reports = [
        Report(e.text, tuple(places_in(e.text, place, ending)), r.items)
        for e, r in zip(examples, readings, strict=True)
    ]
    return {
        "final_same": train_same(examples, reports),
        "final_urgency": _logistic(urgency, [e.priority for e in examples], URGENCY_COST, weights),
        "final_danger": _binary(urgency, [e.danger for e in examples], URGENCY_COST, weights),
        "final_sureness": _binary(sureness[unseen], right[unseen].tolist(), 1.0),
        "final_place": place,
        "final_place_end": ending,
        "final_several": _binary(several, [len(e.items) > 1 for e in examples], 1.0, weights),
    }


def train_same(examples: Sequence[Example], reports: Sequence[Report]) -> NDArray[np.float64]:
    """Return the logistic model that tells pairs of reports of one incident from other pairs of the same day."""
    seen = [look(report) for report in reports]
    by_day: dict[int, list[int]] = {}
    for index, example in enumerate(examples):
        by_day.setdefault(example.day, []).append(index)
    facts, same = [], []
    for day in by_day.values():
        for place, later in enumerate(day):
            for earlier in day[:place]:
                facts.append(pair_facts(reports[earlier], seen[earlier], reports[later], seen[later]))
                same.append(examples[earlier].incident == examples[later].incident)
    if len(set(same)) < 2:
        return np.zeros_like(facts[0]) if facts else np.zeros(1)
    return _binary(np.array(facts), same, 1.0)


def _place_model(examples: Sequence[Example]) -> NDArray[np.float64]:
    rows, kept = [], []
    for example in examples:
        smooth = half_width(example.text)
        runs = runs_of(smooth)
        if runs:
            rows.append(facts_of_runs(smooth, runs))
            # A run counts as meant when it shares words with a labelled place: where a name ends is the
            # writer's taste.
            kept += [_is_labelled(smooth[run[0].start : run[-1].end], example.places) for run in runs]
    return _binary(np.vstack(rows), kept, 0.5)


def ending_model(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Return the logistic model that tells where a place name ends, learnt from the labelled names of several parts."""
    rows, kept = [], []
    for example in examples:
        smooth = half_width(example.text)
        labels = set(map(half_width, example.places))
        for run in runs_of(smooth):
            sizes = [n for n in range(len(run), 0, -1) if smooth[run[0].start : run[n - 1].end] in labels]
            if sizes:
                for size in range(len(run), max(sizes[0], 2) - 1, -1):
                    rows.append(facts_of_ending(smooth, run[:size]))
                    kept.append(size == sizes[0])
    if len(set(kept)) < 2:
        return np.zeros_like(rows[0]) if rows else np.zeros(1)
    return _binary(np.vstack(rows), kept, 0.5)


def _is_labelled(name: str, places: Sequence[str]) -> bool:
    return any(name in place or place in name for place in map(half_width, places))


def _binary(
    facts: NDArray[np.float64], targets: Sequence[int], cost: float, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    row: NDArray[np.float64] = _logistic(facts, targets, cost, weights)[0]
    return row


def _logistic(
    facts: NDArray[np.float64], targets: Sequence[int], cost: float, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    model = LogisticRegression(C=cost, fit_intercept=False, max_iter=2000).fit(facts, targets, sample_weight=weights)
    coefficients: NDArray[np.float64] = model.coef_
    return coefficients


@cache
def _counted(text: str) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    counts = Counter(map(key_of, features(text)))
    found = np.fromiter(counts, dtype=np.uint32, count=len(counts))
    return found, np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts))) + 1


def _vocabulary(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    """Return the sorted feature keys of `texts` and their smoothed inverse document frequencies."""
    keys, counts = np.unique(np.concatenate([_counted(text)[0] for text in texts]), return_counts=True)
    return keys, np.log((1 + len(texts)) / (1 + counts)) + 1


def _matrix(texts: Sequence[str], keys: NDArray[np.uint32], idf: NDArray[np.float64]) -> csr_matrix:
    """Return rows of unit length, weighted as `Table.read` weights them."""
    columns, values, starts = [], [], [0]
    for text in texts:
        found, weights = _counted(text)
        at = np.minimum(np.searchsorted(keys, found), len(keys) - 1)
        known = keys[at] == found
        at = at[known]
        row = weights[known] * idf[at]
        columns.append(at)
        values.append(row / max(1e-9, float(np.sqrt(row @ row))))
        starts.append(starts[-1] + len(at))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), starts), shape=(len(texts), len(keys)))


def _quantised(
    keys: NDArray[np.uint32],
    idf: NDArray[np.float64],
    coefficients: NDArray[np.float64],
    bias: NDArray[np.float64],
    keep_share: float,
) -> dict[str, NDArray[np.generic]]:
    peak = np.abs(coefficients).max(axis=1)
    scale = peak / 127.0
    steps = np.rint(coefficients / scale[:, None]).astype(np.int8).T
    steps[np.abs(steps) < 127 * keep_share] = 0
    used = np.flatnonzero(steps.any(axis=1))
    steps = steps[used]
    features, heads = np.nonzero(steps)
    starts = np.zeros(len(used) + 1, dtype=np.int32)
    np.cumsum(np.bincount(features, minlength=len(used)), out=starts[1:])
    return {
        "keys": keys[used],
        "idf": idf[used].astype(np.float16),
        "starts": starts,
        "heads": heads.astype(np.uint8),
        "values": steps[features, heads],
        "scale": scale.astype(np.float32),
        "bias": bias.astype(np.float32),
    }
