"""Walking times on the screen: found, overruled, taken back; what was typed wrong stays typed."""

from __future__ import annotations

import pytest

from tests.people import House
from tests.rooms.test_dispatch_ways import two
from tests.web.test_shell import signed_in
from yingxu.dispatch.queries import ways_said
from yingxu.ground.models import Entry

pytestmark = pytest.mark.django_db


def code(spot: tuple[int, int | None]) -> str:
    return f"{spot[0]}:{'' if spot[1] is None else spot[1]}"


def test_the_officer_says_how_long_a_way_takes_and_takes_it_back(house: House) -> None:
    officer = signed_in(house, "officer")
    html = officer.get("/ways").content.decode()
    assert "还没有走过的路段" in html
    begin, end = two(house)
    given = {"begin": code(begin), "end": code(end), "minutes": "7，5", "reason": "电梯维修"}
    assert officer.post("/ways/say", given).status_code == 302
    assert ways_said(house.site_id) == {frozenset((begin, end)): 450}
    html = officer.get("/ways").content.decode()
    assert "电梯维修" in html
    assert "7.5" in html
    assert "电梯维修" not in officer.get("/ways?q=没有这栋楼").content.decode()
    answer = officer.post("/ways/say?q=x", {**given, "minutes": "", "learnt": "1"})
    assert answer["Location"] == "/ways?q=x"
    assert ways_said(house.site_id) == {}


@pytest.mark.parametrize("minutes", ["", "abc", "0", "61", "nan", "-3"])
def test_a_wrong_time_is_said_in_words_and_nothing_typed_is_lost(house: House, minutes: str) -> None:
    officer = signed_in(house, "officer")
    begin, end = two(house)
    answer = officer.post(
        "/ways/say", {"begin": code(begin), "end": code(end), "minutes": minutes, "reason": "电梯维修"}
    )
    assert answer.status_code == 422
    assert "步行分钟数" in answer.content.decode()
    assert "电梯维修" in answer.content.decode()
    assert not Entry.objects.filter(kind="dispatch.way.said").exists()


@pytest.mark.parametrize("spot", ["", "x", "1:x", "99999999999999999999:", "1:123456"])
def test_a_spot_that_is_none_is_refused(house: House, spot: str) -> None:
    officer = signed_in(house, "officer")
    answer = officer.post("/ways/say", {"begin": spot, "end": spot, "minutes": "3", "reason": "x"})
    assert answer.status_code == 422


def test_who_only_reads_sees_no_form(house: House) -> None:
    html = signed_in(house, "clerk").get("/ways").content.decode()
    assert "指定一段路的用时" not in html
