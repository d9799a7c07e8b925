"""Telling outside systems: which facts a subscription means, its derived secret, and the signature.

The signature follows the Standard Webhooks specification (standardwebhooks.com, 1.0.0): headers ``webhook-id``,
``webhook-timestamp`` and ``webhook-signature`` = ``v1,`` + base64(HMAC-SHA256(secret, id + "." + timestamp + "." +
body)); secrets are written ``whsec_`` + base64. Receivers find a verifier for their language there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

from django.utils.crypto import salted_hmac

_SALT = "yingxu.webhook"
_PREFIX = "whsec_"


def secret_of(subscription_id: UUID, number: int) -> str:
    """Return a subscription's secret: derived from the house's own, so that none is stored."""
    digest = salted_hmac(_SALT, f"{subscription_id}:{number}", algorithm="sha256").digest()
    return _PREFIX + base64.b64encode(digest[:24]).decode()


def signature(secret: str, *, message_id: str, timestamp_s: int, body: bytes) -> str:
    """Return the value of ``webhook-signature``."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{message_id}.{timestamp_s}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def means(kinds: Iterable[str], kind: str) -> bool:
    """Tell whether a subscription to these kinds means a fact of ``kind``; none named means every kind."""
    wanted = list(kinds)
    return not wanted or any(
        kind == one or (one.endswith(".*") and kind.startswith(one[:-1])) or one == "*" for one in wanted
    )
