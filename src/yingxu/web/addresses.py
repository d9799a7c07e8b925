"""Where a call came from, and to which of our names it went."""

from __future__ import annotations

from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the caller's network address, for counting only; it is never stored in words."""
    return str(request.META.get("REMOTE_ADDR") or "")


_checked: dict[tuple[str, str], str] = {}
_AT_MOST = 256


def addressed_to(request: HttpRequest) -> str:
    """Return the scheme and host that the caller used; a host that is none of ours is refused. Checked once a host."""
    said = (request.scheme or "", request.META.get("HTTP_HOST", ""))
    known = _checked.get(said)
    if known is None:
        known = f"{request.scheme}://{request.get_host()}"
        if said[1] and len(_checked) < _AT_MOST:
            _checked[said] = known
    return known
