"""Notices that leave the house: mail by the house's own server, and the hospital's message gateway.

The mail server comes from the environment (``YINGXU_SMTP_*``, see docs/rooms/ground.md). The gateway is one HTTP
address of a site: every notice that its receiver wants there is posted as JSON, signed like a webhook (Standard
Webhooks 1.0.0), and the hospital's own system hands it on to WeCom, DingTalk, SMS or whatever people read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation

from yingxu.connect import inviting
from yingxu.connect.sending import NotSent, post
from yingxu.demand.queries import briefs_of
from yingxu.ground import queries
from yingxu.ground.actions import Claimed
from yingxu.ground.telling import said
from yingxu.ground.webhooks import secret_of, signature

#: A digest names so many of its notices.
MOST_LINES = 20


@dataclass(frozen=True)
class Worded:
    """A notice in its reader's language."""

    title: str
    lines: tuple[str, ...]
    url: str


def worded(message: Claimed, language: str) -> Worded:
    """Return a notice in words: what it says, about which request, where to look. Budget: one query."""
    said_parts = message.facts.get("said") or [[message.kind, message.facts, message.subject_id]]
    briefs = briefs_of(part[2] for part in said_parts)
    is_english = language.startswith("en")
    lines = []
    with translation.override("en" if is_english else "zh-hans"):
        title = said(message.kind, message.facts)
        for kind, facts, subject_id in said_parts[:MOST_LINES]:
            brief = briefs.get(subject_id)
            where = "" if brief is None else (brief.place_name_en if is_english else "") or brief.place_name
            what = "" if brief is None else (brief.item_name_en if is_english else "") or brief.item_name
            number = "" if brief is None else brief.number
            lines.append(" · ".join(part for part in (number, what, where, said(kind, facts)) if part))
    first = briefs.get(message.subject_id)
    path = "/notices" if "said" in message.facts or first is None else f"/requests/{first.id}"
    return Worded(title, tuple(lines), f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else "")


def send_mail(message: Claimed) -> None:
    """Send a notice by mail; raises NotSent where the house has no mail server, and what the server says."""
    if not settings.EMAIL_HOST:
        raise NotSent("YINGXU_SMTP_HOST is not set")
    if inviting.is_invitation(message):
        _mail_invitation(message)
        return
    words = worded(message, _language_of(message))
    subject = " ".join(f"[应需] {words.lines[0] if len(words.lines) == 1 else words.title}".split())
    EmailMessage(
        subject=subject[:200],
        body="\n".join([*words.lines, "", words.url]).strip() + "\n",
        to=[message.address],
        headers={"Message-ID": f"<{message.id}@yingxu>", "Auto-Submitted": "auto-generated"},
    ).send(fail_silently=False)


def _mail_invitation(message: Claimed) -> None:
    """Send an outside company its link; nothing goes out for one that was taken back meanwhile."""
    found = inviting.letter(message, at=timezone.now())
    if found is None:
        return
    EmailMessage(
        subject=" ".join(f"[应需] {found.title}".split())[:200],
        body="\n".join([*found.lines, "", found.url]) + "\n",
        to=[message.address],
        headers={"Message-ID": f"<{message.id}@yingxu>", "Auto-Submitted": "auto-generated"},
    ).send(fail_silently=False)


def send_to_gateway(message: Claimed) -> None:
    """Post a notice to the site's gateway, signed with the site's own secret; raises NotSent."""
    said_as = _said_as(message)
    if said_as is None or message.site_id is None:
        return  # the account was closed, or the link taken back, meanwhile: there is nobody to tell
    body = json.dumps(said_as, ensure_ascii=False, separators=(",", ":")).encode()
    now_s = int(timezone.now().timestamp())
    site = queries.site_by_id(message.site_id)
    post(
        message.address,
        body,
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "yingxu",
            "webhook-id": str(message.entry),
            "webhook-timestamp": str(now_s),
            "webhook-signature": signature(
                secret_of(site.uid, 1), message_id=str(message.entry), timestamp_s=now_s, body=body
            ),
        },
    )


def _said_as(message: Claimed) -> dict[str, Any] | None:
    """Return what is posted to the gateway: to a person here, or to an outside company's number."""
    if inviting.is_invitation(message):
        found = inviting.letter(message, at=timezone.now())
        if found is None:
            return None
        to = {"account": "", "name": found.name, "phone": found.phone}
        title, lines, url = found.title, found.lines, found.url
    else:
        account = queries.account_with_holdings(message.to_account_id or 0)
        if account is None:
            return None
        words = worded(message, account.language)
        to = {"account": account.username, "name": account.name, "phone": account.phone}
        title, lines, url = words.title, words.lines, words.url
    return {
        "id": str(message.entry),
        "kind": message.kind,
        "to": to,
        "title": title,
        "lines": list(lines),
        "url": url,
    }


def _language_of(message: Claimed) -> str:
    account = queries.account_with_holdings(message.to_account_id or 0)
    if account is None:
        raise NotSent("the account is closed")
    return account.language
