"""How fast a log goes through the product, and that the board then says what ``assess`` says. Prints one table.

Run: ``python -m bench.replay [--smoke]``. Shared data by ``YINGXU_SHARED`` (default ``../shared``); without it a
made-up log only. Each log goes to a site of its own in a new database folder; requests a second are of playing,
furnishing left out.
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("YINGXU_SHARED", PROJECT.parent / "shared"))
LOGS = {
    "city, 4 months": "data/service_log_boston311/boston311_2011_jul_oct.csv.gz",
    "service desk, events": "data/service_log_itsm_uci/incident_events_to_2016_04.csv.gz",
    "city, one hour": "data/nyc311_hour/nyc311_20220501.csv.gz",
}
SMOKE_ROWS = 400


def excerpt(path: Path, folder: Path) -> Path:
    """Return the beginning of a log."""
    short = folder / path.name.removesuffix(".gz")
    with gzip.open(path, "rt", encoding="utf-8") as whole, short.open("w", encoding="utf-8") as out:
        out.writelines(line for _, line in zip(range(SMOKE_ROWS + 1), whole, strict=False))
    return short


def made_up(folder: Path, n: int) -> Path:
    """Return a log of ``n`` cases, every third late."""
    path = folder / "made.csv"
    with path.open("w", encoding="utf-8") as out:
        out.write("id,opened,due,done,type,place\n")
        for at in range(n):
            day, closed = f"2024-03-{at % 28 + 1:02d}", "10:00" if at % 3 else "15:00"
            out.write(f"c{at},{day} 08:00,{day} 12:00,{day} {closed},Lifts,Room {at % 50}\n")
    return path


def main() -> int:
    """Play each log twice; the second run must add nothing. Returns 1 if a board does not say what assess says."""
    is_smoke, failed = "--smoke" in sys.argv, 0
    print(
        f"{'log':<24}{'cases':>8}{'a second':>10}{'again s':>9}{'kept':>8}{'broken':>8}{'late':>7}{'equal':>7}{'MB':>6}"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = {**os.environ, "YINGXU_HOME": str(folder / "home")}
        logs = {"made up": made_up(folder, SMOKE_ROWS if is_smoke else 4000)}
        for title, path in LOGS.items():
            if not (SHARED / path).exists():
                print(f"{title:<24} no data at {SHARED / path}; set YINGXU_SHARED")
                continue
            logs[title] = excerpt(SHARED / path, folder) if is_smoke else SHARED / path
        for at, (title, path) in enumerate(logs.items()):
            words = [sys.executable, "-m", "yingxu.connect.cli", "replay", str(path), "--site", f"log{at}", "--json"]
            first, again = (
                json.loads(subprocess.run(words, env=env, check=False, capture_output=True, text=True).stdout)
                for _ in range(2)
            )
            rate = first["cases"]["raised"] / max(first["seconds"], 0.01)
            is_right = first["equal"] and again["equal"] and not again["cases"]["raised"]
            failed += not is_right
            board, peak_mb = first["board"], resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(
                f"{title:<24}{first['cases']['in_log']:>8}{rate:>10.0f}{again['seconds']:>9.1f}{board['kept']:>8}"
                f"{board['broken']:>8}{board['running_late']:>7}{'yes' if is_right else 'NO':>7}{peak_mb:>6.0f}"
            )
            counts = first["cases"]
            per = counts["statements"] / max(counts["raised"], 1)
            print(f"{'':<24}{counts['statements']} writing statements, {per:.4f} a request")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
