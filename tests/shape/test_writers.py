"""Writes happen only in actions, reactions and the ground's unit of work; a view or a question never writes."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tests.shape.source import Module, dotted, modules, planted

_WRITES = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "delete"}
_WRITERS = {"actions", "reactions"}
#: Where the ledger itself is written.
_LEDGER = {"yingxu.ground.unit", "yingxu.ground.seals"}


def writers(house: Iterable[Module]) -> list[str]:
    found = []
    for module in house:
        if (
            not module.name.startswith("yingxu.")
            or module.shelf in _WRITERS
            or module.name in _LEDGER
            or module.room == "core"
        ):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                on = dotted(node.func.value)
                is_manager = "objects" in on.split(".") or _over_manager(node.func.value)
                if (node.func.attr in _WRITES and is_manager) or (node.func.attr == "update" and is_manager):
                    found.append(f"{module.name}:{node.lineno} writes ({node.func.attr})")
                elif node.func.attr == "save" and on in {"self", "row", "job", "request", "promise", "account"}:
                    found.append(f"{module.name}:{node.lineno} writes ({on}.save)")
    return found


def _over_manager(node: ast.expr) -> bool:
    """Tell whether a chain of calls begins at a model's manager."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return False


def test_only_actions_and_reactions_write() -> None:
    assert writers(modules()) == []


def test_a_question_and_a_view_that_write_are_caught() -> None:
    question = "def board(at):\n    Job.objects.filter(pk=1).update(state='x')\n"
    view = "def finish(request, pk):\n    job = Job.objects.get(pk=pk)\n    job.save()\n"
    assert writers(planted("yingxu.work.queries", question)) == ["yingxu.work.queries:2 writes (update)"]
    assert writers(planted("yingxu.web.work.views", view)) == ["yingxu.web.work.views:3 writes (job.save)"]
