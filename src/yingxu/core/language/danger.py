"""Hazards and urgent facts that a text names: the decision rules of domain 2.1 as data, denials taken into account."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from yingxu.core.language.book import lines_of
from yingxu.core.language.negation import is_denied
from yingxu.core.language.openings import openings

if TYPE_CHECKING:
    from collections.abc import Iterator

_NONE: frozenset[int] = frozenset()
#: Beyond ASCII only letters that no other writing shares with ASCII by case: the Kelvin sign is a K, the long s an S.
_CASELESS_OR_ASCII = re.compile(r"[\x00-\x7f\u2000-\u206f\u2e80-\uffef]*\Z").match


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


@cache
def _by_opening() -> tuple[dict[str, frozenset[int]], frozenset[int]]:
    """Return the rules' places by the characters that their words begin with, and those of which that is not known."""
    known: dict[str, set[int]] = {}
    always: set[int] = set()
    for place, rule in enumerate(rules()):
        begins = openings(rule.words)
        if begins is None:
            always.add(place)
        for char in begins or ():
            known.setdefault(char, set()).add(place)
    return {char: frozenset(places) for char, places in known.items()}, frozenset(always)


def worth_searching(text: str) -> list[Rule]:
    """Return the rules whose words `text` can hold at all, in order of seriousness: of a hundred a handful."""
    if not _CASELESS_OR_ASCII(text):
        return list(rules())
    by_opening, always = _by_opening()
    places = always.union(*(by_opening.get(char, _NONE) for char in set(text.lower())))
    found = rules()
    return [found[place] for place in sorted(places)]


def alarms(text: str) -> Iterator[Alarm]:
    """Yield each rule that the half-width `text` sets off, most serious first; at most one alarm a rule."""
    for rule in worth_searching(text):
        for match in rule.words.finditer(text):
            around = text[max(0, match.start() - 8) : match.end() + 8]
            if rule.without is not None and rule.without.search(around):
                continue
            if rule.is_danger and is_denied(text, match.start(), match.end()):
                continue
            yield Alarm(rule, match.group())
            break
