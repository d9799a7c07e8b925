"""Whichever process beside the web dies is started again; how soon is reckoned, not waited for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from yingxu.connect import keeping
from yingxu.connect.keeping import AGAIN_AT_MOST_S, AGAIN_S, SOUND_AFTER_S, Child, Keeper


def _run(words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", words])


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Iterator[Child]:
    """A process that died, and what is started instead of it."""
    monkeypatch.setattr(keeping, "_start", lambda name: _run("import time; time.sleep(60)"))
    dead = _run("raise SystemExit(3)")
    dead.wait()
    one = Child("worker", dead, started=0.0)
    yield one
    one.process.kill()
    one.process.wait()


def test_who_died_is_started_again_after_a_moment(child: Child) -> None:
    keeper = Keeper([child])
    keeper.look(child, 5.0)
    assert child.process.returncode == 3, "not at once"
    keeper.look(child, 5.0 + AGAIN_S)
    assert child.process.poll() is None
    keeper.look(child, 9.0)
    assert child.started == 5.0 + AGAIN_S, "who runs is let alone"


def test_who_dies_again_and_again_waits_longer_up_to_a_bound(child: Child) -> None:
    keeper = Keeper([child])
    waits = []
    for _ in range(9):
        keeper.look(child, 10.0)
        waits.append(child.again_at - 10.0)
        child.again_at = 0.0
    assert waits[:3] == [AGAIN_S, 2 * AGAIN_S, 4 * AGAIN_S]
    assert waits[-1] == AGAIN_AT_MOST_S


def test_who_ran_soundly_for_long_is_back_at_once(child: Child) -> None:
    keeper = Keeper([child])
    child.n_deaths = 7
    keeper.look(child, child.started + SOUND_AFTER_S)
    assert child.again_at == child.started + SOUND_AFTER_S + AGAIN_S


def test_others_are_started_by_what_python_is_told_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, ...]] = []

    def start(words: tuple[str, ...]) -> subprocess.Popen[bytes]:
        told.append(words)
        return _run("import time; time.sleep(60)")

    monkeypatch.setattr(keeping, "_start", start)
    robots = ("-m", "yingxu.connect.demo", "1")
    Keeper.of(("planner",), robots=robots).stop()
    assert told == [("-m", "yingxu.connect.cli", "planner"), robots]
    one = Child.of("robots", robots)
    one.process.kill()
    one.process.wait()
    keeper = Keeper([one])
    keeper.look(one, 5.0)
    keeper.look(one, 5.0 + AGAIN_AT_MOST_S)
    assert told[2:] == [robots, robots], "whichever dies comes back as itself"
    keeper.stop()


def test_all_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "_start", lambda name: _run("import time; time.sleep(60)"))
    keeper = Keeper.of(("worker", "planner"))
    keeper.stop()
    assert all(one.process.returncode is not None for one in keeper.children)
