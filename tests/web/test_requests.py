"""Requests: the list by filters and cursors, its export, one request in whole; few statements."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.web.test_desk import asked
from tests.web.test_shell import signed_in
from yingxu.web import inside
from yingxu.web.requests.export import safe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def test_a_page_of_25_and_the_next_one(house: House) -> None:
    made = [asked(house, item="plb.faucet", text=f"漏水 {n}") for n in range(27)]
    client = signed_in(house, "clerk")
    page = client.get("/requests")
    assert len(page.context["rows"]) == 25
    second = client.get("/requests", {"after": page.context["next"]})
    shown = {row.number for row in (*page.context["rows"], *second.context["rows"])}
    assert {request.number for request in made} <= shown


def test_filters_search_and_order(house: House) -> None:
    lift, tap = asked(house, item="elv.stopped", place="S-L3"), asked(house, item="plb.faucet", text="水龙头滴水")
    client = signed_in(house, "clerk")

    def numbers(query: str) -> set[str]:
        return {row.number for row in client.get(f"/requests?{query}").context["rows"]}

    assert lift.number in numbers("line=ELV")
    assert tap.number not in numbers("line=ELV")
    assert numbers("q=水龙头滴水") == {tap.number}
    assert numbers(f"q={lift.number}") == {lift.number}
    assert {lift.number, tap.number} <= numbers("order=urgent&open=1")
    assert tap.number not in numbers("state=closed")


def test_what_somebody_typed_is_never_markup(house: House) -> None:
    asked(house, text="<script>alert(1)</script>")
    html = signed_in(house, "clerk").get("/requests").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_a_nurse_sees_her_own_ward_only(house: House) -> None:
    own = asked(house, item="plb.faucet")
    assert own.number in signed_in(house, "nurse").get("/requests").content.decode()
    assert own.number not in signed_in(house, "other_nurse").get("/requests").content.decode()
    assert signed_in(house, "other_nurse").get(f"/requests/{own.uid}").status_code == 404


def test_the_export_is_what_the_filter_shows_and_no_formula(house: House) -> None:
    asked(house, item="plb.faucet", text='=HYPERLINK("http://x")')
    asked(house, item="elv.stopped", place="S-L3", text="梯停了")
    answer = signed_in(house, "clerk").get("/requests.csv?line=PLB")
    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("单号")
    assert any("'=HYPERLINK" in line for line in lines)
    assert not any("梯停了" in line for line in lines)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_is_never_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"
    assert safe("4床漏水") == "4床漏水"


def test_one_request_in_whole_with_its_timeline(house: House) -> None:
    request = asked(house, item="plb.faucet")
    html = signed_in(house, "clerk").get(f"/requests/{request.uid}").content.decode()
    assert "报修（登录）" in html
    assert f"{request.number}" in html
    assert 'class="timeline"' in html


def test_statements_are_few(house: House) -> None:
    request = asked(house, item="plb.faucet")
    client = signed_in(house, "clerk")
    client.get("/requests")
    with CaptureQueriesContext(connection) as listed:
        client.get("/requests")
    assert len(listed) - 1 <= 3, "beside the authentication look-up"
    client.get(f"/requests/{request.uid}")
    with CaptureQueriesContext(connection) as detailed:
        client.get(f"/requests/{request.uid}")
    assert len(detailed) - 1 <= 4, "beside the authentication look-up"
