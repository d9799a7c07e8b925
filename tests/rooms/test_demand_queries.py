"""Questions about requests: pages that neither skip nor repeat, who sees what, and their budgets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import ask
from yingxu.demand import queries
from yingxu.demand.actions import acknowledge_request, add_word, urge_request
from yingxu.demand.models import Request
from yingxu.ground.refusals import Malformed, NotFound

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def numbers(page: queries.Page) -> list[str]:
    return [row.number for row in page.rows]


@pytest.mark.parametrize("order", ["newest", "urgent"])
def test_pages_show_every_request_once(house: House, order: str) -> None:
    clerk = house.actor("clerk")
    asked = [ask(house, at=MONDAY_NINE + place // 2 * MINUTE) for place in range(7)]
    Request.objects.filter(pk__in=[asked[2].key, asked[5].key]).update(next_due_at=None)
    seen: list[str] = []
    cursor = None
    while True:
        page = queries.request_page(clerk, house.site_id, order=order, cursor=cursor, limit=2)
        seen += numbers(page)
        cursor = page.next
        if cursor is None:
            break
    assert sorted(seen) == sorted(one.number for one in asked)
    if order == "newest":
        assert seen == [one.number for one in sorted(asked, key=lambda one: (one.created_at, one.key), reverse=True)]
    else:
        assert set(seen[-2:]) == {asked[2].number, asked[5].number}


def test_filters_narrow_the_page(house: House) -> None:
    clerk = house.actor("clerk")
    leak = ask(house)
    lift = ask(house, item_code="elv.stopped", place_code="S-L3", text="电梯停了")
    vague = ask(house, item_code=None, place_code=None, text="有点怪")

    def found(**given: object) -> list[str]:
        return numbers(queries.request_page(clerk, house.site_id, **given))  # type: ignore[arg-type]

    assert found(state="new") == [vague.number]
    assert found(line="ELV") == [lift.number]
    assert found(q="漏水") == [leak.number]
    assert found(q=lift.number) == [lift.number]
    assert found(is_open=False) == []


@pytest.mark.parametrize("cursor", ["!!", "bm9wZQ", "LjU"])
def test_a_cursor_that_is_none_of_ours_is_refused(house: House, cursor: str) -> None:
    with pytest.raises(Malformed):
        queries.request_page(house.actor("clerk"), house.site_id, cursor=cursor)


def test_each_sees_what_is_theirs(house: House) -> None:
    mine = ask(house)
    elsewhere = ask(house, "other_nurse", place_code="N5-RES")
    lift = ask(house, item_code="elv.stopped", place_code="S-L3", text="电梯停了")

    def seen(who: str) -> set[str]:
        return set(numbers(queries.request_page(house.actor(who), house.site_id)))

    assert seen("other_nurse") == {elsewhere.number}
    assert seen("nurse") == {mine.number, lift.number}
    assert seen("clerk") == seen("director") == seen("auditor") == {mine.number, elsewhere.number, lift.number}
    assert seen("company_clerk") == {mine.number, elsewhere.number}  # lifts are the other company's
    assert seen("lift_manager") == {lift.number}
    assert seen("administrator") == seen("plumber") == set()
    with pytest.raises(NotFound):
        queries.request_detail(house.actor("other_nurse"), mine.id)


def test_one_request_with_its_words_in_one_query(house: House) -> None:
    raised, clerk = ask(house, requester_phone="6120"), house.actor("clerk")
    acknowledge_request(request_id=raised.id, word="马上来", actor=clerk, at=MONDAY_NINE + MINUTE)
    add_word(request_id=raised.id, text="谢谢", actor=house.actor("nurse"), at=MONDAY_NINE + 2 * MINUTE)
    with CaptureQueriesContext(connection) as seen:
        detail = queries.request_detail(clerk, raised.id)
    assert len(seen) == 1
    assert [(word.text, word.is_from_asker) for word in detail.words] == [("马上来", False), ("谢谢", True)]
    assert (detail.has_phone, detail.owner_name, detail.row.item_name != "") == (True, "李护士", True)
    assert queries.requester_phone(clerk, raised.id) == "6120"
    with pytest.raises(NotFound):
        queries.requester_phone(house.actor("nurse"), raised.id)


def test_the_board_has_a_column_for_each_state_most_urgent_first(house: House) -> None:
    clerk = house.actor("clerk")
    later, sooner = ask(house, at=MONDAY_NINE + MINUTE), ask(house)
    vague = ask(house, item_code=None, place_code=None)
    with CaptureQueriesContext(connection) as seen:
        board = {column.state: column for column in queries.desk_board(clerk, house.site_id, limit=1)}
    assert len(seen) == 1
    assert (numbers_of(board["queued"]), board["queued"].is_cut) == ([sooner.number], True)
    assert numbers_of(board["new"]) == [vague.number]
    assert later.number not in numbers_of(board["queued"])


def numbers_of(column: queries.Column) -> list[str]:
    return [row.number for row in column.rows]


def test_lists_keep_their_budgets(house: House) -> None:
    clerk = house.actor("clerk")
    for _ in range(3):
        ask(house)
    for order in ("newest", "urgent"):
        first = queries.request_page(clerk, house.site_id, order=order, limit=1)
        with CaptureQueriesContext(connection) as seen:
            queries.request_page(clerk, house.site_id, order=order, limit=1, cursor=first.next)
        assert len(seen) == 1
    with CaptureQueriesContext(connection) as seen:
        queries.unanswered(clerk, house.site_id, at=MONDAY_NINE)
    assert len(seen) == 1


def test_what_is_overdue_alarms(house: House) -> None:
    clerk, raised = house.actor("clerk"), ask(house)
    assert queries.unanswered(clerk, house.site_id, at=MONDAY_NINE) == ()
    (row,) = queries.unanswered(clerk, house.site_id, at=MONDAY_NINE + 11 * MINUTE)
    assert (row.row.number, row.why, row.accountable) == (raised.number, "limit_passed", "desk")


def test_the_mark_changes_with_what_is_recorded(house: House) -> None:
    raised = ask(house)
    before = queries.change_mark(house.site_id)
    assert queries.change_mark(house.site_id) == before
    urge_request(request_id=raised.id, actor=house.actor("nurse"), at=MONDAY_NINE)
    assert queries.change_mark(house.site_id) != before
