"""`yingxu replay FILE --site CODE`: a log's requests raised in the product itself, by the verbs that people use."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from pathlib import Path

from yingxu.connect import house
from yingxu.connect.assess.log import ServiceLog
from yingxu.connect.assess.mapping import Mapping, read_map
from yingxu.connect.assess.reading import read_log
from yingxu.connect.refusal import BadInput

#: Advisory lock of one site's replay; two at once would play the same cases.
_LOCK = 7_236_712


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the log: CSV, CSV.gz or XLSX")
    parser.add_argument("--map", type=Path, metavar="MAP.toml", help="which column is which")
    parser.add_argument("--site", required=True, metavar="CODE", help="the site; made when there is none of that code")
    parser.add_argument("--make-site", action="store_true", help="say so on purpose; a missing site is made either way")
    parser.add_argument(
        "--speed", default="max", metavar="max|60", help="max: at once; 60: sixty times as fast as it happened"
    )
    parser.add_argument("--processes", type=int, metavar="N", help="processes that play (default: by size and cores)")
    parser.add_argument("--json", action="store_true", help="print the reconciliation as JSON")


def run(args: argparse.Namespace) -> int:
    """Read, furnish, play, reconcile. Exit status 1: the board does not say what ``assess`` says."""
    speed = _speed(args.speed)
    if args.processes is not None and not 1 <= args.processes <= 64:
        raise BadInput(f"--processes {args.processes}: give 1 to 64")
    log = read_log(args.file, read_map(args.map) if args.map else Mapping())
    with house.entered(is_migrated=False):
        house.make_tables_if_none()
        report = _replayed(args, log, speed)
    from yingxu.connect.replay.reckoning import as_text

    print(json.dumps(report, ensure_ascii=False, indent=1) if args.json else as_text(report))
    return 0 if report["equal"] else 1


def _speed(said: str) -> float | None:
    """Return how many times as fast as it happened; None is at once."""
    if said == "max":
        return None
    try:
        speed = float(said)
    except ValueError:
        speed = 0.0
    if not (speed > 0 and math.isfinite(speed)):
        raise BadInput(f"--speed {said!r}: give max, or a number such as 60")
    return speed


def _replayed(args: argparse.Namespace, log: ServiceLog, speed: float | None) -> dict[str, object]:
    from django.utils import timezone

    from yingxu.connect.replay import crew
    from yingxu.connect.replay.furnishing import furnish, site_for
    from yingxu.connect.replay.pacing import play_paced
    from yingxu.connect.replay.playing import CASES_A_BATCH, Tally, chunks
    from yingxu.connect.replay.reckoning import reckon
    from yingxu.connect.replay.telling import told_cases

    at = timezone.now()
    site, is_made = site_for(args.site, log, at=at)
    with house.locked(_LOCK, site.id) as is_mine:
        if not is_mine:
            raise BadInput(f"--site {args.site}: another replay is playing there; wait for it to end")
        ground = furnish(site, log, at=at)
        cases = list(told_cases(log, log.now_s, site=site.code))
        progress, tally = _Progress(len(cases)), Tally()
        began = time.perf_counter()
        if speed is not None:
            tally = play_paced(ground, cases, speed=speed)
        else:

            def tell(part: dict[str, object]) -> None:
                tally.add(Tally(**part))  # type: ignore[arg-type]
                progress(tally.raised + tally.known)

            n_processes = args.processes or crew.processes_for(len(cases))
            crew.play_all(ground, list(chunks(cases, CASES_A_BATCH)), n_processes=n_processes, tell=tell)
        seconds = time.perf_counter() - began
        progress.done()
        return reckon(
            log,
            tally,
            site=site.code,
            site_id=site.id,
            line_codes=list(ground.hands),
            now_s=log.now_s,
            is_made=is_made,
            n_flag_targets=sum(case.is_target_from_flag for case in cases),
            seconds=seconds,
        ).report


class _Progress:
    """Progress for somebody at a terminal; silent otherwise."""

    def __init__(self, n: int) -> None:
        self.n, self.shown = n, sys.stderr.isatty()

    def __call__(self, at: int) -> None:
        if self.shown:
            sys.stderr.write(f"\r\x1b[K{at} of {self.n} cases")
            sys.stderr.flush()

    def done(self) -> None:
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
