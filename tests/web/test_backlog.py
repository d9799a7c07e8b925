"""The backlog page (domain 6.9): open by age and line, weeks, hands; every number leads to its jobs."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.people import House
from tests.rooms.test_work_loop import asked, finished, minutes
from tests.web.test_shell import signed_in
from yingxu.ground.refusals import NotAllowed
from yingxu.team.models import Member
from yingxu.verify import actions as verify
from yingxu.verify import ageing
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


def test_every_number_of_the_page_is_the_count_of_its_jobs(house: House) -> None:
    now = timezone.now()
    for days in (0.2, 2, 5, 9, 12):
        Job.objects.filter(pk=asked(house).pk).update(opened_at=now - timedelta(days=days))
    officer = house.actor("officer")
    whole, line = ageing.backlog(officer, house.site_id, at=now)
    assert whole.ages.by_class == line.ages.by_class == (1, 1, 1, 2)
    assert (line.line_code, whole.ages.median_h) == ("PLB", 120.0)
    for code, n in enumerate(whole.ages.by_class):
        assert len(ageing.open_jobs(officer, house.site_id, at=now, age=code, line_code="PLB")) == n
    client = signed_in(house, "officer")
    page = client.get("/backlog").content.decode()
    assert "tone-late" in page
    jobs = client.get("/backlog/jobs?age=3&line=PLB").content.decode()
    assert jobs.count("data-row") == 2
    assert client.get("/backlog/jobs?age=9&after=x").status_code == 200
    with pytest.raises(NotAllowed):
        ageing.backlog(house.actor("nurse"), house.site_id, at=now)
    with CaptureQueriesContext(connection) as caught:
        client.get("/backlog")
    assert len(caught) <= 9


def test_what_came_and_what_went_in_a_week(house: House) -> None:
    job = finished(house)
    asked(house)
    verify.check_job(job_id=job.uid, actor=house.actor("officer"), at=minutes(60))
    rows = ageing.weeks(house.actor("officer"), house.site_id, zone=ZoneInfo("Asia/Shanghai"), at=minutes(90))
    assert [(row.n_created, row.n_closed, row.rate) for row in rows][-1] == (2, 1, 0.5)
    assert [row.rate for row in rows][:-1] == [None] * 7


def test_hands_are_used_as_long_as_somebody_is_at_work_in_the_duty(house: House) -> None:
    finished(house)
    plumber = Member.objects.filter(account_id=house.accounts["plumber"])
    plumber.update(duty_from=minutes(0), duty_to=minutes(480))
    Job.objects.update(started_at=minutes(10), finished_at=minutes(40))
    (row,) = ageing.use_of_hands(house.actor("officer"), house.site_id, at=minutes(60))
    assert (row.n_people, row.share) == (1, 0.5)
    plumber.update(duty_from=None, duty_to=None)
    assert ageing.use_of_hands(house.actor("officer"), house.site_id, at=minutes(60)) == ()


def test_an_empty_backlog_says_so(house: House) -> None:
    assert signed_in(house, "officer").get("/backlog").status_code == 200
