"""The message that carries an outside company's link: by mail, or by the site's gateway to a phone number.

The link itself is in no row: it is made when the message goes out, and no message goes out for an order that has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from yingxu.ground.actions import Claimed
from yingxu.ground.links import outside_url
from yingxu.work.queries.outside import invitation

KIND = "work.outside.sent"


@dataclass(frozen=True)
class Letter:
    """What is written, to whom."""

    title: str
    lines: tuple[str, ...]
    url: str
    name: str
    phone: str


def is_invitation(message: Claimed) -> bool:
    """Tell whether a message carries a company's link (its notice to somebody here does not)."""
    return message.kind == KIND and message.to_account_id is None


def letter(message: Claimed, *, at: datetime) -> Letter | None:
    """Return the letter of a message, None when its link lives no more. Budget: one query."""
    found = invitation(int(message.facts["order_id"]), at=at)
    if found is None:
        return None
    until = found.expires_at.astimezone(ZoneInfo(found.timezone)).strftime("%Y-%m-%d %H:%M")
    with translation.override("zh-hans"):
        values: dict[str, Any] = {"site": found.site_name, "name": found.contact_name, "at": until}
        title = _("%(site)s asks your company to do a job") % values
        lines = (
            _("%(name)s, %(site)s asks your company to do this:") % values,
            found.place_name,
            found.words,
            _("Open the link to say whether you come and when. It needs no account and works until %(at)s.") % values,
        )
    url = outside_url(found.order_id)
    return Letter(title, tuple(line for line in lines if line), url, found.contact_name, found.phone)
