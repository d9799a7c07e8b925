"""In which sequence orders are first placed: by urgency, weight or ease, never before what they follow."""

from __future__ import annotations

import heapq

import numpy as np

from yingxu.core.routing.arrays import (
    DUR,
    OBLIGED,
    READY,
    RESOLVE_AT,
    RESPOND_AT,
    RESPOND_W,
    WAIT_W,
    Arrays,
    Floats,
    Ints,
)


def keys(a: Arrays) -> list[Floats]:
    """Sort keys (smaller first) of the starts that are tried; obliged orders always lead."""
    t = a.task[: a.n]
    weight = t[:, WAIT_W] + t[:, RESPOND_W]
    due = np.minimum(t[:, RESPOND_AT], t[:, RESOLVE_AT])
    heavy = np.maximum(weight, 1e-12)
    now = float(t[:, READY].min()) if a.n else 0.0
    slack = np.maximum(0.0, due - now - t[:, DUR])
    mean = float(t[:, DUR].mean()) if a.n else 1.0
    urgency = heavy / np.maximum(60.0, t[:, DUR]) * np.exp(-np.minimum(700.0, slack / (8.0 * max(60.0, mean))))
    found = [due, -heavy * 1e9 + due, -urgency]
    for key in found:
        key[a.unassigned[: a.n] >= OBLIGED] -= 1e30
        key[a.fixed[: a.n]] -= 1e31
    return found


def sequence(a: Arrays, key: Floats) -> Ints:
    """Orders by ``key``, each after all that it follows (those on a cycle are left out)."""
    waits = np.diff(a.pred_ptr)[: a.n].copy()
    if not waits.any():
        return np.argsort(key, kind="stable").astype(np.int64)
    heap = [(float(key[i]), i) for i in np.nonzero(waits == 0)[0].tolist()]
    heapq.heapify(heap)
    out = []
    while heap:
        _, i = heapq.heappop(heap)
        out.append(i)
        for j in a.succ[a.succ_ptr[i] : a.succ_ptr[i + 1]].tolist():
            waits[j] -= 1
            if waits[j] == 0:
                heapq.heappush(heap, (float(key[j]), j))
    return np.asarray(out, dtype=np.int64)
