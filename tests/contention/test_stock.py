"""Two people reach for the last piece at once: one gets it, the other is told so; nothing is ever below nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import Sum

from tests.people import MONDAY_NINE, House, find_house
from tests.rooms.stock import a_part, a_store, came
from tests.rooms.test_parts import in_work
from yingxu.ground.models import Delivery, Entry
from yingxu.ground.queries.whole import pointing_nowhere
from yingxu.work.actions import parts, shelves
from yingxu.work.models import Level, Lot, Movement
from yingxu.work.refusals import NotEnough

_TABLES = (
    *("work_movement", "work_reservation", "work_shortage", "work_lot", "work_level", "work_store", "work_part"),
    *("dispatch_assignment", "promise_hold", "promise_promise", "work_pause", "work_job", "demand_word"),
    "demand_request",
)


@pytest.fixture
def standing_house(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[House]:
    """The small hospital as every connection sees it; what the test committed is taken out again, ledger and all."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        house = find_house("demo")
        assert house is not None
        newest = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
        told = list(Delivery.objects.values_list("pk", flat=True))
        try:
            yield house
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")  # only a superuser of a test database may
                cursor.execute("DELETE FROM ground_entry WHERE id > %s", [newest])
                cursor.execute("DELETE FROM ground_delivery WHERE id <> ALL(%s)", [told])
                for table in _TABLES:
                    cursor.execute(f"DELETE FROM {table}")
                cursor.execute("SET session_replication_role = DEFAULT")
            assert not any(pointing_nowhere().values())
            connection.close()


@pytest.mark.django_db
def test_where_nothing_lies_nobody_takes(house: House) -> None:
    level = came(house, a_store(house), a_part(house), 1)
    with pytest.raises(NotEnough):
        parts.issue_part(
            job_id=in_work(house).uid,
            level_id=level.uid,
            quantity=Decimal(2),
            actor=house.actor("plumber"),
            at=MONDAY_NINE + timedelta(hours=1),
        )


def test_of_two_who_take_the_last_piece_one_gets_it(standing_house: House) -> None:
    house = standing_house
    level = came(house, a_store(house), a_part(house), 1)
    jobs = [in_work(house, at=place) for place in range(2)]
    plumber, at = house.actor("plumber"), MONDAY_NINE + timedelta(hours=1)
    barrier = Barrier(2)

    def take(place: int) -> bool:
        try:
            barrier.wait(timeout=30)
            parts.issue_part(job_id=jobs[place].uid, level_id=level.uid, quantity=Decimal(1), actor=plumber, at=at)
        except NotEnough:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, range(2))) == [False, True]
    level.refresh_from_db()
    assert level.on_hand == 0
    assert Movement.objects.filter(level=level, kind="issued").count() == 1


def test_who_sends_both_ways_at_once_never_blocks_and_nothing_is_lost(standing_house: House) -> None:
    house = standing_house
    first = came(house, a_store(house, "A"), a_part(house), 6)
    second = came(house, a_store(house, "B"), first.part, 6)
    leader, at = house.actor("leader"), MONDAY_NINE + timedelta(hours=1)
    barrier = Barrier(2)

    def send(place: int) -> int:
        level, to = ((first, second.store), (second, first.store))[place]
        try:
            barrier.wait(timeout=30)
            for _round in range(5):
                shelves.transfer_stock(
                    site_id=house.site_id,
                    level_id=level.uid,
                    to_store_id=to.uid,
                    quantity=Decimal(1),
                    actor=leader,
                    at=at,
                )
            return 5
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, range(2))) == [5, 5]
    rows = Level.objects.filter(pk__in=[first.pk, second.pk])
    assert rows.aggregate(n=Sum("on_hand"))["n"] == 12
    assert Lot.objects.filter(level__in=rows).aggregate(n=Sum("left"))["n"] == 12
    assert Movement.objects.filter(level__in=rows).aggregate(n=Sum("quantity"))["n"] == 12
