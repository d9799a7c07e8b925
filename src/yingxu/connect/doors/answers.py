"""What a sender is told: the number, what is promised, where to follow it; and how the answer goes back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from yingxu.demand.actions import Raised
from yingxu.ground import links

#: Domain of the ids of our own mails; never looked up.
MAIL_DOMAIN = "yingxu.invalid"


def received(raised: Raised, *, needs_place: bool, host: str, timezone: str) -> str:
    """Return the receipt of a new request."""
    lines = [_("Received. Your number is %(number)s.") % {"number": raised.number}]
    for promise in raised.promises:
        line = _promised(promise.milestone, promise.due_at, raised.created_at, timezone)
        if line:
            lines.append(line)
    if needs_place:
        lines.append(_("Where is it? Answer with building, floor and room, and a phone number if you like."))
    lines += _link(raised.id, host)
    return "\n".join(lines)


def added(number: str, request_id: UUID, *, is_urge: bool, host: str) -> str:
    """Return the receipt of a word on a request."""
    said = (
        _("Urged: somebody answers you on %(number)s within 10 minutes.")
        if is_urge
        else _("Added to your request %(number)s.")
    )
    return "\n".join([said % {"number": number}, *_link(request_id, host)])


def received_again(number: str, request_id: UUID, *, host: str) -> str:
    """Return what is said to a message that was here before."""
    return "\n".join([_("Received. Your number is %(number)s.") % {"number": number}, *_link(request_id, host)])


def not_readable() -> str:
    """Return what is said to a message that holds no words."""
    return _("This could not be read here; the desk looks at it. Please say in words what is wrong and where.")


def _promised(milestone: str, due_at: datetime, created_at: datetime, timezone: str) -> str:
    zone = ZoneInfo(timezone)
    due, asked = due_at.astimezone(zone), created_at.astimezone(zone)
    clock = due.strftime("%H:%M" if due.date() == asked.date() else "%m-%d %H:%M")
    words = {
        "acknowledged": _("A person answers you by %(clock)s."),
        "arrived": _("Somebody is there by %(clock)s."),
        "done": _("Done by %(clock)s."),
    }
    return words[milestone] % {"clock": clock} if milestone in words else ""


def _link(request_id: UUID, host: str) -> list[str]:
    if not (settings.PUBLIC_URL or host):
        return []
    return [_("Follow it here: %(url)s") % {"url": links.follow_url(request_id, host=host)}]
