"""The starter library as taken over by a site, and what an asking reads of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from yingxu.core.hours import advance
from yingxu.ground.actor import engine
from yingxu.ground.refusals import NotAllowed, NotFound
from yingxu.standards import actions, library, queries
from yingxu.standards.models import Edition, Item, Line

pytestmark = pytest.mark.django_db
ON = date(2025, 3, 3)


def test_the_starter_catalogue_has_25_lines_and_166_items_each_with_a_standard(house: House) -> None:
    assert Line.objects.filter(site_id=house.site_id).count() == 25
    assert Item.objects.filter(site_id=house.site_id).count() == 166
    assert Edition.objects.filter(site_id=house.site_id, state="in_force").count() == 166
    for edition in Edition.objects.filter(site_id=house.site_id):
        assert edition.goal
        assert edition.requirement
        assert edition.procedure


def test_one_read_tells_place_item_edition_and_who_serves_it(house: House) -> None:
    with CaptureQueriesContext(connection) as queries_run:
        asked = queries.asking(house.site_id, on=ON, item_code="plb.faucet", place_code="S7-ORT-WC")
    assert len(queries_run) == 1
    assert asked.place is not None
    assert asked.item is not None
    assert asked.place.full_name == "外科楼 7楼 骨科 卫生间"
    assert asked.place.place_class == "ward"
    assert asked.place.department_id == house.places["S7-ORT"]
    assert (asked.item.line_code, asked.item.default_priority) == ("PLB", 3)
    assert asked.party_id == house.parties["jia"]


def test_a_contract_for_the_line_goes_before_the_one_for_all_lines(house: House) -> None:
    asked = queries.asking(house.site_id, on=ON, item_code="elv.trapped", place_code="S-L3")
    assert asked.party_id == house.parties["yi"]


def test_before_any_contract_there_is_a_gap(house: House) -> None:
    asked = queries.asking(house.site_id, on=date(2024, 12, 31), item_code="elv.trapped", place_code="S-L3")
    assert asked.contract_id is None


@pytest.mark.parametrize("wrong", [{"item_code": "plb.nothing"}, {"place_code": "nowhere"}])
def test_an_unknown_place_or_item_is_refused_by_name(house: House, wrong: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        queries.asking(house.site_id, on=ON, **wrong)


def test_terms_follow_the_priority_classes_of_domain_2_1(house: House) -> None:
    asked = queries.asking(house.site_id, on=ON, item_code="plb.faucet", place_code="S7-ORT-WC")
    assert asked.item is not None
    limits = {
        priority: {
            name: term.limit_s // 60
            for name, term in queries.terms_at(asked.item.edition_id, priority=priority, place_class="").items()
        }
        for priority in (1, 2, 3, 4)
    }
    assert limits[1] == {"acknowledged": 3, "arrived": 10, "safe": 60, "done": 120, "verified": 1440}
    assert limits[2] == {"acknowledged": 5, "arrived": 20, "done": 240, "verified": 1440}
    assert limits[3] == {"acknowledged": 10, "arrived": 60, "done": 1440, "verified": 4320}
    assert limits[4] == {"acknowledged": 240, "done": 4320, "verified": 4320}


def test_stored_calendars_are_core_calendars(house: House) -> None:
    from datetime import timedelta

    always = queries.calendar_by_id(queries.calendar_id(house.site_id, "always"))
    daily = queries.calendar_by_id(queries.calendar_id(house.site_id, "daily_0800_1800"))
    evening = MONDAY_NINE + timedelta(hours=8, minutes=30)
    assert advance(always, evening, timedelta(hours=1)) == evening + timedelta(hours=1)
    assert advance(daily, evening, timedelta(hours=1)) == MONDAY_NINE + timedelta(hours=23, minutes=30)


def test_only_who_may_manage_the_catalogue_installs_a_library(house: House) -> None:
    with pytest.raises(NotAllowed):
        actions.install_library(site_id=house.site_id, holidays=(), actor=house.actor("clerk"), at=MONDAY_NINE)
    with pytest.raises(NotAllowed):
        actions.install_library(site_id=house.site_id, holidays=(), actor=engine("clock"), at=MONDAY_NINE)


def test_no_item_is_promised_done_by_other_hours_than_arrival() -> None:
    """Seen: a ward's blocked toilet was promised done in two hours at night, and arrival after eight in the morning."""
    for row in library.rows("items"):
        terms = {(t.priority, t.milestone, t.place_class): t for t in library.terms_for(row["code"])}
        for (priority, milestone, place_class), term in terms.items():
            if milestone == "done":
                arrival = terms.get((priority, "arrived", place_class)) or terms.get((priority, "arrived", ""))
                assert arrival is None or arrival.calendar == term.calendar, (row["code"], priority, place_class)
