"""`yingxu assess FILE`: turn any service log into a gap report. Needs no server and no database."""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from yingxu.connect.assess.drift import drift_of, weekly_series
from yingxu.connect.assess.limits import limits_of
from yingxu.connect.assess.log import ServiceLog
from yingxu.connect.assess.mapping import Mapping, read_map
from yingxu.connect.assess.measure import groups_of, measure, promise_states
from yingxu.connect.assess.page import page
from yingxu.connect.assess.paper import paper
from yingxu.connect.assess.phrases import LOCALES, Voice
from yingxu.connect.assess.reading import read_log
from yingxu.connect.assess.story import tell
from yingxu.connect.refusal import BadInput

#: What `assess` leaves in its folder.
OUTPUTS = ("report.html", "report.pdf", "report.json")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the log: CSV, CSV.gz or XLSX")
    parser.add_argument(
        "--map", type=Path, metavar="MAP.toml", help="which column is which, where finding is not enough"
    )
    parser.add_argument("--locale", choices=LOCALES, default="zh", help="language of the report (default: zh)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for report.html, .pdf and .json")
    parser.add_argument("--json", action="store_true", help="print report.json on standard output too")
    parser.add_argument("--now", metavar="ISO", help="judge open requests as of then (default: the log's latest time)")


def run(args: argparse.Namespace) -> int:
    """Read, measure, write the three reports; nothing is written unless all three can be."""
    mapping = read_map(args.map) if args.map else Mapping()
    if args.out.exists() and not args.out.is_dir():
        raise BadInput(f"{args.out}: is a file; name a folder after --out")
    step = _Steps(4)
    step("reading")
    log = read_log(args.file, mapping)
    now_s = log.now_s if args.now is None else instant_of(args.now, log)
    voice = Voice(args.locale)
    step("measuring")
    report, document = assess(log, now_s=now_s, voice=voice)
    written = json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    step("setting pages")
    outputs = {
        "report.html": page(document).encode(),
        "report.pdf": paper(document),
        "report.json": written.encode(),
    }
    step("writing")
    write_together(args.out, outputs)
    step.done()
    if args.json:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # whatever the terminal's locale says
        sys.stdout.write(written)
    return 0


def assess(log: ServiceLog, *, now_s: int, voice: Voice) -> tuple[dict[str, Any], Any]:
    """Return ``service-assessment/1`` and the report as a document."""
    names = {"name_of_all": voice("all_lines"), "name_of_none": voice("no_line")}
    report = measure(log, now_s=now_s, **names)
    states = promise_states(log, now_s)
    series = weekly_series(log, states, groups_of(log.line, *names.values()), voice)
    report["drift"] = drift_of(series, voice)
    report["limits"] = limits_of(log, voice)
    for reason in report["rows"]["reasons"]:
        reason["sentence"] = voice(f"x_{reason['reason']}")
    return report, tell(report, log, series, voice)


def instant_of(told: str, log: ServiceLog) -> int:
    """Return ``--now`` as an instant; without a zone it is on the log's clock."""
    try:
        at = dt.datetime.fromisoformat(told)
    except ValueError:
        raise BadInput(f"--now {told!r} is not an ISO time; write it like 2024-03-05T08:30:00") from None
    if at.tzinfo is not None:
        return int(at.timestamp())
    import numpy as np

    utc, _ = log.zone.to_utc(np.array([int(at.replace(tzinfo=dt.UTC).timestamp())], dtype=np.int64))
    return int(utc[0])


def write_together(folder: Path, outputs: dict[str, bytes]) -> None:
    """Write all files or none: beside the folder first, then moved into it."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as failure:
        raise BadInput(f"{folder}: cannot be written ({failure.strerror}); choose another folder after --out") from None
    try:
        beside.chmod(0o755)
        for name, blob in outputs.items():
            (beside / name).write_bytes(blob)
        if folder.exists():
            for name in outputs:
                os.replace(beside / name, folder / name)
        else:
            beside.rename(folder)
    except OSError as failure:
        raise BadInput(f"{folder}: cannot be written ({failure.strerror}); choose another folder after --out") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


class _Steps:
    """Progress for somebody at a terminal; silent otherwise."""

    def __init__(self, n: int) -> None:
        self.n, self.at, self.shown = n, 0, sys.stderr.isatty()

    def __call__(self, what: str) -> None:
        self.at += 1
        if self.shown:
            sys.stderr.write(f"\r\x1b[K[{self.at}/{self.n}] {what} …")
            sys.stderr.flush()

    def done(self) -> None:
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
