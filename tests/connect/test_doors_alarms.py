"""Readings and alarms: topics, limits with hysteresis, one request while it stands; a broker over a real socket."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.connect.doors import AT, opened
from tests.people import House
from yingxu.connect.doors import readings
from yingxu.connect.doors.listening import Brokers
from yingxu.demand import actions as demand
from yingxu.demand.actions import RuleSaid
from yingxu.demand.models import Alarm, Door, Request, Word
from yingxu.demand.queries.doors import DoorRow
from yingxu.demand.readings import Limits, NoReading, fits, holds, is_filter, value_in
from yingxu.ground.refusals import Malformed, NotFound


@pytest.mark.parametrize(
    ("wanted", "topic", "is_met"),
    [
        ("a/b", "a/b", True), ("a/+", "a/b", True), ("a/+", "a/b/c", False), ("a/#", "a/b/c", True),
        ("a/#", "a", True), ("#", "a/b", True), ("#", "$SYS/x", False), ("+/b", "a/b", True), ("a/b", "a", False),
        ("a", "a/b", False), ("+", "", True),
    ],
)  # fmt: skip
def test_topics_as_mqtt_says(wanted: str, topic: str, is_met: bool) -> None:
    assert fits(wanted, topic) is is_met


def test_filters_that_are_none() -> None:
    assert is_filter("a/+/b/#")
    assert not any(is_filter(wrong) for wrong in ("", "a/#/b", "a+", "a/b#", "x" * 201))


def test_values_in_readings() -> None:
    assert value_in(b"7.5", "") == "7.5"
    assert value_in(b'{"s":[{"t":-71.5}]}', "s.0.t") == "-71.5"
    assert value_in(b'{"on":true}', "on") == "true"
    for payload, path in ((b"{}", "a"), (b"\xff", ""), (b"x", "a"), (b'{"a":{}}', "a"), (b"1" * 70_000, "")):
        with pytest.raises(NoReading):
            value_in(payload, path)


@given(st.lists(st.integers(-100, 100).map(str), max_size=30))
def test_an_alarm_never_flutters_between_its_limits(values: list[str]) -> None:
    limits = Limits("above", "8", "6")
    standing = False
    for value in values:
        now = holds(limits, value, is_standing=standing)
        if 6 < float(value) <= 8:
            assert now is standing
        standing = now


def test_limits_of_other_kinds() -> None:
    assert holds(Limits("below", "-60"), "-61", is_standing=False)
    assert holds(Limits("equals", "leak"), "leak", is_standing=False)
    assert holds(Limits("differs", "ok"), "fault", is_standing=False)
    for value in ("warm", "nan", "inf"):
        with pytest.raises(NoReading):
            holds(Limits("above", "1"), value, is_standing=False)


# in the product


def ruled(house: House, door: DoorRow, **more: Any) -> None:
    said = {
        "name": "血库冰箱超温", "topic": "fridge/+/temp", "path": "t", "condition": "above", "limit": "8",
        "clear_limit": "6", "hold_s": 0, "item_code": "plb.faucet", "place_code": "S7-ORT-WC", "priority": 2,
        "text": "血库冰箱 {value} ℃，高于 {limit} ℃", **more,
    }  # fmt: skip
    demand.set_alarm_rule(door_id=door.uid, rule=RuleSaid(**said), actor=house.actor("administrator"), at=AT)


def came(door: DoorRow, value: float, *, minute: int = 0, topic: str = "fridge/7/temp") -> tuple[str, ...]:
    return readings.take_reading(door, topic, json.dumps({"t": value}).encode(), at=AT + timedelta(minutes=minute))


@pytest.mark.django_db
def test_an_alarm_asks_once_while_it_stands_and_says_when_it_is_over(house: House) -> None:
    door = opened(house, "mqtt")
    ruled(house, door)
    assert came(door, 5) == ("quiet",)
    assert came(door, 9.1, minute=1) == ("asks",)
    request = Request.objects.get(channel="alarm", text__startswith="血库冰箱")
    assert request.text == "血库冰箱 9.1 ℃，高于 8 ℃"
    assert (request.priority, request.place_id, request.shown_state) == (2, house.places["S7-ORT-WC"], "queued")
    assert [came(door, 9.5, minute=n) for n in (2, 3)] == [("stands",), ("stands",)]
    assert came(door, 7, minute=4) == ("stands",)  # between the limits
    assert came(door, 5.5, minute=5) == ("ended",)
    assert came(door, 5, minute=6) == ("quiet",)
    alarm = Alarm.objects.get(request=request)
    assert (alarm.n_readings, [value for _, value in alarm.readings]) == (5, ["9.1", "9.5", "9.5", "7", "5.5"])
    assert Word.objects.filter(request=request, is_from_asker=True).count() == 1
    assert came(door, 9, minute=7) == ("asks",)
    assert Request.objects.filter(channel="alarm").count() == 2
    assert came(door, 9, minute=8, topic="fridge/8/temp") == ("asks",)


@pytest.mark.django_db
def test_an_alarm_that_must_hold_first(house: House) -> None:
    door = opened(house, "mqtt")
    ruled(house, door, hold_s=120)
    assert [came(door, 9, minute=n) for n in range(4)] == [("holds",), ("holds",), ("asks",), ("stands",)]


@pytest.mark.django_db
def test_a_reading_without_a_value_is_the_doors_trouble(house: House) -> None:
    door = opened(house, "mqtt")
    ruled(house, door)
    assert readings.take_reading(door, "fridge/7/temp", b"junk", at=AT) == ("no_reading",)
    assert "血库冰箱超温" in Door.objects.get(pk=door.id).trouble


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "a/#/b"}, {"limit": "warm"}, {"clear_limit": "9"}, {"condition": "near"}, {"item_code": ""},
        {"priority": 7}, {"hold_s": -1}, {"text": ""}, {"name": ""},
    ],
)  # fmt: skip
def test_rules_that_make_no_sense(house: House, wrong: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        ruled(house, opened(house, "mqtt"), **wrong)


@pytest.mark.django_db
def test_rules_name_places_and_items_that_are_known(house: House) -> None:
    door = opened(house, "mqtt")
    for wrong in ({"item_code": "no.such"}, {"place_code": "nowhere"}):
        with pytest.raises(NotFound):
            ruled(house, door, **wrong)
    ruled(house, door)
    with pytest.raises(Malformed):
        ruled(house, door)


# over a socket: just enough of an MQTT 3.1.1 broker


@contextmanager
def broker(published: list[tuple[str, bytes]]) -> Iterator[tuple[int, list[int]]]:
    """Serve one client: CONNACK, SUBACK, then the messages at QoS 1; gives the port and the acknowledged ids."""
    server = socket.create_server(("127.0.0.1", 0))
    acknowledged: list[int] = []

    def packet(kind: int, body: bytes) -> bytes:
        size, head = len(body), bytearray([kind])
        while True:
            size, digit = divmod(size, 128)
            head.append(digit | (128 if size else 0))
            if not size:
                return bytes(head) + body

    def read_packet(link: socket.socket) -> tuple[int, bytes]:
        head = link.recv(1)
        if not head:
            return 0, b""
        size = shift = 0
        while True:
            digit = link.recv(1)[0]
            size |= (digit & 127) << shift
            shift += 7
            if digit < 128:
                break
        body = b""
        while len(body) < size:
            body += link.recv(size - len(body))
        return head[0], body

    def serve() -> None:
        try:
            link, _ = server.accept()
        except OSError:
            return
        with link:
            while True:
                try:
                    kind, body = read_packet(link)
                except OSError:
                    return
                if kind >> 4 == 1:
                    link.sendall(packet(0x20, b"\x00\x00"))
                elif kind >> 4 == 8:
                    link.sendall(packet(0x90, body[:2] + b"\x01"))
                    for n, (topic, payload) in enumerate(published, 1):
                        name = topic.encode()
                        link.sendall(packet(0x32, struct.pack(">H", len(name)) + name + struct.pack(">H", n) + payload))
                elif kind >> 4 == 4:
                    acknowledged.append(struct.unpack(">H", body)[0])
                elif kind >> 4 == 12:
                    link.sendall(packet(0xD0, b""))
                elif kind in {0, 0xE0}:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1], acknowledged
    finally:
        server.close()
        thread.join(timeout=5)


@pytest.mark.django_db
def test_the_worker_listens_judges_and_acknowledges(house: House, socket_enabled: None) -> None:
    messages = [("fridge/7/temp", b'{"t": 9}'), ("fridge/7/temp", b'{"t": 9.4}'), ("other", b"1")]
    with broker(messages) as (port, acknowledged):
        door = opened(house, "mqtt", port=str(port))
        ruled(house, door)
        brokers = Brokers()
        brokers.sync(at=AT)
        try:
            until = time.monotonic() + 10
            while len(acknowledged) < 3 and time.monotonic() < until:
                brokers.drain(at=AT)
                time.sleep(0.02)
            brokers.sync(at=AT)
            assert acknowledged == [1, 2, 3]
            assert Request.objects.filter(channel="alarm").count() == 1
            row = Door.objects.get(pk=door.id)
            assert row.last_seen_at == AT
            demand.change_door(
                door_id=door.uid, name="mqtt", settings=door.settings, is_on=False,
                actor=house.actor("administrator"), at=AT,
            )  # fmt: skip
            brokers.sync(at=AT)
            assert brokers.drain(at=AT) is False
        finally:
            brokers.stop()


@pytest.mark.django_db
def test_a_broker_whose_password_is_missing_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOOR_PASSWORD", raising=False)
    door = opened(house, "mqtt", user="yingxu", password_env="DOOR_PASSWORD")
    brokers = Brokers()
    brokers.sync(at=AT)
    assert "DOOR_PASSWORD" in Door.objects.get(pk=door.id).trouble
    monkeypatch.setenv("YINGXU_BROKERS", "off")
    brokers.sync(at=AT)
