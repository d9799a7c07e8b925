"""Live updates: 200 open desks that look as the product's screens do, while nothing, a little or a flood happens.

Quiet: nothing happens at the site. Steady: five requests a second. Busy: 8 clients create as fast as they are answered,
with and without screens in turn (A B A B: what was created before makes everything after it dearer). Printed: creates a
second, the processor's share of the web processes, the database and the screens themselves, which share the machine,
and how late a screen shows what was committed. ``--events`` adds screens that a side process tells when to look.
Usage: python -m bench.live [--smoke] [--screens N] [--seconds S] [--events] [--only quiet|steady|busy]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from typing import Any

import psutil

from bench.client import Load, post_json, read_answer, run
from bench.web import CLIENTS, PROJECT, cpu_s, database_cpu_s, free_port, server

#: As the templates' hx-trigger says.
EVERY_S = 1.5
_MARK = re.compile(rb"mark=(\d+)([\d.]*)")
STEADY_PER_S = 5.0


@dataclass
class Seen:
    """What the screens saw: (moment, screen, newest entry shown), and how often they asked."""

    shown: list[tuple[float, int, int]] = field(default_factory=list)
    n_asked: int = 0
    n_same: int = 0


async def _ask(link: tuple[asyncio.StreamReader, asyncio.StreamWriter], path: str, cookie: str) -> tuple[int, bytes]:
    reader, writer = link
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nHX-Request: true\r\n"
        f"Accept-Encoding: gzip\r\nCookie: {cookie}\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    if b"chunked" in head.lower():
        body = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readexactly(2)
    else:
        body = await reader.readexactly(int(length.group(1))) if length else b""
    if b"content-encoding: gzip" in head.lower():
        body = zlib.decompressobj(31).decompress(body, 2000)  # the mark stands at its beginning
    return int(head.split(b" ", 2)[1]), body


async def _screen(place: int, ports: tuple[int, int | None], cookie: str, until: float, seen: Seen, n: int) -> None:
    port, side = ports
    await asyncio.sleep(place * EVERY_S / n)
    link = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    told: asyncio.StreamReader | None = None
    if side is not None:
        told, _ = await asyncio.open_connection("127.0.0.1", side)
    mark = ""
    while time.time() < until:
        began = time.time()
        status, body = await _ask(link, f"/desk/now?mark={mark}", cookie)
        seen.n_asked += 1
        found = _MARK.search(body)
        if status == 204:
            seen.n_same += 1
        elif found:
            mark = (found.group(1) + found.group(2)).decode()
            began = time.time()  # the page's clock starts anew with the part that was put in
            seen.shown.append((time.time(), place, int(found.group(1))))
        # by events too a screen looks no oftener: a busy site changes many times a second
        await asyncio.sleep(max(0.0, began + EVERY_S - time.time()))
        if told is not None:
            try:
                await asyncio.wait_for(told.readuntil(b"\n\n"), max(0.01, until - time.time()))
                while told._buffer:  # type: ignore[attr-defined]  # what came meanwhile is one look
                    await told.readuntil(b"\n\n")
            except TimeoutError:
                break


def screens(n: int, ports: tuple[int, int | None], cookie: str, seconds: float, answer: Any) -> None:
    """Run the screens in this process."""

    async def all_of_them() -> Seen:
        seen, until = Seen(), time.time() + seconds
        await asyncio.gather(*(_screen(i, ports, cookie, until, seen, n) for i in range(n)), return_exceptions=True)
        return seen

    answer.put(asyncio.run(all_of_them()))


def side_process(port: int, dsn: dict[str, Any], site_id: int) -> None:
    """Tell every open screen when the site's mark moved: one question each 200 ms, however many screens."""
    import psycopg

    waiting: set[asyncio.StreamWriter] = set()

    async def relay() -> None:
        link = await psycopg.AsyncConnection.connect(**dsn, autocommit=True)
        known = 0
        while True:
            row = await (
                await link.execute("SELECT coalesce(max(id), 0) FROM ground_entry WHERE site_id = %s", [site_id])
            ).fetchone()
            if row is not None and row[0] != known:
                known = row[0]
                for writer in list(waiting):
                    writer.write(f"event: changed\ndata: {known}\n\n".encode())
            await asyncio.sleep(0.2)

    async def serve() -> None:
        async def screen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            waiting.add(writer)

        await asyncio.start_server(screen, "127.0.0.1", port)
        await relay()

    asyncio.run(serve())


def watch(dsn: dict[str, Any], site_id: int, stop: threading.Event, commits: list[tuple[float, int]]) -> None:
    """Note when each newest entry was first there, every 20 ms."""
    import psycopg

    with psycopg.connect(**dsn, autocommit=True) as link:
        newest = 0
        while not stop.is_set():
            row = link.execute("SELECT coalesce(max(id), 0) FROM ground_entry WHERE site_id = %s", [site_id]).fetchone()
            if row is not None and row[0] > newest:
                newest = row[0]
                commits.append((time.time(), newest))
            time.sleep(0.02)


def delays_s(seen: Seen, commits: list[tuple[float, int]], ended_at: float) -> list[float]:
    """Return for each screen and each commit how long it took until the screen showed it or something newer."""
    by_screen: dict[int, list[tuple[float, int]]] = {}
    for moment, place, newest in seen.shown:
        by_screen.setdefault(place, []).append((moment, newest))
    found = []
    for rows in by_screen.values():
        at = 0
        for moment, newest in commits:
            if moment > ended_at - 4 or moment < rows[0][0]:
                continue
            while at < len(rows) and (rows[at][1] < newest or rows[at][0] < moment):
                at += 1
            if at < len(rows):
                found.append(rows[at][0] - moment)
    return sorted(found)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--screens", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=14.0)
    parser.add_argument("--events", action="store_true")
    parser.add_argument("--only", choices=("quiet", "steady", "busy"))
    args = parser.parse_args()
    n, seconds = (10, 6.0) if args.smoke else (args.screens, args.seconds)
    with tempfile.TemporaryDirectory(prefix="yx") as home:
        os.environ["YINGXU_HOME"] = home
        os.environ["YINGXU_SECRET_KEY"] = "bench"
        sys.path.insert(0, str(PROJECT))
        from yingxu.connect import house, serve

        with house.database_up():
            serve.prepare()
            measure(n, seconds, plan(only=args.only, events=args.events))


def plan(*, only: str | None, events: bool) -> list[tuple[str, str]]:
    """Return what is measured, in order: (what happens, how the screens hear of it)."""
    by = ["side process"] if events else []
    rows = [("quiet", how) for how in ("polling", *by)] + [("steady", how) for how in ("polling", *by)]
    rows += [("busy", how) for how in ("no screens", "polling", "no screens", "polling", *by)]
    return [row for row in rows if only in (None, row[0])]


def steadily(port: int, create: Callable[[int], bytes], seconds: float) -> Load:
    """Create :data:`STEADY_PER_S` requests a second, one after the other."""
    until, whole = time.time() + seconds, Load(wall_s=seconds)
    with socket.create_connection(("127.0.0.1", port)) as link:
        rest, n = b"", 0
        while time.time() < until:
            began = time.perf_counter()
            link.sendall(create(n))
            _, _, rest = read_answer(link, rest)
            whole.latencies_s.append(time.perf_counter() - began)
            n += 1
            time.sleep(max(0.0, 1 / STEADY_PER_S - (time.perf_counter() - began)))
    return whole


def spent_s(child: subprocess.Popen[bytes], *beside: BaseProcess | None) -> tuple[float, float, float]:
    """Return the processor's seconds of the web processes, of the database, and of the screens and what tells them."""
    own = [sum(psutil.Process(one.pid).cpu_times()[:2]) for one in beside if one is not None and one.pid]
    return cpu_s(child), database_cpu_s(), sum(own)


def measure(n_screens: int, seconds: float, rows: list[tuple[str, str]]) -> None:
    from django.db import connection
    from django.utils import timezone
    from tests.people import furnish

    from bench.stock import fill
    from yingxu.connect import house
    from yingxu.ground import actions
    from yingxu.ground.actor import engine

    print(f"load of the machine before: {os.getloadavg()[0]:.1f}; {n_screens} screens")
    hospital = furnish("demo")
    token = actions.make_token(
        name="bench", scopes=["requests:write", "bulk"], site_id=hospital.site_id, actor=engine("setup"),
        at=timezone.now(),
    ).secret  # fmt: skip
    stock = fill(hospital, 1000)
    params = connection.get_connection_params()
    dsn = {name: params[name] for name in ("dbname", "user", "password", "host", "port") if params.get(name)}
    connection.close()
    house.close_pool()
    body = json.dumps({"site": "demo", "place": "S7-ORT-WC", "item": "plb.faucet", "text": "卫生间水龙头滴水"}).encode()

    def create(k: int) -> bytes:
        key = f"Authorization: Bearer {token}\r\nIdempotency-Key: live-{time.time_ns()}-{k}\r\n"
        return post_json("/api/v1/requests", body, headers=key)

    spawn = multiprocessing.get_context("spawn")
    for what, how in rows:
        with server("config.wsgi:application") as (port, child):
            run(port, create, clients=2, seconds=0.5)
            side_port = free_port() if how == "side process" else None
            side = None
            if side_port is not None:
                side = spawn.Process(target=side_process, args=(side_port, dsn, hospital.site_id), daemon=True)
                side.start()
                time.sleep(1.0)
            answer = spawn.Queue()
            crowd = spawn.Process(
                target=screens, args=(n_screens, (port, side_port), stock.clerk_cookie, seconds, answer), daemon=True
            )
            if how != "no screens":
                crowd.start()
                time.sleep(2.5)
            stop, commits = threading.Event(), list[tuple[float, int]]()
            watcher = threading.Thread(target=watch, args=(dsn, hospital.site_id, stop, commits))
            watcher.start()
            span = seconds - 4
            before = spent_s(child, crowd, side)
            load = Load()
            if what == "busy":
                load = run(port, create, clients=CLIENTS, seconds=span)
            elif what == "steady":
                load = steadily(port, create, span)
            else:
                time.sleep(span)
            web, database, screens_ = (
                (now - then) / span * 100 for now, then in zip(spent_s(child, crowd, side), before, strict=True)
            )
            ended_at = time.time()
            seen = answer.get(timeout=60) if how != "no screens" else Seen()
            stop.set()
            watcher.join()
            late = delays_s(seen, commits, ended_at)
            shown = (
                f"shown after p50 {late[len(late) // 2]:.2f} s, p95 {late[int(len(late) * 0.95)]:.2f} s" if late else ""
            )
            print(
                f"{what:<7}{how:<13}{load.per_second:>5.0f} creates/s  p99 {load.percentile_ms(0.99):>6.1f} ms  "
                f"of a core: web {web:>4.0f} %, database {database:>4.0f} %, screens {screens_:>3.0f} %  "
                f"asked {seen.n_asked} ({seen.n_same} unchanged)  {shown}",
                flush=True,
            )
            if side is not None:
                side.terminate()


if __name__ == "__main__":
    main()
