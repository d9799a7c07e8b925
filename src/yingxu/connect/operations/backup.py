"""``yingxu backup FILE``: database and files in one archive, written whole or not at all."""

from __future__ import annotations

import argparse
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path

from config.home import database, home, is_embedded
from yingxu.connect import house
from yingxu.connect.refusal import BadInput


def configure(parser: argparse.ArgumentParser) -> None:
    """The archive's name."""
    parser.add_argument("file", type=Path)


def run(args: argparse.Namespace) -> int:
    """Write the archive; refuses: BadInput for a folder that is not there."""
    if not args.file.parent.is_dir():
        raise BadInput(f"{args.file.parent} is no folder; make it or name another file")
    with house.entered(), tempfile.TemporaryDirectory(dir=args.file.parent) as folder:
        dump = Path(folder) / "database.dump"
        run_tool("pg_dump", ["--format=custom", "--no-owner", "--file", str(dump), *connection_words()])
        draft = Path(folder) / "archive.tar.gz"
        with tarfile.open(draft, "w:gz", compresslevel=1) as archive:
            archive.add(dump, "database.dump")
            files = home() / "files"
            if files.is_dir():
                archive.add(files, "files")
        with draft.open("rb") as handle:
            os.fsync(handle.fileno())
        draft.replace(args.file)
    print(f"{args.file}: {args.file.stat().st_size // 1024} kB")
    return 0


def connection_words() -> list[str]:
    """Return the words that tell PostgreSQL's tools where the database is; the password goes by the environment."""
    settings = database()
    words = ["--dbname", settings["NAME"]]
    for name, flag in (("HOST", "--host"), ("PORT", "--port"), ("USER", "--username")):
        if settings.get(name):
            words += [flag, settings[name]]
    return words


def run_tool(name: str, words: list[str]) -> None:
    """Run one of PostgreSQL's tools, the embedded one's or the path's; refuses: BadInput with its last line."""
    from config import embedded

    program = str(embedded.program(name)) if is_embedded() else name
    environment = {**os.environ, "PGPASSWORD": database().get("PASSWORD", "")}
    try:
        done = subprocess.run([program, *words], env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise BadInput(f"{name} is not on the path; install PostgreSQL's client tools") from error
    if done.returncode != 0:
        raise BadInput(f"{name}: {(done.stderr.strip().splitlines() or ['it failed without a word'])[-1]}")
