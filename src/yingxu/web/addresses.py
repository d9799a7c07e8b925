"""Where a call came from."""

from __future__ import annotations

from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the caller's network address, for counting only; it is never stored in words."""
    return str(request.META.get("REMOTE_ADDR") or "")
