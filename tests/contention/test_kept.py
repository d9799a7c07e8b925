"""What a process keeps of the catalogue is never older than what another one wrote: the write itself proves it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from tests.people import House, find_house
from tests.rooms.test_work_loop import minutes
from yingxu.demand import actions as demand
from yingxu.demand.models import Request
from yingxu.ground import kept
from yingxu.ground.actor import engine
from yingxu.ground.models import Command, Entry, Place
from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import CommandKey
from yingxu.promise.models import Promise
from yingxu.standards import queries as standards
from yingxu.standards.models import Item
from yingxu.work.models import Job


class Elsewhere:
    """Another process, as the database knows it: a connection of its own. What it changed is put back at the end."""

    def __init__(self) -> None:
        names = connection.get_connection_params()
        wanted = {name: names[name] for name in ("dbname", "user", "password", "host", "port") if name in names}
        self.link = psycopg.connect(**wanted, autocommit=True)

    def run(self, sql: str, *values: Any) -> None:
        self.link.execute(sql, values)


@pytest.fixture
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """The small hospital as every connection sees it; what the test committed is taken out again, ledger and all."""
    with django_db_blocker.unblock():
        house = find_house("demo")
        assert house is not None
        newest = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
        kept.forget()
        try:
            yield house
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")  # only a superuser of a test database may
                cursor.execute("DELETE FROM ground_entry WHERE id > %s", [newest])
                for model in (Promise, Job, Request, Command):
                    cursor.execute(f"DELETE FROM {model._meta.db_table}")
                cursor.execute("SET session_replication_role = DEFAULT")
            kept.forget()
            connection.close()


@pytest.fixture
def elsewhere(standing: House) -> Iterator[Elsewhere]:
    found = Elsewhere()
    item = Item.objects.get(site_id=standing.site_id, code="plb.faucet")
    place = Place.objects.get(site_id=standing.site_id, code="S7-ORT-WC")
    try:
        yield found
    finally:
        found.run(
            "UPDATE standards_item SET default_priority = %s, state = %s WHERE id = %s",
            item.default_priority,
            item.state,
            item.pk,
        )
        found.run("UPDATE ground_place SET is_active = true, full_name = %s WHERE id = %s", place.full_name, place.pk)
        found.link.close()


def asked(house: House, **more: Any) -> demand.Raised:
    return demand.raise_request(
        site_id=house.site_id,
        channel="web",
        text="水龙头滴水",
        item_code="plb.faucet",
        place_code="S7-ORT-WC",
        actor=house.actor("nurse"),
        at=minutes(0),
        **more,
    )


def request_of(raised: demand.Raised) -> Request:
    return Request.objects.get(pk=raised.key)


def test_what_is_kept_costs_no_read(standing: House) -> None:
    nurse = standing.actor("nurse")
    asked(standing)
    with CaptureQueriesContext(connection) as queries:
        demand.raise_request(
            site_id=standing.site_id, channel="web", text="又滴水", item_code="plb.faucet", place_code="S7-ORT-WC",
            actor=nurse, at=minutes(1),
        )  # fmt: skip
    assert len(queries) == 1


def test_another_item_at_a_known_place_keeps_what_is_known(standing: House) -> None:
    asked(standing)
    before = kept.kept()
    demand.raise_request(
        site_id=standing.site_id, channel="web", text="床坏了", item_code="fur.bed", place_code="S7-ORT-WC",
        actor=standing.actor("nurse"), at=minutes(1),
    )  # fmt: skip
    assert kept.kept() is before


def test_a_change_elsewhere_is_seen_by_the_next_write(standing: House, elsewhere: Elsewhere) -> None:
    assert request_of(asked(standing)).priority == 3
    elsewhere.run(
        "UPDATE standards_item SET default_priority = 2 WHERE site_id = %s AND code = 'plb.faucet'", standing.site_id
    )
    assert request_of(asked(standing)).priority == 2


def test_a_closed_place_and_a_suspended_item_are_refused_at_once(standing: House, elsewhere: Elsewhere) -> None:
    asked(standing)
    elsewhere.run(
        "UPDATE ground_place SET is_active = false WHERE site_id = %s AND code = 'S7-ORT-WC'", standing.site_id
    )
    with pytest.raises(NotFound, match="place"):
        asked(standing)
    elsewhere.run(
        "UPDATE ground_place SET is_active = true WHERE site_id = %s AND code = 'S7-ORT-WC'", standing.site_id
    )
    asked(standing)
    elsewhere.run(
        "UPDATE standards_item SET state = 'held' WHERE site_id = %s AND code = 'plb.faucet'", standing.site_id
    )
    with pytest.raises(NotFound, match="item"):
        asked(standing)
    assert Request.objects.count() == 2


def test_a_command_that_arrives_twice_answers_the_first_result_though_all_has_changed(
    standing: House, elsewhere: Elsewhere
) -> None:
    first = asked(standing, command=CommandKey("k-1", "same"))
    elsewhere.run(
        "UPDATE ground_place SET full_name = '别处' WHERE site_id = %s AND code = 'S7-ORT-WC'", standing.site_id
    )
    again = CommandKey("k-1", "same")
    assert asked(standing, command=again) == first
    assert again.is_replayed
    assert Request.objects.count() == 1


def test_a_change_that_is_taken_back_leaves_what_is_kept(standing: House, elsewhere: Elsewhere) -> None:
    asked(standing)
    before = kept.kept()
    with elsewhere.link.transaction():
        elsewhere.run("UPDATE ground_place SET full_name = '别处' WHERE site_id = %s", standing.site_id)
        raise psycopg.Rollback
    raised = asked(standing)
    assert kept.kept() is before
    assert request_of(raised).place_name != "别处"


def test_every_table_that_an_asking_reads_turns_the_mark(standing: House, elsewhere: Elsewhere) -> None:
    def mark() -> UUID:
        row = elsewhere.link.execute("SELECT value FROM ground_mark WHERE name = 'asking'").fetchone()
        assert row is not None
        return UUID(str(row[0]))

    seen = {mark()}
    tables = ("ground_place", "ground_contract", "standards_line", "standards_item", "standards_edition")
    for table in tables:
        elsewhere.run(f"UPDATE {table} SET id = id WHERE false")
        seen.add(mark())
    assert len(seen) == 1 + len(tables)


def test_a_reading_without_a_unit_is_always_made(standing: House) -> None:
    asked(standing)
    on = minutes(0).date()
    with CaptureQueriesContext(connection) as queries:
        standards.asking(standing.site_id, on=on, item_code="plb.faucet", place_code="S7-ORT-WC")
    assert len(queries) == 1


def test_in_a_transaction_nothing_kept_is_relied_on(house: House) -> None:
    kept.forget()
    demand.raise_request(
        site_id=house.site_id, channel="log", text="漏水", item_code="plb.faucet", actor=engine("replay"), at=minutes(0)
    )
    assert not kept.kept().readings
