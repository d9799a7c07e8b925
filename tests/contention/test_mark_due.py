"""Six workers look for passed limits at once: each limit is marked exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from tests.people import MONDAY_NINE, House, find_house
from tests.rooms.requests import ask
from yingxu.ground.actor import engine
from yingxu.ground.models import Entry
from yingxu.promise.actions import mark_due
from yingxu.promise.models import Promise

N_WORKERS, N_REQUESTS = 6, 30


@pytest.fixture
def standing_house(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[House]:
    """The small hospital as every connection sees it; what the test committed is taken out again, ledger and all."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        house = find_house("demo")
        assert house is not None
        newest = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
        try:
            yield house
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")  # only a superuser of a test database may
                cursor.execute("DELETE FROM ground_entry WHERE id > %s", [newest])
                for table in ("promise_hold", "promise_promise", "work_job", "demand_word", "demand_request"):
                    cursor.execute(f"DELETE FROM {table}")
                cursor.execute("SET session_replication_role = DEFAULT")
            connection.close()


@pytest.mark.django_db
def test_where_nothing_is_due_nothing_is_marked(house: House) -> None:
    assert mark_due(site_id=house.site_id, actor=engine("clock"), at=MONDAY_NINE).n_broken == 0


def test_six_workers_mark_each_passed_limit_once(standing_house: House) -> None:
    house = standing_house
    nurse = house.actor("nurse")
    for place in range(N_REQUESTS):
        ask(house, actor=nurse, at=MONDAY_NINE + timedelta(seconds=place))
    at = MONDAY_NINE + timedelta(minutes=30)
    barrier = Barrier(N_WORKERS)

    def work(_: int) -> int:
        try:
            barrier.wait(timeout=30)
            n_broken = 0
            for _round in range(8):
                n_broken += mark_due(site_id=house.site_id, actor=engine("clock"), at=at, limit=7).n_broken
            return n_broken
        finally:
            connection.close()

    with ThreadPoolExecutor(N_WORKERS) as pool:
        marked = list(pool.map(work, range(N_WORKERS)))
    left = 0
    while (n_broken := mark_due(site_id=house.site_id, actor=engine("clock"), at=at).n_broken) > 0:
        left += n_broken
    keys = list(Entry.objects.filter(kind="promise.clock.broken").values_list("subject_id", flat=True))
    assert len(keys) == len(set(keys)) == sum(marked) + left == N_REQUESTS
    assert Promise.objects.filter(state="late", milestone="acknowledged").count() == N_REQUESTS
    assert set(Entry.objects.filter(kind="promise.clock.broken").values_list("happened_at", flat=True)) == {
        MONDAY_NINE + timedelta(minutes=10, seconds=place) for place in range(N_REQUESTS)
    }
