"""How fast clocks are read: the batch (clocks a minute on one core) and the single clock (microseconds).

python -m bench.clocks            ten million clocks a row
python -m bench.clocks --smoke    a size for CI
"""

import argparse
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import numpy as np

from yingxu.core.clock import (
    Milestone,
    Paused,
    Pauses,
    Reached,
    Resumed,
    Started,
    Terms,
    derive,
    evaluate_batch,
    explain,
)
from yingxu.core.hours import Calendar, CompiledCalendar, advance

T0 = datetime(2025, 1, 1, tzinfo=UTC)
YEAR_S = 365 * 24 * 3600
OFFICE_WEEK = {weekday: [("08:00", "12:00"), ("13:30", "17:30")] for weekday in range(5)}
HOLIDAYS = [date(2025, month, day) for month, day in [(1, 1), (1, 28), (1, 29), (1, 30), (4, 4), (5, 1), (10, 1)]]
OFFICE = Calendar.weekly("Asia/Shanghai", OFFICE_WEEK, closed_on=HOLIDAYS, make_up={date(2025, 1, 26): 0})
NEW_YORK = Calendar.weekly("America/New_York", OFFICE_WEEK)
ALWAYS = Calendar.always("Asia/Shanghai")


def batch_row(name: str, calendar: Calendar, n_clocks: int, pause_share: float) -> None:
    """Print one row: a year of clocks, two thirds reached, a share of them paused once."""
    draw = np.random.default_rng(1)
    start_s = int(T0.timestamp()) + draw.integers(0, YEAR_S, n_clocks)
    limit_s = draw.choice([600, 3600, 14_400, 86_400], n_clocks)
    reached_s = np.where(draw.random(n_clocks) < 2 / 3, start_s + draw.integers(0, 200_000, n_clocks), -1)
    paused = np.flatnonzero(draw.random(n_clocks) < pause_share)
    from_s = start_s[paused] + draw.integers(0, 20_000, len(paused))
    pauses = Pauses(paused, from_s, from_s + draw.integers(60, 20_000, len(paused))) if len(paused) else None
    compiled = CompiledCalendar.over(calendar, int(start_s.min()), int(start_s.max()) + YEAR_S // 4)
    now_s = int(T0.timestamp()) + YEAR_S
    began = perf_counter()
    evaluate_batch(compiled, start_s, limit_s, reached_s, now_s, pauses)
    took_s = perf_counter() - began
    print(f"{name:<44}{n_clocks:>12,}{took_s:>9.2f} s{n_clocks / took_s * 60 / 1e6:>12.1f} million/min")


def single_row(name: str, work: Callable[[], object], n_times: int) -> None:
    """Print one row: the best of five rounds."""
    work()
    rounds = []
    for _ in range(5):
        began = perf_counter()
        for _ in range(n_times):
            work()
        rounds.append((perf_counter() - began) / n_times)
    print(f"{name:<44}{n_times:>12,}{min(rounds) * 1e6:>9.1f} µs")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="small sizes")
    smoke = parser.parse_args().smoke
    n_clocks, n_times = (20_000, 200) if smoke else (10_000_000, 5_000)

    print(f"{'batch, one core':<44}{'clocks':>12}{'time':>11}")
    batch_row("24x7", ALWAYS, n_clocks, 0.0)
    batch_row("24x7, a fifth paused once", ALWAYS, n_clocks, 0.2)
    batch_row("office, holidays and make-up day", OFFICE, n_clocks, 0.0)
    batch_row("office, a fifth paused once", OFFICE, n_clocks, 0.2)
    batch_row("office in New York", NEW_YORK, n_clocks, 0.0)

    around = Terms(Milestone.DONE, 4 * 3600, ALWAYS)
    office = Terms(Milestone.DONE, 4 * 3600, OFFICE)
    at = T0 + timedelta(days=2, hours=3)
    running, reached = (Started(T0),), (Started(T0), Reached(T0 + timedelta(hours=1)))
    pause = (Paused(T0 + timedelta(hours=2), "R1", is_approved=True), Resumed(T0 + timedelta(hours=3)))
    print(f"\n{'single clock':<44}{'calls':>12}{'best':>11}")
    single_row("derive, 24x7 running", lambda: derive(around, running, at), n_times)
    single_row("derive, 24x7 reached", lambda: derive(around, reached, at), n_times)
    single_row("derive, 24x7 one pause", lambda: derive(around, (*running, *pause), at), n_times)
    single_row("derive, office one pause", lambda: derive(office, (*running, *pause), at), n_times)
    single_row("explain, office one pause", lambda: explain(office, (*running, *pause), at), n_times)
    single_row("advance, office", lambda: advance(OFFICE, T0, timedelta(hours=20)), n_times)


if __name__ == "__main__":
    main()
