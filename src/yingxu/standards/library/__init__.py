"""The starter library as values: the trade's lines, items, terms, calendars, reasons and procedures.

The rows are data beside this module; every figure carries its basis and evidence mark there. Texts come in Chinese and
English.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

_HERE = resources.files("yingxu.standards.library")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one table of the library (``lines``, ``items``, ``priorities``, ``pause_reasons`` …)."""
    text = (_HERE / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def by_code(name: str) -> dict[str, dict[str, str]]:
    """Return the rows of one table by their code."""
    return {row["code"]: row for row in rows(name)}


@cache
def procedure(item_code: str) -> dict[str, Any]:
    """Return an item's own procedure, or the generic one of its kind of work."""
    own = _HERE / "procedures" / f"{item_code}.toml"
    if own.is_file():
        return tomllib.loads(own.read_text(encoding="utf-8"))
    kind = by_code("items")[item_code]["kind"]
    return tomllib.loads((_HERE / "generic_procedures" / f"{kind}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class PriorityRule:
    """What holds for a priority class besides its promises (seconds; shares)."""

    priority: int
    accept_limit_s: int
    accept_calendar: str
    confirm_window_s: int
    reopen_window_s: int
    warn_fractions: tuple[float, ...]
    update_duty_s: int


@cache
def priority_rules() -> dict[int, PriorityRule]:
    """Return the rules of the four classes."""
    return {
        int(row["level"]): PriorityRule(
            priority=int(row["level"]),
            accept_limit_s=int(row["accept_limit_s"]),
            accept_calendar=row["accept_calendar"],
            confirm_window_s=int(row["confirm_window_s"]),
            reopen_window_s=int(row["reopen_window_s"]),
            warn_fractions=tuple(float(part) for part in row["warn_fractions"].split(";")),
            update_duty_s=int(row["update_duty_s"]),
        )
        for row in rows("priorities")
    }


@dataclass(frozen=True)
class LibraryTerm:
    """One promised milestone of the library, before it is part of an edition."""

    priority: int
    milestone: str
    place_class: str
    limit_s: int
    percentile: str
    calendar: str
    is_pausable: bool
    is_legal: bool


_MILESTONES = frozenset({"acknowledged", "arrived", "safe", "done", "verified"})


def terms_for(item_code: str) -> tuple[LibraryTerm, ...]:
    """Return an item's terms: those of each class, with the item's own in their place.

    An item that promises one milestone by a calendar of its own promises arrival and completion by it too, where it has
    no other word on them: nobody can be done before being there.
    """
    general = {(term.priority, term.milestone): term for term in _terms("")}
    found = {(term.priority, term.milestone, ""): term for term in general.values()}
    own = _terms(item_code)
    found |= {(term.priority, term.milestone, term.place_class): term for term in own}
    for term in own:
        for milestone in ("arrived", "done"):
            key = (term.priority, milestone, term.place_class)
            sibling = general.get((term.priority, milestone))
            is_own = any((one.priority, one.milestone, one.place_class) == key for one in own)
            if sibling is not None and not is_own and sibling.calendar != term.calendar:
                found[key] = replace(sibling, calendar=term.calendar, place_class=term.place_class)
    return tuple(found.values())


def class_terms() -> tuple[LibraryTerm, ...]:
    """Return what the library promises for each class of urgency, whatever the item."""
    return _terms("")


@cache
def _terms(item_code: str) -> tuple[LibraryTerm, ...]:
    """Return the terms that the table states for an item, or (empty code) for the classes."""
    found = []
    for row in rows("promise_terms"):
        from_event = "done" if row["milestone"] == "verified" else "created"
        if row["item"] != item_code or row["milestone"] not in _MILESTONES or row["from_event"] != from_event:
            continue
        found += [
            LibraryTerm(
                priority=priority,
                milestone=row["milestone"],
                place_class=row["place_class"],
                limit_s=int(row["limit_s"]),
                percentile=row["percentile"],
                calendar=row["calendar"],
                is_pausable=row["pausable"] == "1",
                is_legal=row["is_legal"] == "1",
            )
            for priority in ((int(row["priority"][1:]),) if row["priority"] else (1, 2, 3, 4))
        ]
    return tuple(found)
