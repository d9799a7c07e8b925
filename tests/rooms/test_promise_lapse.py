"""V4: a job that closes in silence is neither a kept nor a broken word; it is a figure of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import MONDAY_NINE, House
from yingxu.demand import actions as demand
from yingxu.dispatch import actions as dispatch
from yingxu.ground.actor import engine
from yingxu.ground.models import Account
from yingxu.promise import actions as promise
from yingxu.promise import queries
from yingxu.standards.queries import procedure_in_force
from yingxu.verify import actions as verify
from yingxu.work import actions as work
from yingxu.work import queries as work_queries

pytestmark = pytest.mark.django_db


def test_silence_is_a_figure_of_its_own(house: House) -> None:
    nurse, clerk, worker = house.actor("nurse"), house.actor("clerk"), house.actor("plumber")
    at = MONDAY_NINE
    made = demand.raise_request(
        site_id=house.site_id,
        channel="web",
        text="水龙头滴水",
        item_code="plb.faucet",
        place_code="S7-ORT-WC",
        actor=nurse,
        at=at,
    )
    job = work_queries.jobs_of_request(clerk, made.key)[0].job_id
    worker_uid = Account.objects.get(pk=worker.id).uid
    dispatch.assign_job(job_id=job, worker_id=worker_uid, actor=clerk, at=at, word="马上到")
    work.accept_job(job_id=job, actor=worker, at=at)
    work.arrive_at_job(job_id=job, actor=worker, at=at, place_code="S7-ORT-WC")
    work.start_job(job_id=job, actor=worker, at=at)
    done_at = at + timedelta(minutes=20)
    from yingxu.connect.demo.acts import finish

    finish(job, procedure_in_force(house.site_id, "plb.faucet"), worker, done_at, number=1, line="PLB", minutes=20)
    over = done_at + timedelta(hours=72, minutes=1)
    promise.mark_due(site_id=house.site_id, actor=engine("clock"), at=over)
    assert made.number in " ".join(verify.lapse_jobs(actor=engine("clock"), at=over).numbers)
    found = queries.attainment(
        clerk, house.site_id, from_at=at - timedelta(days=1), to_at=over + timedelta(days=1), at=over
    )
    verified = next(row for row in found if row.milestone == "verified")
    assert (verified.n_kept, verified.n_broken, verified.n_late, verified.n_lapsed) == (0, 0, 0, 1)
    assert verified.share.share is None
