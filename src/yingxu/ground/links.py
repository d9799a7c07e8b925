"""Private links: an HMAC of the request's public id, so that a replayed command can answer the same link again."""

from __future__ import annotations

import base64
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from yingxu.ground.refusals import NotFound

_SALT = "yingxu.follow"
_LETTERS = 16


def follow_code(request_id: UUID) -> str:
    """Return the code of a request's private link."""
    return f"{base64.urlsafe_b64encode(request_id.bytes).decode().rstrip('=')}.{_signature(request_id)}"


def request_of_code(code: str) -> UUID:
    """Return the request that a private link's code opens; refuses: NotFound for any other code."""
    name, _, signature = code.partition(".")
    try:
        request_id = UUID(bytes=base64.urlsafe_b64decode(name + "=="))
    except ValueError as error:
        raise NotFound(kind="link", name=code) from error
    if not constant_time_compare(signature, _signature(request_id)):
        raise NotFound(kind="link", name=code)
    return request_id


def follow_url(request_id: UUID, *, host: str = "") -> str:
    """Return a request's private link, with the configured address, or ``host``'s where none is configured."""
    return f"{settings.PUBLIC_URL or host}/f/{follow_code(request_id)}"


def _signature(request_id: UUID) -> str:
    digest = salted_hmac(_SALT, request_id.bytes, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode()[:_LETTERS]
