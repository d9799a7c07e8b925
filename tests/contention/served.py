"""A real ``yingxu serve`` with a home, a database and a port of its own, and a client that speaks to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from bench.client import post_json, read_answer

PROJECT = Path(__file__).resolve().parents[2]
_FURNISH = """
from yingxu.connect import house
with house.database_up():
    house.set_up()
    house.migrate()
    from django.utils import timezone
    from tests.people import furnish
    from yingxu.ground import actions
    from yingxu.ground.actor import engine
    built = furnish("demo")
    made = actions.make_token(name="t", scopes=["requests:write", "requests:read", "bulk"], site_id=built.site_id,
                              actor=engine("setup"), at=timezone.now())
    house.close_pool()
print(made.secret)
"""


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """A running server and what a test does to it."""

    home: Path
    port: int
    token: str
    child: subprocess.Popen[bytes]
    environment: dict[str, str]

    def post(self, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
        """Send a request for something, once; OSError when the server does not answer."""
        said = json.dumps(body).encode()
        headers = f"Authorization: Bearer {self.token}\r\nIdempotency-Key: {key}\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=15) as link:
            link.sendall(post_json("/api/v1/requests", said, headers=headers))
            status, answer, _ = read_answer(link, b"")
        return status, json.loads(answer) if answer else {}

    def web_processes(self) -> list[int]:
        """Return the web processes, without their parent and the worker."""
        children = psutil.Process(self.child.pid).children()
        return [child.pid for child in children if _is_web(child)]

    def kill_a_web_process(self, place: int) -> None:
        """Kill one with -9."""
        found = self.web_processes()
        if found:
            with suppress(ProcessLookupError):
                os.kill(found[place % len(found)], signal.SIGKILL)

    def kill_the_database(self) -> None:
        """Kill the postmaster with -9."""
        with suppress(FileNotFoundError, ProcessLookupError, ValueError):
            pid = int((self.home / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, signal.SIGKILL)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what the database holds."""
        with psycopg.connect(host=str(self.home / "postgres"), user="postgres", dbname="yingxu") as link:
            return link.execute(statement.encode()).fetchall()

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run ``yingxu`` on the same home."""
        return yingxu(*words, environment=self.environment)


def _is_web(child: psutil.Process) -> bool:
    with suppress(psutil.Error):
        words = child.cmdline()
        return "serve" in words and "worker" not in words and child.status() != psutil.STATUS_ZOMBIE
    return False


def yingxu(*words: str, environment: dict[str, str], told: str = "") -> subprocess.CompletedProcess[str]:
    """Run one command."""
    run = [sys.executable, "-m", "yingxu.connect.cli", *words]
    return subprocess.run(
        run, cwd=PROJECT, env=environment, input=told, capture_output=True, text=True, check=False, timeout=180
    )


def own_environment(home: Path) -> dict[str, str]:
    """Return an environment with a home of its own and the embedded database."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    return {**kept, "YINGXU_HOME": str(home), "YINGXU_SECRET_KEY": "only-for-tests", "PYTHONPATH": str(PROJECT)}


@contextmanager
def served() -> Iterator[Served]:
    """Furnish a small hospital and serve it; everything is stopped and taken away at the end."""
    with tempfile.TemporaryDirectory(prefix="yx", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        environment = own_environment(home)
        furnished = subprocess.run(
            [sys.executable, "-c", _FURNISH], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )
        assert furnished.returncode == 0, furnished.stderr
        port = free_port()
        with (home / "serve.log").open("wb") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "yingxu.connect.cli", "serve", "--port", str(port)],
                cwd=PROJECT,
                env=environment,
                stderr=log,
            )
        one = Served(home, port, furnished.stdout.strip(), child, environment)
        try:
            _wait_for(one)
            yield one
        finally:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(40)
            finally:
                if child.poll() is None:
                    child.kill()
                one.kill_the_database()


def _wait_for(one: Served, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        assert one.child.poll() is None, (one.home / "serve.log").read_text()
        try:
            socket.create_connection(("127.0.0.1", one.port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)
