"""Every verb is keyword-only, knows its actor and its moment, asks the authority first, and says what it does."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tests.shape.source import Module, calls, functions, modules, planted

_ENTERS = {"unit.insert", "unit.change", "unit.record", "unit.deliver"}


def verbs(house: Iterable[Module]) -> Iterable[tuple[Module, ast.FunctionDef]]:
    for module in house:
        if module.shelf == "actions" and module.name.startswith("yingxu."):
            for function in functions(module):
                if any(argument.arg == "actor" for argument in function.args.kwonlyargs):
                    yield module, function


def askers(house: Iterable[Module]) -> dict[str, set[str]]:
    """Return, by room, the names of functions that ask the authority, themselves or through another of their room."""
    found: dict[str, set[str]] = {}
    bodies: dict[str, list[tuple[str, set[str]]]] = {}
    for module in house:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef):
                called = {name for name, _ in calls(node)}
                bodies.setdefault(module.room, []).append((node.name, called))
                if any(name.startswith("authority.") for name in called):
                    found.setdefault(module.room, set()).add(node.name)
    for room, functions_of in bodies.items():
        asking = found.setdefault(room, set())
        grew = True
        while grew:
            new = {name for name, called in functions_of if {one.split(".")[-1] for one in called} & asking}
            grew = not new <= asking
            asking |= new
    return found


def faults(house: Iterable[Module]) -> list[str]:
    house = list(house)
    asking = askers(house)
    found = []
    for module, verb in verbs(house):
        where = f"{module.name}.{verb.name}"
        names = {argument.arg for argument in verb.args.kwonlyargs}
        if verb.args.args:
            found.append(f"{where} takes positional arguments")
        if "at" not in names:
            found.append(f"{where} does not take its moment")
        if not ast.get_docstring(verb):
            found.append(f"{where} does not say what becomes true")
        order = [name for name, _ in sorted(calls(verb), key=lambda call: call[1])]
        known = asking[module.room] - {verb.name}
        asks = [n for n, name in enumerate(order) if name.startswith("authority.") or name.split(".")[-1] in known]
        writes = [n for n, name in enumerate(order) if name in _ENTERS]
        if not asks:
            found.append(f"{where} never asks the authority")
        elif writes and writes[0] < asks[0]:
            found.append(f"{where} writes before it asks the authority")
    return found


def test_every_verb_asks_the_authority_before_it_writes() -> None:
    assert len(list(verbs(modules()))) > 20
    assert faults(modules()) == []


def test_a_verb_that_forgets_is_caught() -> None:
    bad = (
        "def close(job, *, actor):\n    with Unit() as unit:\n        unit.change(job)\n"
        "        authority.require(actor, 'x')\n"
    )
    assert faults(planted("yingxu.work.actions", bad)) == [
        "yingxu.work.actions.close takes positional arguments",
        "yingxu.work.actions.close does not take its moment",
        "yingxu.work.actions.close does not say what becomes true",
        "yingxu.work.actions.close writes before it asks the authority",
    ]


def test_a_verb_never_calls_a_verb() -> None:
    names = {verb.name for _, verb in verbs(modules())}
    assert len(names) > 20
    for module, verb in verbs(modules()):
        called = {name.split(".")[-1] for name, _ in calls(verb)}
        assert not (called & names) - {verb.name}, f"{module.name}.{verb.name} calls a verb: {called & names}"
