"""The handbook as values: procedures in force, chapters by line, the whole book, what is still to be read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from yingxu.standards.library import rows

#: Part of the handbook that applies to everybody.
GENERAL = "general"


@dataclass(frozen=True)
class PromiseText:
    """A promised milestone as the book prints it."""

    priority: int
    milestone: str
    place_class: str
    limit_s: int
    percentile: float
    calendar: str
    calendar_en: str


@dataclass(frozen=True)
class Procedure:
    """One item's standard in one edition, as a page of the book."""

    edition_id: int
    item_id: int
    item_code: str
    name: str
    name_en: str
    line_code: str
    line_name: str
    line_name_en: str
    line_icon: str
    skill: str
    priority: int
    minutes: int
    crew: int
    number: int
    from_at: datetime
    goal: str
    goal_en: str
    requirement: str
    requirement_en: str
    steps: tuple[dict[str, Any], ...]
    basis: tuple[dict[str, Any], ...]
    promises: tuple[PromiseText, ...]

    @property
    def own_promises(self) -> tuple[PromiseText, ...]:
        """What is promised at the item's usual urgency, everywhere, in the order of the milestones."""
        wanted = [one for one in self.promises if one.priority == self.priority and not one.place_class]
        return tuple(sorted(wanted, key=lambda one: (MILESTONES.index(one.milestone), one.limit_s)))


MILESTONES = ("acknowledged", "arrived", "safe", "done", "verified")


@dataclass(frozen=True)
class Chapter:
    """A line's procedures, as far as the posts need them."""

    line_code: str
    name: str
    name_en: str
    icon: str
    procedures: tuple[Procedure, ...]


@dataclass(frozen=True)
class Rule:
    """One general rule."""

    code: str
    text: str
    text_en: str
    is_critical: bool


@dataclass(frozen=True)
class RuleSection:
    """General rules on one thing."""

    code: str
    name: str
    name_en: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Contact:
    """Whom to call."""

    role: str
    name: str
    name_en: str
    phone: str


@dataclass(frozen=True)
class Book:
    """One person's handbook. ``version`` names what is in it: the same posts and editions give the same version."""

    account_id: int
    name: str
    name_en: str
    team: str
    team_en: str
    #: (name, English name) of the posts held; empty: the team's own lines.
    posts: tuple[tuple[str, str], ...]
    site: str
    site_en: str
    contacts: tuple[Contact, ...]
    chapters: tuple[Chapter, ...]
    version: str
    #: The newest edition in it came in force then; None for a book of general rules alone.
    as_of: datetime | None

    @property
    def procedures(self) -> tuple[Procedure, ...]:
        """All procedures, in the order of the pages."""
        return tuple(one for chapter in self.chapters for one in chapter.procedures)


@dataclass(frozen=True)
class Reading:
    """Something to read and sign: the general rules, a chapter for the first time, or one item that changed."""

    part: str
    #: general, chapter, change
    kind: str
    procedures: tuple[Procedure, ...]
    #: What was signed for before, for a change.
    older: Procedure | None
    due_at: datetime

    @property
    def digest(self) -> str:
        """Names exactly what is read."""
        said = self.part + ":" + ",".join(str(key) for key in sorted(one.edition_id for one in self.procedures))
        if self.kind == GENERAL:
            said += f"rules-{rules_edition()}"
        return hashlib.sha256(said.encode()).hexdigest()


@cache
def rule_sections() -> tuple[RuleSection, ...]:
    """Return the general rules by section, in their order."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows("handbook_rules"):
        found.setdefault(row["section"], []).append(row)
    return tuple(
        RuleSection(
            code,
            group[0]["section_zh"],
            group[0]["section_en"],
            tuple(
                Rule(row["code"], row["text_zh"], row["text_en"], row["is_critical"] == "1")
                for row in sorted(group, key=lambda row: int(row["sort"]))
            ),
        )
        for code, group in found.items()
    )


@cache
def rules_edition() -> int:
    """Return the edition of the general rules: that of the newest rule."""
    return max(int(row["edition"]) for row in rows("handbook_rules"))


@cache
def days_to_read() -> dict[str, int]:
    """Return how many days a reading may take, by what it is: first, change, change_critical."""
    return {row["code"]: int(row["days"]) for row in rows("handbook_deadlines")}


def chapters_of(procedures: tuple[Procedure, ...]) -> tuple[Chapter, ...]:
    """Return procedures, which come in the lines' order, as chapters."""
    found: dict[str, list[Procedure]] = {}
    for one in procedures:
        found.setdefault(one.line_code, []).append(one)
    return tuple(
        Chapter(code, group[0].line_name, group[0].line_name_en, group[0].line_icon, tuple(group))
        for code, group in found.items()
    )


def version_of(procedures: tuple[Procedure, ...]) -> str:
    """Return the version of a book with these procedures: six signs that change with any edition."""
    said = f"{rules_edition()}:" + ",".join(str(one.edition_id) for one in procedures)
    return hashlib.sha256(said.encode()).hexdigest()[:6].upper()
