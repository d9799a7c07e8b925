"""The embedded PostgreSQL: started once, shared, stopped by the last; back after a kill; clear when it can't."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.contention.served import PROJECT, own_environment, yingxu

#: Holds a share, says which server it reaches, and leaves when its input ends.
_HOLD = """
import sys, psycopg
from config.embedded import DatabaseUnavailable, Embedded
from config.home import socket_folder
try:
    with Embedded():
        with psycopg.connect(host=str(socket_folder()), user="postgres", dbname="yingxu") as link:
            print(link.execute("SELECT pg_postmaster_start_time()").fetchone()[0], flush=True)
        sys.stdin.read()
except DatabaseUnavailable as error:
    print("refused:", error, flush=True)
"""


#: A server on the same folder that listens where nobody of ours looks.
_STRANGER = """
import sys
from pathlib import Path
from config import embedded
embedded.socket_folder = lambda: Path(sys.argv[1])
embedded._start(embedded.data_folder())
print("up", flush=True)
sys.stdin.read()
embedded._stop(embedded.data_folder())
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="yx", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _holder(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _HOLD],
        cwd=PROJECT,
        env=own_environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _said(holder: subprocess.Popen[str]) -> str:
    assert holder.stdout is not None
    return holder.stdout.readline().strip()


def _leave(holder: subprocess.Popen[str]) -> None:
    holder.communicate(timeout=60)


def _postmaster(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])


def test_two_that_start_at_once_on_an_empty_home_share_one_server_and_the_last_stops_it(home: Path) -> None:
    first, second = _holder(home), _holder(home)
    assert _said(first) == _said(second)
    _leave(first)
    assert (home / "postgres" / "postmaster.pid").exists()
    _leave(second)
    assert not (home / "postgres" / "postmaster.pid").exists()


def test_a_killed_server_starts_again_with_what_was_committed(home: Path) -> None:
    first = _holder(home)
    began = _said(first)
    os.kill(_postmaster(home), signal.SIGKILL)
    second = _holder(home)
    assert _said(second) > began
    _leave(second)
    _leave(first)


def test_a_long_home_works_by_a_short_socket(home: Path) -> None:
    deep = home / ("long" * 20) / ("path" * 10)
    deep.mkdir(parents=True)
    holder = _holder(deep)
    assert _said(holder).startswith("20")
    _leave(holder)


def test_a_folder_of_another_major_version_is_refused_in_one_line(home: Path) -> None:
    _leave(_holder(home))
    (home / "postgres" / "PG_VERSION").write_text("16\n")
    refused = yingxu("check", environment=own_environment(home))
    assert refused.returncode == 2
    assert len(refused.stderr.splitlines()) == 1
    assert "another major version" in refused.stderr


def test_a_folder_in_use_by_a_server_of_somebody_else_is_refused_in_one_line(home: Path) -> None:
    elsewhere = home / "elsewhere"
    elsewhere.mkdir()
    stranger = subprocess.Popen(
        [sys.executable, "-c", _STRANGER, str(elsewhere)],
        cwd=PROJECT,
        env=own_environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert _said(stranger) == "up"
        refused = yingxu("check", environment=own_environment(home))
        assert refused.returncode == 2, refused.stdout
        assert len(refused.stderr.splitlines()) == 1
        assert "in use by another PostgreSQL" in refused.stderr
    finally:
        _leave(stranger)
