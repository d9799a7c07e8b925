"""The desk by keyboard alone: type, the proposal, Enter, sent; merged by one key after looking who is told what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys import acts
from tests.journeys.conftest import Open
from tests.journeys.hospital import Hospital

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CLERK = "yangxf"


def take_call(page: Any, text: str, *, phone: str = "") -> str:
    """Take a call without the mouse: n, number, words, Enter for the proposal, Enter to send; returns its number."""
    page.keyboard.press("Escape")
    page.locator("body").press("n")
    if phone:
        page.keyboard.type(phone)
    page.locator("#call-text").focus()
    page.keyboard.type(text)
    page.locator("#proposal [data-proposal]").wait_for()
    page.keyboard.press("Enter")
    page.locator("#proposal .is-taken").wait_for()
    page.wait_for_function("document.activeElement.matches('[data-call] button[type=submit]')")
    page.keyboard.press("Enter")
    kept = page.locator(".call .kept a").first
    kept.wait_for()
    return "".join(filter(str.isdigit, page.locator(".call .kept").first.inner_text()))[:6]


def test_a_call_is_typed_proposed_taken_over_and_sent_by_keyboard(open_page: Open) -> None:
    desk = open_page(1280, 800)
    acts.sign_in(desk, CLERK)
    assert desk.url.endswith("/desk")
    number = take_call(desk, "外科楼7楼骨科11床呼叫铃没反应", phone="13600001111")
    desk.locator(f'[data-number="{number}"]').wait_for()
    card = desk.locator(f'[data-number="{number}"]').inner_text()
    assert "骨科11床" in card
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the desk scrolls sideways"
    board = desk.locator(".board")
    assert board.evaluate("node => node.scrollWidth <= node.clientWidth + 1"), "the board scrolls sideways"


def test_what_somebody_typed_is_never_overwritten(open_page: Open) -> None:
    desk = open_page()
    acts.sign_in(desk, CLERK)
    desk.locator("body").press("n")
    desk.locator("#call-place-words").fill("某个说不清的地方")
    desk.locator("#call-text").focus()
    desk.keyboard.type("骨科马桶堵了")
    desk.locator("#proposal [data-proposal]").wait_for()
    desk.keyboard.press("Enter")
    desk.locator("#proposal .is-taken").wait_for()
    assert desk.locator("#call-place-words").input_value() == "某个说不清的地方"
    assert desk.locator("#call-item").input_value() == "plb.toilet"


def test_the_second_report_is_merged_by_one_key_after_the_preview(open_page: Open) -> None:
    desk = open_page()
    acts.sign_in(desk, CLERK)
    first = take_call(desk, "内科楼9楼卫生间水管爆了一直喷水")
    desk.keyboard.press("Escape")
    second = take_call(desk, "内科楼九楼厕所水管还在喷水")
    desk.locator('.call [data-key="m"]').wait_for()
    desk.evaluate("document.activeElement.blur()")
    desk.locator("body").press("m")
    desk.locator("[data-confirm]").wait_for()
    words = desk.locator("#drawer-body").inner_text()
    assert first in words
    assert second in words
    desk.wait_for_function("document.activeElement.matches('[data-confirm]')")
    desk.keyboard.press("Enter")
    desk.locator("#drawer-body .kept").wait_for()
    assert first in desk.locator("#drawer-body .sheet-facts").inner_text()
    desk.keyboard.press("Escape")
    # a burst pipe is critical: nothing less urgent is sent before it, by the next journey either
    acts.send_somebody(desk, first)


def test_a_critical_request_by_rule_alarms_the_desk_and_tells_the_caller_whom_to_call(
    open_page: Open, hospital: Any
) -> None:
    asker, desk = open_page(360, 640), open_page()
    asker.goto(f"/q/{hospital.token}")
    asker.locator("#text").fill("病房插座冒烟着火了")
    asker.locator("#send").click()
    asker.wait_for_url("**/f/**")
    emergency = asker.locator("a.emergency")
    emergency.wait_for()
    assert emergency.get_attribute("href") == "tel:8000"
    acts.sign_in(desk, CLERK)
    desk.locator("[data-alarm]").wait_for()
    assert "! " in desk.title()
    desk.locator("[data-quiet]").click()
    assert desk.evaluate("sessionStorage.getItem('yingxu-quiet')") == "1"
    # somebody goes: nothing less urgent is sent before a critical one, by the next journey either
    number = acts.number_on(asker)
    acts.open_at_desk(desk, number)
    acts.take_on(desk)
    desk.keyboard.press("Escape")
    acts.send_somebody(desk, number)


def test_a_drawer_that_was_shut_stays_shut(open_page: Open, hospital: Hospital) -> None:
    """Whoever goes on before the answer is there is not called back by it: j and k still walk the board."""
    nurse, desk = open_page(360, 640), open_page()
    number = acts.ask(nurse, hospital, "开水间龙头漏水，地上都是水")
    acts.become(desk, CLERK)
    acts.open_at_desk(desk, number)
    held: list[Any] = []

    def hold(route: Any) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    desk.route("**/desk/requests/**", hold)
    desk.locator("#accept-word").focus()
    desk.keyboard.press("Control+Enter")
    desk.keyboard.press("Escape")
    while not held:
        desk.wait_for_timeout(20)
    with desk.expect_response("**/desk/requests/**"):
        held[0].continue_()
    desk.wait_for_timeout(200)  # longer than htmx takes to settle
    assert not desk.evaluate("document.querySelector('#drawer').open")
    desk.unroute("**/desk/requests/**")
    acts.open_at_desk(desk, number)
