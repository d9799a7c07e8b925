"""``yingxu planner``: a process that plans for every open site. Any number may run; one plans for a site at a time."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Protocol

from django.utils import timezone

from yingxu.connect import house

log = logging.getLogger("yingxu.planner")

#: It glances so often; a glance at which nothing was committed is one statement that reads no table.
LOOK_S = 0.01
#: A site over which it stumbled rests so long, twice as long each time up to the second figure.
REST_S, REST_AT_MOST_S = 2.0, 60.0
#: Sites come and go seldom.
SITES_S = 30.0


def configure(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace) -> int:
    """Plan until told to stop (SIGTERM, Ctrl-C)."""
    stop = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    with house.entered():
        work(stop)
    return 0


def work(stop: threading.Event) -> None:
    """Take turns for every open site until ``stop`` is set."""
    from django.db import InterfaceError, OperationalError, connection

    from yingxu.connect.planner.reckoning import SitePlanner
    from yingxu.ground import queries

    holder = f"{socket.gethostname()}:{os.getpid()}:{time.time_ns() % 10**9}"
    warmth = Warmth()
    planners: dict[int, SitePlanner] = {}
    stumbles = Stumbles()
    looked, pause = -1e9, LOOK_S
    # the search computes beside; a first answer must not wait for the interpreter longer than this
    sys.setswitchinterval(0.0005)
    beside = ThreadPoolExecutor(1, thread_name_prefix="search")
    while not stop.wait(pause):
        pause = LOOK_S
        try:
            if time.monotonic() - looked > SITES_S:
                looked = time.monotonic()
                for site in queries.open_sites():
                    planners.setdefault(site.id, SitePlanner(site.id, holder, warmth.is_warm, beside))
            for planner in planners.values():
                stumbles.turn(planner, timezone.now(), time.monotonic())
        except (OperationalError, InterfaceError) as error:
            connection.close()
            log.warning("the planner waits for the database: %s", str(error).splitlines()[0])
            pause = 1.0
        except Exception:
            log.exception("the planner stumbled")
            pause = 2.0
    beside.submit(connection.close)
    beside.shutdown()
    for planner in planners.values():
        planner.stop(timezone.now())


class Turns(Protocol):
    """What plans for one site."""

    site_id: int

    def turn(self, at: datetime) -> bool:
        """Take one turn."""


class Stumbles:
    """Whoever stumbles over one site's jobs rests there for a while, longer each time; the other sites go on."""

    def __init__(self) -> None:
        self._rests: dict[int, tuple[int, float]] = {}

    def turn(self, planner: Turns, at: datetime, clock: float) -> None:
        """Let it take its turn unless it rests. Raises what says that the database is gone: that is every site's."""
        from django.db import InterfaceError, OperationalError

        n, until = self._rests.get(planner.site_id, (0, -1e9))
        if clock < until:
            return
        try:
            planner.turn(at)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("the planner stumbled at site %s", planner.site_id)
            self._rests[planner.site_id] = (n + 1, clock + min(REST_AT_MOST_S, REST_S * 2.0**n))
        else:
            if n and clock > until + REST_AT_MOST_S:
                del self._rests[planner.site_id]


class Warmth:
    """Whether the engine's kernels are compiled; starts compiling beside, once, while they are not."""

    def __init__(self) -> None:
        self._is_warm = False
        self._asked = False
        self._looked = -1e9

    def is_warm(self) -> bool:
        """Tell it; looks at most every five seconds until they are."""
        if self._is_warm or time.monotonic() - self._looked < 5.0:
            return self._is_warm
        from yingxu.core.routing import warm

        self._looked = time.monotonic()
        self._is_warm = warm.is_warm()
        if not self._is_warm and not self._asked and not os.environ.get("YINGXU_NO_COMPILE"):
            self._asked = True
            # a process of its own: it takes a minute, and this one answers meanwhile
            subprocess.Popen(
                [sys.executable, "-m", "yingxu.core.routing.warm"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self._is_warm
