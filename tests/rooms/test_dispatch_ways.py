"""Walking times: learnt from the ledger, shown with their spread, and overruled by somebody who knows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from yingxu.connect.planner.problem import Ground
from yingxu.core.routing.walking import Ways, map_s
from yingxu.dispatch.actions.ways import in_order, say_way_time
from yingxu.dispatch.models import WayTime
from yingxu.dispatch.queries import Walk, grounds, ways_said
from yingxu.dispatch.queries import ways as queries
from yingxu.ground.models import Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


def say(house: House, seconds: int | None, reason: str = "连廊封闭", who: str = "officer", **more: object) -> None:
    ends = two(house)
    values = {"begin": ends[0], "end": ends[1], **more}
    say_way_time(
        site_id=house.site_id, seconds=seconds, reason=reason, actor=house.actor(who), at=MONDAY_NINE, **values
    )  # type: ignore[arg-type]


def two(house: House) -> tuple[tuple[int, int | None], tuple[int, int | None]]:
    """The spots of two places of the test hospital that differ."""
    lies = grounds(house.site_id)
    return lies[house.places["S4-ICU"]], lies[house.places["S7-ORT"]]


def shown(house: House, *steps: Walk) -> tuple[queries.WayRow, ...]:
    officer = house.actor("officer")
    return queries.ways(officer, house.site_id, steps=steps, known=queries.spots(officer, house.site_id))


def test_what_was_walked_is_shown_beside_the_map_with_its_spread(house: House) -> None:
    steps = [Walk(house.places["S4-ICU"], house.places["S7-ORT"], s) for s in (150.0, 200.0, 250.0)]
    (way,) = shown(house, *steps, Walk(house.places["S7-ORT"], house.places["S4-ICU"], 200.0))
    assert way.n == 4
    assert {way.begin.spot, way.end.spot} == set(two(house))
    assert way.map_s == map_s(*two(house))
    assert way.low_s is not None
    assert way.high_s is not None
    assert way.low_s < 200 < way.high_s
    assert way.said_s is None


def test_two_ways_have_no_spread_yet(house: House) -> None:
    steps = [Walk(house.places["S4-ICU"], house.places["S7-ORT"], s) for s in (150.0, 250.0)]
    (way,) = shown(house, *steps)
    assert (way.low_s, way.high_s) == (None, None)


def test_what_somebody_says_counts_for_the_planner_there_and_back(house: House) -> None:
    say(house, 900)
    begin, end = house.places["S4-ICU"], house.places["S7-ORT"]
    lies, said = grounds(house.site_id), ways_said(house.site_id)
    ground = Ground.of(lies, [Walk(begin, end, 60.0)] * 50, said)
    assert ground.matrix[ground.spot(begin), ground.spot(end)] == 900
    assert ground.matrix[ground.spot(end), ground.spot(begin)] == 900
    without_history = Ground.of(lies, (), said)
    assert without_history.matrix[without_history.spot(begin), without_history.spot(end)] == 900
    (way,) = shown(house)
    assert (way.said_s, way.reason, way.n) == (900, "连廊封闭", 0)


def test_it_is_said_again_and_taken_back_and_the_ledger_tells(house: House) -> None:
    say(house, 900)
    begin, end = two(house)
    say(house, 600, begin=end, end=begin)  # the other way round is the same way
    assert WayTime.objects.get().seconds == 600
    say(house, None, reason="")
    assert ways_said(house.site_id) == {}
    assert shown(house) == ()
    told = Entry.objects.filter(kind="dispatch.way.said").order_by("id").values_list("facts__seconds", flat=True)
    assert list(told) == [900, 600, None]
    say(house, 300)
    assert list(ways_said(house.site_id).values()) == [300]


def test_it_is_refused_in_words_and_nothing_is_recorded(house: House) -> None:
    for seconds, reason in ((4, "x"), (3601, "x"), (60, " "), (60, "x" * 201)):
        with pytest.raises(Malformed):
            say(house, seconds, reason)
    with pytest.raises(NotFound):
        say(house, 60, begin=(1, None))
    with pytest.raises(NotFound):
        say(house, None)  # nobody ever said anything of it
    for who in ("clerk", "manager", "plumber", "auditor"):
        with pytest.raises(NotAllowed):
            say(house, 60, who=who)
    with pytest.raises(NotAllowed):
        queries.spots(house.actor("plumber"), house.site_id)
    assert not WayTime.objects.exists()
    assert not Entry.objects.filter(kind="dispatch.way.said").exists()


def test_a_pair_is_kept_in_one_order() -> None:
    assert in_order((2, None), (1, 4)) == in_order((1, 4), (2, None)) == ((1, 4), (2, None))
    assert in_order((1, -1), (1, None)) == in_order((1, None), (1, -1))
    assert in_order((1, 3), (1, -2)) == ((1, -2), (1, 3))


def test_the_page_s_questions_are_few(house: House) -> None:
    officer = house.actor("officer")
    known = queries.spots(officer, house.site_id)
    with CaptureQueriesContext(connection) as seen:
        queries.steps_walked(officer, house.site_id, at=MONDAY_NINE + timedelta(days=1))
        queries.ways(officer, house.site_id, steps=(), known=known)
    assert len(seen) <= 4


def test_what_is_said_stands_above_what_was_learnt() -> None:
    a, b = ("A", 1), ("B", 2)
    ways = Ways([(a, b, 100.0)] * 40, map_s, {frozenset((a, b)): 500, frozenset((a,)): 33})
    assert ways.seconds(a, b) == ways.seconds(b, a) == 500
    assert ways.seconds(a, a) == 33
    assert ways.learnt_s(a, b) < 200
    assert not Ways([], map_s, {frozenset((a, b)): 5}).is_by_map
    assert Ways([], map_s).is_by_map
