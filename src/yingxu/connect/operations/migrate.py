"""``yingxu migrate``: bring the database to this version."""

from __future__ import annotations

import argparse

from yingxu.connect import house


def configure(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace) -> int:
    """Migrate; prints how many steps were taken."""
    with house.entered(is_migrated=False):
        print(f"migrated: {house.migrate()} steps")
    return 0
