"""``yingxu check``: is this installation as it should be?"""

from __future__ import annotations

import argparse
import shutil

from yingxu.connect import house

_LITTLE_SPACE = 1_000_000_000


def configure(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace) -> int:
    """Print what was looked at; exit 1 when something is wrong."""
    wrong = 0
    with house.entered(is_migrated=False):
        from django.conf import settings
        from django.db import connection

        from yingxu.ground import queries

        steps = house.pending()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), current_setting('synchronous_commit')")
            version, durable = cursor.fetchone()
        free = shutil.disk_usage(settings.STATIC_ROOT).free
        lines = [
            (int(version.split(".")[0]) >= 15, f"PostgreSQL {version} (15 or later)"),
            (durable == "on", f"durable commits: synchronous_commit = {durable}"),
            (
                steps == 0,
                f"tables of this version ({steps} migrations wait)" + ("; run: yingxu migrate" if steps else ""),
            ),
            (free > _LITTLE_SPACE, f"free disk: {free // 1_000_000} MB"),
        ]
        if steps == 0:
            state = queries.seal_state()
            nowhere = queries.pointing_nowhere()
            said = ", ".join(f"{name} ({n})" for name, n in nowhere.items()) or "every one points to a row"
            lines.append((not nowhere, f"references: {said}"))
            lines.append((True, f"ledger: {state.n_entries} entries, {state.n_unsealed} not sealed yet"))
        for is_good, words in lines:
            print(("ok    " if is_good else "WRONG ") + words)
            wrong += not is_good
    return 1 if wrong else 0
