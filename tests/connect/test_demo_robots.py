"""The demo's robots go on after whatever happened to the database."""

from __future__ import annotations

import threading
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from yingxu.connect.demo import afternoon
from yingxu.connect.demo.afternoon import AT_FIRST, carry_on


class Troubled:
    """Robots whose database is away at first, and once more later."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.n_made = self.n_asked = self.n_turns = 0

    def made(self, site_id: int, cast: object, *, seed: int) -> Troubled:
        self.n_made += 1
        if self.n_made == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return self

    def ask(self, at: datetime) -> None:
        self.n_asked += 1
        if self.n_asked == 3:
            raise OperationalError

    def turn(self, at: datetime, seconds: float) -> None:
        self.n_turns += 1
        if self.n_turns == 2:
            raise ValueError("a fault of its own")
        if self.n_turns == 4:
            self.stop.set()


def test_the_robots_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, closed = threading.Event(), list[bool]()
    troubled = Troubled(stop)
    monkeypatch.setattr(afternoon, "Robots", troubled.made)
    monkeypatch.setattr(afternoon, "cast_of_demo", lambda: None)
    monkeypatch.setattr(afternoon.queries, "site_by_code", lambda code: SimpleNamespace(id=1))
    monkeypatch.setattr(afternoon, "connection", SimpleNamespace(close=lambda: closed.append(True)))
    carry_on(stop, 1, pause_s=0.0)
    assert troubled.n_turns == 4
    assert troubled.n_asked == AT_FIRST + 1, "who could not ask asks again; nobody asks twice"
    assert len(closed) == 2, "a dead connection is let go each time"
