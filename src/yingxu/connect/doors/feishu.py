"""Feishu (飞书): events of a bot, signed and encrypted.

As the vendor describes it ("配置 Encrypt Key 加密策略", open.feishu.cn/document/event-subscription-guide/
event-subscription-configure-/encrypt-key-encryption-configuration-case): the body is ``{"encrypt": base64}``, AES-256
in CBC mode with the key SHA-256(Encrypt Key), the first 16 bytes as IV, PKCS#7; ``X-Lark-Signature`` = SHA-256 over
timestamp + nonce + Encrypt Key + body, in hex. ``url_verification`` is answered with its challenge.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yingxu.connect.doors.refused import NotGenuine, Unreadable
from yingxu.demand.actions import Arrival

WINDOW_S = 600
_MENTION = re.compile(r"@_user_\d+\s*")


def signature(encrypt_key: str, *, timestamp: str, nonce: str, body: bytes) -> str:
    """Return ``X-Lark-Signature``."""
    return hashlib.sha256((timestamp + nonce + encrypt_key).encode() + body).hexdigest()


def check(encrypt_key: str, *, timestamp: str, nonce: str, given: str, body: bytes, now_s: float) -> None:
    """Refuse with NotGenuine unless the signature is right and the time near."""
    wanted = signature(encrypt_key, timestamp=timestamp, nonce=nonce, body=body)
    if not hmac.compare_digest(wanted.encode(), given.encode()):
        raise NotGenuine("signature")
    if not timestamp.isdigit() or abs(now_s - int(timestamp)) > WINDOW_S:
        raise NotGenuine("time")


def decrypt(encrypt_key: str, sealed: str) -> str:
    """Return the text of a cipher text; raises NotGenuine when it is not ours."""
    key = hashlib.sha256(encrypt_key.encode()).digest()
    try:
        content = base64.b64decode(sealed, validate=True)
        if len(content) < 32 or len(content) % 16:
            raise NotGenuine("cipher")
        opening = Cipher(algorithms.AES(key), modes.CBC(content[:16])).decryptor()
        padded = opening.update(content[16:]) + opening.finalize()
        n_pad = padded[-1]
        if not 1 <= n_pad <= 16 or padded[-n_pad:] != bytes([n_pad]) * n_pad:
            raise NotGenuine("cipher")
        return padded[:-n_pad].decode()
    except (ValueError, binascii.Error) as trouble:
        raise NotGenuine("cipher") from trouble


def encrypt(encrypt_key: str, text: str, *, iv: bytes) -> str:
    """Return a text's cipher text (for tests and for trying a door)."""
    key, body = hashlib.sha256(encrypt_key.encode()).digest(), text.encode()
    n_pad = 16 - len(body) % 16
    closing = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return base64.b64encode(iv + closing.update(body + bytes([n_pad]) * n_pad) + closing.finalize()).decode()


def opened(encrypt_key: str, body: bytes) -> dict[str, Any]:
    """Return the event in a call's body; raises NotGenuine (no cipher of ours), Unreadable."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as trouble:
        raise Unreadable("the message is no JSON") from trouble
    if not isinstance(said, dict) or not isinstance(said.get("encrypt"), str):
        raise NotGenuine("cipher")
    try:
        event = json.loads(decrypt(encrypt_key, said["encrypt"]))
    except (ValueError, RecursionError) as trouble:
        raise Unreadable("the message is no JSON") from trouble
    if not isinstance(event, dict):
        raise Unreadable("the message is no JSON object")
    return event


def token_of(event: Mapping[str, Any]) -> str:
    """Return the verification token that an event carries."""
    header = event.get("header")
    return str((header if isinstance(header, dict) else event).get("token") or "")


def read(event: Mapping[str, Any]) -> Arrival | None:
    """Return a message event as an arrival, None for any other event; raises Unreadable."""
    header = event.get("header")
    if not isinstance(header, dict) or header.get("event_type") != "im.message.receive_v1":
        return None
    try:
        told = event["event"]
        message, sender = told["message"], told["sender"]
        message_id = str(message["message_id"])
        ids = sender.get("sender_id") or {}
    except (KeyError, TypeError, AttributeError) as trouble:
        raise Unreadable("the event has no message") from trouble
    if not message_id or sender.get("sender_type") == "app":
        return None
    text = _text(message)
    parents = [str(message[name]) for name in ("root_id", "parent_id") if message.get(name)]
    return Arrival(
        external_id=message_id,
        text=text,
        sender=str(ids.get("open_id") or ids.get("user_id") or ""),
        reply={"way": "feishu", "message": message_id, "ids": parents},
        raw="" if text else json.dumps(event, ensure_ascii=False),
        why="" if text else "not_text",
    )


def _text(message: Mapping[str, Any]) -> str:
    try:
        content = json.loads(message.get("content") or "{}")
    except (ValueError, TypeError, RecursionError):
        return ""
    if not isinstance(content, dict):
        return ""
    if message.get("message_type") == "text":
        return _MENTION.sub("", str(content.get("text") or "")).strip()
    if message.get("message_type") == "post":
        lines = content.get("content") or []
        said = ["".join(str(part.get("text") or "") for part in line if isinstance(part, dict)) for line in lines]
        return "\n".join([str(content.get("title") or ""), *said]).strip()
    return ""
