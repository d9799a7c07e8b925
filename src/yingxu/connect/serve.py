"""``yingxu serve``: web processes behind one port, and the background worker beside the embedded database."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from config.home import is_embedded
from yingxu.connect import house
from yingxu.connect.keeping import Keeper
from yingxu.connect.refusal import BadInput

#: Threads a web process answers with. Two keep a core busy while one waits for the database; with four they wait for
#: each other (measured: docs/measurements.md).
THREADS = 2


def configure(parser: argparse.ArgumentParser) -> None:
    """Where to listen and with how many processes."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="web processes (default 2)")
    parser.add_argument("--no-worker", action="store_true", help="leave the background worker out")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; stops web, worker and the embedded database cleanly."""
    with house.database_up():
        prepare()
        with background_worker(wanted=is_embedded() and not args.no_worker):
            serve(host=args.host, port=args.port, workers=args.workers)
    return 0


def prepare() -> None:
    """Bring the tables and the collected static files to this version."""
    house.set_up()
    from django.core.management import call_command
    from django.db import connection

    house.migrate()
    call_command("collectstatic", verbosity=0, interactive=False)
    connection.close()
    house.close_pool()


def serve(*, host: str, port: int, workers: int) -> None:
    """Run the web processes in the foreground; refuses: BadInput when the port is taken."""
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadInput(f"port {port} on {host} is taken; choose another with --port") from error
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backlog=1024,
        log_enabled=False,
        respawn_failed_workers=True,
        process_name=None,
    ).serve()


@contextmanager
def background_worker(*, wanted: bool) -> Iterator[None]:
    """Keep ``yingxu worker`` and ``yingxu planner`` running beside; they are stopped when the block ends."""
    if not wanted:
        yield
        return
    keeper = Keeper.of(("worker", "planner"))
    try:
        yield
    finally:
        keeper.stop()
