"""The six import contracts hold, and each catches a planted bad import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.shape.source import FLOORS, PROJECT, SRC

_ENGINES = ("hours", "clock", "routing", "queueing", "language", "quality", "forecast")
_SHELVES = ("models", "queries", "reactions", "actions", "ledger", "unit", "authority")


def lint(folder: Path, source: Path) -> subprocess.CompletedProcess[str]:
    lines = [
        "import sys",
        f"sys.path.insert(0, {str(source)!r})",
        "from importlinter.cli import lint_imports",
        "sys.exit(lint_imports(no_cache=True))",
    ]
    return subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_contracts_hold() -> None:
    done = lint(PROJECT, SRC)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A house of empty rooms under the same contracts."""
    for room in FLOORS:
        if room == "loop":
            continue
        for name in _ENGINES if room == "core" else _SHELVES:
            path = tmp_path / "src" / "yingxu" / room / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("")
        (tmp_path / "src" / "yingxu" / room / "__init__.py").write_text("")
    (tmp_path / "src" / "yingxu" / "__init__.py").write_text("")
    (tmp_path / "src" / "yingxu" / "loop.py").write_text("")
    (tmp_path / "src" / "config").mkdir()
    (tmp_path / "src" / "config" / "__init__.py").write_text("")
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(text[text.index("[tool.importlinter]") :])
    return tmp_path


def plant(toy: Path, module: str, line: str) -> str:
    (toy / "src" / "yingxu" / f"{module.replace('.', '/')}.py").write_text(line + "\n")
    done = lint(toy, toy / "src")
    return done.stdout if done.returncode else "nothing caught"


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [
        ("1 layers", "demand.queries", "from yingxu.work import models"),
        ("2 core knows no framework", "core.routing", "import django"),
        ("3 shelves of core", "core.routing", "from yingxu.core import queueing"),
        ("4 doors never import models", "web.queries", "from yingxu.work import models"),
        ("5 actions are imported by doors", "work.reactions", "from yingxu.demand import actions"),
        ("6 reactions are imported by the loop", "work.actions", "from yingxu.promise import reactions"),
    ],
)
def test_a_planted_bad_import_is_caught(toy: Path, contract: str, module: str, line: str) -> None:
    said = plant(toy, module, line)
    assert any(contract in row and "BROKEN" in row for row in said.splitlines()), said


def test_a_room_without_a_floor_is_caught(toy: Path) -> None:
    (toy / "src" / "yingxu" / "annexe").mkdir()
    (toy / "src" / "yingxu" / "annexe" / "__init__.py").write_text("")
    done = lint(toy, toy / "src")
    assert done.returncode != 0
    assert "annexe" in done.stdout
