"""Repeats: the same fault at the same place again, soon."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def busiest_windows(groups: Ints, at_s: Ints, *, within_s: int, at_least: int = 3) -> list[tuple[int, int, int]]:
    """Return the groups with ``at_least`` events inside some span of ``within_s``, most events first.

    Parameters
    ----------
    groups : one group number per event; negative means "belongs to none".
    at_s : time of each event in seconds, any order.
    within_s : length of the span in seconds; two events exactly that far apart are inside it.

    Returns
    -------
    list of (group, events in its busiest span, index of the first event of that span); ties keep the earlier span.
    """
    kept = np.flatnonzero(groups >= 0)
    order = kept[np.lexsort((at_s[kept], groups[kept]))]
    group, at = groups[order], at_s[order]
    if not order.size:
        return []
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    ends = np.r_[starts[1:], group.size]
    found = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if end - start < at_least:
            continue
        own = at[start:end]
        n = np.searchsorted(own, own + within_s, side="right") - np.arange(own.size)
        best = int(np.argmax(n))
        if n[best] >= at_least:
            found.append((int(group[start]), int(n[best]), int(order[start + best])))
    return sorted(found, key=lambda one: (-one[1], one[0]))
