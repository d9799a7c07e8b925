"""The trained table and its use: numpy only, so that a web process never loads a learning library."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from math import log
from typing import TYPE_CHECKING, Final
from zlib import crc32

import numpy as np

from yingxu.core.language.book import catalogue, line_of
from yingxu.core.language.grams import features

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from yingxu.core.language.danger import Alarm

_TABLE: Final = files("yingxu.core.language") / "data" / "table.npz"

#: Heads behind the columns of items and lines: danger, urgency P1, P2, P4 (each against the rest), and whether the
#: words raise or lower the class that the item has by default.
EXTRA_HEADS: Final = ("danger", "p1", "p2", "p4", "raised", "lowered")

#: Last heads, empty in every release: what a house's own decisions add to the logits of P1 to P4 and of danger.
TOLD_HEADS: Final = ("told_p1", "told_p2", "told_p3", "told_p4", "told_danger")
#: Logits that one of the 127 steps of such a head is worth.
TOLD_STEP: Final = 4.0 / 127.0

#: How much the line's own separator adds to each of its items. Found by cross-validation: lines are learnt from
#: six times as many phrases.
LINE_SHARE: Final = 0.5


@cache
def line_codes() -> tuple[str, ...]:
    """Return the 25 service lines in catalogue order."""
    return tuple(dict.fromkeys(line_of(code) for code in catalogue()))


def key_of(gram: str) -> int:
    """Return the 32-bit key of a feature; two features may share one, which costs a little accuracy, nothing else."""
    return crc32(gram.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Reading:
    """What the linear models make of a text.

    Attributes
    ----------
    items : ndarray of float, shape (n_items,)
        Decision values in catalogue order, larger is likelier; not probabilities.
    extra : mapping of str to float
        Decision values of `EXTRA_HEADS`.
    told : ndarray of float, shape (5,)
        What `TOLD_HEADS` add to the logits of P1 to P4 and of danger; zero in a release.
    grams, at, weights : list of str, ndarray of int, ndarray of float
        The known features of the text, their rows in the table, and their normalised weights.
    """

    items: NDArray[np.float64]
    extra: Mapping[str, float]
    told: NDArray[np.float64]
    grams: list[str]
    at: NDArray[np.intp]
    weights: NDArray[np.float64]


class Table:
    """A trained table: sparse, quantised weights of every feature for every head.

    Parameters
    ----------
    arrays : mapping
        ``keys`` uint32 sorted (n,), ``idf`` float16 (n,), ``starts`` int32 (n + 1,), ``heads`` uint8 and
        ``values`` int8 (m,),
        ``scale`` and ``bias`` float32 (n_heads,), with or without `TOLD_HEADS`, and one float64 array for each small
        model (``final_…``).
    """

    __slots__ = ("bias", "finals", "heads", "idf", "items", "keys", "line_of", "scale", "starts", "values")

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self.keys = np.asarray(arrays["keys"])
        self.idf = np.asarray(arrays["idf"])
        self.starts = np.asarray(arrays["starts"])
        self.heads = np.asarray(arrays["heads"])
        self.values = np.asarray(arrays["values"])
        scale, bias = np.asarray(arrays["scale"], dtype=np.float64), np.asarray(arrays["bias"], dtype=np.float64)
        n_told = self.first_told() + len(TOLD_HEADS) - len(scale)
        self.scale = np.append(scale, [TOLD_STEP] * n_told)
        self.bias = np.append(bias, [0.0] * n_told)
        self.finals = {
            name: np.asarray(value, dtype=np.float64) for name, value in arrays.items() if name.startswith("final_")
        }
        self.items = tuple(catalogue())
        self.line_of = np.array([line_codes().index(line_of(code)) for code in self.items])

    @staticmethod
    def first_told() -> int:
        """Return the number of the first of `TOLD_HEADS`."""
        return len(catalogue()) + len(line_codes()) + len(EXTRA_HEADS)

    def read(self, text: str, fired: Iterable[Alarm] | None = None) -> Reading:
        """Return the reading of `text`; a text without any known feature reads as the biases alone."""
        counts = Counter(features(text, fired))
        names = list(counts)
        wanted = np.fromiter((key_of(name) for name in names), dtype=np.uint32, count=len(names))
        at = np.searchsorted(self.keys, wanted)
        at[at == len(self.keys)] = 0
        known = np.flatnonzero(self.keys[at] == wanted)
        at = at[known]
        names = [names[i] for i in known]
        weights = np.fromiter((1 + log(counts[name]) for name in names), dtype=np.float64, count=len(names))
        weights *= self.idf[at]
        norm = float(np.sqrt(weights @ weights))
        if norm > 0:
            weights /= norm
        scores = self._sum(at, weights)
        n_items, n_lines = len(self.items), len(line_codes())
        lines, extra = scores[n_items : n_items + n_lines], scores[n_items + n_lines : self.first_told()]
        return Reading(
            items=scores[:n_items] + LINE_SHARE * lines[self.line_of],
            extra=dict(zip(EXTRA_HEADS, extra.tolist(), strict=True)),
            told=scores[self.first_told() :],
            grams=names,
            at=at,
            weights=weights,
        )

    def _cells(self, at: NDArray[np.intp]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the positions of all weights of the features `at`, and for each the place of its feature in `at`."""
        starts = self.starts[at].astype(np.int64)
        sizes = self.starts[at + 1].astype(np.int64) - starts
        ends = np.cumsum(sizes)
        cells = np.arange(int(sizes.sum())) + np.repeat(starts - ends + sizes, sizes)
        return cells, np.repeat(np.arange(len(at)), sizes)

    def _sum(self, at: NDArray[np.intp], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        cells, owners = self._cells(at)
        summed = np.bincount(self.heads[cells], weights=self.values[cells] * weights[owners], minlength=len(self.scale))
        scores: NDArray[np.float64] = summed * self.scale + self.bias
        return scores

    def gains(self, reading: Reading, head: int) -> NDArray[np.float64]:
        """Return what each feature of `reading` adds to the decision value of item number `head`, shape (n_grams,)."""
        cells, owners = self._cells(reading.at)
        chosen = self.heads[cells] == head
        added = np.zeros(len(reading.at))
        added[owners[chosen]] = self.values[cells[chosen]] * reading.weights[owners[chosen]] * self.scale[head]
        return added


@cache
def shipped_table() -> Table:
    """Return the table that comes with this release; loaded once a process."""
    with as_file(_TABLE) as path, np.load(path) as stored:
        return Table({name: stored[name] for name in stored.files})
