"""Ratings: once, by who asked, never by who did it; scores with n, and no names through small numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_work_loop import asked, at_work, done, finished, minutes, sent
from yingxu.ground.models import Entry
from yingxu.ground.queries import actor_of_link
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, OwnWork
from yingxu.verify import actions as verify
from yingxu.voice import actions, queries
from yingxu.voice.models import Rating
from yingxu.voice.refusals import AlreadyRated, NothingToRate
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


def test_the_asker_rates_once_by_account_or_by_link(house: House) -> None:
    job = finished(house)
    nurse = house.actor("nurse")
    with CaptureQueriesContext(connection) as asked_for:
        actions.rate_request(
            request_id=job.request.uid, stars=5, reasons=["fast", "polite"], actor=nurse, at=minutes(30)
        )
    assert len(asked_for) <= 3
    for again in (nurse, actor_of_link(job.request_id)):
        with pytest.raises(AlreadyRated):
            actions.rate_request(request_id=job.request.uid, stars=1, actor=again, at=minutes(31))
    entry = Entry.objects.get(site_id=house.site_id, kind="voice.request.rated")
    assert (entry.actor_kind, entry.actor_id, entry.facts) == ("asker", None, {"stars": 5})


def test_by_link_and_then_by_account_is_twice(house: House) -> None:
    job = finished(house)
    actions.rate_request(request_id=job.request.uid, stars=4, actor=actor_of_link(job.request_id), at=minutes(30))
    with pytest.raises(AlreadyRated):
        actions.rate_request(request_id=job.request.uid, stars=4, actor=house.actor("nurse"), at=minutes(30))


@pytest.mark.parametrize("who", ["other_nurse", "clerk", "manager", "officer", "auditor"])
def test_others_do_not_rate(house: House, who: str) -> None:
    job = finished(house)
    with pytest.raises(NotAllowed):
        actions.rate_request(request_id=job.request.uid, stars=5, actor=house.actor(who), at=minutes(30))


def test_who_did_the_work_does_not_rate_it(house: House) -> None:
    job = done(house, at_work(house, sent(house, asked(house, by="plumber"))))
    with pytest.raises((NotAllowed, OwnWork)):
        actions.rate_request(request_id=job.request.uid, stars=5, actor=house.actor("plumber"), at=minutes(30))
    assert not Rating.objects.exists()


def test_a_rating_is_one_to_five_with_known_reasons_after_work_was_done(house: House) -> None:
    nurse = house.actor("nurse")
    early = asked(house)
    with pytest.raises(NothingToRate):
        actions.rate_request(request_id=early.request.uid, stars=5, actor=nurse, at=minutes(3))
    with pytest.raises(NotFound):
        actions.rate_request(request_id=early.uid, stars=5, actor=nurse, at=minutes(3))
    job = finished(house)
    for wrong in ({"stars": 0}, {"stars": 6}, {"stars": 3, "reasons": ["weather"]}, {"stars": 3, "text": "x" * 1001}):
        with pytest.raises(Malformed):
            actions.rate_request(request_id=job.request.uid, actor=nurse, at=minutes(30), **wrong)  # type: ignore[arg-type]


def rated(house: House, stars: int | None) -> Job:
    job = finished(house)
    if stars is not None:
        actions.rate_request(request_id=job.request.uid, stars=stars, actor=house.actor("nurse"), at=minutes(29))
    verify.confirm_job(job_id=job.uid, actor=house.actor("nurse"), at=minutes(30))
    return job


def test_scores_carry_n_and_response_and_hide_small_numbers_from_the_company(house: House) -> None:
    for stars in (5, 4, 3, None):
        rated(house, stars)
    span = {"since": minutes(0), "until": minutes(0) + timedelta(days=1)}
    officer, leader = house.actor("officer"), house.actor("leader")
    with CaptureQueriesContext(connection) as asked_for:
        (row,) = queries.scores_by_line(officer, house.site_id, **span)
    assert len(asked_for) == 1
    assert (row.line_code, row.n, row.mean) == ("PLB", 3, 4.0)
    assert row.satisfied is not None
    assert (row.satisfied.hits, row.satisfied.n) == (2, 3)
    assert (row.responded.hits, row.responded.n) == (3, 4)
    assert row.mean_low is not None
    assert row.mean_low < 4 < (row.mean_high or 0)
    (hidden,) = queries.scores_by_line(leader, house.site_id, **span)
    assert (hidden.is_hidden, hidden.n, hidden.mean, hidden.satisfied) == (True, None, None, None)
    for stars in (5, 5):
        rated(house, stars)
    (shown,) = queries.scores_by_line(leader, house.site_id, **span)
    assert (shown.is_hidden, shown.n) == (False, 5)
    assert queries.scores_by_line(house.actor("lift_manager"), house.site_id, **span) == ()
    with pytest.raises(NotAllowed):
        queries.scores_by_line(house.actor("nurse"), house.site_id, **span)
