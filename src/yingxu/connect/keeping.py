"""The processes beside the web are kept running: whichever dies is started again, whatever it died of."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

log = logging.getLogger("yingxu.keeping")

#: How often it is looked whether all are there.
LOOK_S = 0.25
#: The first time one dies it is started again after so long; each time after twice as long, up to the second figure.
AGAIN_S, AGAIN_AT_MOST_S = 0.25, 15.0
#: Whoever has run so long dies for the first time again.
SOUND_AFTER_S = 60.0
#: So long each has to finish the turn in hand when all are told to stop.
STOP_S = 10.0


@dataclass
class Child:
    """One command, kept running."""

    name: str
    process: subprocess.Popen[bytes]
    started: float
    n_deaths: int = 0
    again_at: float = 0.0
    #: What Python is told to run; nothing: ``yingxu NAME``.
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, words: Sequence[str] = ()) -> Child:
        """Start it."""
        told = tuple(words) or ("-m", "yingxu.connect.cli", name)
        return cls(name, _start(told), time.monotonic(), words=told)


@dataclass
class Keeper:
    """Keeps commands running in a thread of its own until it is told to stop."""

    children: list[Child]
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @classmethod
    def of(cls, names: Sequence[str], **others: Sequence[str]) -> Keeper:
        """Start the commands of these names, and others by what Python is told to run, and watch them."""
        keeper = cls([Child.of(name) for name in names] + [Child.of(name, words) for name, words in others.items()])
        keeper._thread = threading.Thread(target=keeper._watch, name="keeper", daemon=True)
        keeper._thread.start()
        return keeper

    def stop(self) -> None:
        """Tell all to finish, and wait for them."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        for child in self.children:
            with suppress(ProcessLookupError):
                child.process.send_signal(signal.SIGTERM)
        for child in self.children:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(STOP_S)
            if child.process.poll() is None:
                child.process.kill()

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_S):
            for child in self.children:
                self.look(child, time.monotonic())

    def look(self, child: Child, clock: float) -> None:
        """Start a dead one again once its time has come."""
        if child.process.poll() is None:
            return
        if not child.again_at:
            child.n_deaths = 1 if clock - child.started >= SOUND_AFTER_S else child.n_deaths + 1
            child.again_at = clock + min(AGAIN_AT_MOST_S, AGAIN_S * 2.0 ** (child.n_deaths - 1))
            log.warning("%s ended with %s; it is started again", child.name, child.process.returncode)
        if clock >= child.again_at:
            child.process, child.started, child.again_at = _start(child.words), clock, 0.0


def _start(words: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *words], env=os.environ)
