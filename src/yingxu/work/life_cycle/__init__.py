"""The life cycle of a job as data: sixteen states, forty-eight legal moves (domain 5.2, 5.3). No other pair moves."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from yingxu.work.refusals import IllegalMove


@dataclass(frozen=True)
class State:
    """One of the public states."""

    code: str
    name_zh: str
    name_en: str
    icon: str
    tone: str
    accountable: str
    is_open: bool
    is_terminal: bool


@dataclass(frozen=True)
class Move:
    """One legal move: whose it is, what must hold, what must be shown."""

    from_state: str
    to_state: str
    who: tuple[str, ...]
    guards: tuple[str, ...]
    evidence: tuple[str, ...]


def _rows(name: str) -> list[dict[str, str]]:
    text = (resources.files("yingxu.work.life_cycle") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)


@cache
def states() -> dict[str, State]:
    """Return the states by code, in the order of the cycle."""
    return {
        row["code"]: State(
            code=row["code"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            icon=row["icon"],
            tone=row["tone"],
            accountable=row["accountable"],
            is_open=row["is_open"] == "1",
            is_terminal=row["is_terminal"] == "1",
        )
        for row in sorted(_rows("states.csv"), key=lambda row: int(row["sort"]))
    }


@cache
def moves() -> dict[tuple[str, str], Move]:
    """Return the legal moves by their pair of states."""
    return {
        (row["from_state"], row["to_state"]): Move(
            row["from_state"], row["to_state"], _split(row["who"]), _split(row["guard"]), _split(row["evidence"])
        )
        for row in _rows("moves.csv")
    }


def may_move(from_state: str, to_state: str) -> bool:
    """Tell whether the pair is one of the legal ones."""
    return (from_state, to_state) in moves()


def require_move(from_state: str, to_state: str) -> Move:
    """Return the move; refuses: IllegalMove with both states and why."""
    move = moves().get((from_state, to_state))
    if move is not None:
        return move
    if from_state not in states() or to_state not in states():
        why = "unknown_state"
    elif from_state == to_state:
        why = "already_there"
    elif states()[from_state].is_terminal:
        why = "ended"
    else:
        why = "not_next"
    raise IllegalMove(from_state=from_state, to_state=to_state, why=why)


def refuse_role(move: Move, roles: frozenset[str]) -> None:
    """Refuse with IllegalMove where the move is not for any of these roles (only the desk withdraws after arrival)."""
    if roles.isdisjoint(move.who):
        raise IllegalMove(from_state=move.from_state, to_state=move.to_state, why="not_yours")
