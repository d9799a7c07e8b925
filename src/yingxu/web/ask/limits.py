"""How often one may ask: counted in the process's memory, by a code and by an address, never stored, never by name.

The limits are far above what a ward sends on its worst day; who reaches them is answered in words, with the desk's
number. Behind one address there may be a whole hospital: whoever uses it up takes nothing from the wards, each code
keeps a share of its own.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock

from django.http import HttpResponse

#: Askings within the window by one printed code, and by one network address (a whole hospital may share one).
PER_CODE, PER_ADDRESS = 60, 400
#: What each code (or person) may still send from an address that is used up: nobody is blocked by somebody else.
PER_CODE_ANYHOW = 15
WINDOW_S = 600.0
_KEYS_AT_MOST = 20_000


@dataclass
class Counter:
    """Counts per key within a sliding window; keys are digests under a secret that dies with the process."""

    limit: int
    window_s: float = WINDOW_S
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    _seen: dict[bytes, deque[float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def allows(self, key: str, *, now_s: float | None = None) -> bool:
        """Count one more and tell whether it is within the limit."""
        now = time.monotonic() if now_s is None else now_s
        digest = hashlib.blake2b(key.encode(), key=self._secret, digest_size=12).digest()
        with self._lock:
            if len(self._seen) > _KEYS_AT_MOST:
                self._seen = {k: seen for k, seen in self._seen.items() if seen and seen[-1] > now - self.window_s}
            seen = self._seen.setdefault(digest, deque())
            while seen and seen[0] <= now - self.window_s:
                seen.popleft()
            if len(seen) >= self.limit:
                return False
            seen.append(now)
            return True


#: Whoever is over the limit tries again after so long; phones keep what is to be sent.
RETRY_AFTER_S = 60
codes = Counter(PER_CODE)
addresses = Counter(PER_ADDRESS)
anyhow = Counter(PER_CODE_ANYHOW)


def allows(*, code: str, address: str) -> bool:
    """Count one asking and tell whether it goes through; ``code``: the printed code's, kiosk's or person's own key.

    What a code sends beyond its own limit is not counted against its address.
    """
    if not codes.allows(code):
        return False
    return addresses.allows(address) or anyhow.allows(code)


def told_to_wait(response: HttpResponse) -> HttpResponse:
    """Return the answer, with the time to wait where it says that there were too many."""
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = str(RETRY_AFTER_S)
    return response
