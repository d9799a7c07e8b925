"""Service hours as they are typed: periods parted by commas, one exception a line; and back again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yingxu.ground.refusals import Malformed
from yingxu.standards.actions import Hours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Between periods people type commas of both scripts, semicolons, or just a space.
_BETWEEN = re.compile(r"[,，;；、\s]+")
_CLOSED = frozenset({"closed", "off", "none", "休", "休息", "不开放", "关"})


@dataclass(frozen=True)
class Typed:
    """What stands in the form."""

    weekday: str = ""
    weekend: str = ""
    days: tuple[tuple[str, str], ...] = tuple((day, "") for day in DAYS)
    follows_holidays: bool = False
    exceptions: str = ""
    from_on: str = ""
    reason: str = ""
    code: str = ""
    name: str = ""
    name_en: str = ""

    @classmethod
    def of_post(cls, post: Mapping[str, str]) -> Typed:
        """Return what was typed, as it was typed."""
        return cls(
            **{name: post.get(name, "") for name in _TEXTS},
            days=tuple((day, post.get(day, "")) for day in DAYS),
            follows_holidays=bool(post.get("follows_holidays")),
        )

    @classmethod
    def of_definition(cls, definition: Mapping[str, Any], *, from_on: date) -> Typed:
        """Return stored hours as somebody would type them."""
        own = definition.get("days", {})
        exceptions = definition.get("exceptions", {})
        return cls(
            weekday=", ".join(definition["weekday"]),
            weekend=", ".join(definition["weekend"]),
            days=tuple((day, (", ".join(own[str(n)]) or "休") if str(n) in own else "") for n, day in enumerate(DAYS)),
            follows_holidays=bool(definition.get("follows_holidays")),
            exceptions="\n".join(f"{on} {', '.join(texts) or '休'}" for on, texts in exceptions.items()),
            from_on=from_on.isoformat(),
        )

    def hours(self) -> Hours:
        """Return the hours that were typed. Refuses: Malformed (a line of the exceptions without a date)."""
        return Hours(
            weekday=periods(self.weekday),
            weekend=periods(self.weekend),
            days=tuple((n, periods(text)) for n, (_day, text) in enumerate(self.days) if text.strip()),
            follows_holidays=self.follows_holidays,
            exceptions=tuple(_exception(line) for line in self.exceptions.splitlines() if line.strip()),
        )

    def on(self) -> date:
        """Return the date from which it holds. Refuses: Malformed."""
        return day_of(self.from_on, "from_on")


_TEXTS = ("weekday", "weekend", "exceptions", "from_on", "reason", "code", "name", "name_en")


def periods(text: str) -> tuple[str, ...]:
    """Return the periods of a field; a word for closed is none."""
    # around a dash people leave room: "08:00 - 12:00" is one period
    joined = re.sub(r"\s*[-\u2013\u2014~\uff5e至到]\s*", "-", text.strip())
    if joined.lower() in _CLOSED:
        return ()
    return tuple(part for part in _BETWEEN.split(joined) if part)


def day_of(text: str, field: str) -> date:
    """Return a typed date. Refuses: Malformed."""
    if not text.strip():
        raise Malformed(field=field, problem="missing")
    try:
        return date.fromisoformat(text.strip().replace("/", "-"))
    except ValueError as error:
        raise Malformed(field=field, problem="wrong_type") from error


def _exception(line: str) -> tuple[date, tuple[str, ...]]:
    day, _space, rest = line.strip().partition(" ")
    return day_of(day, "exceptions"), periods(rest)
