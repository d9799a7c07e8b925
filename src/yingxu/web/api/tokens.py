"""Bearer tokens: whose call it is, kept for some seconds in the process; how often a token may call."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from yingxu.ground import queries
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotFound

#: A revoked token stops within so many seconds.
_KEPT_S = 5.0
#: Calls a second that a token may make of one process in the long run, and how many at once.
_RATE, _BURST = 100.0, 400.0


@dataclass
class _Known:
    actor: Actor
    scopes: tuple[str, ...]
    read_at: float
    allowance: float = _BURST
    counted_at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Caller:
    """Who calls, with which scopes."""

    actor: Actor
    scopes: tuple[str, ...]


class TooMany(Exception):
    """The token calls too often; try again after ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Bearer(HttpBearer):
    """``Authorization: Bearer yx_…``."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, _Known] = {}
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> Any:
        # the framework makes a table of all headers to read this one
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        return self.authenticate(request, token) if scheme.lower() == self.openapi_scheme else None

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        now = time.monotonic()
        known = self._known.get(token)
        if known is None or now - known.read_at > _KEPT_S:
            try:
                actor, scopes = queries.actor_of_token(token)
            except NotFound:
                self._known.pop(token, None)
                return None
            with self._lock:
                if len(self._known) > 1000:
                    self._known.clear()
                spent = known or _Known(actor, scopes, now)
                known = _Known(actor, scopes, now, spent.allowance, spent.counted_at)
                self._known[token] = known
        if "bulk" not in known.scopes:
            self._count(known, now)
        return Caller(known.actor, known.scopes)

    def _count(self, known: _Known, now: float) -> None:
        with self._lock:
            known.allowance = min(_BURST, known.allowance + (now - known.counted_at) * _RATE)
            known.counted_at = now
            if known.allowance < 1:
                raise TooMany(max(1, round((1 - known.allowance) / _RATE)))
            known.allowance -= 1
