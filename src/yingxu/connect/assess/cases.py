"""Rows to cases: a log may have several rows a case, one for each thing that happened to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yingxu.connect.assess.log import Labels
from yingxu.connect.assess.zone import MISSING, Ints

Mask = NDArray[np.bool_]

#: A repeated identifier is one case when nearly all its rows agree on the opening.
SAME_OPENING_SHARE = 0.9


@dataclass(frozen=True)
class Events:
    """The rows of a log as arrays, one entry per row of the file."""

    ids: list[str]
    numbers: Ints
    usable: Mask
    times: dict[str, Ints]
    has_own_closing: bool
    sequence: Ints
    labels: dict[str, Labels]
    flag: NDArray[np.int8]
    texts: list[str]
    counts: dict[str, Ints]
    closed_states: frozenset[str]


@dataclass(frozen=True)
class Cases:
    """The cases in file order of their first rows; ``row_findings`` are masks over rows of the file."""

    is_event_log: bool
    ids: list[str]
    rows: Ints
    n_rows_of: Ints
    times: dict[str, Ints]
    labels: dict[str, Labels]
    flag: NDArray[np.int8]
    texts: list[str]
    counts: dict[str, Ints]
    row_findings: dict[str, Mask]


def fold_cases(events: Events) -> Cases:
    """Return one entry per case, each value as of the case's last event that states it; the opening is the earliest."""
    usable = np.flatnonzero(events.usable)
    number_of: dict[str, int] = {}
    if events.ids:
        group = np.fromiter(
            (number_of.setdefault(events.ids[at], len(number_of)) for at in usable.tolist()),
            dtype=np.int64,
            count=usable.size,
        )
        stated = np.fromiter((bool(events.ids[at]) for at in usable.tolist()), dtype=bool, count=usable.size)
        if len(number_of) - ("" in number_of) < int(stated.sum()):
            kind = _kind(events, usable[stated], group[stated])
            if kind != "separate":
                return _folded(events, usable[stated], group[stated], kind, usable[~stated])
            return _single(events, usable, {"id_repeated": _repeats(events, usable[stated], group[stated])})
    return _single(events, usable, {})


def _kind(events: Events, rows: Ints, group: Ints) -> str:
    """Say whether repeated identifiers are one case each, a plain timeline (one time column), or separate cases."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(group[order]) > 0])
    opened = events.times["opened"][rows][order]
    many = np.diff(np.r_[starts, order.size]) > 1
    same = np.minimum.reduceat(opened, starts) == np.maximum.reduceat(opened, starts)
    if same[many].mean() >= SAME_OPENING_SHARE or (events.times["updated"] != MISSING).any():
        return "events"
    only_one_time = all((events.times[role] == MISSING).all() for role in ("target", "closed", "first_action"))
    return "timeline" if only_one_time and many.mean() >= 0.5 else "separate"


def _repeats(events: Events, rows: Ints, group: Ints) -> Mask:
    seen: set[int] = set()
    mask = np.zeros(events.usable.size, dtype=bool)
    for row, one in zip(rows.tolist(), group.tolist(), strict=True):
        mask[row] = one in seen
        seen.add(one)
    return mask


def _single(events: Events, rows: Ints, findings: dict[str, Mask]) -> Cases:
    ids = events.ids or [str(number) for number in events.numbers.tolist()]
    return Cases(
        is_event_log=False,
        ids=[ids[at] or str(events.numbers[at]) for at in rows.tolist()],
        rows=events.numbers[rows],
        n_rows_of=np.ones(rows.size, dtype=np.int64),
        times={role: values[rows] for role, values in events.times.items()},
        labels={role: Labels(labels.codes[rows], labels.values) for role, labels in events.labels.items()},
        flag=events.flag[rows],
        texts=[events.texts[at] for at in rows.tolist()],
        counts={role: values[rows] for role, values in events.counts.items()},
        row_findings=findings,
    )


def _folded(events: Events, rows: Ints, group: Ints, kind: str, nameless: Ints) -> Cases:
    when = events.times["opened" if kind == "timeline" else "updated"][rows]
    order = np.lexsort((rows, events.sequence[rows], when, group))
    row, group = rows[order], group[order]
    starts = np.flatnonzero(np.r_[True, np.diff(group) > 0]) if row.size else np.zeros(0, dtype=np.int64)
    sizes = np.diff(np.r_[starts, row.size])
    last = starts + sizes - 1

    def last_stated(stated: Mask) -> Ints:
        """Return per case the row of its last event that states something, or -1."""
        position = np.where(stated, np.arange(row.size), -1)
        best = np.maximum.reduceat(position, starts) if row.size else position
        return np.where(best >= 0, row[np.maximum(best, 0)], -1)

    def pick(values: Ints, stated: Mask, absent: int) -> Ints:
        at = last_stated(stated)
        return np.where(at >= 0, values[np.maximum(at, 0)], absent)

    times = {role: pick(values, values[row] != MISSING, MISSING) for role, values in events.times.items()}
    opened = events.times["opened"][row]
    times["opened"] = np.minimum.reduceat(opened, starts) if row.size else opened
    labels = {}
    for role, one in events.labels.items():
        codes = pick(one.codes.astype(np.int64), one.codes[row] >= 0, -1).astype(np.int32)
        labels[role] = Labels(codes, one.values)
    if kind == "timeline":
        state = labels["status"]
        is_over = np.array([*(value.casefold() in events.closed_states for value in state.values), False], dtype=bool)
        over = is_over[state.codes] if state.n_stated else np.ones(starts.size, dtype=bool)
        times["closed"] = np.where(over, opened[last], MISSING)
    text_at = last_stated(np.fromiter((bool(events.texts[at]) for at in row.tolist()), dtype=bool, count=row.size))
    first = np.minimum.reduceat(row, starts) if row.size else row
    in_file = np.argsort(first, kind="stable")
    findings = {}
    if nameless.size:
        findings["id_missing"] = np.zeros(events.usable.size, dtype=bool)
        findings["id_missing"][nameless] = True
    return Cases(
        is_event_log=True,
        ids=[events.ids[at] for at in first[in_file].tolist()],
        rows=events.numbers[first[in_file]],
        n_rows_of=sizes[in_file],
        times={role: values[in_file] for role, values in times.items()},
        labels={role: Labels(one.codes[in_file], one.values) for role, one in labels.items()},
        flag=pick(events.flag.astype(np.int64), events.flag[row] >= 0, -1).astype(np.int8)[in_file],
        texts=[events.texts[at] if at >= 0 else "" for at in text_at[in_file].tolist()],
        counts={role: values[row[last]][in_file] for role, values in events.counts.items()},
        row_findings=findings,
    )
