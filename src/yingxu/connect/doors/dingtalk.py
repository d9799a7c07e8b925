"""DingTalk (钉钉): messages to a robot, signed.

As the vendor describes it ("接收消息", open.dingtalk.com/document/orgapp/receive-message): headers ``timestamp``
(milliseconds) and ``sign`` = base64(HMAC-SHA256(app secret, timestamp + "\\n" + app secret)); a call more than an hour
off is not genuine. The answer goes to the ``sessionWebhook`` of the message, which lives for a while.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from yingxu.connect.doors.refused import NotGenuine, Unreadable
from yingxu.demand.actions import Arrival

WINDOW_S = 3600


def sign(secret: str, timestamp: str) -> str:
    """Return the header ``sign``."""
    return base64.b64encode(
        hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    ).decode()


def check(secret: str, *, timestamp: str, given: str, now_s: float) -> None:
    """Refuse with NotGenuine unless the signature is right and the time within an hour."""
    if not timestamp.isdigit() or not hmac.compare_digest(sign(secret, timestamp).encode(), given.encode()):
        raise NotGenuine("signature")
    if abs(now_s - int(timestamp) / 1000) > WINDOW_S:
        raise NotGenuine("time")


def read(body: bytes, *, api: str) -> Arrival:
    """Return a robot's message as an arrival; raises Unreadable."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as trouble:
        raise Unreadable("the message is no JSON") from trouble
    if not isinstance(said, dict) or not isinstance(said.get("msgId"), str) or not said["msgId"]:
        raise Unreadable("the message has no msgId")
    text = _text(said)
    return Arrival(
        external_id=said["msgId"],
        text=text,
        sender=str(said.get("senderStaffId") or said.get("senderId") or ""),
        sender_name=str(said.get("senderNick") or ""),
        reply=_way(said, api),
        raw="" if text else body.decode("utf-8", "replace"),
        why="" if text else "not_text",
    )


def _text(said: Mapping[str, Any]) -> str:
    kind = said.get("msgtype")
    if kind == "text" and isinstance(said.get("text"), dict):
        return str(said["text"].get("content") or "").strip()
    content = said.get("content")
    if kind == "audio" and isinstance(content, dict):
        return str(content.get("recognition") or "").strip()
    if kind == "richText" and isinstance(content, dict) and isinstance(content.get("richText"), list):
        return "".join(str(part.get("text") or "") for part in content["richText"] if isinstance(part, dict)).strip()
    return ""


def _way(said: Mapping[str, Any], api: str) -> dict[str, Any]:
    """Return where an answer goes: the session's own address, only at the vendor's host."""
    address = str(said.get("sessionWebhook") or "")
    wanted, given = urlsplit(api), urlsplit(address)
    if not address or (wanted.scheme, wanted.hostname, wanted.port) != (given.scheme, given.hostname, given.port):
        return {}
    return {"way": "dingtalk", "url": address, "to": str(said.get("senderStaffId") or "")}


def answer(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of an answer to a session."""
    body: dict[str, Any] = {"msgtype": "text", "text": {"content": str(facts["text"])}}
    if facts.get("to"):
        body["at"] = {"atUserIds": [str(facts["to"])]}
    return body
