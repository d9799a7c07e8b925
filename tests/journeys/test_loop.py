"""The loop once around, at the screens of its people: asked, assigned, done, answered, kept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys import acts
from tests.journeys.conftest import Open
from tests.journeys.hospital import Hospital

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = (360, 640)
CLERK = "yangxf"
#: What the loop once around keeps, each once.
MILESTONES = ("acknowledged", "arrived", "done", "verified")


def _states(page: Any) -> str:
    return str(page.locator("ol.steps").inner_text())


def _kept(page: Any, milestone: str) -> int:
    """Return how many promises of a milestone the board counts as kept this month."""
    page.goto("/promises/demo")
    figure = page.locator(f'a[href*="milestone={milestone}"][href*="outcome=kept"]:not([href*="line="])')
    return int("".join(filter(str.isdigit, figure.inner_text()))) if figure.count() else 0


def test_what_a_nurse_asks_goes_all_the_way_around(open_page: Open, hospital: Hospital) -> None:
    text = "卫生间水龙头一直漏水"
    nurse, desk, phone = open_page(*PHONE), open_page(), open_page(390, 844)

    nurse.goto(f"/q/{hospital.token}")
    assert "骨科" in nurse.locator(".bar-place").inner_text()
    nurse.locator("#text").fill(text)
    acts.choose_chip(nurse, "龙头")
    promise = nurse.locator("#promise")
    promise.get_by_text("到场").wait_for()
    assert "完成" in promise.inner_text()
    assert nurse.evaluate("document.documentElement.scrollHeight <= innerHeight"), "asking scrolls on a small phone"
    nurse.locator("#send").click()
    nurse.wait_for_url("**/f/**")
    number, link = acts.number_on(nurse), nurse.url.split("?")[0]
    assert number.isdigit()

    acts.sign_in(desk, CLERK)
    assert desk.url.endswith("/desk")
    before = {milestone: _kept(desk, milestone) for milestone in MILESTONES}
    desk.goto("/desk")
    worker = acts.send_somebody(desk, number, word="师傅马上过来")

    acts.sign_in(phone, worker)
    assert phone.url.endswith(("/my-work", "/desk")), "a worker opens on the work, a leader who works on the desk"
    acts.open_job(phone, text)
    acts.press(phone, "accept")
    nurse.goto(link)
    assert "师傅马上过来" in nurse.locator("main").inner_text()
    acts.press(phone, "set-out")
    acts.arrive(phone)
    acts.press(phone, "start")

    missing = phone.locator(".missing li").all_inner_texts()
    assert missing, "nothing is said to be missing before any step is done"
    phone.locator("#result").fill("修好了")
    phone.locator("#minutes").fill("5")
    if phone.locator("#cause[required]").count():
        phone.locator("#cause").select_option(index=1)
    phone.locator('form[action$="/finish"] button').click()
    refusal = phone.locator("#notice .refusal")
    refusal.wait_for()
    assert phone.locator(".missing li").all_inner_texts() == missing

    acts.open_job(phone, text)
    acts.take_steps(phone)
    assert not phone.locator(".missing li").all_inner_texts()
    acts.finish(phone)

    nurse.goto(link)
    steps = _states(nurse)
    for word in ("已收到", "已受理", "已到场", "师傅报完工"):
        assert word in steps, (word, steps)
    acts.say_good(nurse)
    acts.rate(nurse, 5)
    assert "★★★★★" in nurse.locator("main").inner_text()
    assert nurse.locator('input[name="rater"][value="asker"][type="radio"]').count() == 0  # who asked rates once
    nurse.goto(link)
    assert number in nurse.locator("main").inner_text()
    after = {milestone: _kept(desk, milestone) for milestone in MILESTONES}
    assert after == {milestone: n + 1 for milestone, n in before.items()}, "the promise board did not move by one"


def test_what_is_not_good_goes_back_and_comes_round_again(open_page: Open, hospital: Hospital) -> None:
    text = "洗手池下水管滴水"
    nurse, desk, phone = open_page(*PHONE), open_page(), open_page(390, 844)
    number = acts.ask(nurse, hospital, text, chip="渗漏")
    link = nurse.url.split("?")[0]
    acts.become(desk, CLERK)
    worker = acts.send_somebody(desk, number)
    acts.become(phone, worker)
    acts.work_through(phone, text)

    nurse.goto(link)
    acts.say_bad(nurse, "还在滴")
    assert "还没好" in _states(nurse)
    acts.work_through(phone, text)
    nurse.goto(link)
    acts.say_good(nurse)
    steps = _states(nurse)
    assert steps.count("师傅报完工") == 2, steps


def test_trouble_that_comes_back_is_opened_again(open_page: Open, hospital: Hospital) -> None:
    text = "水龙头关不严，一直流水"
    nurse, desk, phone = open_page(*PHONE), open_page(), open_page(390, 844)
    number = acts.ask(nurse, hospital, text, chip="龙头")
    link = nurse.url.split("?")[0]
    acts.become(desk, CLERK)
    worker = acts.send_somebody(desk, number)
    acts.become(phone, worker)
    acts.work_through(phone, text)
    nurse.goto(link)
    acts.say_good(nurse)

    acts.open_again(nurse)
    nurse.goto(link)
    assert "再次打开" in _states(nurse) or "重新打开" in _states(nurse)
    if not acts.has_job(phone, text):
        desk.goto("/desk")
        acts.send_somebody(desk, number)
    acts.work_through(phone, text)
    nurse.goto(link)
    acts.say_good(nurse)
