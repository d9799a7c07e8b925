"""The analyst's process: ``python -m yingxu.connect.analyst``; ``yingxu worker`` starts it when something waits."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time

from yingxu.connect import house
from yingxu.connect.analyst.calling import IDLE_S

log = logging.getLogger("yingxu.analyst")
_EVERY_S = 0.5


def main() -> int:
    """Work until nothing has waited for ten minutes, the worker is gone, or it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m yingxu.connect.analyst")
    parser.add_argument("--parent", type=int, default=0, help="process that started it; it ends when that one does")
    parent = parser.parse_args().parent
    stop = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    with house.entered():
        work(stop, parent)
    return 0


def work(stop: threading.Event, parent: int) -> None:
    """Take what waits, one after the other: studies first, because somebody looks at the page."""
    from django.db import close_old_connections
    from django.utils import timezone

    from yingxu.connect.analyst import studies, whatif
    from yingxu.connect.analyst.rounds import turn as turn_round

    os.nice(5)  # people's requests come first on a small machine
    studies.warm_up()
    last_work = time.monotonic()
    while not stop.is_set() and time.monotonic() - last_work < IDLE_S:
        if parent and os.getppid() != parent:
            return
        try:
            if studies.turn(timezone.now) or whatif.turn(timezone.now) or turn_round(timezone.now):
                last_work = time.monotonic()
                continue
        except Exception as error:
            log.error("the analyst failed", exc_info=error)
            stop.wait(5.0)
        close_old_connections()
        stop.wait(_EVERY_S)


if __name__ == "__main__":
    sys.exit(main())
