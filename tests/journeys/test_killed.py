"""The power goes while the clerk works: what was acknowledged is there, and the page says that nobody answers."""

from __future__ import annotations

import pytest

from tests.journeys import acts
from tests.journeys.conftest import Open
from tests.journeys.hospital import Hospital

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_server_is_killed_while_the_clerk_works(open_page: Open, hospital: Hospital) -> None:
    nurse, desk = open_page(360, 640), open_page()
    number = acts.ask(nurse, hospital, "治疗室空调不制冷")
    link = nurse.url.split("?")[0]
    acts.become(desk, "yangxf")
    acts.open_at_desk(desk, number)
    acts.take_on(desk, word="师傅在路上")
    desk.keyboard.press("Escape")

    nurse.goto(f"/q/{hospital.token}")
    nurse.locator("#text").fill("断电时报的修")
    hospital.kill()
    try:
        desk.locator("#unreachable").wait_for()
        assert "连不上" in desk.locator("#unreachable").inner_text()
        nurse.locator("#send").click()
        nurse.locator("#outbox").wait_for()
    finally:
        hospital.start()
    desk.locator("#unreachable").wait_for(state="hidden")
    nurse.locator("#outbox-send").click()
    nurse.wait_for_url("**/f/**")
    assert acts.number_on(nurse).isdigit()

    nurse.goto(link)
    assert number in nurse.locator("main").inner_text()
    assert "师傅在路上" in nurse.locator("main").inner_text()
    acts.send_somebody(desk, number)
