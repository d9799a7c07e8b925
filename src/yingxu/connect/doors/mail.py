"""E-mail read: who, what, in plain words without the quoted past; photos; replies; machines' mail told apart.

Formats: RFC 5322 (messages), RFC 2045–2047 (MIME, encoded words), RFC 3834 (automatic responses).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser
from typing import Any

from yingxu.demand.actions import Arrival
from yingxu.ground.files import store_photo
from yingxu.ground.refusals import Malformed

#: A mail may be so large; larger ones are refused before they are read.
LIMIT_BYTES = 11 * 1024 * 1024
MOST_PHOTOS = 6
_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_ROBOTS = re.compile(r"^(mailer-daemon|postmaster|no-?reply|noreply|do-?not-?reply)@", re.IGNORECASE)
_REPLY = re.compile(r"^\s*(re|aw|答复|回复|回覆|答覆)\s*[:：]", re.IGNORECASE)
_PREFIX = re.compile(r"^\s*((re|aw|fw|fwd|答复|回复|回覆|答覆|转发)\s*[:：]\s*)+", re.IGNORECASE)
#: Lines with which mail programs begin what they quote.
_QUOTED_FROM = re.compile(
    r"^\s*("
    r"-{2,}\s*(原始邮件|original message|forwarded message|转发的邮件)\s*-{2,}"
    r"|_{10,}"
    r"|on .{5,200} wrote\s*:"
    r"|在?.{0,60}\d{4}.{5,120}(写道|寫道)\s*[:：]"
    r"|(发件人|寄件者|from)\s*[:：].+"
    r")\s*$",
    re.IGNORECASE,
)
#: Subjects that say nothing that the words do not.
_EMPTY_SUBJECTS = frozenset({"报修", "维修", "报障", "无主题", "(no subject)", "no subject", "request", "求助", ""})
_CHARSETS = ("utf-8", "gb18030", "big5", "latin-1")


def read(content: bytes, *, own_address: str) -> Arrival:
    """Return a mail as an arrival; photos are stored. What cannot be read is kept as it came, with why."""
    try:
        mail = message_from_bytes(content, policy=policy.default)
        arrival = _read(mail, content, own_address)
    except (MessageError, ValueError, LookupError, IndexError, AttributeError, TypeError, RecursionError) as trouble:
        return unreadable(content, why=f"no_mail:{type(trouble).__name__}")
    return arrival


def unreadable(content: bytes, *, why: str) -> Arrival:
    """Return what could not be read, whole, under an id made of its bytes."""
    digest = hashlib.sha256(content).hexdigest()
    return Arrival(external_id=f"unread:{digest}", raw=decoded(content, ""), why=why[:32])


def _read(mail: Message, content: bytes, own_address: str) -> Arrival:
    name, address = parseaddr(_header(mail, "From"))
    subject = _header(mail, "Subject")
    text = _words(mail)
    photos, n_refused = _photos(mail)
    if "@" not in address:
        return unreadable(content, why="no_sender")
    external_id = _header(mail, "Message-ID") or f"mail:{hashlib.sha256(content).hexdigest()}"
    why = machine_made(
        {key.lower(): _header(mail, key) for key in set(mail.keys())}, address=address, own_address=own_address
    )
    return arrival_of(
        external_id=external_id,
        address=address,
        name=name,
        reply_to=_reply_to(mail) or address,
        subject=subject,
        text=text,
        photos=photos,
        n_refused=n_refused,
        ids=(*_ids(_header(mail, "In-Reply-To")), *_ids(_header(mail, "References"))),
        why=why,
        raw=decoded(content, "") if not text and not subject else "",
    )


def arrival_of(
    *,
    external_id: str,
    address: str,
    name: str,
    reply_to: str,
    subject: str,
    text: str,
    photos: Iterable[Mapping[str, Any]],
    n_refused: int,
    ids: Iterable[str],
    why: str,
    raw: str = "",
) -> Arrival:
    """Return a mail's parts as an arrival; a mail without any words waits for a person."""
    said = without_past(text)
    bare = _PREFIX.sub("", subject).strip()
    is_reply = bool(_REPLY.match(subject)) or bool(tuple(ids))
    if not is_reply and bare.lower() not in _EMPTY_SUBJECTS and bare not in said:
        said = f"{bare}\n{said}".strip()
    if not said and bare.lower() not in _EMPTY_SUBJECTS:
        said = bare
    kept = list(photos)
    if not said and kept:
        said = bare or "（见照片）"
    is_ignored = bool(why)
    return Arrival(
        external_id=external_id,
        text=said,
        sender=address.lower(),
        sender_name=name,
        subject=subject,
        photos=tuple(kept),
        reply={
            "way": "mail",
            "to": reply_to,
            "subject": bare[:150],
            "ids": list(ids)[-20:],
            "is_reply": is_reply,
            "answers": external_id,
            "n_refused": n_refused,
        },
        raw=raw,
        why=why or ("" if said else "no_words"),
        is_ignored=is_ignored,
    )


def machine_made(headers: Mapping[str, str], *, address: str, own_address: str) -> str:
    """Return why a mail is a machine's, which nobody answers (RFC 3834), or nothing."""
    auto = headers.get("auto-submitted", "").split(";")[0].strip().lower()
    if auto and auto != "no":
        return "auto_reply"
    if headers.get("precedence", "").strip().lower() in _BULK or headers.get("list-id"):
        return "bulk"
    if headers.get("x-autoreply") or headers.get("x-autorespond") or headers.get("return-path", "").strip() == "<>":
        return "auto_reply"
    if address and own_address and address.lower() == own_address.lower():
        return "own_mail"
    if headers.get("content-type", "").lower().startswith("multipart/report") or _ROBOTS.match(address):
        return "robot"
    return ""


def _header(mail: Message, name: str) -> str:
    """Return a header in words; raw 8-bit ones (old Chinese programs) are read as UTF-8 or GBK."""
    value = mail.get(name)
    if value is None:
        return ""
    text = str(value)
    if any("\udc80" <= sign <= "\udcff" for sign in text):
        text = decoded(text.encode("utf-8", "surrogateescape"), "")
    elif "\ufffd" in text:
        raw = next((old for key, old in getattr(mail, "_headers", ()) if key.lower() == name.lower()), text)
        text = decoded(str(raw).encode("utf-8", "surrogateescape"), "")
    return " ".join(text.split())


def _reply_to(mail: Message) -> str:
    found = [address for _, address in getaddresses([_header(mail, "Reply-To")]) if "@" in address]
    return found[0] if found else ""


def _ids(header: str) -> tuple[str, ...]:
    return tuple(re.findall(r"<[^<>\s]{3,190}>", header))


def _words(mail: Message) -> str:
    """Return the words of a mail: its plain part, else its HTML as text."""
    plain, html = [], []
    for part in mail.walk():
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        kind = part.get_content_type()
        if kind == "text/plain":
            plain.append(_text_of(part))
        elif kind == "text/html":
            html.append(_text_of(part))
    said = "\n".join(one for one in plain if one.strip())
    return said if said.strip() else "\n".join(text_of_html(one) for one in html)


def _text_of(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return decoded(payload, part.get_content_charset() or "") if isinstance(payload, bytes) else ""


def decoded(content: bytes, charset: str) -> str:
    """Return bytes as text: by the charset that is named (GB2312 is read as its superset), else by trying."""
    named = charset.lower().replace("_", "-")
    tried = (("gb18030",) if named in {"gb2312", "gbk", "gb18030", "x-gbk"} else (named,) if named else ()) + _CHARSETS
    for one in tried:
        try:
            return content.decode(one)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("utf-8", "replace")


def _photos(mail: Message) -> tuple[list[Mapping[str, Any]], int]:
    """Store the photos of a mail; returns them and how many were refused (too large, too many, no picture)."""
    found: list[Mapping[str, Any]] = []
    n_refused = 0
    for part in mail.walk():
        if part.is_multipart() or part.get_content_maintype() == "text":
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or not payload:
            continue
        if len(found) == MOST_PHOTOS:
            n_refused += 1
            continue
        try:
            content = store_photo(payload)
        except Malformed:
            n_refused += part.get_content_maintype() == "image" or part.get_content_disposition() == "attachment"
            continue
        found.append({"sha256": content.sha256, "n_bytes": content.n_bytes, "media_type": content.media_type})
    return found, n_refused


def without_past(text: str) -> str:
    """Return a mail's own words: without the quoted mail below, and without a signature after ``-- ``."""
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.rstrip("\n") == "-- " or (_QUOTED_FROM.match(line) and any(one.strip() for one in kept)):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


class _Text(HTMLParser):
    """The text of an HTML mail: blocks on lines of their own, quotes with a mark, no scripts."""

    _BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "hr"})
    _SILENT = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._SILENT:
            self._silent += 1
        if tag == "blockquote":
            self._quoted += 1
        if tag in self._BLOCKS:
            self.parts.append("\n" + ("> " if self._quoted else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._SILENT:
            self._silent = max(0, self._silent - 1)
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        if tag in self._BLOCKS:
            self.parts.append("\n" + ("> " if self._quoted else ""))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(" ".join(data.split()) if data.strip() else " ")


def text_of_html(html: str) -> str:
    """Return the words of an HTML mail."""
    parser = _Text()
    parser.feed(html[:500_000])
    parser.close()
    lines = [" ".join(line.split()) for line in "".join(parser.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def read_json(said: Mapping[str, Any], *, own_address: str) -> Arrival:
    """Return a mail that a gateway posts as JSON: from, subject, text or html, message_id, headers, attachments.

    Raises Malformed when it has no sender or its parts have the wrong form.
    """
    for field in ("from", "subject", "text", "html", "message_id", "in_reply_to", "references", "reply_to"):
        if not isinstance(said.get(field, ""), str):
            raise Malformed(field=field, problem="wrong_type")
    name, address = parseaddr(str(said.get("from", "")))
    if "@" not in address:
        raise Malformed(field="from", problem="missing")
    text = str(said.get("text", "")) or text_of_html(str(said.get("html", "")))
    headers = said.get("headers") or {}
    if not isinstance(headers, dict):
        raise Malformed(field="headers", problem="wrong_type")
    photos, n_refused = _json_photos(said.get("attachments") or [])
    digest = hashlib.sha256(repr((address, said.get("subject"), text)).encode()).hexdigest()
    return arrival_of(
        external_id=str(said.get("message_id", "")).strip() or f"mail:{digest}",
        address=address,
        name=name,
        reply_to=parseaddr(str(said.get("reply_to", "")))[1] or address,
        subject=" ".join(str(said.get("subject", "")).split()),
        text=text,
        photos=photos,
        n_refused=n_refused,
        ids=(*_ids(str(said.get("in_reply_to", ""))), *_ids(str(said.get("references", "")))),
        why=machine_made(
            {str(key).lower(): str(value) for key, value in headers.items()}, address=address, own_address=own_address
        ),
    )


def _json_photos(given: Any) -> tuple[list[Mapping[str, Any]], int]:
    if not isinstance(given, list):
        raise Malformed(field="attachments", problem="wrong_type")
    found: list[Mapping[str, Any]] = []
    n_refused = 0
    for one in given:
        try:
            content = store_photo(base64.b64decode(str(one["content_base64"]), validate=True))
        except (KeyError, TypeError, ValueError, binascii.Error, Malformed):
            n_refused += 1
            continue
        if len(found) < MOST_PHOTOS:
            found.append({"sha256": content.sha256, "n_bytes": content.n_bytes, "media_type": content.media_type})
        else:
            n_refused += 1
    return found, n_refused


def receipt(facts: Mapping[str, Any], *, from_address: str, message_id: str) -> EmailMessage:
    """Return the answer to a mail: threaded under it, marked as automatic so that no machine answers it."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = from_address
    mail["To"] = str(facts["to"])
    subject = str(facts.get("subject", "")).strip()
    number = f"[#{facts['number']}]"
    mail["Subject"] = subject if number in subject else f"Re: {subject} {number}".replace("  ", " ")
    mail["Message-ID"] = message_id
    answers = str(facts.get("answers", ""))
    if answers.startswith("<"):
        mail["In-Reply-To"] = answers
        mail["References"] = " ".join([*map(str, facts.get("ids", ())), answers][-10:])
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(str(facts["text"]) + "\n")
    return mail
