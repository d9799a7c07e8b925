"""Too many letters at once: counted in memory under a secret that is thrown away every quarter of an hour.

What is over the first limit is taken and held apart; what is over the second is not taken, and the writer is told.
"""

from __future__ import annotations

import time
from threading import Lock

from yingxu.web.ask.limits import Counter

#: Letters by one network address, which a whole hospital may share, before they are held apart, and refused.
APART_AFTER, REFUSED_AFTER = 10, 40
#: Claim codes tried by one address, which a whole hospital may share: of 2^60 codes nobody guesses one so.
TRIES = 200
ROTATES_S = 900.0


class Rotating:
    """A counter that forgets its keys and its secret after :data:`ROTATES_S`. Safe for threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = Lock()
        self._made_s = -1e9
        self._counter = Counter(limit)

    def allows(self, key: str, *, now_s: float | None = None) -> bool:
        """Count one more and tell whether it is within the limit."""
        now = time.monotonic() if now_s is None else now_s
        with self._lock:
            if now - self._made_s >= ROTATES_S:
                self._counter, self._made_s = Counter(self._limit, window_s=ROTATES_S), now
            return self._counter.allows(key, now_s=now)


apart, refused, tries = Rotating(APART_AFTER), Rotating(REFUSED_AFTER), Rotating(TRIES)
