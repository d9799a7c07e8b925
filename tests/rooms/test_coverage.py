"""S43, many points over a wide area: where nobody has been for 31 days is on the list of blind spots."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms import test_work_loop as loop
from tests.web.test_shell import signed_in
from yingxu.ground.models import Place
from yingxu.ground.refusals import NotAllowed
from yingxu.work.coverage import coverage
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


def unseen(house: House, *, days: int = 31, after: timedelta = timedelta(0)) -> set[str]:
    at = MONDAY_NINE + after
    return {row.code for row in coverage(house.actor("officer"), house.site_id, since=at - timedelta(days=days)).unseen}


def test_S43_a_room_without_a_visit_for_31_days_is_a_blind_spot(house: House) -> None:
    assert "S7-ORT-WC" in unseen(house), "nobody ever came"
    job = loop.finished(house)
    assert job.arrived_at is not None
    assert "S7-ORT-WC" not in unseen(house, after=timedelta(days=30))
    assert "S7-ORT-WC" in unseen(house, after=timedelta(days=32))


def test_what_holds_other_points_is_none_and_a_bed_counts_with_its_room(house: House) -> None:
    room = Place.objects.get(code="S7-ORT-WC")
    assert room.parent.code not in unseen(house), "a ward is its rooms"
    bed = Place.objects.create(
        site_id=house.site_id, parent=room, code="BED-1", kind="bed", name="1床", path="", full_name="1床"
    )
    Place.objects.filter(pk=bed.pk).update(path=f"{room.path}{bed.pk}/")
    assert "S7-ORT-WC" in unseen(house)
    assert "BED-1" not in unseen(house)
    job = loop.finished(house)
    Job.objects.filter(pk=job.pk).update(place=bed)
    assert "S7-ORT-WC" not in unseen(house, after=timedelta(days=1))


def test_never_seen_comes_first_and_who_may_not_read_figures_is_refused(house: House) -> None:
    loop.finished(house)
    at = MONDAY_NINE + timedelta(days=60)
    officer = house.actor("officer")
    with CaptureQueriesContext(connection) as run:
        found = coverage(officer, house.site_id, since=at)
    assert len(run) == 2
    assert found.unseen[-1].code == "S7-ORT-WC"
    assert all(row.seen_at is None for row in found.unseen[:-1])
    assert found.n_spots == len(found.unseen)
    with pytest.raises(NotAllowed):
        coverage(house.actor("nurse"), house.site_id, since=at)


def test_the_page_lists_filters_and_teaches_when_there_is_none(house: House) -> None:
    loop.finished(house)
    officer = signed_in(house, "officer")
    page = officer.get("/coverage?days=90&q=S7-ORT").content.decode()
    assert "S7-ORT" in page
    assert "没有盲区" in officer.get("/coverage?q=nosuchplace").content.decode()
    for odd in ("days=x", "days=0", "after=x", "after=99999999999", "q=%00"):
        assert officer.get(f"/coverage?{odd}").status_code == 200
    assert signed_in(house, "nurse").get("/coverage").status_code == 403
