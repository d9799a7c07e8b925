"""Webhooks out: what is recorded is told once, signed, in its order, tried again; the log, a try, sent again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from tests.connect.doors import AT
from tests.people import House
from yingxu.connect import sending
from yingxu.connect.outside import Relay as RelayLoop
from yingxu.demand import actions as demand
from yingxu.ground import actions as ground
from yingxu.ground import queries
from yingxu.ground.actor import engine
from yingxu.ground.models import Delivery, Entry, Relay
from yingxu.ground.refusals import Malformed, NotAllowed
from yingxu.ground.webhooks import means, secret_of, signature

pytestmark = pytest.mark.django_db
CLOCK = engine("clock")


def test_the_signature_of_the_specifications_own_example() -> None:
    """Standard Webhooks 1.0.0 gives this secret, id, time, body and signature."""
    assert (
        signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp_s=1614265330,
            body=b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_which_kinds_are_meant() -> None:
    assert means([], "work.job.opened")
    assert means(["demand.request.*"], "demand.request.raised")
    assert means(["work.job.opened"], "work.job.opened")
    assert not means(["demand.request"], "demand.request.raised")
    assert not means(["demand.*"], "work.job.opened")


@contextmanager
def receiver(*statuses: int) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """Serve a receiver on this machine that answers with these statuses, then 200."""
    got: list[tuple[dict[str, str], bytes]] = []
    left = list(statuses)

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status = left.pop(0) if left else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/in", got
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def subscribed(house: House, url: str = "http://127.0.0.1:1/", kinds: tuple[str, ...] = ("demand.request.*",)) -> UUID:
    # an entry is told when it was recorded after the subscription: the database's clock decides
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp()")
        now = cursor.fetchone()[0]
    return ground.subscribe(
        site_id=house.site_id, name="中台", url=url, kinds=kinds, actor=house.actor("administrator"), at=now
    ).uid


def ask(house: House, text: str = "灯不亮") -> Any:
    return demand.raise_request(
        site_id=house.site_id, channel="web", text=text, place_code="S7-ORT", actor=house.actor("nurse"), at=AT
    )


def highest() -> int:
    entry = Entry.objects.order_by("-id").first()
    return entry.pk if entry else 0


def relayed() -> ground.Relayed:
    return ground.relay_facts(up_to_id=highest(), actor=CLOCK, at=AT)


def queued(uid: UUID) -> list[Delivery]:
    return list(Delivery.objects.filter(channel="webhook", address=str(uid)).order_by("id"))


def test_what_is_recorded_is_told_once_and_never_the_past(house: House) -> None:
    ask(house, "以前的事")
    relayed()  # the relay begins here
    uid = subscribed(house)
    raised = ask(house)
    assert relayed().n_queued == 1
    assert relayed().n_queued == 0
    (delivery,) = queued(uid)
    assert delivery.facts["type"] == "demand.request.raised"
    assert delivery.facts["data"]["facts"]["number"] == raised.number
    assert "李护士" not in json.dumps(delivery.facts, ensure_ascii=False)
    assert Relay.objects.get(name="webhooks").entry_id == highest()


def test_an_entry_below_the_mark_that_commits_late_is_not_lost(house: House) -> None:
    """The loop relays up to a mark only after every transaction of its moment has ended."""
    loop = RelayLoop()
    loop.turn()
    uid = subscribed(house)
    ask(house)
    for _ in range(3):
        loop.turn()
    assert len(queued(uid)) == 1


def test_it_goes_out_signed_and_a_failed_one_is_tried_again(house: House, socket_enabled: None) -> None:
    with receiver(500) as (url, got):
        uid = subscribed(house, url)
        relayed()
        ask(house)
        relayed()
        sending.send_due(channels={"webhook": sending.send_webhook})
        (delivery,) = queued(uid)
        assert (delivery.sent_at, delivery.n_tries) == (None, 1)
        assert "500" in delivery.trouble
        Delivery.objects.filter(pk=delivery.pk).update(due_at=AT)
        sending.send_due(channels={"webhook": sending.send_webhook})
        delivery.refresh_from_db()
        assert delivery.sent_at is not None
        assert delivery.trouble == ""
        headers, body = got[-1]
        wanted = signature(
            secret_of(uid, 1),
            message_id=headers["webhook-id"],
            timestamp_s=int(headers["webhook-timestamp"]),
            body=body,
        )
        assert headers["webhook-signature"] == wanted
        assert headers["webhook-id"] == got[0][0]["webhook-id"]
        assert json.loads(body)["type"] == "demand.request.raised"


def test_a_redirect_is_not_followed_and_an_absent_receiver_is_a_trouble(house: House, socket_enabled: None) -> None:
    with receiver(302) as (url, got):
        uid = subscribed(house, url)
        ground.fire_test(subscription_id=uid, actor=house.actor("administrator"), at=AT)
        sending.send_due(channels={"webhook": sending.send_webhook})
        assert "302" in queued(uid)[0].trouble
        assert len(got) == 1
    Delivery.objects.filter(address=str(uid)).update(due_at=AT)
    sending.send_due(channels={"webhook": sending.send_webhook})
    assert queued(uid)[0].trouble


def test_a_test_a_new_secret_and_sending_again(house: House) -> None:
    admin = house.actor("administrator")
    uid = subscribed(house)
    before = secret_of(uid, 1)
    assert secret_of(uid, ground.renew_secret(subscription_id=uid, actor=admin, at=AT).secret_number) != before
    sent = ground.fire_test(subscription_id=uid, actor=admin, at=AT)
    claimed = ground.claim_due(channels=["webhook"], actor=CLOCK, at=AT).rows
    assert [row.entry for row in claimed] == [sent.message_id]
    assert ground.claim_due(channels=["webhook"], actor=CLOCK, at=AT).rows == ()  # it is in hand
    assert ground.claim_due(channels=["webhook"], actor=CLOCK, at=AT + timedelta(minutes=3)).rows != ()
    ground.mark_sent(outcomes={claimed[0].id: ""}, actor=CLOCK, at=AT)
    ground.send_once_more(subscription_id=uid, message_id=sent.message_id, actor=admin, at=AT)
    assert queries.sent_by_webhook(uid).rows[0].sent_at is None


def test_a_switched_off_subscription_is_told_nothing(house: House) -> None:
    relayed()
    uid = subscribed(house)
    ground.change_subscription(
        subscription_id=uid, name="中台", url="https://h.example/", kinds=[], is_on=False,
        actor=house.actor("administrator"), at=AT,
    )  # fmt: skip
    ask(house)
    relayed()
    assert queued(uid) == []


@pytest.mark.parametrize("url", ["", "ftp://h/", "http://", "https://h/ x", "javascript:alert(1)", "https://h:99999/"])
def test_addresses_that_are_none(house: House, url: str) -> None:
    with pytest.raises(Malformed):
        subscribed(house, url)


def test_only_administrators_subscribe_and_kinds_are_codes(house: House) -> None:
    for who in ("officer", "clerk", "manager"):
        with pytest.raises(NotAllowed):
            ground.subscribe(site_id=house.site_id, name="x", url="https://h/", kinds=[], actor=house.actor(who), at=AT)
    with pytest.raises(Malformed):
        subscribed(house, kinds=("Demand!",))
