"""Statements that the server has prepared once a connection and carries out by name.

Django's own cursor merges parameters into the text, and a wide statement is then parsed and planned afresh each time.
A statement waits in libpq itself, without the generators that let psycopg be interrupted: a third of the cost.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.types.datetime import TimestamptzLoader

#: Of more statements than so many a connection forgets the first.
_AT_MOST = 300
_AUTO: tuple[list[PyFormat], ...] = tuple([PyFormat.AUTO] * n for n in range(256))


@lru_cache(maxsize=1024)
def _numbered(statement: str) -> bytes:
    """Return a statement as the server takes it, places ($1, $2 …) for ``%s``: it is not taken apart each time."""
    parts = statement.split("%s")
    marked = (f"{part}${place}" for place, part in enumerate(parts[:-1], 1))
    return f"{''.join(marked)}{parts[-1]}".replace("%%", "%").encode()


class Prepared:
    """What one connection has prepared; it has the two methods of a cursor that a caller needs.

    Moments are read by psycopg's own reader: every connection's zone is UTC, and Django's is ten times slower.
    """

    def __init__(self, link: psycopg.Connection[Any]) -> None:
        self._link = link
        self._names: dict[tuple[str, tuple[int, ...]], bytes] = {}
        self._n_made = 0
        adapting = psycopg.RawCursor(link)
        adapting.adapters.register_loader("timestamptz", TimestamptzLoader)
        self._reader = Transformer(adapting)
        self._rows: list[tuple[Any, ...]] = []
        self._statement = ""

    @property
    def _query(self) -> Any:
        """What was run last, where Django's log looks for it."""
        return SimpleNamespace(query=_numbered(self._statement))

    def execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run a statement; raises psycopg's errors as its cursors do."""
        server, reader = self._link.pgconn, self._reader
        self._statement = statement
        if not self._link.autocommit and server.transaction_status == TransactionStatus.IDLE:
            self._checked(server.exec_(b"BEGIN"))
        said = reader.dump_sequence(values, _AUTO[len(values)])
        known = statement, reader.types or ()
        name = self._names.get(known) or self._prepare(*known)
        result = server.exec_prepared(name, cast(Any, said), reader.formats)
        self._checked(result)
        self._rows = []
        if result.ntuples:
            reader.set_pgresult(result)
            self._rows = reader.load_rows(0, result.ntuples, tuple)
            reader.set_pgresult(None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return the rows of what was run last."""
        return self._rows

    def _prepare(self, statement: str, types: tuple[int, ...]) -> bytes:
        server = self._link.pgconn
        if len(self._names) >= _AT_MOST:
            oldest = next(iter(self._names))
            self._checked(server.exec_(b"DEALLOCATE " + self._names.pop(oldest)))
        self._n_made += 1
        name = f"yx_{self._n_made}".encode()
        self._checked(server.prepare(name, _numbered(statement), types))
        self._names[statement, types] = name
        return name

    def _checked(self, result: Any) -> None:
        if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            return
        if self._link.pgconn.status != ConnStatus.OK:
            self._link.close()  # the server went away in the middle; who asks next connects anew
            raise psycopg.OperationalError(result.error_message.decode(errors="replace").strip())
        raise error_from_result(result, encoding="utf-8")


class _Here(threading.local):
    """The thread's connection, found once; Django looks for it in a store that is slower than the rest together."""

    link: Any = None


_here = _Here()


def database() -> Any:
    """Return this thread's connection to the database, as Django wraps it."""
    link = _here.link
    if link is None:
        link = _here.link = connections[DEFAULT_DB_ALIAS]
    return link


def _prepared_of(link: psycopg.Connection[Any]) -> Prepared:
    """Return what is prepared on a connection; it lives as long as the connection."""
    known = link.__dict__.get("yingxu_prepared")
    if known is None:
        known = link.__dict__["yingxu_prepared"] = Prepared(link)
    return cast(Prepared, known)


def run_prepared(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows. It is counted, logged and refused like Django's own."""
    link = database()
    if link.connection is None:
        link.ensure_connection()
    prepared = _prepared_of(link.connection)
    if link.queries_logged or link.execute_wrappers or link.needs_rollback:
        wrap = link.make_debug_cursor if link.queries_logged else link.make_cursor
        wrap(cast(Any, prepared)).execute(statement, values)
    else:
        with link.wrap_database_errors:
            prepared.execute(statement, values)
    return prepared.fetchall()
