"""The filters of all analysis pages: read from the address, kept in the address."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict

from yingxu.demand.queries.analysis import Asked
from yingxu.web.inside import Inside

#: Shown when the address names no span.
DEFAULT_DAYS = 28
_MOST_DAYS = 3_700


class Filters:
    """What the address asks for, as the questions take it and as links say it."""

    def __init__(self, given: QueryDict, here: Inside) -> None:
        zone = ZoneInfo(here.site.timezone)
        today = here.at.astimezone(zone).date()
        self.to_on = _day(given.get("to", "")) or today
        self.from_on = _day(given.get("from", "")) or self.to_on - timedelta(days=DEFAULT_DAYS - 1)
        if self.from_on > self.to_on:
            self.from_on, self.to_on = self.to_on, self.from_on
        if (self.to_on - self.from_on).days > _MOST_DAYS:
            self.from_on = self.to_on - timedelta(days=_MOST_DAYS)
        self.line, self.item = _code(given, "line", 8), _code(given, "item", 32)
        self.place, self.channel = _code(given, "place", 64), _code(given, "channel", 16)
        self.priority = given.get("priority", "") if given.get("priority", "") in ("1", "2", "3", "4") else ""
        after = self.to_on + timedelta(days=1)
        self.asked = Asked(
            from_at=datetime(self.from_on.year, self.from_on.month, self.from_on.day, tzinfo=zone),
            to_at=datetime(after.year, after.month, after.day, tzinfo=zone),
            timezone=here.site.timezone,
            line=self.line,
            item=self.item,
            place=self.place,
            channel=self.channel,
            priority=int(self.priority) if self.priority else None,
            weekday=_number(given.get("weekday", ""), 7),
            hour=_number(given.get("hour", ""), 24),
            month=given.get("month", "") if _is_month(given.get("month", "")) else "",
            unfit=given.get("unfit", "") == "1",
        )

    @property
    def whole(self) -> Asked:
        """The filters without the cell of one figure."""
        return replace(self.asked, weekday=None, hour=None, month="", unfit=False)

    @property
    def query(self) -> str:
        """The filters as an address says them."""
        return self.link()

    def link(self, **changed: str | int) -> str:
        """Return the filters as an address, some changed; empty ones are left out."""
        values: dict[str, str | int] = {
            "from": self.from_on.isoformat(),
            "to": self.to_on.isoformat(),
            "line": self.line,
            "item": self.item,
            "place": self.place,
            "priority": self.priority,
            "channel": self.channel,
        }
        values.update(changed)
        return "?" + urlencode({name: value for name, value in values.items() if value != ""})


def _code(given: QueryDict, name: str, most: int) -> str:
    return given.get(name, "").replace("\x00", "")[:most]


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found <= date(2100, 1, 1) else None


def _number(text: str, below: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) < below else None


def _is_month(text: str) -> bool:
    return _day(f"{text}-01") is not None and len(text) == 7
