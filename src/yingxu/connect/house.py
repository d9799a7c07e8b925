"""How a command enters the house: the database up, Django ready, the clock read once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from config.embedded import DatabaseUnavailable, Embedded
from config.home import is_embedded
from yingxu.connect.refusal import BadInput


@contextmanager
def database_up() -> Iterator[None]:
    """Hold a share in the embedded database, where that is the database; refuses: BadInput in one line."""
    if not is_embedded():
        yield
        return
    try:
        share = Embedded().__enter__()
    except DatabaseUnavailable as error:
        raise BadInput(str(error)) from error
    try:
        yield
    finally:
        share.__exit__(None, None, None)


def set_up() -> None:
    """Make Django ready in this process; refuses: BadInput for a DATABASE_URL that can't be read."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
    except ValueError as error:
        raise BadInput(str(error)) from error


@contextmanager
def entered(*, is_migrated: bool = True) -> Iterator[None]:
    """Stand in the house with the database up and, unless told otherwise, its tables as this version needs them."""
    from django.db import OperationalError, connection

    with database_up():
        set_up()
        try:
            if is_migrated:
                _refuse_old_tables()
            yield
        except OperationalError as error:
            raise BadInput(
                f"the database does not answer: {str(error).splitlines()[0]}; is DATABASE_URL right?"
            ) from error
        finally:
            connection.close()
            close_pool()


def close_pool() -> None:
    """Close this process's pooled connections."""
    from django.db import connection

    if hasattr(connection, "close_pool"):
        connection.close_pool()


def _refuse_old_tables() -> None:
    if pending():
        raise BadInput("the database's tables are not those of this version; run: yingxu migrate")


def make_tables_if_none() -> None:
    """Make the tables of a new database; refuses: BadInput for those of another version."""
    from django.db import connection

    if connection.introspection.table_names():
        _refuse_old_tables()
    else:
        migrate()


@contextmanager
def locked(purpose: int, key: int) -> Iterator[bool]:
    """Hold the lock of one purpose and object across processes; yields False at once when another holds it."""
    from django.db import connection

    place = [purpose, key % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", place)
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", place)


def pending() -> int:
    """Return how many migrations wait."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> int:
    """Bring the tables to this version; returns how many steps were taken. One process at a time."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7236711)")
    try:
        steps = pending()
        if steps:
            call_command("migrate", verbosity=0, interactive=False)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(7236711)")
    return steps
