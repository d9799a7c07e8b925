"""Rows of the permission matrix by topic: each module of this folder gives ``ROWS``; test_permissions walks them."""

from __future__ import annotations

import importlib
import pkgutil

from tests.web.permission_rows.kit import Row


def every_row() -> dict[str, tuple[Row, ...]]:
    """Return the rows of every module by the name of their address."""
    found: dict[str, tuple[Row, ...]] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for name, rows in getattr(importlib.import_module(module.name), "ROWS", {}).items():
            found[name] = (*found.get(name, ()), *rows)
    return found
