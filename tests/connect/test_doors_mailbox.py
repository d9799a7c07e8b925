"""A mailbox read over IMAP and answered over SMTP: each mail once, seen after it was kept; troubles are said."""

from __future__ import annotations

import imaplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from tests.connect.doors import AT, SECRETS, opened
from tests.connect.test_doors_mail import written
from tests.people import House
from yingxu.connect import sending
from yingxu.connect.doors import mail, mailbox
from yingxu.connect.doors import sending as answering
from yingxu.demand.models import Door, Message, Request
from yingxu.ground.models import Delivery

pytestmark = pytest.mark.django_db


class Box:
    """A mailbox as imaplib shows it."""

    def __init__(self, *mails: bytes) -> None:
        self.mails = {str(n): content for n, content in enumerate(mails, 1)}
        self.seen: list[str] = []
        self.is_out = False

    def select(self, folder: str) -> tuple[str, list[bytes]]:
        return ("OK", [b"1"]) if folder == "INBOX" else ("NO", [b"no such folder"])

    def uid(self, verb: str, *args: str) -> tuple[str, list[Any]]:
        if verb == "SEARCH":
            return "OK", [" ".join(n for n in self.mails if n not in self.seen).encode()]
        if verb == "STORE":
            self.seen.append(args[0])
            return "OK", [b""]
        content = self.mails[args[0]]
        if "SIZE" in args[1]:
            return "OK", [f"{args[0]} (UID {args[0]} RFC822.SIZE {len(content)})".encode()]
        body = content if "HEADER" not in args[1] else content.split(b"\n\n")[0]
        return "OK", [(b"1 (BODY[] {%d}" % len(body), body), b")"]

    def logout(self) -> None:
        self.is_out = True


def box_of(box: Box) -> Any:
    return lambda door: box


def test_each_mail_once_and_seen_after_it_was_kept(house: House) -> None:
    door = opened(house, "mail", imap_host="127.0.0.1", user="u", password_env="DOOR_PASSWORD")
    box = Box(
        written().as_bytes(),
        written("灯不亮", **{"Message-ID": "<2@h>"}).as_bytes(),
        b"junk",
        b"From: a@b\n\n" + b"x" * (mail.LIMIT_BYTES + 1),
    )
    assert mailbox.poll_all(at=AT, opened=box_of(box)) is False
    assert box.seen == ["1", "2", "3", "4"]
    assert box.is_out
    states = list(Message.objects.filter(door_id=door.id).order_by("id").values_list("state", "why"))
    assert states == [("raised", ""), ("raised", ""), ("failed", "no_sender"), ("failed", "too_large")]
    mailbox.poll_all(at=AT + timedelta(minutes=1), opened=box_of(box))
    assert Message.objects.filter(door_id=door.id).count() == 4
    assert Door.objects.get(pk=door.id).last_seen_at == AT + timedelta(minutes=1)


def test_a_mailbox_in_trouble_says_so_and_stops_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    first = opened(house, "mail", name="a", imap_host="127.0.0.1", folder="Nowhere")
    second = opened(house, "mail", name="b", imap_host="127.0.0.1")
    third = opened(house, "mail", name="c", imap_host="127.0.0.1")

    def open_box(door: Any) -> Any:
        if door.id == second.id:
            raise imaplib.IMAP4.error("authentication failed")
        return Box(written(**{"Message-ID": f"<{door.id}@h>"}).as_bytes())

    mailbox.poll_all(at=AT, opened=open_box)
    assert "Nowhere" in Door.objects.get(pk=first.id).trouble
    assert "authentication failed" in Door.objects.get(pk=second.id).trouble
    assert Request.objects.filter(channel="mail").count() == 1
    assert Door.objects.get(pk=third.id).trouble == ""
    monkeypatch.delenv("DOOR_PASSWORD", raising=False)
    mailbox.poll_all(at=AT)  # the environment has no password, and nobody listens there
    assert Door.objects.get(pk=third.id).trouble


@contextmanager
def post_office() -> Iterator[tuple[int, list[str]]]:
    """Serve SMTP to one sender; gives the port and the mails."""
    server = socket.create_server(("127.0.0.1", 0))
    mails: list[str] = []

    def serve() -> None:
        try:
            link, _ = server.accept()
        except OSError:
            return
        with link, link.makefile("rwb") as lines:

            def say(text: str) -> None:
                lines.write(text.encode() + b"\r\n")
                lines.flush()

            say("220 post office")
            kept: list[str] = []
            while line := lines.readline():
                word = line.decode(errors="replace").strip()
                if word.upper().startswith("DATA"):
                    say("354 go on")
                    while (part := lines.readline()) != b".\r\n":
                        kept.append(part.decode(errors="replace"))
                    mails.append("".join(kept))
                    say("250 kept")
                elif word.upper() == "QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 fine")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1], mails
    finally:
        server.close()
        thread.join(timeout=5)


def test_the_receipt_goes_out_and_its_answer_comes_back_to_the_same_request(house: House, socket_enabled: None) -> None:
    with post_office() as (port, mails):
        door = opened(house, "mail", imap_host="127.0.0.1", smtp_port=str(port))
        mailbox.poll_all(at=AT, opened=box_of(Box(written().as_bytes())))
        request = Request.objects.get(channel="mail")
        sending.send_due(channels={"door": answering.send_answer})
    (receipt,) = mails
    delivery = Delivery.objects.get(channel="door", facts__door=door.id)
    assert delivery.sent_at is not None, delivery.trouble
    assert "In-Reply-To: <1@hospital.example>" in receipt
    assert "Auto-Submitted: auto-replied" in receipt
    message_id = next(line for line in receipt.splitlines() if line.startswith("Message-ID:")).split(": ", 1)[1]
    answer = written(
        "还在漏", "Re: 报修", **{"Message-ID": "<9@h>", "In_Reply_To": message_id, "From": "other@h.example"}
    )
    mailbox.poll_all(at=AT, opened=box_of(Box(answer.as_bytes())))
    assert Message.objects.get(external_id="<9@h>").request_id == request.pk


def test_without_smtp_the_receipt_waits_and_says_why(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    door = opened(house, "mail", imap_host="127.0.0.1", smtp_host="")
    mailbox.poll_all(at=AT, opened=box_of(Box(written().as_bytes())))
    sending.send_due(channels={"door": answering.send_answer})
    assert "smtp_host" in Delivery.objects.get(channel="door", facts__door=door.id).trouble
