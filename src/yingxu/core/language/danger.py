"""Hazards and urgent facts that a text names: the decision rules of domain 2.1 as data, denials taken into account."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from yingxu.core.language.book import lines_of
from yingxu.core.language.negation import is_denied

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Rule:
    """One urgent fact: the words that report it, the priority 1..4 it asks for, the lines and items it can hold for."""

    code: str
    priority: int
    is_danger: bool
    words: re.Pattern[str]
    without: re.Pattern[str] | None
    lines: frozenset[str]
    items: frozenset[str]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rule that fired, with the verbatim words that made it fire."""

    rule: Rule
    words: str

    def holds_for(self, item: str) -> bool:
        """Return whether the rule can raise a request for `item`."""
        if self.rule.items:
            return item in self.rule.items
        return not self.rule.lines or item.split(".", 1)[0].upper() in self.rule.lines


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules of `data/hazards.toml` in order of seriousness."""
    table = tomllib.loads("\n".join(lines_of("hazards.toml")))
    return tuple(
        Rule(
            code=row["code"],
            priority=row["priority"],
            is_danger=row["danger"],
            words=re.compile(row["words"], re.IGNORECASE),
            without=re.compile(row["without"], re.IGNORECASE) if "without" in row else None,
            lines=frozenset(row.get("lines", ())),
            items=frozenset(row.get("items", ())),
        )
        for row in table["rule"]
    )


def alarms(text: str) -> Iterator[Alarm]:
    """Yield each rule that the half-width `text` sets off, most serious first; at most one alarm a rule."""
    for rule in rules():
        for match in rule.words.finditer(text):
            around = text[max(0, match.start() - 8) : match.end() + 8]
            if rule.without is not None and rule.without.search(around):
                continue
            if rule.is_danger and is_denied(text, match.start(), match.end()):
                continue
            yield Alarm(rule, match.group())
            break
