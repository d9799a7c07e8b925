"""Train the triage table, or measure it: ``python -m bench.triage [--train | --book | --blind] [--folds N]``.

``--train`` fits phrase book and samples and writes the table. Otherwise: cross-validation by incident over all
samples, told
apart by how much the author of phrase book and rules had read: *read* (error analysis), *rules only*, *never read*.
``--blind`` reads the texts that were written and labelled before any answer for them was seen, with the shipped table.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import re
import time
from collections import Counter
from pathlib import Path

import numpy as np

from yingxu.core.language.book import line_of
from yingxu.core.language.duplicates import Report, same_incident
from yingxu.core.language.proposal import Proposal, propose
from yingxu.core.language.scorer import Table, shipped_table
from yingxu.core.language.training import (
    Example,
    facts_for,
    folds_by_incident,
    train_finals,
    train_heads,
    train_table,
)

TABLE = Path(__file__).parent.parent / "src/yingxu/core/language/data/table.npz"
OWN_TEXTS = Path(__file__).parent / "triage_texts.txt"
#: Written after the first measurements; trained on, never measured on.
LATER_TEXTS = Path(__file__).parent / "triage_texts_later.txt"
#: Never trained on.
BLIND_TEXTS = Path(__file__).parent / "triage_blind.txt"
#: Confidence is calibrated on texts whose errors shaped neither phrase book nor rules.
UNREAD = ("never read", "rules only")
PARTS = ("never read", "rules only", "read", "own unread", "own read")
Row = tuple[Example, Proposal]


def samples() -> list[Example]:
    """Return the shared samples, or exit loudly when they are absent."""
    path = Path(os.environ.get("YINGXU_SHARED", "../shared")) / "data/requests_zh/requests_zh.csv"
    if not path.exists():
        raise SystemExit(f"skipped: {path} is absent; set YINGXU_SHARED")
    with path.open(encoding="utf-8") as stream:
        return [
            Example(
                text=row["text"],
                items=tuple(row["service_item"].split(";")),
                priority=int(row["priority"]),
                danger=row["mentions_danger"] == "1",
                incident=row["is_duplicate_of"] or row["id"],
                places=tuple(filter(None, row["location_hint"].split(";"))),
                day=int(row["report_day"]),
            )
            for row in csv.DictReader(stream)
        ]


def own_texts() -> list[Example]:
    """Return the labelled requests written for this project, each an incident and a day of its own."""
    return [*_written(OWN_TEXTS, "own", 1000), *_written(LATER_TEXTS, "later", 5000)]


def _written(path: Path, mark: str, first_day: int) -> list[Example]:
    found: list[Example] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        label, marked = line.split(" ", 1)
        items, urgency = label.split("=")
        text = marked.translate({ord("["): None, ord("]"): None})
        found.append(
            Example(
                text=text,
                items=tuple(items.split(";")),
                priority=int(urgency[0]),
                danger=urgency.endswith("!"),
                incident=f"{mark} {text}",
                places=tuple(re.findall(r"\[(.+?)\]", marked)),
                day=first_day + len(found),
                teaches_places=False,
            )
        )
    return found


def blind_texts() -> list[Example]:
    """Return the labelled requests that nothing was ever trained on, by day, reports of one event together."""
    found: list[Example] = []
    day = 2000
    for line in BLIND_TEXTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("day "):
            day += 1
        if "=" not in line or line.startswith("#"):
            continue
        label, marked = line.split(" ", 1)
        incident, marked = marked.split(" ", 1) if marked.startswith("~") else ("", marked)
        items, urgency = label.split("=")
        text = marked.translate({ord("["): None, ord("]"): None})
        found.append(
            Example(
                text=text,
                items=tuple(items.split(";")),
                priority=int(urgency[0]),
                danger=urgency.endswith("!"),
                incident=f"blind {day} {incident or text}",
                places=tuple(re.findall(r"\[(.+?)\]", marked)),
                day=day,
            )
        )
    return found


def print_blind() -> None:
    """Print what the shipped table makes of the blind texts, the half whose errors were looked at apart."""
    examples, table = blind_texts(), shipped_table()
    proposals = [propose(e.text, table) for e in examples]
    kept = [_is_kept(e) for e in examples]
    rows = list(zip(examples, proposals, strict=True))
    halves = {
        "kept": [row for row, is_kept in zip(rows, kept, strict=True) if is_kept],
        "looked at": [row for row, is_kept in zip(rows, kept, strict=True) if not is_kept],
    }
    _print_figures({name: figures(half) for name, half in halves.items()}, {n: len(half) for n, half in halves.items()})
    precision, recall, f1 = duplicate_figures(examples, _pairs(examples, proposals, table))
    print(f"duplicates: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")


def _is_kept(example: Example) -> bool:
    return int(hashlib.md5(example.incident.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 1


def _print_figures(measured: dict[str, dict[str, float]], sizes: dict[str, int]) -> None:
    print(f"{'':20}" + "".join(f"{part:>12}" for part in measured))
    print(f"{'texts':20}" + "".join(f"{n:12d}" for n in sizes.values()))
    for name in next(iter(measured.values())):
        print(f"{name:20}" + "".join(f"{values[name]:12.3f}" for values in measured.values()))


def how_much_was_read(example: Example) -> str:
    """Return which part of the samples an example belongs to, by a hash of its incident."""
    digest = int(hashlib.md5(example.incident.encode(), usedforsecurity=False).hexdigest(), 16)
    if example.incident.startswith("later "):
        return "later"
    if example.incident.startswith("own "):
        return "own read" if digest % 2 == 0 else "own unread"
    if digest % 2 == 0:
        return "read"
    return "rules only" if (digest // 2) % 2 else "never read"


def cross_validated(
    examples: list[Example], n_folds: int, *, by_book_alone: bool = False
) -> tuple[list[Proposal], list[tuple[int, int]]]:
    """Return each example's proposal by a table that never saw its incident, and the pairs called duplicates.

    `by_book_alone` trains the separators once, on the phrase book without any example, and cross-validates the final
    models only: a fifth of the work, and the harder test.
    """
    folds = folds_by_incident(examples, n_folds)
    alone = train_heads([]) if by_book_alone else None
    heads = [alone or train_heads([examples[i] for i in train]) for train, _ in folds]
    # What the final models learn from: each text as read by separators that never saw its incident.
    readings = {
        i: facts_for(examples[i].text, table)
        for (_, test), table in zip(folds, map(Table, heads), strict=True)
        for i in test
    }
    proposals: dict[int, Proposal] = {}
    pairs: list[tuple[int, int]] = []
    for (train, test), of_fold in zip(folds, heads, strict=True):
        chosen = [examples[i] for i in train]
        fresh = [how_much_was_read(e) in UNREAD for e in chosen]
        table = Table(of_fold | train_finals(chosen, [readings[i] for i in train], fresh))
        # Duplicates are looked for among all reports of a day, so all of it is read; only pairs of the fold count.
        inside, days = set(test), {examples[i].day for i in test}
        near = [i for i, e in enumerate(examples) if e.day in days]
        read = [propose(examples[i].text, table) for i in near]
        proposals |= {i: p for i, p in zip(near, read, strict=True) if i in inside}
        found = _pairs([examples[i] for i in near], read, table)
        pairs += [(near[a], near[b]) for a, b in found if near[b] in inside]
    return [proposals[i] for i in range(len(examples))], pairs


def _pairs(examples: list[Example], proposals: list[Proposal], table: Table) -> list[tuple[int, int]]:
    by_day: dict[int, list[int]] = {}
    for index, example in enumerate(examples):
        by_day.setdefault(example.day, []).append(index)
    found: list[Example] = []
    for day in by_day.values():
        reports = [
            Report(examples[i].text, proposals[i].places, (proposals[i].item, *proposals[i].alternatives[:2]))
            for i in day
        ]
        found += [(day[p.earlier], day[p.later]) for p in same_incident(reports, table.finals["final_same"])]
    return found


def _share(values: list[bool]) -> float:
    return sum(values) / len(values) if values else float("nan")


def figures(rows: list[Row]) -> dict[str, float]:
    """Return the measures of domain 2 and contracts "triage" over examples and their proposals."""
    p1 = [p for e, p in rows if e.priority == 1]
    named = sum(len(set(e.places)) for e, _ in rows)
    found = sum(len(set(p.places)) for _, p in rows)
    exact = sum(len(set(e.places) & set(p.places)) for e, p in rows)
    touching = sum(any(a in b or b in a for b in e.places) for e, p in rows for a in set(p.places))
    touched = sum(any(a in b or b in a for b in p.places) for e, p in rows for a in set(e.places))
    precision, recall = touching / max(1, found), touched / max(1, named)
    return {
        "line": _share([p.line == line_of(e.items[0]) for e, p in rows]),
        "item": _share([p.item == e.items[0] for e, p in rows]),
        "item in 3": _share([e.items[0] in (p.item, *p.alternatives[:2]) for e, p in rows]),
        "priority": _share([p.priority == e.priority for e, p in rows]),
        "P1 missed": _share([p.priority != 1 for p in p1]),
        "P1 as 3 or 4": _share([p.priority > 2 for p in p1]),
        "danger recall": _share([p.is_danger for e, p in rows if e.danger]),
        "danger false": _share([p.is_danger for e, p in rows if not e.danger]),
        "several found": _share([p.problems > 1 for e, p in rows if len(e.items) > 1]),
        "several false": _share([p.problems > 1 for e, p in rows if len(e.items) == 1]),
        "place F1": 2 * exact / max(1, named + found),
        "place F1 touching": 2 * precision * recall / max(1e-9, precision + recall),
        "confidence gap": abs(
            _share([p.item == e.items[0] for e, p in rows]) - float(np.mean([p.confidence for _, p in rows]))
        ),
    }


def duplicate_figures(examples: list[Example], pairs: list[tuple[int, int]]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of later reports that were tied to the right incident."""
    first: set[str] = set()
    late = set()
    for index, example in enumerate(examples):
        if example.incident in first:
            late.add(index)
        first.add(example.incident)
    right = {b for a, b in pairs if examples[a].incident == examples[b].incident}
    precision, recall = len(right) / max(1, len(pairs)), len(right & late) / max(1, len(late))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def speed(examples: list[Example]) -> float:
    """Return texts a second of processor time, one by one, everything included; other programs do not count."""
    shipped_table()
    propose("灯坏了")
    began = time.process_time()
    for example in examples:
        propose(example.text)
    return len(examples) / (time.process_time() - began)


def main() -> None:
    """Train, or print the table of figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", action="store_true", help="fit on phrase book and samples, and write the table")
    parser.add_argument("--book", action="store_true", help="separators by the phrase book alone: quick, and harder")
    parser.add_argument("--blind", action="store_true", help="the shipped table on texts that nothing was trained on")
    parser.add_argument("--folds", type=int, default=5)
    args = parser.parse_args()
    if args.blind:
        print_blind()
        return
    examples = [*samples(), *own_texts()]
    if args.train:
        np.savez_compressed(TABLE, **train_table(examples, fresh=[how_much_was_read(e) in UNREAD for e in examples]))
        print(f"{TABLE.name}: {TABLE.stat().st_size / 1e6:.2f} MB")
        return
    print(f"{speed(examples):.0f} texts a second of processor time")
    proposals, pairs = cross_validated(examples, args.folds, by_book_alone=args.book)
    parts = {"all": list(zip(examples, proposals, strict=True))}
    parts["all shared"] = [(e, p) for e, p in parts.pop("all") if how_much_was_read(e) in PARTS[:3]]
    for part in PARTS:
        parts[part] = [(e, p) for e, p in zip(examples, proposals, strict=True) if how_much_was_read(e) == part]
    _print_figures({part: figures(rows) for part, rows in parts.items()}, {p: len(rows) for p, rows in parts.items()})
    precision, recall, f1 = duplicate_figures(examples, pairs)
    print(f"duplicates: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
    wrong = Counter((e.items[0], p.item) for e, p in zip(examples, proposals, strict=True) if e.items[0] != p.item)
    print("most confused:", "; ".join(f"{a} as {b} {n}" for (a, b), n in wrong.most_common(12)))


if __name__ == "__main__":
    main()
