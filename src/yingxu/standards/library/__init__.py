"""The starter library as values: the trade's lines, items, terms, calendars, reasons and procedures.

The rows are data beside this module; every figure carries its basis and evidence mark there. Texts come in Chinese and
English.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
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
    """Return an item's terms: those of each class, with the item's own in their place."""
    found: dict[tuple[int, str, str], LibraryTerm] = {}
    for row in sorted(rows("promise_terms"), key=lambda row: row["scope"] != "priority"):
        own_start = "done" if row["milestone"] == "verified" else "created"
        if row["item"] not in ("", item_code) or row["milestone"] not in _MILESTONES or row["from_event"] != own_start:
            continue
        for priority in (int(row["priority"][1:]),) if row["priority"] else (1, 2, 3, 4):
            found[priority, row["milestone"], row["place_class"]] = LibraryTerm(
                priority=priority,
                milestone=row["milestone"],
                place_class=row["place_class"],
                limit_s=int(row["limit_s"]),
                percentile=row["percentile"],
                calendar=row["calendar"],
                is_pausable=row["pausable"] == "1",
                is_legal=row["is_legal"] == "1",
            )
    return tuple(found.values())
