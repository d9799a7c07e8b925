"""Listening to brokers: one client a door, its messages drained by the worker and acknowledged after they were judged.

The session is persistent and the subscription is at least once (QoS 1), so what was published while the worker was away
comes when it is back. Two workers would take each other's session: set ``YINGXU_BROKERS=off`` in all but one.
"""

from __future__ import annotations

import os
import queue
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from yingxu.connect.doors import intake, keys, readings
from yingxu.connect.doors.keys import KeyMissing
from yingxu.demand import actions as demand
from yingxu.demand.queries import doors as queries
from yingxu.demand.queries.doors import DoorRow

#: More than so many readings that wait are left with the broker, which sends them again.
MOST_WAITING = 5000
#: So many are judged in one turn.
AT_ONCE = 200


@dataclass
class Listener:
    """A connection to one broker. Its thread only queues; the database is the worker's."""

    door: DoorRow
    topics: tuple[str, ...]
    client: mqtt.Client = field(init=False)
    waiting: queue.Queue[mqtt.MQTTMessage] = field(default_factory=lambda: queue.Queue(MOST_WAITING))
    trouble: str = ""
    is_connected: bool = False

    def start(self) -> None:
        """Begin to listen; raises KeyMissing, OSError, ValueError (a wrong address)."""
        said = self.door.settings
        name = str(said.get("client_id") or f"yingxu-{self.door.uid.hex[:16]}")
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=name, clean_session=False, manual_ack=True, protocol=mqtt.MQTTv311
        )
        if said.get("user"):
            self.client.username_pw_set(str(said["user"]), keys.secret(self.door, "password_env"))
        if said.get("security") == "tls":
            self.client.tls_set_context(ssl.create_default_context())
        self.client.on_connect = self._connected
        self.client.on_disconnect = self._lost
        self.client.on_message = self._came
        self.client.reconnect_delay_set(1, 60)
        self.client.connect_async(str(said["host"]), int(said.get("port", "1883")), keepalive=30)
        self.client.loop_start()

    def stop(self) -> None:
        """Stop listening; the broker keeps what comes until the next time."""
        self.client.disconnect()
        self.client.loop_stop()

    def drain(self, *, at: datetime) -> int:
        """Judge what waits, in order; each is acknowledged after it was judged. Returns how many."""
        n = 0
        while n < AT_ONCE:
            try:
                message = self.waiting.get_nowait()
            except queue.Empty:
                break
            readings.take_reading(self.door, message.topic, bytes(message.payload), at=at)
            self.client.ack(message.mid, message.qos)
            n += 1
        return n

    def _connected(self, client: Any, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            self.trouble = f"the broker refused: {reason}"
            return
        self.trouble, self.is_connected = "", True
        if self.topics:
            client.subscribe([(topic, 1) for topic in self.topics])

    def _lost(self, client: Any, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        self.is_connected = False
        if reason.is_failure:
            self.trouble = f"the connection was lost: {reason}"

    def _came(self, client: Any, userdata: Any, message: mqtt.MQTTMessage) -> None:
        try:
            self.waiting.put_nowait(message)
        except queue.Full:
            self.trouble = "more readings than can be judged; the rest waits with the broker"


class Brokers:
    """The listeners of all brokers, kept in step with the doors and their rules."""

    def __init__(self, make: Callable[[DoorRow, tuple[str, ...]], Listener] = Listener) -> None:
        self._make = make
        self._listeners: dict[int, Listener] = {}

    def sync(self, *, at: datetime) -> None:
        """Start listening where a door was opened or changed, stop where one was closed; say what is wrong."""
        wanted = {} if os.environ.get("YINGXU_BROKERS") == "off" else self._wanted()
        for key, listener in list(self._listeners.items()):
            if wanted.get(key) != (listener.door.settings, listener.topics):
                self._listeners.pop(key).stop()
        for door in queries.open_doors("mqtt"):
            if door.id in wanted and door.id not in self._listeners:
                self._start(door, wanted[door.id][1], at)
        for listener in self._listeners.values():
            if listener.trouble or listener.is_connected:
                demand.note_door(door_id=listener.door.id, trouble=listener.trouble, actor=intake.INTAKE, at=at)

    def _wanted(self) -> dict[int, tuple[dict[str, Any], tuple[str, ...]]]:
        found = {}
        for door in queries.open_doors("mqtt"):
            topics = tuple(dict.fromkeys(rule.topic for rule in queries.alarm_rules(door.id, only_on=True)))
            found[door.id] = (door.settings, topics)
        return found

    def _start(self, door: DoorRow, topics: tuple[str, ...], at: datetime) -> None:
        listener = self._make(door, topics)
        try:
            listener.start()
        except (KeyMissing, OSError, ValueError) as why:
            trouble = " ".join(str(why).split())
            demand.note_door(door_id=door.id, trouble=trouble, actor=intake.INTAKE, at=at)
            return
        self._listeners[door.id] = listener

    def drain(self, *, at: datetime) -> bool:
        """Judge what came; tells whether more waits."""
        counts = [listener.drain(at=at) for listener in self._listeners.values()]
        return AT_ONCE in counts

    def stop(self) -> None:
        """Stop listening everywhere."""
        for listener in self._listeners.values():
            listener.stop()
        self._listeners.clear()
