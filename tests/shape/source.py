"""The source as trees, for the shape tests: every rule reads it the same way and is shown a planted bad example."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src"
PROJECT = SRC.parent
#: Rooms, lowest first (decision 1).
FLOORS = (
    "core", "ground", "standards", "team", "demand", "promise", "work", "dispatch", "upkeep", "verify", "voice",
    "improve", "contract", "loop", "web", "connect",
)  # fmt: skip


@dataclass(frozen=True)
class Module:
    """One module: its dotted name and its tree."""

    name: str
    tree: ast.Module

    @property
    def room(self) -> str:
        parts = self.name.split(".")
        return parts[1] if parts[0] == "yingxu" and len(parts) > 1 else parts[0]

    @property
    def shelf(self) -> str:
        """The furniture the module is part of: actions, queries, models …"""
        parts = self.name.split(".")
        return parts[2] if len(parts) > 2 else ""


def planted(name: str, text: str) -> list[Module]:
    """Return a planted example as the only module of a house."""
    return [Module(name, ast.parse(text))]


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of the house but migrations."""
    found = []
    for path in sorted(SRC.rglob("*.py")):
        if "migrations" in path.parts or "egg-info" in str(path):
            continue
        parts = path.relative_to(SRC).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Module(name, ast.parse(path.read_text(encoding="utf-8"))))
    return tuple(found)


def functions(module: Module) -> Iterator[ast.FunctionDef]:
    """Yield the public functions at the top of a module."""
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def dotted(node: ast.expr) -> str:
    """Return a call's function as text: ``timezone.now``."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield (function as text, line) of every call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node.lineno
