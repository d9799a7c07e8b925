"""O1: scores with n, interval and how many answered; TV-1's ratings; names never through small numbers; S37's links."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_voice import rated
from tests.rooms.test_work_loop import finished, minutes
from tests.web.test_shell import signed_in
from yingxu.ground.queries import actor_of_link
from yingxu.verify import actions as verify
from yingxu.voice import actions, queries
from yingxu.voice.models import Rating

pytestmark = pytest.mark.django_db

SPAN = "?from=2025-03-01&to=2025-03-31"


def test_tv_1_nine_of_ten_answered_six_satisfied_mean_3_9(house: House) -> None:
    """Domain 6.1 and 6.3: 6 of 9 are 66.7 % with Wilson's 0.354–0.879; the mean is 3.888…; 9 of 10 answered."""
    for stars in (5, 4, 3, 2, 4, 4, 5, 5, 3, None):
        rated(house, stars)
    span = {"since": minutes(0), "until": minutes(0) + timedelta(days=1)}
    (row,) = queries.scores_by_line(house.actor("officer"), house.site_id, **span)
    assert row.satisfied is not None
    assert (row.satisfied.hits, row.satisfied.n) == (6, 9)
    assert (round(row.satisfied.low or 0, 3), round(row.satisfied.high or 0, 3)) == (0.354, 0.879)
    assert row.mean == pytest.approx(35 / 9)
    assert (row.responded.hits, row.responded.n) == (9, 10)
    assert row.weighted == pytest.approx(700 / 9)
    assert row.counts == (0, 1, 2, 3, 3)
    assert not row.is_enough  # fewer than thirty: 样本不足
    html = signed_in(house, "officer").get(f"/ratings{SPAN}").content.decode()
    for said in ("67%", "35–88%", "3.9", "90%", "77.8", "样本不足"):
        assert said in html
    opened = signed_in(house, "officer").get(
        re.findall(r'/perfect/jobs\?[^"]*rated_low', html)[0].replace("&amp;", "&")
    )
    assert opened.content.decode().count("data-row") == 1


def test_small_numbers_are_hidden_from_who_could_guess_the_name(house: House) -> None:
    for stars in (5, 1):
        rated(house, stars)
    for who in ("leader", "plumber", "manager"):
        html = signed_in(house, who).get(f"/ratings{SPAN}").content.decode()
        assert "不足 5 份" in html
        assert "rated_low" not in html
    assert "50%" in signed_in(house, "officer").get(f"/ratings{SPAN}").content.decode()


def test_the_page_asks_little_and_says_when_there_is_nothing(house: House) -> None:
    officer = signed_in(house, "officer")
    assert "没有评价" in officer.get("/ratings").content.decode()
    with CaptureQueriesContext(connection) as asked:
        officer.get(f"/ratings{SPAN}")
    assert len(asked) <= 3


def test_s37_every_figure_of_perfect_service_opens_its_jobs(house: House) -> None:
    job = finished(house)
    actions.rate_request(request_id=job.request.uid, stars=2, actor=actor_of_link(job.request_id), at=minutes(30))
    verify.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(40))
    officer = signed_in(house, "officer")
    html = officer.get(f"/perfect{SPAN}").content.decode()
    links = {one.replace("&amp;", "&") for one in re.findall(r'href="(/perfect/jobs\?[^"]*)"', html)}
    assert any("silent=1" in one for one in links)
    assert any("spoiled=1" in one for one in links)
    for one in links:
        assert officer.get(one).status_code == 200
    spoiled = next(one for one in links if "spoiled=1" in one)
    assert job.number in officer.get(spoiled).content.decode()
    silent = next(one for one in links if "silent=1" in one)
    assert job.number not in officer.get(silent).content.decode()  # somebody said yes


def test_a_low_rating_of_who_was_merged_in_spoils_the_masters_job(house: House) -> None:
    job = finished(house)
    twin = finished(house)
    verify.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(40))
    Rating.objects.create(
        site_id=house.site_id, request_id=twin.request_id, rater="asker", stars=1, line_code="PLB", rated_at=minutes(41)
    )
    twin.request.__class__.objects.filter(pk=twin.request_id).update(master_id=job.request_id)
    html = signed_in(house, "officer").get(f"/perfect/jobs{SPAN}&fault=rated_low").content.decode()
    assert job.number in html
