"""One bar of signal: what is typed is never lost and never sent twice; without JavaScript asking still works."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys import acts
from tests.journeys.conftest import Open
from tests.journeys.hospital import Hospital

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = (360, 640)


def _how_often(page: Any, text: str) -> int:
    acts.become(page, "yangxf")
    page.goto(f"/requests?q={text}")
    return int(page.locator("[data-keys] a[data-row]").count())


def test_what_cannot_be_sent_waits_on_the_phone_and_goes_once(open_page: Open, hospital: Hospital) -> None:
    text = "走廊灯不亮断网时报"
    nurse = open_page(*PHONE)
    nurse.goto(f"/q/{hospital.token}")
    nurse.locator("#text").fill(text)
    nurse.context.set_offline(True)
    nurse.locator("#send").click()
    box = nurse.locator("#outbox")
    box.wait_for()
    assert "".join(box.locator("span").inner_text().split()) == "未发出1"
    nurse.context.set_offline(False)
    nurse.wait_for_url("**/f/**")
    assert acts.number_on(nurse).isdigit()
    assert _how_often(open_page(), text) == 1


def test_an_answer_that_is_lost_on_the_way_makes_no_second_request(open_page: Open, hospital: Hospital) -> None:
    text = "窗帘掉下来回执丢了"
    nurse = open_page(*PHONE)
    nurse.goto(f"/q/{hospital.token}")
    nurse.locator("#text").fill(text)
    lost: list[int] = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)  # the server has it, the phone does not know
            route.abort()
        else:
            route.continue_()

    nurse.route(f"**/q/{hospital.token}", lose)
    nurse.locator("#send").click()
    nurse.locator("#outbox").wait_for()
    assert lost == [302]
    nurse.locator("#outbox-send").click()
    nurse.wait_for_url("**/f/**")
    assert _how_often(open_page(), text) == 1


def test_two_taps_make_one_request(open_page: Open, hospital: Hospital) -> None:
    text = "床头铃按不响双击"
    nurse = open_page(*PHONE)
    nurse.goto(f"/q/{hospital.token}")
    nurse.locator("#text").fill(text)
    nurse.locator("#send").evaluate("button => { button.click(); button.click(); }")
    nurse.wait_for_url("**/f/**")
    assert _how_often(open_page(), text) == 1


def test_asking_and_following_work_without_javascript(open_page: Open, hospital: Hospital) -> None:
    text = "没有脚本也能报修"
    nurse = open_page(*PHONE, java_script_enabled=False)
    number = acts.ask(nurse, hospital, text)
    assert number.isdigit()
    link = nurse.url.split("?")[0]
    nurse.goto(link)
    assert text in nurse.locator("main").inner_text()
    nurse.locator('form[action*="/do/urge"] button').click()
    nurse.wait_for_url("**done=urge**")
    nurse.locator("details", has=nurse.locator("#add-text")).locator("summary").click()
    nurse.locator("#add-text").fill("在三号床旁边")
    nurse.locator('form[action*="/do/add"] input[type=file]').set_input_files(acts.photo(shade=33))
    nurse.locator('form[action*="/do/add"] button').click()
    nurse.wait_for_url("**done=add**")
    assert "在三号床旁边" in nurse.locator("main").inner_text()
    nurse.locator("details", has=nurse.locator("#cancel-reason")).locator("summary").click()
    nurse.locator('form[action*="/do/cancel"] button').click()
    nurse.wait_for_url("**done=cancel**")
    assert "已撤销" in nurse.locator("main").inner_text()
