"""When the analyst is called: the worker looks for what waits and starts the analyst's process, which stays warm."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime

from django.utils import timezone

#: The analyst goes home after so long without work.
IDLE_S = 600.0


class Caller:
    """Keeps at most one analyst of this worker running, and only while there is work."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def turn(self) -> bool:
        """Start the analyst if something waits and it is not there; never more to do at once."""
        if self._child is not None and self._child.poll() is None:
            return False
        if is_work_waiting(timezone.now()):
            command = [sys.executable, "-m", "yingxu.connect.analyst", "--parent", str(os.getpid())]
            self._child = subprocess.Popen(command, env=os.environ)
        return False


def is_work_waiting(at: datetime) -> bool:
    """Tell whether a study waits, or a site's day or month has not been worked out. Budget: four queries."""
    from yingxu.dispatch.queries.whatif import n_what_ifs_waiting
    from yingxu.improve import queries as improve
    from yingxu.standards import queries as standards

    waits = standards.n_studies_waiting(at=at) > 0 or n_what_ifs_waiting(at=at) > 0
    return waits or bool(improve.sites_without_outlook(at=at))
