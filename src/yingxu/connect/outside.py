"""The loops that wait for others: mailboxes, brokers, vendors, subscribers.

They turn in a thread of their own, so that a mail server that hangs never keeps a promise from being marked.
"""

from __future__ import annotations

import threading
import time

from django.utils import timezone

from yingxu.connect import sending
from yingxu.connect.doors import intake, mailbox
from yingxu.connect.doors.listening import Brokers
from yingxu.connect.worker import Loop
from yingxu.ground import actions as ground
from yingxu.ground import seals
from yingxu.ground.actor import engine
from yingxu.ground.seals import Sample

_CLOCK = engine("clock")


class Relay:
    """Samples the ledger's highest entry, and relays up to it once every transaction of that moment has ended."""

    def __init__(self) -> None:
        self.waiting: Sample | None = None
        self._done_id = -1

    def turn(self) -> bool:
        """Relay what is settled; samples anew when that is done."""
        if self.waiting is None:
            self.waiting = seals.sample()
        if self.waiting.highest_id == self._done_id:
            self.waiting = seals.sample()
            return False
        if not seals.is_settled(self.waiting):
            return False
        relayed = ground.relay_facts(up_to_id=self.waiting.highest_id, actor=_CLOCK, at=timezone.now())
        if not relayed.is_more:
            self._done_id = self.waiting.highest_id
            self.waiting = seals.sample()
        return relayed.is_more


def make_loops(brokers: Brokers) -> list[Loop]:
    """Return the loops that wait for others."""

    def poll() -> bool:
        return mailbox.poll_all(at=timezone.now())

    def listen() -> bool:
        brokers.sync(at=timezone.now())
        return False

    def judge() -> bool:
        return brokers.drain(at=timezone.now())

    def again() -> bool:
        return intake.take_up_again(at=timezone.now()) >= 50

    return [
        Loop("relay to subscribers", Relay().turn, 0.5),
        Loop("send what leaves", sending.send_due, 1.0),
        Loop("judge readings", judge, 0.2),
        Loop("listen to brokers", listen, 10.0),
        Loop("read mailboxes", poll, 20.0),
        Loop("take in what waits", again, 15.0),
    ]


def work(stop: threading.Event) -> None:
    """Run every loop until ``stop`` is set."""
    from django.db import connection

    brokers = Brokers()
    loops = make_loops(brokers)
    try:
        while not stop.is_set():
            for loop in loops:
                loop.run(time.monotonic())
            stop.wait(0.1)
    finally:
        brokers.stop()
        connection.close()
