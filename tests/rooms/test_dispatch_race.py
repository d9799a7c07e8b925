"""Several desks, several connections, one job: the database lets exactly one of them win."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests.people import House, find_house, furnish
from tests.rooms.test_work_loop import minutes, uid
from yingxu.demand import actions as demand
from yingxu.demand.models import Request
from yingxu.dispatch import actions
from yingxu.dispatch.models import Assignment
from yingxu.ground.models import Account, Delivery
from yingxu.ground.refusals import Stale
from yingxu.promise.models import Promise
from yingxu.work.models import Incident, Job


def _race_house() -> House:
    house = find_house("race") or furnish("race", prefix="race_")
    house.accounts = {
        name.removeprefix("race_"): key
        for name, key in Account.objects.filter(username__startswith="race_").values_list("username", "id")
    }
    return house


@pytest.fixture
def race(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Any:
    """A site of its own whose rows are committed, so that several connections see them."""
    with django_db_blocker.unblock():
        house = _race_house()
        try:
            yield house
        finally:  # engines of other tests must not find what was committed here; the ledger alone keeps it
            Assignment.objects.filter(site_id=house.site_id).delete()
            Job.objects.filter(site_id=house.site_id).delete()
            Incident.objects.filter(site_id=house.site_id).delete()
            Promise.objects.filter(site_id=house.site_id).delete()
            Delivery.objects.filter(site_id=house.site_id).delete()
            Request.objects.filter(site_id=house.site_id).delete()
            connection.close()


def test_of_desks_that_assign_at_the_same_moment_exactly_one_wins(race: House) -> None:
    raised = demand.raise_request(
        site_id=race.site_id,
        channel="web",
        text="爆管",
        item_code="plb.burst",
        place_code="S7-ORT-WC",
        actor=race.actor("nurse"),
        at=minutes(0),
    )
    job = Job.objects.get(request__number=raised.number, site_id=race.site_id)
    desks, worker = [race.actor("clerk"), race.actor("other_clerk"), race.actor("company_clerk")], uid(race, "plumber")
    ready, outcomes = Barrier(len(desks)), []

    def assign(desk: Any) -> None:
        try:
            ready.wait()
            actions.assign_job(job_id=job.uid, worker_id=worker, actor=desk, at=minutes(1))
            outcomes.append("won")
        except Stale:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [Thread(target=assign, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["stale", "stale", "won"]
    assert Assignment.objects.filter(job=job, outcome="offered").count() == 1
