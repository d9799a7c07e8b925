"""How often a door's address may be called, counted in the process's memory."""

from __future__ import annotations

import time
from collections import deque
from threading import Lock

#: Calls within the window by one door. A ward's worst day stays far below.
PER_DOOR = 600
WINDOW_S = 600.0
#: Wrong knocks (a bad address, a bad signature) within the window by one network address.
WRONG_PER_ADDRESS = 60


class Window:
    """Counts per key within a sliding window."""

    def __init__(self, limit: int, window_s: float = WINDOW_S) -> None:
        self._limit, self._window_s = limit, window_s
        self._seen: dict[str, deque[float]] = {}
        self._lock = Lock()

    def allows(self, key: str) -> bool:
        """Count one more and tell whether it is within the limit."""
        with self._lock:
            seen = self._fresh(key)
            if len(seen) >= self._limit:
                return False
            seen.append(time.monotonic())
            return True

    def is_full(self, key: str) -> bool:
        """Tell whether the limit is reached, counting nothing."""
        with self._lock:
            return len(self._fresh(key)) >= self._limit

    def forget(self) -> None:
        """Forget every count (between tests)."""
        with self._lock:
            self._seen.clear()

    def _fresh(self, key: str) -> deque[float]:
        border = time.monotonic() - self._window_s
        if len(self._seen) > 5000:
            self._seen = {one: seen for one, seen in self._seen.items() if seen and seen[-1] > border}
        seen = self._seen.setdefault(key, deque())
        while seen and seen[0] <= border:
            seen.popleft()
        return seen


doors = Window(PER_DOOR)
wrong = Window(WRONG_PER_ADDRESS)
