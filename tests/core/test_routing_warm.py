"""Compiling ahead: once, whoever asks; who waited for another's compilation leaves it alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from yingxu.core.routing import warm


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache that stands for the real one."""
    monkeypatch.setattr(warm, "_cache", lambda: tmp_path)
    return tmp_path


def compiles(cache: Path, monkeypatch: pytest.MonkeyPatch, then: Callable[[], object] = lambda: None) -> list[int]:
    """Count compilations; each leaves a file, as numba does."""
    made: list[int] = []

    def compile_() -> None:
        made.append(len(made))
        (cache / "engine.solve-1.py311.nbi").write_text("code")
        then()

    monkeypatch.setattr(warm, "_compile", compile_)
    return made


def test_the_second_time_nothing_is_compiled(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = compiles(cache, monkeypatch)
    assert not warm.is_warm()
    warm.warm()
    warm.warm()
    assert made == [0]
    assert warm.is_warm()


def test_code_of_other_sources_is_deleted_first(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = compiles(cache, monkeypatch)
    old = cache / "sisr.search-9.py311.1.nbc"
    old.write_text("old")
    (cache / "yingxu_routing_kernels.stamp").write_text("of other sources")
    warm.warm()
    assert made == [0]
    assert not old.exists()


def test_who_waited_for_another_compilation_keeps_its_code(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiling, finish, looked = threading.Event(), threading.Event(), threading.Event()

    def hold() -> None:
        compiling.set()
        assert finish.wait(30)

    made = compiles(cache, monkeypatch, hold)
    first = threading.Thread(target=warm.warm)
    first.start()
    assert compiling.wait(30)
    is_warm = warm.is_warm

    def looking() -> bool:
        found = is_warm()
        looked.set()
        return found

    monkeypatch.setattr(warm, "is_warm", looking)
    second = threading.Thread(target=warm.warm)
    second.start()
    assert looked.wait(30), "the second found nothing compiled, and waits for its turn"
    finish.set()
    first.join(30)
    second.join(30)
    assert made == [0]
    assert (cache / "engine.solve-1.py311.nbi").exists()
    assert warm.is_warm()


def test_a_compilation_that_fails_leaves_no_stamp(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise MemoryError

    compiles(cache, monkeypatch, fail)
    with pytest.raises(MemoryError):
        warm.warm()
    assert not warm.is_warm()
