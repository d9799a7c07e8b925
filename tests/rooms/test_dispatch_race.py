"""Several desks, several connections, one job: the database lets exactly one of them win."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
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
from yingxu.dispatch.models import Assignment, LineMode
from yingxu.ground.actor import engine
from yingxu.ground.models import Account, Delivery
from yingxu.ground.refusals import Refusal, Stale
from yingxu.promise.models import Promise
from yingxu.team.models import Member
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
            LineMode.objects.filter(site_id=house.site_id).delete()
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


def _raised(race: House, item: str = "plb.faucet") -> Job:
    raised = demand.raise_request(
        site_id=race.site_id,
        channel="web",
        text="滴水",
        item_code=item,
        place_code="S7-ORT-WC",
        actor=race.actor("nurse"),
        at=minutes(0),
    )
    return Job.objects.get(request__number=raised.number, site_id=race.site_id)


def _at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all of these at the same moment, each on a connection of its own; returns what became of them, sorted."""
    ready, outcomes = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            ready.wait()
            act()
            outcomes.append("won")
        except Refusal as why:
            outcomes.append(why.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.fixture
def pool(race: House) -> House:
    """The race's plumbing jobs are claimed, one at a time."""
    setup = engine("setup")
    actions.change_mode(site_id=race.site_id, line_code="PLB", mode="claim", hold_limit=1, actor=setup, at=minutes(0))
    return race


def test_s6_one_person_who_claims_three_jobs_at_the_same_instant_has_one(pool: House) -> None:
    """Nothing was held before, so that no row of a held job could be locked: each claim counted none."""
    jobs, plumber = [_raised(pool) for _ in range(3)], pool.actor("plumber")
    outcomes = _at_once(*(partial(actions.claim_job, job_id=job.uid, actor=plumber, at=minutes(1)) for job in jobs))
    assert outcomes == ["holds_enough", "holds_enough", "won"]
    held = Assignment.objects.filter(site_id=pool.site_id, worker_id=pool.accounts["plumber"], outcome="offered")
    assert held.count() == 1


def test_two_people_who_claim_one_job_at_the_same_instant_and_the_desk_that_sends_a_third(pool: House) -> None:
    job = _raised(pool)
    Member.objects.filter(account_id=pool.accounts["electrician"]).update(skills={"electrical": 2, "plumbing": 2})
    people = [pool.actor("plumber"), pool.actor("electrician")]
    desk = partial(actions.assign_job, job_id=job.uid, worker_id=uid(pool, "leader"), actor=pool.actor("clerk"))
    claims = [partial(actions.claim_job, job_id=job.uid, actor=one, at=minutes(1)) for one in people]
    outcomes = _at_once(*claims, partial(desk, at=minutes(1)))
    assert outcomes.count("won") == 1
    assert set(outcomes) <= {"won", "stale", "not_for_claiming"}
    assert Assignment.objects.filter(job=job).count() == 1
