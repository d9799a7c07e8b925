"""Why is it due then? Line by line, for the house, for the asker, by the private link; in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.web.test_desk import asked
from tests.web.test_shell import signed_in
from yingxu.demand import actions as demand
from yingxu.web import inside, links
from yingxu.web.clock import site_clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def test_every_clock_tells_its_story_and_the_request_leads_there(house: House) -> None:
    request = asked(house, item="plb.faucet")
    demand.raise_priority(
        request_id=request.uid,
        priority=2,
        reason="漏到病房",
        actor=house.actor("clerk"),
        at=site_clock("Asia/Shanghai"),
    )
    client = signed_in(house, "clerk")
    page = client.get(f"/requests/{request.uid}/why")
    told = {clock.name: clock for clock in page.context["clocks"]}
    assert {"首次应答", "到场", "完成"} <= set(told)
    lines = [line.said for line in told["到场"].lines]
    assert lines[0].startswith("开始计时：承诺 1 小时内到场")
    assert any("紧急程度改为" in said and "已用的时间照算" in said for said in lines)
    assert "20 分钟" in told["到场"].short
    for path in (f"/requests/{request.uid}", f"/desk/requests/{request.uid}"):
        assert f"/requests/{request.uid}/why" in client.get(path).content.decode(), path


def test_the_asker_reads_it_by_the_private_link_without_signing_in(house: House, client: Client) -> None:
    request = asked(house, item="plb.faucet")
    code = links.follow_code(request.uid)
    assert f"/f/{code}/why" in client.get(f"/f/{code}").content.decode()
    html = client.get(f"/f/{code}/why").content.decode()
    assert "所以最迟" in html
    assert "逐条说明" in html
    assert signed_in(house, "nurse").get(f"/ours/{request.uid}/why").status_code == 200


def test_in_english_too(house: House, client: Client) -> None:
    request = asked(house, item="plb.faucet")
    client.cookies["yingxu_language"] = "en"
    html = client.get(f"/f/{links.follow_code(request.uid)}/why").content.decode()
    assert "Why is it due then?" in html
    assert "The clock starts: arrival within 1 hour" in html


def test_what_is_not_sorted_yet_says_so_and_strangers_see_nothing(house: House) -> None:
    request = asked(house, item=None)
    assert signed_in(house, "clerk").get(f"/requests/{request.uid}/why").status_code == 200
    assert signed_in(house, "other_nurse").get(f"/requests/{request.uid}/why").status_code == 404


def test_few_statements(house: House) -> None:
    request = asked(house, item="plb.faucet")
    at = site_clock("Asia/Shanghai")
    demand.acknowledge_request(request_id=request.uid, word="好的", actor=house.actor("clerk"), at=at)
    client = signed_in(house, "clerk")
    client.get(f"/requests/{request.uid}/why")
    with CaptureQueriesContext(connection) as run:
        client.get(f"/requests/{request.uid}/why")
    assert len(run) <= 5, [query["sql"][:80] for query in run]
