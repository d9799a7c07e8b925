"""Statements prepared on a connection: typed rows, errors as Django says them, few kept, none lost on a rollback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus

from yingxu.ground import prepared
from yingxu.ground.prepared import run_prepared

pytestmark = pytest.mark.django_db


def test_values_go_there_and_come_back_in_their_types() -> None:
    said = [7, "词 %", UUID(int=5), datetime(2026, 1, 2, 3, 4, tzinfo=UTC), None, [1, 2]]
    (row,) = run_prepared("SELECT %s::bigint, %s::text, %s::uuid, %s::timestamptz, %s::int, %s::bigint[], '50%%'", said)
    assert list(row) == [*said, "50%"]
    assert run_prepared("SELECT 1 WHERE false", []) == []


def test_it_is_counted_and_logged_as_every_other_statement() -> None:
    with CaptureQueriesContext(connection) as log:
        run_prepared("SELECT %s::int + 41", [1])
    assert [one["sql"] for one in log.captured_queries] == ["SELECT $1::int + 41"]


def test_errors_are_those_that_the_house_expects() -> None:
    with pytest.raises(DataError) as wrong, transaction.atomic():
        run_prepared("SELECT %s::text::int", ["no number"])
    assert wrong.value.__cause__ is not None
    assert getattr(wrong.value.__cause__, "sqlstate", "") == "22P02"
    with pytest.raises(IntegrityError), transaction.atomic():
        run_prepared("INSERT INTO ground_site (id, code) VALUES (%s, NULL) RETURNING 1", [-1])
    assert run_prepared("SELECT 1", []) == [(1,)]


@pytest.fixture
def link() -> Iterator[psycopg.Connection[Any]]:
    given = connection.settings_dict
    where = {"host": given["HOST"], "port": given["PORT"] or None, "user": given["USER"], "password": given["PASSWORD"]}
    with psycopg.connect(**where, dbname=given["NAME"], autocommit=True) as made:
        yield made


def test_more_statements_than_a_connection_keeps_are_prepared_anew(
    link: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "_AT_MOST", 3)
    one = prepared.Prepared(link)
    for _ in range(2):
        for n in range(5):
            one.execute(f"SELECT {n} + %s::int", [1])
            assert one.fetchall() == [(n + 1,)]
    one.execute("SELECT count(*) FROM pg_prepared_statements")
    assert one.fetchall() == [(3,)]


def test_outside_a_transaction_it_commits_and_within_one_it_waits_for_the_end(link: psycopg.Connection[Any]) -> None:
    one = prepared.Prepared(link)
    one.execute("CREATE TEMPORARY TABLE probe (n int)")
    one.execute("INSERT INTO probe VALUES (%s)", [1])
    assert link.info.transaction_status == TransactionStatus.IDLE
    link.autocommit = False
    one.execute("INSERT INTO probe VALUES (%s)", [2])
    assert link.info.transaction_status == TransactionStatus.INTRANS
    link.rollback()
    one.execute("SELECT n FROM probe")
    assert one.fetchall() == [(1,)]


def test_a_connection_that_was_cut_says_so(link: psycopg.Connection[Any]) -> None:
    one = prepared.Prepared(link)
    with pytest.raises(psycopg.OperationalError):
        one.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert link.closed
    with pytest.raises(psycopg.OperationalError):
        one.execute("SELECT 1")
