"""``yingxu restore FILE``: bring a backup into an empty database."""

from __future__ import annotations

import argparse
import tarfile
import tempfile
from pathlib import Path

from config.home import home
from yingxu.connect import house
from yingxu.connect.operations.backup import connection_words, run_tool
from yingxu.connect.refusal import BadInput


def configure(parser: argparse.ArgumentParser) -> None:
    """The archive's name."""
    parser.add_argument("file", type=Path)


def run(args: argparse.Namespace) -> int:
    """Restore; refuses: BadInput for a file that is no backup and for a database that is not empty."""
    if not args.file.is_file():
        raise BadInput(f"{args.file}: no such file")
    with house.entered(is_migrated=False), tempfile.TemporaryDirectory() as folder:
        from django.db import connection

        if connection.introspection.table_names():
            raise BadInput("the database is not empty; set YINGXU_HOME or DATABASE_URL to a new one")
        try:
            with tarfile.open(args.file) as archive:
                archive.extractall(folder, filter="data")
        except (tarfile.TarError, OSError) as error:
            raise BadInput(f"{args.file} is no backup of Yingxu: it is no archive") from error
        dump = Path(folder) / "database.dump"
        if not dump.is_file():
            raise BadInput(f"{args.file} is no backup of Yingxu: it holds no database")
        connection.close()
        run_tool(
            "pg_restore", ["--no-owner", "--exit-on-error", "--single-transaction", *connection_words(), str(dump)]
        )
        files = Path(folder) / "files"
        if files.is_dir():
            for source in files.rglob("*"):
                target = home() / "files" / source.relative_to(files)
                if source.is_dir():
                    target.mkdir(parents=True, exist_ok=True)
                else:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(source.read_bytes())
        steps = house.migrate()
    print(f"restored; {steps} migrations since the backup")
    return 0
