"""The web under load: create by HTTP beside a bare one-insert view, list and detail pages at 100,000 requests and more.

Every figure comes from the verb and the page that people use. Two web processes, 8 clients on this machine, durable
commits. Usage: python -m bench.web [--smoke] [--seconds S] [--rows N,N]
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from bench.client import Load, get, post_json, run

PROJECT = Path(__file__).resolve().parents[1]
CLIENTS = 8


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def granian(target: str, port: int) -> list[str]:
    """The command of a server as ``yingxu serve`` runs it."""
    code = (
        "from granian import Granian; from granian.constants import Interfaces; "
        "from yingxu.connect.serve import THREADS; "
        f"Granian({target!r}, address='127.0.0.1', port={port}, interface=Interfaces.WSGI, workers=2, "
        "blocking_threads=THREADS, backlog=1024, log_enabled=False).serve()"
    )
    return [sys.executable, "-c", code]


@contextmanager
def server(target: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run a server; yields its port when it answers."""
    port = free_port()
    log = tempfile.TemporaryFile()  # noqa: SIM115 (a failing page would bury the table; statuses tell)
    child = subprocess.Popen(granian(target, port), cwd=PROJECT, env=os.environ, stderr=log)
    try:
        began = time.monotonic()
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
                break
            except OSError:
                if time.monotonic() - began > 20:
                    raise
                time.sleep(0.02)
        yield port, child
    finally:
        child.terminate()
        child.wait(10)


def wake(port: int, make: Callable[[int], bytes]) -> None:
    """Let every web process answer something: its first answer imports the addresses, and chance deals connections."""
    for turn in range(8):
        run(port, lambda n, turn=turn: make(n + 1000 * turn), clients=CLIENTS, seconds=0.05)


def line(name: str, load: Load, note: str = "") -> None:
    print(
        f"{name:<44}{load.per_second:>9.0f} /s"
        f"  p50 {load.percentile_ms(0.5):>6.1f} ms  p99 {load.percentile_ms(0.99):>6.1f} ms"
        f"  {load.statuses}  {note}",
        flush=True,
    )


def memory_mb(child: subprocess.Popen[bytes]) -> list[int]:
    return sorted(
        p.memory_info().rss // 2**20
        for p in psutil.Process(child.pid).children(recursive=True)
        if "resource_tracker" not in " ".join(p.cmdline())
    )


def cpu_s(child: subprocess.Popen[bytes]) -> float:
    """Seconds of processor that the web processes have used; steadier than a rate on a machine that others use too."""
    spent = [p.cpu_times() for p in psutil.Process(child.pid).children(recursive=True)]
    return sum(times.user + times.system for times in spent)


def database_cpu_s() -> float:
    """Seconds of processor of the embedded database's living processes; backends live as long as a pool holds them."""
    folder = os.environ["YINGXU_HOME"]
    total = 0.0
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error):
            if process.info["name"] == "postgres" and process.cwd().startswith(folder):
                times = process.cpu_times()
                total += times.user + times.system
    return total


def measured(child: subprocess.Popen[bytes], load: Callable[[], Load]) -> tuple[Load, str]:
    """Return a load and the processor's milliseconds per request, of the web and of the database."""
    before, database_before = cpu_s(child), database_cpu_s()
    seen = load()
    n = max(1, len(seen.latencies_s))
    web_ms, database_ms = ((cpu_s(child) - before) * 1000 / n, (database_cpu_s() - database_before) * 1000 / n)
    return seen, f"cpu web {web_ms:.2f} ms, database {database_ms:.2f} ms"


def start_times() -> str:
    """Seconds from the start of a Python process to the application's being ready, and to its first page's.

    Bytecode is kept, as Python does unless it is told not to; what compiling costs the very first start is not counted.
    """
    said = []
    with tempfile.TemporaryDirectory(prefix="yxc") as kept:
        env = {**os.environ, "PYTHONPYCACHEPREFIX": kept}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        for what in ("config.urls", "config.wsgi", "config.wsgi, config.urls"):
            began, before = time.perf_counter(), os.times()
            subprocess.run(
                [sys.executable, "-c", f"import config.wsgi; import {what}"], cwd=PROJECT, env=env, check=True
            )
            after = os.times()
            spent = after.children_user + after.children_system - before.children_user - before.children_system
            said.append(f"{time.perf_counter() - began:.2f} s (cpu {spent:.2f} s)")
    return f"{said[1]}; with its addresses {said[2]}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--rows", default="")
    args = parser.parse_args()
    seconds = args.seconds or (1.0 if args.smoke else 8.0)
    sizes = [int(part) for part in args.rows.split(",") if part] or ([500] if args.smoke else [100_000, 1_000_000])
    with tempfile.TemporaryDirectory(prefix="yx") as home:
        os.environ["YINGXU_HOME"] = home
        os.environ["YINGXU_SECRET_KEY"] = "bench"
        sys.path.insert(0, str(PROJECT))
        from yingxu.connect import house, serve

        with house.database_up():
            serve.prepare()
            measure(seconds, sizes)


def measure(seconds: float, sizes: list[int]) -> None:
    from django.db import connection
    from tests.people import furnish

    from bench.stock import fill
    from yingxu.connect import house
    from yingxu.ground import actions
    from yingxu.ground.actor import engine

    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    hospital = furnish("demo")
    from django.utils import timezone

    token = actions.make_token(
        name="bench",
        scopes=["requests:write", "bulk"],
        site_id=hospital.site_id,
        actor=engine("setup"),
        at=timezone.now(),
    ).secret
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)"
        )
    connection.close()
    house.close_pool()
    auth = f"Authorization: Bearer {token}\r\n"
    body = json.dumps({"site": "demo", "place": "S7-ORT-WC", "item": "plb.faucet", "text": "卫生间水龙头滴水"}).encode()
    print(f"start of the application: {start_times()}")

    def create(n: int) -> bytes:
        return post_json("/api/v1/requests", body, headers=f"{auth}Idempotency-Key: bench-{os.getpid()}-{n}\r\n")

    with (
        server("bench.bare:application") as (bare_port, bare_child),
        server("config.wsgi:application") as (port, child),
    ):
        bare_body = json.dumps({"text": "卫生间水龙头滴水"}).encode()
        wake(port, lambda n: get("/api/v1/requests?site=demo&limit=1", headers=auth))
        run(bare_port, lambda n: post_json("/insert", bare_body), clients=CLIENTS, seconds=seconds / 4)
        run(port, create, clients=CLIENTS, seconds=seconds / 4)
        bare, bare_cpu = measured(
            bare_child,
            lambda: run(bare_port, lambda n: post_json("/insert", bare_body), clients=CLIENTS, seconds=seconds),
        )
        line("bare Django, one insert", bare, bare_cpu)
        offset = 10_000_000
        made, cpu = measured(child, lambda: run(port, lambda n: create(n + offset), clients=CLIENTS, seconds=seconds))
        line(
            "create (authority, promise, ledger, queue)",
            made,
            f"{cpu}; {made.per_second / bare.per_second:.2f} of bare",
        )
        print(f"memory of the web processes: {memory_mb(child)} MB")
    for size in sizes:
        made_of = fill(hospital, size)
        connection.close()
        house.close_pool()
        with server("config.wsgi:application") as (port, child):
            ids = made_of.ids
            cookie = f"Cookie: {made_of.clerk_cookie}\r\n"
            wake(port, lambda n, cookie=cookie: get("/requests", headers=cookie))
            for warm in (True, False):
                span = seconds / 4 if warm else seconds
                pages = {
                    "list by API, 25 rows": lambda n: get("/api/v1/requests?site=demo&limit=25", headers=auth),
                    "list page, 25 rows with clocks": lambda n, cookie=cookie: get("/requests", headers=cookie),
                    "detail page": lambda n, ids=ids, cookie=cookie: get(
                        f"/requests/{ids[n * 7919 % len(ids)]}", headers=cookie
                    ),
                }
                for name, make in pages.items():
                    seen, cpu = measured(
                        child, lambda make=make, span=span: run(port, make, clients=CLIENTS, seconds=span)
                    )
                    if not warm:
                        line(f"{name}, of {size:,}", seen, cpu)
            print(f"memory of the web processes: {memory_mb(child)} MB")


if __name__ == "__main__":
    main()
