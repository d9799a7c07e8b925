"""What leaves over the network: claimed, sent outside of any transaction, marked. One sender for each channel.

A channel's sender takes a claimed message and raises when it did not go out; the message is then tried again later and
shows its trouble.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from yingxu.ground import actions as ground
from yingxu.ground import queries
from yingxu.ground.actions import Claimed
from yingxu.ground.actor import engine
from yingxu.ground.webhooks import secret_of, signature

TIMEOUT_S = 10.0
#: So much of an answer is read.
ANSWER_LIMIT = 64 * 1024
AT_ONCE = 20
_CLOCK = engine("clock")


class NotSent(Exception):
    """The other side did not take it; the text says why, in a line."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry a signed message to somebody else."""

    def redirect_request(self, *args: Any, **names: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def post(url: str, body: bytes, *, headers: Mapping[str, str], timeout_s: float = TIMEOUT_S) -> bytes:
    """Send a body and return what was answered; raises NotSent unless it was taken (2xx)."""
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")
    try:
        with _opener.open(request, timeout=timeout_s) as answer:
            return bytes(answer.read(ANSWER_LIMIT))
    except urllib.error.HTTPError as trouble:
        trouble.close()
        raise NotSent(f"answered {trouble.code}") from None
    except (OSError, ValueError) as trouble:
        raise NotSent(
            " ".join(str(getattr(trouble, "reason", trouble)).split())[:200] or type(trouble).__name__
        ) from None


def post_json(url: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Send JSON and return the JSON that was answered, empty when it was none; raises NotSent."""
    raw = post(
        url,
        json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8", **(headers or {})},
    )
    try:
        said = json.loads(raw)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def send_webhook(message: Claimed) -> None:
    """Tell a subscriber, signed as Standard Webhooks says; raises NotSent."""
    subscription = queries.subscription_by_uid(UUID(message.address))
    if subscription is None or not (subscription.is_on or message.kind == "ground.webhook.test"):
        return  # nobody listens any more
    body = json.dumps(message.facts, ensure_ascii=False, separators=(",", ":")).encode()
    message_id, now_s = str(message.entry), int(timezone.now().timestamp())
    secret = secret_of(subscription.uid, subscription.secret_number)
    post(
        subscription.url,
        body,
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "yingxu",
            "webhook-id": message_id,
            "webhook-timestamp": str(now_s),
            "webhook-signature": signature(secret, message_id=message_id, timestamp_s=now_s, body=body),
        },
    )


Sender = Callable[[Claimed], None]


def senders() -> dict[str, Sender]:
    """Return the sender of each channel that goes over the network."""
    from yingxu.connect import notifying
    from yingxu.connect.doors import sending as doors

    return {
        "webhook": send_webhook,
        "door": doors.send_answer,
        "email": notifying.send_mail,
        "gateway": notifying.send_to_gateway,
    }


def send_due(*, channels: Mapping[str, Sender] | None = None) -> bool:
    """Send what is due; tells whether there may be more."""
    known = senders() if channels is None else channels
    claimed = ground.claim_due(channels=tuple(known), actor=_CLOCK, at=timezone.now(), limit=AT_ONCE).rows
    for message in claimed:
        trouble = ""
        try:
            known[message.channel](message)
        except Exception as error:
            trouble = str(error) if isinstance(error, NotSent) else f"{type(error).__name__}: {error}"
        # marked one by one: what went out is known even when the next one hangs
        ground.mark_sent(outcomes={message.id: " ".join(trouble.split())[:300]}, actor=_CLOCK, at=timezone.now())
    return len(claimed) == AT_ONCE
