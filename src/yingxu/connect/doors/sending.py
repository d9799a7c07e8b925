"""Answers go back the way that the message came: a mail under the mail, a word in the chat."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock
from typing import Any

from yingxu.connect.doors import dingtalk, keys, mailbox
from yingxu.demand.queries import doors as queries
from yingxu.demand.queries.doors import DoorRow
from yingxu.ground.actions import Claimed


def send_answer(message: Claimed) -> None:
    """Send an answer by its door; raises when it did not go out."""
    from yingxu.connect.sending import NotSent

    door = queries.door_by_key(int(message.facts["door"]))
    facts = dict(message.facts)
    way = facts.get("way")
    try:
        if way == "mail":
            mailbox.send(door, facts)
        elif way == "dingtalk":
            _by_dingtalk(facts)
        elif way == "feishu":
            _by_feishu(door, facts)
    except (keys.KeyMissing, mailbox.MailTrouble) as why:
        raise NotSent(str(why)) from None


def _by_dingtalk(facts: dict[str, Any]) -> None:
    from yingxu.connect.sending import NotSent, post_json

    said = post_json(str(facts["url"]), dingtalk.answer(facts))
    if said.get("errcode", 0) != 0:
        raise NotSent(f"DingTalk: {said.get('errcode')} {said.get('errmsg', '')}")


@dataclass
class _Pass:
    """A tenant access token of Feishu, which lives for up to two hours."""

    token: str
    until_s: float


_passes: dict[int, _Pass] = {}
_lock = Lock()


def _by_feishu(door: DoorRow, facts: dict[str, Any]) -> None:
    """Answer under the message ("回复消息", /open-apis/im/v1/messages/:message_id/reply)."""
    import json

    from yingxu.connect.sending import NotSent, post_json

    api = str(door.settings.get("api", ""))
    said = post_json(
        f"{api}/open-apis/im/v1/messages/{facts['message']}/reply",
        {"msg_type": "text", "content": json.dumps({"text": str(facts["text"])}, ensure_ascii=False)},
        headers={"Authorization": f"Bearer {_feishu_pass(door, api)}"},
    )
    if said.get("code", 0) != 0:
        with _lock:
            _passes.pop(door.id, None)
        raise NotSent(f"Feishu: {said.get('code')} {said.get('msg', '')}")


def _feishu_pass(door: DoorRow, api: str) -> str:
    from yingxu.connect.sending import NotSent, post_json

    with _lock:
        known = _passes.get(door.id)
    if known is not None and known.until_s > time.monotonic():
        return known.token
    said = post_json(
        f"{api}/open-apis/auth/v3/tenant_access_token/internal",
        {"app_id": str(door.settings.get("app_id", "")), "app_secret": keys.secret(door, "app_secret_env")},
    )
    if said.get("code", 0) != 0 or not said.get("tenant_access_token"):
        raise NotSent(f"Feishu: {said.get('code')} {said.get('msg', '')}")
    fresh = _Pass(str(said["tenant_access_token"]), time.monotonic() + max(60, int(said.get("expire", 7200)) - 300))
    with _lock:
        _passes[door.id] = fresh
    return fresh.token
