"""What the form says, as the verb takes it; what was typed comes back to the form when it is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from yingxu.ground.refusals import Malformed

#: The three shifts of a day that a person types hands for: name, first hour, hour after the last.
SHIFTS = (("night", 0, 8), ("day", 8, 16), ("evening", 16, 24))
_TYPED = ("per_day", "service_min", "travel_min")


@dataclass
class Typed:
    """The form's fields as text, and their values once they are read."""

    text: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: QueryDict | Mapping[str, str]) -> Typed:
        """Return the fields of an address or of a posted form."""
        names: tuple[str, ...] = (
            "item",
            "line",
            "priority",
            "milestone",
            "calendar",
            "pauses",
            "limit_min",
            "percent",
            "weeks",
            "by_hour",
            *_TYPED,
        )
        names = (*names, *(f"hands_{name}" for name, _first, _after in SHIFTS))
        return cls({name: str(given.get(name, "")).replace("\x00", "").strip()[:800] for name in names})

    def number(self, name: str) -> float:
        """Return a number that must be there; refuses: Malformed."""
        found = self.optional(name)
        if found is None:
            raise Malformed(field=name, problem="missing")
        return found

    def optional(self, name: str) -> float | None:
        """Return a number, or None for an empty field; refuses: Malformed."""
        text = self.text[name].replace("，", ".").replace("％", "").rstrip("%")
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            raise Malformed(field=name, problem="wrong_type") from None
        if value != value or abs(value) > 1e9:
            raise Malformed(field=name, problem="wrong_type")
        return value

    def assumptions(self) -> dict[str, Any]:
        """Return what was typed in the history's place; refuses: Malformed."""
        found: dict[str, Any] = {name: value for name in _TYPED if (value := self.optional(name)) is not None}
        hands = self._hands()
        if hands is not None:
            found["by_hour"] = hands
        return found

    def _hands(self) -> list[int] | None:
        if self.text["by_hour"]:
            parts = [part for part in re.split(r"[\s,;，；、]+", self.text["by_hour"]) if part]
            if not all(part.isascii() and part.isdigit() for part in parts):
                raise Malformed(field="by_hour", problem="wrong_type")
            return [int(part[:6]) for part in parts]
        typed = {name: self.optional(f"hands_{name}") for name, _first, _after in SHIFTS}
        if all(value is None for value in typed.values()):
            return None
        hands: list[int] = []
        for name, first, after in SHIFTS:
            value = typed[name]
            if value is None or value != int(value) or value < 0:
                raise Malformed(field=f"hands_{name}", problem="missing" if value is None else "wrong_type")
            hands += [int(value)] * (after - first)
        return hands
