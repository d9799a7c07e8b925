"""What standards rest on: superseded, never or long not checked; who looks after it; and that somebody checked."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from yingxu.ground.models import Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound
from yingxu.standards.actions import check_basis
from yingxu.standards.models import BasisCheck, Edition
from yingxu.standards.queries.bases import BasisRow, bases, procedures_in_force
from yingxu.work.usefulness import uses

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
RULE = "TSG T5002-2017 电梯维护保养规则"
YEAR = timedelta(days=366)


def named(house: House, name: str, *, at: object = MONDAY_NINE, who: str = "officer") -> BasisRow:
    rows = bases(house.actor(who), house.site_id, at=at, zone=ZONE)  # type: ignore[arg-type]
    return next(row for row in rows if row.name == name)


def checked(house: House, *, who: str = "officer", outcome: str = "holds", newer: str = "", name: str = RULE) -> None:
    check_basis(
        site_id=house.site_id,
        name=name,
        edition=named(house, RULE).edition,
        outcome=outcome,
        newer=newer,
        actor=house.actor(who),
        at=MONDAY_NINE,
    )


def test_a_basis_is_due_until_checked_and_again_after_a_year(house: House) -> None:
    row = named(house, RULE)
    assert (row.kind, row.state, row.checked_on) == ("law", "never", None)
    assert {use.line_code for use in row.uses} == {"ELV"}
    checked(house)
    after = named(house, RULE)
    assert (after.state, after.checked_by) == ("holds", "何科员")
    assert after.next_on == MONDAY_NINE.astimezone(ZONE).date() + timedelta(days=365)
    assert named(house, RULE, at=MONDAY_NINE + YEAR).state == "overdue"


def test_a_superseded_basis_comes_first_with_the_edition_that_holds(house: House) -> None:
    checked(house, outcome="superseded", newer="2026")
    rows = bases(house.actor("officer"), house.site_id, at=MONDAY_NINE, zone=ZONE)
    assert (rows[0].name, rows[0].state, rows[0].newer) == (RULE, "superseded", "2026")
    entry = Entry.objects.get(kind="standards.basis.checked")
    assert "elv.trapped" in entry.facts["items"]


def test_one_standard_citing_a_later_edition_marks_the_others(house: House) -> None:
    edition = Edition.objects.filter(site_id=house.site_id, item__code="elv.trapped").get()
    Edition.objects.filter(pk=edition.pk).update(
        basis=[{**row, "edition": "2025"} if row["name"] == RULE else row for row in edition.basis]
    )
    rows = [row for row in bases(house.actor("officer"), house.site_id, at=MONDAY_NINE, zone=ZONE) if row.name == RULE]
    assert {(row.edition, row.state) for row in rows} == {("2017", "superseded"), ("2025", "never")}


def test_a_lines_manager_looks_after_its_bases_else_the_officer(house: House) -> None:
    assert named(house, "给排水零修规程").owners == ("郑主管",)
    assert named(house, RULE).owners == ("何科员",)


@pytest.mark.parametrize("who", ["nurse", "clerk", "plumber", "line_manager"])
def test_only_who_writes_a_standard_checks_its_basis(house: House, who: str) -> None:
    with pytest.raises(NotAllowed):
        checked(house, who=who)
    assert not BasisCheck.objects.exists()


def test_what_is_wrong_is_refused_by_name(house: House) -> None:
    with pytest.raises(Malformed):
        checked(house, outcome="superseded")
    with pytest.raises(Malformed):
        checked(house, outcome="perhaps")
    with pytest.raises(NotFound):
        checked(house, name="没有的规程")
    assert not Entry.objects.filter(kind="standards.basis.checked").exists()


def test_uses_are_facts_of_the_work(house: House) -> None:
    from tests.rooms.test_quality_promises import worked

    _, job = worked(house)
    rows = {row.item_code: row for row in uses(house.site_id, since=MONDAY_NINE - YEAR, at=MONDAY_NINE + YEAR)}
    row = rows[job.item.code]
    assert (row.n, row.n_jobs, row.n_requests) == (1, 1, 1)
    assert rows["elv.trapped"].n == 0
    later = uses(house.site_id, since=MONDAY_NINE + YEAR, at=MONDAY_NINE + YEAR)
    assert {one.n for one in later} == {0}


def test_the_lists_cost_few_questions(house: House) -> None:
    officer = house.actor("officer")
    with CaptureQueriesContext(connection) as asked:
        bases(officer, house.site_id, at=MONDAY_NINE, zone=ZONE)
        uses(house.site_id, since=MONDAY_NINE - YEAR, at=MONDAY_NINE)
        procedures_in_force(house.site_id, at=MONDAY_NINE)
    assert len(asked) == 5
