"""Private links: an HMAC of the public id of what they open, so that a replayed command can answer the same link again.

A request's link lives as long as the request. An outside company's link names its order, which says how long it lives.
"""

from __future__ import annotations

import base64
import hmac
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from yingxu.ground.refusals import NotFound

_SALT, _OUTSIDE = "yingxu.follow", "yingxu.outside"
_LETTERS = 16


def follow_code(request_id: UUID) -> str:
    """Return the code of a request's private link."""
    return _code(request_id, _SALT)


def request_of_code(code: str) -> UUID:
    """Return the request that a private link's code opens; refuses: NotFound for any other code."""
    return _opened(code, _SALT)


def follow_url(request_id: UUID, *, host: str = "") -> str:
    """Return a request's private link, with the configured address, or ``host``'s where none is configured."""
    return f"{settings.PUBLIC_URL or host}/f/{follow_code(request_id)}"


def outside_code(order_id: UUID) -> str:
    """Return the code of an outside company's link to its one job."""
    return _code(order_id, _OUTSIDE)


def order_of_code(code: str) -> UUID:
    """Return the order that an outside company's link names; refuses: NotFound for any other code."""
    return _opened(code, _OUTSIDE)


def outside_url(order_id: UUID, *, host: str = "") -> str:
    """Return an outside company's link, with the configured address, or ``host``'s where none is configured."""
    return f"{settings.PUBLIC_URL or host}/x/{outside_code(order_id)}"


def _code(uid: UUID, salt: str) -> str:
    return f"{base64.urlsafe_b64encode(uid.bytes).decode().rstrip('=')}.{_signature(uid, salt)}"


def _opened(code: str, salt: str) -> UUID:
    name, _, signature = code.partition(".")
    try:
        uid = UUID(bytes=base64.urlsafe_b64decode(name + "=="))
    except ValueError as error:
        raise NotFound(kind="link", name=code) from error
    if not constant_time_compare(signature, _signature(uid, salt)):
        raise NotFound(kind="link", name=code)
    return uid


def _signature(uid: UUID, salt: str) -> str:
    signing = _keyed(salt, settings.SECRET_KEY).copy()
    signing.update(uid.bytes)
    return base64.urlsafe_b64encode(signing.digest()).decode()[:_LETTERS]


@lru_cache(maxsize=8)
def _keyed(salt: str, secret: str) -> hmac.HMAC:
    """Return what signs with a salt's key; making the key is the larger part of a signature."""
    return salted_hmac(salt, b"", secret=secret, algorithm="sha256")
