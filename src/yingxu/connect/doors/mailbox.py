"""Mailboxes: polled over IMAP by the worker; receipts go out over SMTP. Settings are the door's, passwords are not."""

from __future__ import annotations

import imaplib
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from yingxu.connect.doors import answers, intake, keys, mail
from yingxu.connect.doors.keys import KeyMissing
from yingxu.demand import actions as demand
from yingxu.demand.queries import doors as queries
from yingxu.demand.queries.doors import DoorRow
from yingxu.ground import links

TIMEOUT_S = 20.0
#: So many mails are taken in one turn of a mailbox.
AT_ONCE = 20

Opened = Callable[[DoorRow], imaplib.IMAP4]


class MailTrouble(Exception):
    """A mailbox cannot be read or a mail not sent, in a line."""


def open_mailbox(door: DoorRow) -> imaplib.IMAP4:
    """Return a mailbox, signed in; raises MailTrouble, KeyMissing."""
    said = door.settings
    host, port = str(said["imap_host"]), int(said.get("imap_port", "993"))
    context = ssl.create_default_context()
    if said.get("security", "tls") == "tls":
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=TIMEOUT_S)
    else:
        box = imaplib.IMAP4(host, port, timeout=TIMEOUT_S)
        if said.get("security") == "starttls":
            box.starttls(context)
    box.login(str(said.get("user", "")), keys.secret(door, "password_env"))
    return box


def poll_all(*, at: datetime, opened: Opened = open_mailbox) -> bool:
    """Read every mailbox once; tells whether one has more. A mailbox in trouble says so and stops no other."""
    is_more = False
    for door in queries.open_doors("mail"):
        if door.settings.get("imap_host"):
            is_more = _poll(door, at, opened) or is_more
    return is_more


def _poll(door: DoorRow, at: datetime, opened: Opened) -> bool:
    try:
        with _box(door, opened) as box:
            n = poll(door, box, at=at)
    except (imaplib.IMAP4.error, OSError, KeyMissing, MailTrouble) as trouble:
        demand.note_door(door_id=door.id, trouble=in_a_line(trouble), actor=intake.INTAKE, at=at)
        return False
    if n == 0:
        demand.note_door(door_id=door.id, actor=intake.INTAKE, at=at)
    return n == AT_ONCE


@contextmanager
def _box(door: DoorRow, opened: Opened) -> Iterator[imaplib.IMAP4]:
    box = opened(door)
    try:
        yield box
    finally:
        try:
            box.logout()
        except (imaplib.IMAP4.error, OSError):
            box.shutdown()


def poll(door: DoorRow, box: imaplib.IMAP4, *, at: datetime) -> int:
    """Take in unseen mails; each is marked as seen only after it was kept. Returns how many."""
    state, _ = box.select(str(door.settings.get("folder", "INBOX")))
    if state != "OK":
        raise MailTrouble(f"folder {door.settings.get('folder')} cannot be opened")
    _, found = box.uid("SEARCH", "UNSEEN")
    uids = (found[0] or b"").split()[:AT_ONCE] if found else []
    for uid in uids:
        content = _fetch(box, uid.decode())
        if content is not None:
            arrival = (
                mail.unreadable(content[:1000], why="too_large")
                if len(content) > mail.LIMIT_BYTES
                else mail.read(content, own_address=str(door.settings.get("from_address", "")))
            )
            intake.take_in(door, arrival, at=at)
        box.uid("STORE", uid.decode(), "+FLAGS", r"(\Seen)")
    return len(uids)


def _fetch(box: imaplib.IMAP4, uid: str) -> bytes | None:
    """Return a mail, or of one that is too large its head."""
    _, sized = box.uid("FETCH", uid, "(RFC822.SIZE)")
    size = _size(sized)
    what = "(BODY.PEEK[])" if size <= mail.LIMIT_BYTES else "(BODY.PEEK[HEADER])"
    _, parts = box.uid("FETCH", uid, what)
    for part in parts or ():
        if isinstance(part, tuple) and isinstance(part[1], bytes):
            return part[1] if size <= mail.LIMIT_BYTES else part[1].ljust(mail.LIMIT_BYTES + 1)
    return None


def _size(answer: Any) -> int:
    for part in answer or ():
        text = part[0] if isinstance(part, tuple) else part
        if isinstance(text, bytes) and b"RFC822.SIZE" in text:
            digits = text.split(b"RFC822.SIZE", 1)[1].split()[0].strip(b")")
            return int(digits) if digits.isdigit() else 0
    return 0


def send(door: DoorRow, facts: dict[str, Any]) -> None:
    """Send the receipt of a mail; raises MailTrouble, KeyMissing, OSError, smtplib.SMTPException."""
    if not door.settings.get("smtp_host"):
        raise MailTrouble("smtp_host is not set")
    message_id = f"<{links.follow_code(UUID(str(facts['request'])))}@{answers.MAIL_DOMAIN}>"
    outgoing = mail.receipt(facts, from_address=str(door.settings["from_address"]), message_id=message_id)
    _smtp(door, outgoing)


def _smtp(door: DoorRow, outgoing: EmailMessage) -> None:
    said = door.settings
    host, port = str(said["smtp_host"]), int(said.get("smtp_port", "465"))
    security = said.get("smtp_security", "tls")
    context = ssl.create_default_context()
    if security == "tls":
        box: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=context)
    else:
        box = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
    with box:
        if security == "starttls":
            box.starttls(context=context)
        if said.get("user") and said.get("password_env"):
            box.login(str(said["user"]), keys.secret(door, "password_env"))
        box.send_message(outgoing)


def in_a_line(trouble: Exception) -> str:
    """Return what went wrong, in a line, for the door's page."""
    first = " ".join(str(trouble).split())
    return f"{type(trouble).__name__}: {first}"[:300]
