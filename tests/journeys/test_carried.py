"""The carried items at the screens: somebody shut in a lift, a tap that leaks, a patient to be brought."""

from __future__ import annotations

import pytest

from tests.journeys import acts
from tests.journeys.conftest import Open
from tests.journeys.hospital import Hospital

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CLERK = "yangxf"


def test_danger_turns_the_page_red_and_names_the_number_to_call(open_page: Open, hospital: Hospital) -> None:
    text = "电梯困人了，里面有病人"
    nurse, desk, phone = open_page(360, 640), open_page(), open_page(390, 844)
    nurse.goto(f"/q/{hospital.token}")
    assert not nurse.locator("#danger").is_visible()
    calm = nurse.evaluate("getComputedStyle(document.body).backgroundColor")
    nurse.locator("#text").fill(text)
    nurse.locator("#danger").wait_for()
    assert nurse.locator("#danger a").get_attribute("href") == "tel:8000"
    assert nurse.evaluate("getComputedStyle(document.body).backgroundColor") != calm
    assert nurse.evaluate("document.documentElement.scrollHeight <= innerHeight"), "danger makes asking scroll"
    nurse.locator("#send").click()
    nurse.wait_for_url("**/f/**")
    number, link = acts.number_on(nurse), nurse.url.split("?")[0]

    acts.become(desk, CLERK)
    acts.open_at_desk(desk, number)
    acts.take_on(desk)
    assert "特急" in desk.locator("#drawer-body .sheet-line").first.inner_text()
    desk.keyboard.press("Escape")
    worker = acts.send_somebody(desk, number)
    acts.become(phone, worker)
    acts.work_through(phone, text)
    nurse.goto(link)
    acts.say_good(nurse)


@pytest.mark.parametrize("text", ["开水间龙头漏水，地上都是水", "三床病人要送去做CT检查"])
def test_what_the_clerk_takes_on_by_keyboard_is_done(open_page: Open, hospital: Hospital, text: str) -> None:
    nurse, desk, phone = open_page(360, 640), open_page(), open_page(390, 844)
    number = acts.ask(nurse, hospital, text)
    link = nurse.url.split("?")[0]
    acts.become(desk, CLERK)
    acts.open_at_desk(desk, number)
    acts.take_on(desk, word="已经安排")
    desk.keyboard.press("Escape")
    worker = acts.send_somebody(desk, number)
    acts.become(phone, worker)
    acts.work_through(phone, text)
    nurse.goto(link)
    assert "已经安排" in nurse.locator("main").inner_text()
    acts.say_good(nurse)
    acts.rate(nurse, 4)
