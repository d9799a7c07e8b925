"""WeCom (企业微信): callbacks of an application, signed and encrypted.

As the vendor describes it ("加解密方案说明", developer.work.weixin.qq.com/document/path/90968; "接收消息",
path/90238): ``msg_signature`` = SHA-1 over the sorted and joined token, timestamp, nonce and cipher text; the AES key
is base64(EncodingAESKey + "="), the mode CBC with the key's first 16 bytes as IV and PKCS#7 padding to 32 bytes; the
plain text is 16 random bytes, the length in 4 bytes (network order), the message, and the receiver's id (the corp id).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yingxu.connect.doors.refused import NotGenuine, Unreadable

_BLOCK = 32
#: A callback whose time lies further off is a recorded one. The vendor names no window; its clocks are good.
WINDOW_S = 600
BODY_LIMIT = 64 * 1024


@dataclass(frozen=True)
class Keys:
    """What an application's settings page says: token, EncodingAESKey, corp id."""

    token: str
    aes_key: str
    corp_id: str

    def key(self) -> bytes:
        """Return the AES key; raises Unreadable when the setting is none."""
        try:
            key = base64.b64decode(self.aes_key + "=", validate=True)
        except (ValueError, binascii.Error):
            key = b""
        if len(key) != 32:
            raise Unreadable("the EncodingAESKey is not 43 letters of base64")
        return key


def signature(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """Return ``msg_signature``."""
    return hashlib.sha1("".join(sorted([token, timestamp, nonce, encrypted])).encode()).hexdigest()


def check(keys: Keys, *, given: str, timestamp: str, nonce: str, encrypted: str, now_s: float) -> None:
    """Refuse with NotGenuine unless the signature is right and the time near."""
    wanted = signature(keys.token, timestamp, nonce, encrypted)
    if not hmac.compare_digest(wanted.encode(), given.encode()):
        raise NotGenuine("signature")
    if not timestamp.isdigit() or abs(now_s - int(timestamp)) > WINDOW_S:
        raise NotGenuine("time")


def decrypt(keys: Keys, encrypted: str) -> str:
    """Return the message of a cipher text; raises NotGenuine when it is not ours."""
    key = keys.key()
    try:
        sealed = base64.b64decode(encrypted, validate=True)
        if not sealed or len(sealed) % 16:
            raise NotGenuine("cipher")
        opening = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        padded = opening.update(sealed) + opening.finalize()
        n_pad = padded[-1]
        if not 1 <= n_pad <= _BLOCK or padded[-n_pad:] != bytes([n_pad]) * n_pad:
            raise NotGenuine("cipher")
        plain = padded[16:-n_pad]
        (length,) = struct.unpack(">I", plain[:4])
        message, receiver = plain[4 : 4 + length], plain[4 + length :]
        if len(message) != length or receiver.decode() != keys.corp_id:
            raise NotGenuine("receiver")
        return message.decode()
    except (ValueError, struct.error, binascii.Error) as trouble:
        raise NotGenuine("cipher") from trouble


def encrypt(keys: Keys, message: str, *, salt: bytes | None = None) -> str:
    """Return a message's cipher text; ``salt``: its 16 random bytes, given by tests."""
    key, body = keys.key(), message.encode()
    plain = (salt or secrets.token_bytes(16)) + struct.pack(">I", len(body)) + body + keys.corp_id.encode()
    n_pad = _BLOCK - len(plain) % _BLOCK
    closing = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(closing.update(plain + bytes([n_pad]) * n_pad) + closing.finalize()).decode()


def fields_of(xml: str | bytes) -> dict[str, str]:
    """Return the fields of a flat XML message; raises Unreadable. No entities, no document types."""
    text = xml if isinstance(xml, str) else xml.decode("utf-8", "replace")
    if len(text) > BODY_LIMIT or "<!" in text.replace("<![CDATA[", ""):
        raise Unreadable("the message is too large or holds declarations")
    try:
        root = ET.fromstring(text)
    except ET.ParseError as trouble:
        raise Unreadable("the message is no XML") from trouble
    return {child.tag: (child.text or "") for child in root}


def answer(keys: Keys, *, to: str, text: str, now_s: int, nonce: str) -> str:
    """Return the encrypted XML that answers a message in the same call ("被动回复消息", path/90241)."""
    message = (
        f"<xml><ToUserName>{_cdata(to)}</ToUserName><FromUserName>{_cdata(keys.corp_id)}</FromUserName>"
        f"<CreateTime>{now_s}</CreateTime><MsgType>{_cdata('text')}</MsgType><Content>{_cdata(text)}</Content></xml>"
    )
    sealed = encrypt(keys, message)
    return (
        f"<xml><Encrypt>{_cdata(sealed)}</Encrypt>"
        f"<MsgSignature>{_cdata(signature(keys.token, str(now_s), nonce, sealed))}</MsgSignature>"
        f"<TimeStamp>{now_s}</TimeStamp><Nonce>{_cdata(nonce)}</Nonce></xml>"
    )


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']] >')}]]>"
