"""Doors for tests: opened by the administrator with secrets in the environment."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from tests.people import House
from yingxu.connect.doors import feishu, wecom
from yingxu.demand import actions as demand
from yingxu.demand.queries import doors as queries
from yingxu.demand.queries.doors import DoorRow

AT = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
SECRETS = {
    "DOOR_TOKEN": "wecom-token",
    "DOOR_AES": AES_KEY,
    "DOOR_SECRET": "app-secret",
    "DOOR_ENCRYPT": "encrypt-key",
    "DOOR_VERIFY": "verification",
    "DOOR_PASSWORD": "password",
}
SETTINGS: dict[str, dict[str, str]] = {
    "mail": {"from_address": "baoxiu@hospital.example", "smtp_host": "127.0.0.1", "smtp_security": "plain"},
    "wecom": {"corp_id": "wwcorp", "token_env": "DOOR_TOKEN", "aes_key_env": "DOOR_AES"},
    "dingtalk": {"secret_env": "DOOR_SECRET"},
    "feishu": {
        "encrypt_key_env": "DOOR_ENCRYPT",
        "verification_token_env": "DOOR_VERIFY",
        "app_id": "cli_x",
        "app_secret_env": "DOOR_SECRET",
    },
    "mqtt": {"host": "127.0.0.1"},
    "kiosk": {},
}


def opened(house: House, kind: str, patch: pytest.MonkeyPatch | None = None, **more: str) -> DoorRow:
    """Open a door of a kind as the administrator would."""
    for name, value in SECRETS.items():
        if patch is not None:
            patch.setenv(name, value)
    place = more.pop("place", "")
    made = demand.open_door(
        site_id=house.site_id,
        kind=kind,
        name=more.pop("name", kind),
        settings={**SETTINGS[kind], **more},
        place_code=place,
        actor=house.actor("administrator"),
        at=AT,
    )
    return queries.door_by_key(made.id)


def by_wecom(client: Client, door: DoorRow, text: str, *, message_id: str = "1", sender: str = "li") -> Any:
    own = wecom.Keys(SECRETS["DOOR_TOKEN"], AES_KEY, "wwcorp")
    plain = (
        f"<xml><FromUserName>{sender}</FromUserName><MsgType>text</MsgType>"
        f"<Content><![CDATA[{text}]]></Content><MsgId>{message_id}</MsgId></xml>"
    )
    sealed, now = wecom.encrypt(own, plain), str(int(time.time()))
    signed = wecom.signature(own.token, now, "n", sealed)
    return client.post(
        f"/hooks/wecom/{door.token}?msg_signature={signed}&timestamp={now}&nonce=n",
        data=f"<xml><Encrypt>{sealed}</Encrypt></xml>",
        content_type="text/xml",
    )


def wecom_said(answer: Any) -> str:
    """Return the words of an encrypted answer."""
    own = wecom.Keys(SECRETS["DOOR_TOKEN"], AES_KEY, "wwcorp")
    fields = wecom.fields_of(answer.content)
    return wecom.fields_of(wecom.decrypt(own, fields["Encrypt"]))["Content"]


def by_dingtalk(client: Client, door: DoorRow, text: str, *, message_id: str = "1", sender: str = "li") -> Any:
    now = str(int(time.time() * 1000))
    secret = SECRETS["DOOR_SECRET"]
    sign = base64.b64encode(hmac.new(secret.encode(), f"{now}\n{secret}".encode(), hashlib.sha256).digest()).decode()
    return client.post(
        f"/hooks/dingtalk/{door.token}",
        data=json.dumps({"msgId": message_id, "msgtype": "text", "text": {"content": text}, "senderStaffId": sender}),
        content_type="application/json",
        headers={"timestamp": now, "sign": sign},
    )


def by_feishu(client: Client, door: DoorRow, event: dict[str, Any], *, is_signed: bool = True) -> Any:
    sealed = feishu.encrypt(SECRETS["DOOR_ENCRYPT"], json.dumps(event), iv=bytes(range(16)))
    body = json.dumps({"encrypt": sealed}).encode()
    now = str(int(time.time()))
    headers = {
        "X-Lark-Request-Timestamp": now,
        "X-Lark-Request-Nonce": "n",
        "X-Lark-Signature": feishu.signature(SECRETS["DOOR_ENCRYPT"], timestamp=now, nonce="n", body=body),
    }
    return client.post(
        f"/hooks/feishu/{door.token}",
        data=body,
        content_type="application/json",
        headers=headers if is_signed else {},
    )


def feishu_message(text: str, *, message_id: str = "om_1", sender: str = "li") -> dict[str, Any]:
    return {
        "header": {"event_type": "im.message.receive_v1", "token": SECRETS["DOOR_VERIFY"]},
        "event": {
            "sender": {"sender_id": {"open_id": sender}, "sender_type": "user"},
            "message": {"message_id": message_id, "message_type": "text", "content": json.dumps({"text": text})},
        },
    }


def by_mail(client: Client, door: DoorRow, text: str, *, subject: str = "报修", **said: Any) -> Any:
    body = {"from": "李护士 <li@hospital.example>", "subject": subject, "text": text, **said}
    return client.post(f"/hooks/mail/{door.token}", data=json.dumps(body), content_type="application/json")
