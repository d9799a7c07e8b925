"""Public verbs, questions, reactions, models and engines say what they are."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tests.shape.source import Module, calls, functions, modules, planted

_SAYING = {"actions", "queries", "reactions", "models", "events", "snapshots"}


def _asks_database(function: ast.FunctionDef) -> bool:
    """Tell whether a question reads a table itself: through a manager, or by SQL."""
    names = {name for name, _ in calls(function)}
    return any(".objects." in f".{name}." for name in names) or bool(
        names & {"run_prepared", "connection.cursor", "rows_of"}
    )


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
                and _asks_database(function)
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
    bad = (
        '"""Story."""\ndef rows():\n    return []\n'
        'def more():\n    """Return more."""\n    return Job.objects.all()\nclass Row:\n    pass\n'
    )
    assert silent(planted("yingxu.work.queries", bad)) == [
        "yingxu.work.queries.rows has no docstring",
        "yingxu.work.queries.more does not state its budget",
        "yingxu.work.queries.Row has no docstring",
    ]
