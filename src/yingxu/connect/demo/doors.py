"""The demo's other doors: a mailbox, a bot, sensors and a kiosk; what came in at them today; who is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from yingxu.connect.doors import intake, readings
from yingxu.demand import actions as demand
from yingxu.demand.actions import Arrival, RuleSaid
from yingxu.demand.queries import doors as queries
from yingxu.demand.queries.doors import DoorRow
from yingxu.ground import actions as ground
from yingxu.ground import queries as accounts
from yingxu.ground.actor import Actor

_DOORS: tuple[tuple[str, str, dict[str, str], str], ...] = (
    ("mail", "后勤报修邮箱", {"from_address": "baoxiu@hospital.example"}, ""),
    (
        "wecom",
        "企业微信·后勤服务",
        {"corp_id": "ww0123456789abcdef", "token_env": "YINGXU_WECOM_TOKEN", "aes_key_env": "YINGXU_WECOM_AES_KEY"},
        "",
    ),
    ("mqtt", "楼宇传感器", {"host": "mqtt.hospital.example"}, ""),
    ("kiosk", "住院大厅报修台", {}, "S-01-HALL"),
)
_RULES = (
    RuleSaid(
        name="手术部净化温度偏高",
        topic="hospital/or/+/climate",
        path="temperature",
        condition="above",
        limit="25",
        clear_limit="24",
        hold_s=0,
        item_code="hva.clean_room",
        place_code="",
        priority=2,
        text="手术间温度 {value} ℃，高于 {limit} ℃",
    ),
    RuleSaid(
        name="热水水温偏低",
        topic="hospital/water/hot",
        path="",
        condition="below",
        limit="42",
        clear_limit="45",
        hold_s=600,
        item_code="plb.hot_water",
        place_code="S-07-W",
        priority=None,
        text="热水水温 {value} ℃，低于 {limit} ℃",
    ),
)
_MESSAGES = (
    (0, "chen@hospital.example", "陈秘书", "三楼会议室投影打不开，下午两点要用", 95),
    (0, "li@hospital.example", "李干事", "行政楼二楼男卫生间地漏返味", 40),
    (1, "ZhangMin", "张敏", "骨科示教室空调滴水，地上湿了", 25),
)


def open_doors(site_id: int, now: datetime) -> None:
    """Open the doors a month ago, and let some messages and readings of today come in by the one path."""
    admin = accounts.actors_by_name(["admin"])["admin"][0]
    opened = [_open(site_id, admin, *said, at=now - timedelta(days=30)) for said in _DOORS]
    sensors = opened[2]
    for rule in _RULES:
        demand.set_alarm_rule(door_id=sensors.uid, rule=rule, actor=admin, at=now - timedelta(days=30))
    for n, (place, sender, name, text, minutes) in enumerate(_MESSAGES):
        arrival = Arrival(external_id=f"demo-{n}", text=text, sender=sender, sender_name=name)
        intake.take_in(opened[place], arrival, at=now - timedelta(minutes=minutes))
    unread = Arrival(
        external_id="demo-picture",
        sender="WangLei",
        sender_name="王磊",
        raw="<xml><MsgType>image</MsgType><MediaId>demo</MediaId></xml>",
        why="not_text",
    )
    intake.take_in(opened[1], unread, at=now - timedelta(minutes=12))
    for value, minutes in ((23.6, 50), (25.4, 18), (25.9, 8)):
        payload = f'{{"temperature": {value}, "humidity": 52}}'.encode()
        readings.take_reading(sensors, "hospital/or/3/climate", payload, at=now - timedelta(minutes=minutes))
    # the broker's name is nobody's: the worker shall not look for it
    demand.change_door(
        door_id=sensors.uid, name=sensors.name, settings=sensors.settings, is_on=False, actor=admin, at=now
    )
    made = ground.subscribe(
        site_id=site_id,
        name="医院数据中台",
        url="https://integration.hospital.example/yingxu",
        kinds=["demand.request.*", "work.job.*"],
        actor=admin,
        at=now,
    )
    ground.change_subscription(
        subscription_id=made.uid,
        name="医院数据中台",
        url="https://integration.hospital.example/yingxu",
        kinds=["demand.request.*", "work.job.*"],
        is_on=False,
        actor=admin,
        at=now,
    )


def _open(
    site_id: int, admin: Actor, kind: str, name: str, settings: dict[str, str], place: str, *, at: datetime
) -> DoorRow:
    made = demand.open_door(
        site_id=site_id, kind=kind, name=name, settings=settings, place_code=place, actor=admin, at=at
    )
    return queries.door_by_key(made.id)
