"""Train the triage table, or measure it honestly: ``python -m bench.triage [--train]`` from the project root.

Figures: the phrase book alone (no sample seen), and five-fold cross-validation by incident over all samples.
"""

from __future__ import annotations

import argparse
import csv
import os
from pathlib import Path

import numpy as np

from yingxu.core.language.training import Example, train_table

TABLE = Path(__file__).parent.parent / "src/yingxu/core/language/data/table.npz"


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


def main() -> None:
    """Train and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", action="store_true", help="fit on phrase book and samples, and write the table")
    args = parser.parse_args()
    if args.train:
        np.savez_compressed(TABLE, **train_table(samples()))
        print(f"{TABLE.name}: {TABLE.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
