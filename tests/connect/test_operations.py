"""Commands for whoever runs an installation, as they are called from a shell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from config.embedded import Embedded
from tests.contention.served import own_environment, yingxu


@pytest.fixture(scope="module")
def homes() -> Iterator[tuple[dict[str, str], dict[str, str], Path]]:
    """Two homes, and a folder for archives; the first has its tables."""
    with TemporaryDirectory(prefix="yx", ignore_cleanup_errors=True) as folder:
        first, second = own_environment(Path(folder) / "a"), own_environment(Path(folder) / "b")
        migrated = yingxu("migrate", environment=first)
        assert migrated.returncode == 0, migrated.stderr
        assert yingxu("token", "create", "--scope", "bulk", environment=first).returncode == 0
        yield first, second, Path(folder)


Homes = tuple[dict[str, str], dict[str, str], Path]


def _refused(words: tuple[str, ...], environment: dict[str, str], told: str = "") -> str:
    done = yingxu(*words, environment=environment, told=told)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def test_migrate_twice_takes_no_second_step_and_check_is_content(homes: Homes) -> None:
    assert yingxu("migrate", environment=homes[0]).stdout == "migrated: 0 steps\n"
    checked = yingxu("check", environment=homes[0])
    assert checked.returncode == 0, checked.stdout
    assert "WRONG" not in checked.stdout


def test_an_administrator_is_opened_once_and_weak_passwords_are_refused(homes: Homes) -> None:
    assert "refused" in _refused(("createadmin", "root"), homes[0], told="short\n")
    opened = yingxu("createadmin", "root", environment=homes[0], told="a long enough sentence\n")
    assert opened.returncode == 0, opened.stderr
    assert "exists" in _refused(("createadmin", "root"), homes[0], told="a long enough sentence\n")


def test_a_token_is_printed_alone_and_unknown_scopes_and_sites_are_refused(homes: Homes) -> None:
    made = yingxu("token", "create", "--scope", "requests:write", environment=homes[0])
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("yx_")
    assert len(made.stdout.split()) == 1
    assert "unknown scope" in _refused(("token", "create", "--scope", "everything"), homes[0])
    assert "no site" in _refused(("token", "create", "--scope", "bulk", "--site", "nowhere"), homes[0])
    assert "no open account" in _refused(("token", "create", "--scope", "work:write", "--account", "x"), homes[0])
    assert "--account" in _refused(("token", "create", "--scope", "work:write"), homes[0])
    listed = yingxu("token", "list", environment=homes[0]).stdout
    number, scopes, *_ = listed.splitlines()[-1].split("\t")
    assert scopes == "requests:write"
    assert made.stdout.strip() not in listed
    assert yingxu("token", "revoke", number, environment=homes[0]).returncode == 0
    assert "no token" in _refused(("token", "revoke", number), homes[0])


def test_a_backup_comes_back_whole_in_an_empty_home_only(homes: Homes) -> None:
    first, second, folder = homes
    kept = Path(first["YINGXU_HOME"]) / "files" / "ab" / "photo"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(b"light")
    archive = folder / "backup.tar.gz"
    written = yingxu("backup", str(archive), environment=first)
    assert written.returncode == 0, written.stderr
    restored = yingxu("restore", str(archive), environment=second)
    assert restored.returncode == 0, restored.stderr
    assert (Path(second["YINGXU_HOME"]) / "files" / "ab" / "photo").read_bytes() == b"light"
    verdicts = [yingxu("audit", "verify", environment=one) for one in (first, second)]
    assert verdicts[0].stdout == verdicts[1].stdout
    assert "not empty" in _refused(("restore", str(archive)), second)


def test_what_is_no_backup_is_refused(homes: Homes) -> None:
    first, _, folder = homes
    third = own_environment(folder / "c")
    (folder / "words.txt").write_text("no archive")
    assert "no such file" in _refused(("restore", str(folder / "missing")), third)
    assert "no backup" in _refused(("restore", str(folder / "words.txt")), third)
    assert "no folder" in _refused(("backup", str(folder / "nowhere" / "x.tar.gz")), first)


def test_tables_that_wait_for_migrations_are_refused(homes: Homes) -> None:
    assert "yingxu migrate" in _refused(("audit", "verify"), own_environment(homes[2] / "d"))


def test_even_the_owner_can_not_delete_from_the_ledger(homes: Homes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINGXU_HOME", homes[0]["YINGXU_HOME"])
    with Embedded():
        where = {"host": str(Path(homes[0]["YINGXU_HOME"]) / "postgres"), "user": "postgres", "dbname": "yingxu"}
        with psycopg.connect(**where, autocommit=True) as link:
            assert link.execute("SELECT count(*) FROM ground_entry").fetchone() != (0,)
            with pytest.raises(psycopg.DatabaseError, match="append-only"):
                link.execute("DELETE FROM ground_entry")
