"""The web server's entry point."""

from __future__ import annotations

import gc
import os
import time

from django.core.wsgi import get_wsgi_application

from config.home import KEEPS_CONNECTIONS
from config.lazy_classes import compile_when_called

compile_when_called()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ[KEEPS_CONNECTIONS] = "1"  # for this process's settings, not for what it starts
#: A process looks for edits of the service hours after so many seconds.
LOOK_AGAIN_S = 20.0

# what is imported stays: looking through it for garbage again and again is a tenth of the start
gc.disable()
try:
    application = get_wsgi_application()
finally:
    gc.enable()
    del os.environ[KEEPS_CONNECTIONS]


def _after_an_answer() -> None:
    """Do after each answer what Django does before and after it: let go of a connection that failed or grew old.

    And let a web process see what another one changed in the service hours.
    """
    from django import db
    from django.core.signals import request_finished, request_started

    from yingxu.ground.prepared import database
    from yingxu.standards.queries import refresh_calendars

    looked_at = time.monotonic()

    def look(**_signal: object) -> None:
        nonlocal looked_at
        database().close_if_unusable_or_obsolete()
        if time.monotonic() - looked_at >= LOOK_AGAIN_S:
            looked_at = time.monotonic()
            refresh_calendars()

    request_started.disconnect(db.reset_queries)  # nothing is logged here
    request_started.disconnect(db.close_old_connections)
    request_finished.disconnect(db.close_old_connections)
    request_finished.connect(look, weak=False)


_after_an_answer()
