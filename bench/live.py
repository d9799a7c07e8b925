"""Live updates: 200 open desks by conditional polling, and by a side process that says when to look (by events).

Quiet: nothing happens at the site. Busy: 8 clients create as fast as they are answered. Printed: creates a second, the
processor's share of the web processes and of the side process, and how late a screen shows what was committed.
Usage: python -m bench.live [--smoke] [--screens N] [--seconds S]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import psutil

from bench.client import post_json, run
from bench.web import CLIENTS, PROJECT, cpu_s, free_port, server

EVERY_S = 2.0
_MARK = re.compile(rb"mark=(\d+)\.(\d+|\d+%2E\d+)")


@dataclass
class Seen:
    """What the screens saw: (moment, screen, newest entry shown), and how often they asked."""

    shown: list[tuple[float, int, int]] = field(default_factory=list)
    n_asked: int = 0
    n_same: int = 0


async def _ask(link: tuple[asyncio.StreamReader, asyncio.StreamWriter], path: str, cookie: str) -> tuple[int, bytes]:
    reader, writer = link
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nHX-Request: true\r\nCookie: {cookie}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    if b"chunked" in head.lower():
        body = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readexactly(2)
    else:
        body = await reader.readexactly(int(length.group(1))) if length else b""
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
            mark = f"{found.group(1).decode()}.{found.group(2).decode()}"
            seen.shown.append((time.time(), place, int(found.group(1))))
        # by events too a screen looks at most every two seconds: a busy site changes many times a second
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
    args = parser.parse_args()
    n, seconds = (10, 6.0) if args.smoke else (args.screens, args.seconds)
    with tempfile.TemporaryDirectory(prefix="yx") as home:
        os.environ["YINGXU_HOME"] = home
        os.environ["YINGXU_SECRET_KEY"] = "bench"
        sys.path.insert(0, str(PROJECT))
        from yingxu.connect import house, serve

        with house.database_up():
            serve.prepare()
            measure(n, seconds)


def measure(n_screens: int, seconds: float) -> None:
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
    for how, is_busy in [(how, busy) for busy in (False, True) for how in ("no screens", "polling", "side process")]:
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
            before, span = cpu_s(child), seconds - 4
            side_before = sum(psutil.Process(side.pid).cpu_times()[:2]) if side is not None else 0.0
            if is_busy:
                load = run(port, create, clients=CLIENTS, seconds=span)
                said = f"{load.per_second:>6.0f} creates/s  p99 {load.percentile_ms(0.99):>6.1f} ms"
            else:
                time.sleep(span)
                said = "     0 creates/s               "
            used = (cpu_s(child) - before) / span
            side_used = (sum(psutil.Process(side.pid).cpu_times()[:2]) - side_before) / span if side is not None else 0
            ended_at = time.time()
            seen = answer.get(timeout=60) if how != "no screens" else Seen()
            stop.set()
            watcher.join()
            late = delays_s(seen, commits, ended_at)
            shown = (
                f"shown after p50 {late[len(late) // 2]:.2f} s, p95 {late[int(len(late) * 0.95)]:.2f} s" if late else ""
            )
            print(
                f"{'busy ' if is_busy else 'quiet'}  {how:<13}{said}  web {used * 100:>5.0f} % of a core, "
                f"side {side_used * 100:>3.0f} %  asked {seen.n_asked} ({seen.n_same} unchanged)  {shown}",
                flush=True,
            )
            if side is not None:
                side.terminate()


if __name__ == "__main__":
    main()
