"""Names are the trade's nouns: no room for everything, no synonym, no furniture of another name; no file too long."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.shape.source import PROJECT, SRC, Module, modules, planted

_ROOMLESS = {
    "utils",
    "helpers",
    "common",
    "manager",
    "managers",
    "handler",
    "handlers",
    "data",
    "info",
    "process",
    "misc",
    "admin",
}
#: Where a folder holds data files, its name says so.
_DATA_FOLDERS = {"yingxu.core.language.data", "yingxu.connect.demo.data"}
_LONGEST = 400


def roomless(house: Iterable[Module]) -> list[str]:
    return [
        f"{module.name}: {part} says nothing"
        for module in house
        for part in module.name.split(".")
        if part in _ROOMLESS and module.name not in _DATA_FOLDERS
    ]


def test_no_module_is_a_drawer_for_everything() -> None:
    assert roomless(modules()) == []


def test_a_drawer_is_caught() -> None:
    assert roomless(planted("yingxu.work.utils", "")) == ["yingxu.work.utils: utils says nothing"]


def too_long(lengths: Iterable[tuple[str, int]]) -> list[str]:
    return [f"{name}: {length} lines; split it by noun" for name, length in lengths if length > _LONGEST]


def test_no_file_is_too_long_to_read() -> None:
    lengths = [
        (str(path.relative_to(SRC)), path.read_text(encoding="utf-8").count("\n"))
        for path in SRC.rglob("*.py")
        if "migrations" not in path.parts
    ]
    assert too_long(lengths) == []


def test_a_long_file_is_caught() -> None:
    assert too_long([("a.py", 401)]) == ["a.py: 401 lines; split it by noun"]


def glossary_rows(text: str) -> list[tuple[str, ...]]:
    """Return the rows of the glossary's tables: code, Chinese, English, note."""
    found = []
    for line in text.splitlines():
        cells = tuple(cell.strip().strip("`") for cell in line.strip().strip("|").split("|"))
        if (
            line.startswith("|")
            and len(cells) >= 3
            and cells[0] not in ("code", "")
            and not set(cells[0]) <= set("-: ")
        ):
            found.append(cells)
    return found


def test_the_glossary_names_every_state_role_milestone_and_room() -> None:
    from yingxu.ground import authority
    from yingxu.standards.models import Milestone

    text = (PROJECT / "docs" / "glossary.md").read_text(encoding="utf-8")
    known = {row[0] for row in glossary_rows(text)}
    states = (SRC / "yingxu" / "work" / "life_cycle" / "states.csv").read_text(encoding="utf-8").splitlines()[1:]
    needed = {line.split(",")[0] for line in states} | set(authority.roles()) | {m.value for m in Milestone}
    needed |= {"request", "job", "place", "promise", "milestone", "procedure", "edition", "worker", "urge", "asset"}
    assert needed - known == set()
    for row in glossary_rows(text):
        assert re.search(r"[\u4e00-\u9fff]", row[1]), f"{row[0]} has no Chinese"
        assert row[2], f"{row[0]} has no English"
