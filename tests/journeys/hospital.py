"""A hospital that really runs: the demo's own command in processes, on a port and with a home of its own."""

from __future__ import annotations

import csv
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from importlib import resources
from pathlib import Path

PASSWORD = "yingxu-demo"
#: The place whose printed code the demo names: orthopaedics, seventh floor of the surgical tower.
PLACE = "S-07-W"
_PATIENCE_S = 300.0


class Hospital:
    """The demo hospital behind one address; it may be killed and started again where it stood."""

    def __init__(self, home: Path, *, days: int = 0) -> None:
        self.home = home
        self.days = days
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.token = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, patience_s: float = _PATIENCE_S) -> None:
        """Start the server and wait until it answers; raises with its own words when it doesn't."""
        said = self.home / "said.txt"
        self.home.mkdir(parents=True, exist_ok=True)
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("YINGXU_", "DJANGO_", "PYTEST_", "COV_")) and name != "DATABASE_URL"
        }
        words = ("demo", "--still", "--days", str(self.days), "--port", str(self.port), "--workers", "1")
        with said.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "yingxu.connect.cli", *words],
                env={**environment, "YINGXU_HOME": str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + patience_s
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the demo did not start: {said.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)
        found = re.search(r"/q/(\w+)", said.read_text())
        assert found is not None
        self.token = found.group(1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """Kill every process of the server with -9, the database's too: as when the power goes."""
        assert self._process is not None
        pid_file = self.home / "postgres" / "postmaster.pid"
        with suppress(FileNotFoundError, ProcessLookupError, ValueError):
            os.kill(int(pid_file.read_text().split("\n", 1)[0]), signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)

    def stop(self) -> None:
        """Stop as Ctrl-C does."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


def login_of(name: str) -> str:
    """Return the account of a worker of the demo by the name that a page shows."""
    folder = resources.files("yingxu.connect.demo") / "data"
    people = csv.DictReader((folder / "people.csv").read_text(encoding="utf-8-sig").splitlines())
    workers = (row for row in people if {"WK", "TL"} & set(row["roles"].split(";")))
    return next(row["login"] for row in workers if row["name_zh"] == name)
