"""Perfect service of real jobs: S36 one miss cancels the whole, S37 the last inch."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_work_loop import finished, minutes
from yingxu.ground.models import Account
from yingxu.ground.queries import actor_of_link
from yingxu.ground.refusals import NotAllowed
from yingxu.promise.models import Promise
from yingxu.verify import actions as verify
from yingxu.voice import actions as voice
from yingxu.voice import perfect
from yingxu.voice.perfect import EndedJob
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")


def ended(house: House, who: str = "officer") -> tuple[EndedJob, ...]:
    return perfect.ended_jobs(
        house.actor(who), house.site_id, zone=ZONE, from_at=minutes(0), to_at=minutes(0) + timedelta(days=2)
    )


def good(house: House) -> Job:
    job = finished(house)
    verify.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(30))
    return job


def test_s36_every_step_good_is_perfect_and_one_bad_rating_cancels_it(house: House) -> None:
    job = good(house)
    (row,) = ended(house)
    assert (row.number, row.faults, row.has_word, row.month) == (job.number, frozenset(), True, "2025-03")
    voice.rate_request(
        request_id=job.request.uid, stars=2, actor=actor_of_link(job.request_id), at=minutes(40), reasons=["rude"]
    )
    (row,) = ended(house)
    assert row.faults == {"rated_low"}
    whole = perfect.figures_of((row,)).whole
    assert (whole.share.hits, whole.share.n) == (0, 1)


def test_s36_nineteen_of_twenty_steps_with_the_critical_one_failed_is_zero(house: House) -> None:
    job = good(house)
    Job.objects.filter(pk=job.pk).update(quality_score=0)
    (row,) = ended(house)
    assert row.faults == {"veto"}


def test_s37_a_near_miss_is_counted_with_its_minutes_and_opens_its_jobs(house: House) -> None:
    job = good(house)
    promise = Promise.objects.get(job_key=job.pk, milestone="arrived")
    assert promise.reached_at is not None
    due = promise.reached_at - timedelta(seconds=90)
    Promise.objects.filter(pk=promise.pk).update(state="broken", due_at=due, broken_at=due)
    rows = ended(house)
    assert rows[0].faults == {"late_arrived"}
    found = perfect.figures_of(rows)
    (margin,) = found.margins
    assert (margin.code, margin.n_near, margin.short_min, margin.n_alone) == ("arrived", 1, 1.5, 1)
    assert margin.jobs_per_min == pytest.approx(1 / 1.5)
    assert [one.code for one in found.spoilers] == ["late_arrived"]
    assert perfect.narrowed(rows, near="arrived") == rows
    assert perfect.narrowed(rows, fault="perfect") == ()
    assert perfect.narrowed(rows, fault="late_arrived", is_alone=True) == rows


def test_silence_is_not_praise(house: House) -> None:
    job = finished(house)
    Job.objects.filter(pk=job.pk).update(state="closed", accountable=None)
    found = perfect.figures_of(ended(house))
    assert (found.whole.n_silent, found.whole.share.n) == (1, 1)


def test_a_company_sees_its_own_jobs_and_a_nurse_none(house: House) -> None:
    good(house)
    assert len(ended(house, "manager")) == 1
    assert ended(house, "lift_manager") == ()
    with pytest.raises(NotAllowed):
        ended(house, "nurse")


def test_the_page_tells_and_every_figure_opens_its_jobs(house: House) -> None:
    job = good(house)
    client = Client()
    client.force_login(Account.objects.get(pk=house.accounts["officer"]))
    span = "?from=2025-03-01&to=2025-03-31"
    client.get(f"/perfect{span}")
    with CaptureQueriesContext(connection) as seen:
        page = client.get(f"/perfect{span}").content.decode()
    assert len(seen) <= 9
    assert "100%" in page
    assert job.number in client.get(f"/perfect/jobs{span}&fault=perfect").content.decode()
    assert job.number not in client.get(f"/perfect/jobs{span}&spoiled=1").content.decode()
