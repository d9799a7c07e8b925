"""Doors, messages, webhooks, lists, findings, kiosks, and the addresses that outsiders call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tests.web.permission_rows.kit import EVERYBODY, PUBLIC, Row, Scene, request_path, some
from yingxu.demand import actions as demand
from yingxu.demand.actions import Arrival
from yingxu.ground import actions as ground
from yingxu.ground.actor import engine

_AT = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
#: ``away`` is a clerk and an officer of another hospital: it sees its own (empty) lists, and nothing of ours.
READ_DOORS = some("officer administrator")
READ_MESSAGES = some("clerk company_clerk officer")
LISTS = EVERYBODY - {"auditor", "administrator"}
FINDERS = some("supervisor leader line_manager manager lift_manager officer director auditor away")


def _door(scene: Scene, kind: str, **settings: str) -> Any:
    return demand.open_door(
        site_id=scene.house.site_id,
        kind=kind,
        name=f"{kind} {uuid4().hex[:8]}",
        settings=settings,
        place_code="S7-ORT" if kind == "kiosk" else "",
        actor=scene.house.actor("administrator"),
        at=_AT,
    )


def door_path(tail: str = "") -> Callable[[Scene], str]:
    return lambda scene: f"/doors/{_door(scene, 'mqtt', host='127.0.0.1').uid}{tail}"


def message_path(tail: str = "") -> Callable[[Scene], str]:
    def path(scene: Scene) -> str:
        door = _door(scene, "mail", from_address="desk@h.example")
        arrival = Arrival(external_id="1", text="灯不亮", sender="li@h.example", why="no_words")
        kept = demand.keep_message(door_id=door.id, arrival=arrival, actor=engine("intake"), at=_AT)
        return f"/messages/{kept.uid}{tail}"

    return path


def hook_path(tail: str = "") -> Callable[[Scene], str]:
    def path(scene: Scene) -> str:
        made = ground.subscribe(
            site_id=scene.house.site_id,
            name=uuid4().hex[:8],
            url="http://127.0.0.1:9/",
            kinds=["demand.*"],
            actor=scene.house.actor("administrator"),
            at=_AT,
        )
        if "{again}" not in tail:
            return f"/webhooks/{made.uid}{tail}"
        sent = ground.fire_test(subscription_id=made.uid, actor=scene.house.actor("administrator"), at=_AT)
        return f"/webhooks/{made.uid}{tail.replace('{again}', str(sent.message_id))}"

    return path


def kiosk_path(tail: str = "") -> Callable[[Scene], str]:
    return lambda scene: f"/k/{_door(scene, 'kiosk').token}{tail}"


def _hook(kind: str) -> Callable[[Scene], str]:
    return lambda scene: f"/hooks/{kind}/guess"


_ADMIN = some("administrator")
_RULE: dict[str, str] = {
    "name": "x", "topic": "a/b", "condition": "above", "limit": "8", "item": "plb.faucet", "text": "x", "is_on": "1",
}  # fmt: skip

ROWS: dict[str, tuple[Row, ...]] = {
    "doors": (Row(request_path("doors"), allowed=READ_DOORS | some("away")),),
    "new_door": (
        Row(request_path("doors/new?kind=mqtt"), allowed=_ADMIN),
        Row(
            request_path("doors/new"),
            method="post",
            stranger=(403,),
            allowed=_ADMIN,
            ok=(302,),
            data=lambda scene: {"kind": "mqtt", "name": uuid4().hex[:8], "s-host": "127.0.0.1"},
        ),
    ),
    "door": (
        Row(door_path(), allowed=READ_DOORS),
        Row(
            door_path(),
            method="post",
            stranger=(403,),
            allowed=_ADMIN,
            ok=(302,),
            data=lambda scene: {"name": uuid4().hex[:8], "s-host": "127.0.0.1", "is_on": "1"},
        ),
    ),
    "set_alarm_rule": (
        Row(door_path("/rules"), method="post", stranger=(403,), allowed=_ADMIN, ok=(302,), data=lambda scene: _RULE),
    ),
    "messages": (Row(request_path("messages"), allowed=READ_MESSAGES | some("away")),),
    "messages_count": (Row(request_path("messages/count")),),
    "message": (Row(message_path(), allowed=READ_MESSAGES),),
    "put_away_message": (
        Row(
            message_path("/put-away"),
            method="post",
            stranger=(403,),
            allowed=READ_MESSAGES,
            ok=(302,),
            data=lambda scene: {"reason": "done"},
        ),
    ),
    "name_sender": (
        Row(
            message_path("/sender"),
            method="post",
            stranger=(403,),
            allowed=READ_MESSAGES,
            ok=(302,),
            data=lambda scene: {"username": "nurse"},
        ),
    ),
    "take_message": (
        Row(
            message_path("/take"),
            method="post",
            stranger=(403,),
            allowed=READ_MESSAGES,
            ok=(302,),
            data=lambda scene: {"text": "灯"},
        ),
    ),
    "webhooks": (
        Row(request_path("webhooks"), allowed=_ADMIN),
        Row(
            request_path("webhooks"),
            method="post",
            stranger=(403,),
            allowed=_ADMIN,
            ok=(302,),
            data=lambda scene: {"name": uuid4().hex[:8], "url": "https://h.example/", "kinds": "demand.*"},
        ),
    ),
    "webhook": (
        Row(hook_path(), allowed=_ADMIN),
        Row(
            hook_path(),
            method="post",
            stranger=(403,),
            allowed=_ADMIN,
            ok=(302,),
            data=lambda scene: {"name": uuid4().hex[:8], "url": "https://h.example/", "kinds": ""},
        ),
    ),
    "test_webhook": (Row(hook_path("/test"), method="post", stranger=(403,), allowed=_ADMIN, ok=(302,)),),
    "renew_webhook_secret": (Row(hook_path("/secret"), method="post", stranger=(403,), allowed=_ADMIN, ok=(302,)),),
    "send_webhook_again": (
        Row(hook_path("/again/{again}"), method="post", stranger=(403,), allowed=_ADMIN, ok=(302,)),
    ),
    "lists": (Row(request_path("lists"), allowed=LISTS),),
    "list_template": (Row(request_path("lists/template.xlsx"), allowed=LISTS),),
    "list_ask": (
        Row(
            request_path("lists/ask"),
            method="post",
            stranger=(403,),
            allowed=LISTS,
            ok=(409,),
            data=lambda scene: {"rows": "not signed"},
        ),
    ),
    "list_take_back": (
        Row(
            request_path("lists/take-back"),
            method="post",
            stranger=(403,),
            allowed=LISTS,
            ok=(409,),
            data=lambda scene: {"asked": "not signed", "why": "报错了"},
        ),
    ),
    "findings": (
        Row(request_path("findings"), allowed=FINDERS),
        Row(
            request_path("findings"),
            method="post",
            stranger=(403,),
            allowed=FINDERS - {"auditor", "away"},
            ok=(302,),
            refused=(403, 404, 422),
            data=lambda scene: {"text": "扶手松了", "place": "S7-ORT", "command": uuid4().hex},
        ),
    ),
    "kiosk": (
        Row(kiosk_path(), **PUBLIC),
        Row(lambda scene: "/k/guess", allowed=frozenset(), stranger=(404,)),
        Row(
            kiosk_path(),
            method="post",
            ok=(302,),
            stranger=(302,),
            data=lambda scene: {"text": "灯不亮", "command": uuid4().hex},
        ),
    ),
    "kiosk_worker": (Row(request_path("k/sw.js"), **PUBLIC),),
    "kiosk_likely": (Row(kiosk_path("/likely?text=灯"), **PUBLIC),),
    "kiosk_thanks": (Row(kiosk_path("/thanks/100001"), ok=(302,), stranger=(302,)),),
    **{
        kind: (
            Row(
                _hook(kind), method="post", allowed=frozenset(), refused=(404, 429), stranger=(404, 429)
            ),  # after many wrong knocks from one address: later
        )
        for kind in ("mail", "wecom", "dingtalk", "feishu")
    },
}
