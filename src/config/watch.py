"""A watch over the embedded database: killed or crashed, it is started again within a second."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from config.embedded import DatabaseUnavailable, start_again
from config.home import is_embedded, socket_folder

log = logging.getLogger("yingxu.database")
_LOOK_EVERY_S = 0.5


def is_listening() -> bool:
    """Tell whether the server takes connections; its postmaster alone holds the socket, so this asks nothing of it."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(socket_folder() / ".s.PGSQL.5432"))
        except OSError:
            return False
    return True


@contextmanager
def watched() -> Iterator[None]:
    """Keep the embedded database up while the block lasts; does nothing where another database is used."""
    if not is_embedded():
        yield
        return
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(stop,), name="database watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join(30)


def _watch(stop: threading.Event) -> None:
    while not stop.wait(_LOOK_EVERY_S):
        if is_listening():
            continue
        log.warning("the embedded database is gone; starting it again")
        try:
            start_again()
        except DatabaseUnavailable as error:
            log.error("the embedded database does not start: %s", error)
        else:
            log.warning("the embedded database is back")
