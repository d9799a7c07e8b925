"""From a request that is committed to its stored proposal: a real planner process on a small hospital of its own.

Each request is raised by the verb, then the database is asked until the proposal of its job is there; the time counts
from the moment at which the verb returned, so it holds the planner's wait, its reading, its answer and its write.
Between two requests a random pause, so that they meet the planner in every phase of its turn.
Usage: python -m bench.arrival [--smoke] [--n N] [--jobs N]
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.web import PROJECT

_SEED = 20_261_123


def measure(n: int, n_standing: int) -> list[float]:
    """Return the milliseconds from commit to stored proposal of ``n`` requests, with so many waiting before."""
    from django.db import connection
    from django.utils import timezone
    from tests.people import furnish

    from yingxu.demand import actions as demand
    from yingxu.dispatch import queries

    built, chance = furnish("demo"), random.Random(_SEED)

    def ask(k: int) -> Any:
        item = ("plb.faucet", "ele.light")[k % 2]
        return demand.raise_request(
            site_id=built.site_id,
            channel="web",
            text=f"滴水 {k}",
            item_code=item,
            place_code="S7-ORT-WC",
            actor=built.actor("nurse"),
            at=timezone.now(),
        )

    def proposed(number: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM dispatch_proposal p JOIN work_job j ON j.id = p.job_id"
                " JOIN demand_request r ON r.id = j.request_id WHERE r.number = %s",
                [number],
            )
            return cursor.fetchone() is not None

    for k in range(n_standing):
        ask(-k)
    child = subprocess.Popen([sys.executable, "-m", "yingxu.connect.cli", "planner"], cwd=PROJECT, env=os.environ)
    try:
        deadline = time.monotonic() + 30
        while not queries.is_planned_now(built.site_id, at=timezone.now()):
            assert time.monotonic() < deadline, "no planner came"
            time.sleep(0.05)
        time.sleep(8)  # the kernels are loaded with the second plan
        found = []
        for k in range(n):
            time.sleep(chance.uniform(0.2, 1.0))
            number = ask(k).number
            began = time.perf_counter()
            while not proposed(number):
                assert time.perf_counter() - began < 10, "no proposal came"
                time.sleep(0.0005)
            found.append(1e3 * (time.perf_counter() - began))
        return found
    finally:
        child.terminate()
        child.wait(20)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--n", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=10, help="jobs that wait when the measuring begins")
    args = parser.parse_args()
    n = 5 if args.smoke else args.n
    with tempfile.TemporaryDirectory(prefix="yx", ignore_cleanup_errors=True) as folder:
        os.environ |= {"YINGXU_HOME": folder, "YINGXU_SECRET_KEY": "only-for-the-bench", "PYTHONPATH": str(PROJECT)}
        for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
            os.environ.pop(name, None)
        from yingxu.connect import house

        with house.database_up():
            house.set_up()
            house.migrate()
            found = sorted(measure(n, args.jobs))
            house.close_pool()
    at = [found[min(len(found) - 1, int(len(found) * share))] for share in (0.5, 0.95)]
    print(f"arrival to stored proposal, n = {len(found)}, {args.jobs} waiting before, home {Path(folder).name}:")
    print(f"p50 {at[0]:.1f} ms, p95 {at[1]:.1f} ms, max {found[-1]:.1f} ms; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
