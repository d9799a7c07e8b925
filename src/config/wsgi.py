"""The web server's entry point."""

from __future__ import annotations

import gc
import os
import time

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
#: A process looks for edits of the service hours after so many seconds.
LOOK_AGAIN_S = 20.0

# what is imported stays: looking through it for garbage again and again is a tenth of the start
gc.disable()
try:
    application = get_wsgi_application()
finally:
    gc.enable()


def _look_again_at_calendars() -> None:
    """Let a web process see what another one changed in the service hours: after an answer, not before it."""
    from django.core.signals import request_finished

    from yingxu.standards.queries import refresh_calendars

    looked_at = time.monotonic()

    def look(**_signal: object) -> None:
        nonlocal looked_at
        if time.monotonic() - looked_at >= LOOK_AGAIN_S:
            looked_at = time.monotonic()
            refresh_calendars()

    request_finished.connect(look, weak=False)


_look_again_at_calendars()
