"""Public verbs, questions, reactions, models and engines say what they are."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tests.shape.source import Module, functions, modules, planted

_SAYING = {"actions", "queries", "reactions", "models", "events", "snapshots"}


def silent(house: Iterable[Module]) -> list[str]:
    found = []
    for module in house:
        if not ast.get_docstring(module.tree):
            found.append(f"{module.name} has no story")
        if module.room != "core" and module.shelf not in _SAYING:
            continue
        for function in functions(module):
            if not ast.get_docstring(function):
                found.append(f"{module.name}.{function.name} has no docstring")
            elif (
                module.shelf == "queries"
                and module.room != "core"
                and "Budget" not in (ast.get_docstring(function) or "")
            ):
                found.append(f"{module.name}.{function.name} does not state its budget")
        found += [
            f"{module.name}.{node.name} has no docstring"
            for node in module.tree.body
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
        ]
    return found


def test_the_house_says_what_it_is() -> None:
    assert silent(modules()) == []


def test_a_silent_question_is_caught() -> None:
    bad = '"""Story."""\ndef rows():\n    return []\ndef more():\n    """Return more."""\nclass Row:\n    pass\n'
    assert silent(planted("yingxu.work.queries", bad)) == [
        "yingxu.work.queries.rows has no docstring",
        "yingxu.work.queries.more does not state its budget",
        "yingxu.work.queries.Row has no docstring",
    ]
