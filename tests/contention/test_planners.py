"""Two real planner processes on one house: one plans at a time, no job goes out twice, a killed one is replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests.contention.served import PROJECT, Served, own_environment, served

_FURNISH = """
from yingxu.connect import house
with house.database_up():
    house.set_up()
    house.migrate()
    from datetime import timedelta
    from django.utils import timezone
    from tests.people import furnish
    from yingxu.dispatch import actions
    from yingxu.ground.actor import engine
    built = furnish("demo")
    now = timezone.now()
    for line in ("PLB", "ELE"):
        actions.change_mode(site_id=built.site_id, line_code=line, mode="automatic", hold_limit=5,
                            actor=engine("setup"), at=now)
    house.close_pool()
"""
_ASK = """
import sys
from yingxu.connect import house
with house.database_up():
    house.set_up()
    from django.utils import timezone
    from tests.people import find_house
    from yingxu.demand import actions as demand
    from yingxu.dispatch import actions as dispatch
    from yingxu.ground.actor import engine
    from yingxu.ground.models import Account
    built = find_house("demo")
    for n in range(int(sys.argv[1])):
        demand.raise_request(site_id=built.site_id, channel="web", text="水龙头滴水 %d" % n,
                             item_code="plb.faucet" if n % 2 else "ele.light", place_code="S7-ORT-WC",
                             actor=built.actor("nurse"), at=timezone.now())
    house.close_pool()
"""


class House:
    """A small hospital with its own database, on which planners run."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {**own_environment(home), "YINGXU_NO_COMPILE": "1"}
        self.children: list[subprocess.Popen[bytes]] = []
        self.keeper: subprocess.Popen[bytes] | None = None

    def run(self, script: str, *words: str) -> None:
        done = subprocess.run(
            [sys.executable, "-c", script, *words],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stderr

    def planner(self) -> subprocess.Popen[bytes]:
        """Start a planner process."""
        child = subprocess.Popen(
            [sys.executable, "-m", "yingxu.connect.cli", "planner"], cwd=PROJECT, env=self.environment
        )
        self.children.append(child)
        return child

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(host=str(self.home / "postgres"), user="postgres", dbname="yingxu") as link:
            return link.execute(statement.encode()).fetchall()

    def until(self, statement: str, wanted: object, seconds: float = 60) -> float:
        """Wait until a statement answers so; returns how long it took."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            with suppress(psycopg.OperationalError):
                if self.rows(statement) == [(wanted,)]:
                    return time.monotonic() - began
            time.sleep(0.05)
        raise AssertionError(f"{statement} is not {wanted} after {seconds} s")


@contextmanager
def small_house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="yx", ignore_cleanup_errors=True) as folder:
        house = House(Path(folder))
        house.run(_FURNISH)
        try:
            yield house
        finally:
            for child in house.children:
                if child.poll() is None:
                    child.send_signal(signal.SIGTERM)
            for child in house.children:
                with suppress(subprocess.TimeoutExpired):
                    child.wait(15)
                if child.poll() is None:
                    child.kill()


LEASES = "SELECT count(*) FROM dispatch_plannerlease WHERE expires_at > now()"
PROPOSED = "SELECT count(*) FROM dispatch_proposal p JOIN work_job j ON j.id = p.job_id"
TWICE = "SELECT count(*) FROM (SELECT job_id FROM dispatch_assignment GROUP BY job_id HAVING count(*) > 1) twice"


def test_two_planners_assign_nothing_twice_and_a_killed_one_is_replaced_in_seconds() -> None:
    with small_house() as house:
        first = house.planner()
        house.until(LEASES, 1)
        second = house.planner()
        house.run(_ASK, "12")
        house.until(PROPOSED, 12)
        sent = "SELECT count(*) > 0 FROM dispatch_assignment"
        house.until(sent, True)
        assert house.rows(TWICE) == [(0,)]
        time.sleep(1)
        holder = house.rows("SELECT holder FROM dispatch_plannerlease")[0][0]
        victim, heir = (first, second) if f":{first.pid}:" in holder else (second, first)
        os.kill(victim.pid, signal.SIGKILL)
        # on a busy machine a lease may change hands more than once: what counts is that the heir has it
        mine = f"SELECT holder LIKE '%:{heir.pid}:%' FROM dispatch_plannerlease WHERE expires_at > now()"
        taken_s = house.until(mine, True, seconds=30)
        house.run(_ASK, "4")
        house.until(PROPOSED, 16)
        assert heir.poll() is None
        assert house.rows(TWICE) == [(0,)]
        print(f"the other planner took over after {taken_s:.1f} s")


def beside(one: Served, name: str) -> int:
    """Return the process of ``yingxu name`` beside the web; none is 0."""
    for child in psutil.Process(one.child.pid).children():
        with suppress(psutil.Error):
            if child.cmdline()[-1:] == [name] and child.status() != psutil.STATUS_ZOMBIE:
                return child.pid
    return 0


def test_a_killed_planner_and_a_killed_worker_come_back_beside_serve() -> None:
    with served() as one:
        until = time.monotonic() + 180
        while one.rows("SELECT count(*) FROM dispatch_plannerlease") == [(0,)]:
            assert time.monotonic() < until, "no planner came"
            time.sleep(0.1)
        before = {name: beside(one, name) for name in ("planner", "worker")}
        assert all(before.values())
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)
        status, _ = one.post({"site": "demo", "place": "S7-ORT-WC", "item": "plb.faucet", "text": "滴水"}, "meanwhile")
        assert status == 201
        while one.rows("SELECT count(*) FROM dispatch_proposal") != [(1,)]:
            assert time.monotonic() < until, "what was asked while no planner ran was never proposed"
            time.sleep(0.1)
        after = {name: beside(one, name) for name in before}
        assert all(after.values())
        assert not set(after.values()) & set(before.values())
