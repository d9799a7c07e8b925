"""Small dispatch problems that read like the domain, and the independent checker from the shared folder."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SHARED = Path(os.environ.get("YINGXU_SHARED", Path(__file__).resolve().parents[2] / ".." / "shared"))


def shared_module(name: str) -> ModuleType:
    """A module of the shared dispatch folder, or a loud skip."""
    folder = SHARED / "dispatch"
    if not (folder / f"{name}.py").exists():
        pytest.skip(f"the shared dispatch folder is absent ({folder}); set YINGXU_SHARED", allow_module_level=True)
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    return importlib.import_module(name)


def worker(ident: str, **changes: Any) -> dict[str, Any]:
    base = {"id": ident, "skills": {"it": 2}, "location": 0, "free_at": 0, "shift_start": 0, "shift_end": 8 * 3600}
    return {**base, "max_overtime": 3600, "load": 0, "breaks": [], **changes}


def order(ident: str, **changes: Any) -> dict[str, Any]:
    base = {"id": ident, "location": 1, "roles": [{"skills": {"it": 1}}], "class": 3, "weight": 3, "released": 0}
    return {**base, "respond_by": 3600, "resolve_by": 7200, "duration": 900, **changes}


def problem(workers: list[dict[str, Any]], orders: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    base = {"format": "dispatch-problem/1", "id": "p", "now": 0, "travel": {"matrix": [[5, 60], [70, 5]]}}
    return {**base, "workers": workers, "orders": orders, **changes}
