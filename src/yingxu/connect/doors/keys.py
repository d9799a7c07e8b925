"""Secrets of doors: read from the environment by the name that a setting gives."""

from __future__ import annotations

import os

from yingxu.demand.queries.doors import DoorRow


class KeyMissing(Exception):
    """The environment has no such variable; the text names it, never its value."""


def secret(door: DoorRow, setting: str) -> str:
    """Return the secret that a setting names; raises KeyMissing."""
    name = str(door.settings.get(setting) or "")
    value = os.environ.get(name, "") if name else ""
    if not value:
        raise KeyMissing(f"{setting}: the environment has no {name or 'name for it'}")
    return value


def has_secret(door: DoorRow, setting: str) -> bool:
    """Tell whether the environment has the secret that a setting names."""
    return bool(os.environ.get(str(door.settings.get(setting) or ""), ""))
