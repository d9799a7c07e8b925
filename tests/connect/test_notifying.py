"""Notices that leave: by mail and by the gateway, in the reader's words, signed, tried again, given up."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from tests.people import House
from tests.rooms.requests import ask
from tests.rooms.test_notices import notice
from yingxu.connect import notifying, sending
from yingxu.ground.models import MOST_TRIES, Account, Delivery, Site
from yingxu.ground.webhooks import secret_of, signature

pytestmark = pytest.mark.django_db
_CHANNELS = {"email": notifying.send_mail, "gateway": notifying.send_to_gateway}


def leaving(house: House, channel: str, address: str) -> Delivery:
    """A warning about a burst pipe that leaves by a channel."""
    raised = ask(house, item_code="plb.burst", text="水管爆了")
    row = notice(house, "leader", timezone.now() - timedelta(seconds=1), limit_at="2025-03-03T01:03:00+00:00")
    Delivery.objects.filter(pk=row.pk).update(channel=channel, address=address, subject_id=raised.key)
    row.refresh_from_db()
    return row


def test_a_mail_says_what_and_where_in_the_readers_language(house: House, settings: Any) -> None:
    settings.EMAIL_HOST, settings.PUBLIC_URL = "mail.example.org", "https://yx.example.org"
    first = leaving(house, "email", "liu@example.org")
    sending.send_due(channels=_CHANNELS)
    first.refresh_from_db()
    assert first.sent_at is not None
    sent = mail.outbox[0]
    assert sent.to == ["liu@example.org"]
    assert "50%" in sent.subject
    assert "骨科" in sent.body
    assert "https://yx.example.org/requests/" in sent.body
    Account.objects.filter(pk=house.accounts["leader"]).update(language="en")
    leaving(house, "email", "liu@example.org")
    sending.send_due(channels=_CHANNELS)
    assert "Orthopaedics" in mail.outbox[1].body


def test_without_a_server_a_mail_waits_and_is_given_up_in_the_end(house: House, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    row = leaving(house, "email", "liu@example.org")
    for n in range(1, MOST_TRIES + 3):
        sending.send_due(channels=_CHANNELS)
        row.refresh_from_db()
        assert row.n_tries == min(n, MOST_TRIES)
        Delivery.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    assert "YINGXU_SMTP_HOST" in row.trouble
    assert mail.outbox == []


@pytest.fixture
def gateway() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]], list[int]]]:
    """A hospital's gateway on this machine: its address, what came in, what it answers."""
    came: list[tuple[dict[str, str], bytes]] = []
    answers: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(answers.pop(0) if answers else 204)
            self.end_headers()

        def log_message(self, *ignored: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/in", came, answers
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_gateway_gets_a_signed_notice_with_its_receiver_and_again_until_it_takes_it(
    house: House, gateway: tuple[str, list[tuple[dict[str, str], bytes]], list[int]]
) -> None:
    url, came, answers = gateway
    answers.append(503)
    row = leaving(house, "gateway", url)
    sending.send_due(channels=_CHANNELS)
    row.refresh_from_db()
    assert (row.sent_at, row.trouble, row.n_tries) == (None, "answered 503", 1)
    assert row.due_at > timezone.now()
    Delivery.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    sending.send_due(channels=_CHANNELS)
    row.refresh_from_db()
    assert row.sent_at is not None
    headers, body = came[1]
    said = json.loads(body)
    assert said["to"]["account"] == "leader"
    assert "50%" in said["lines"][0]
    assert headers["webhook-id"] == came[0][0]["webhook-id"] == str(row.entry)
    site = Site.objects.get(pk=house.site_id)
    assert headers["webhook-signature"] == signature(
        secret_of(site.uid, 1),
        message_id=headers["webhook-id"],
        timestamp_s=int(headers["webhook-timestamp"]),
        body=body,
    )
