"""The kiosk in the lobby: switched on without a network it asks all the same, and everything asked arrives once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys import acts
from tests.journeys.conftest import Open
from tests.journeys.hospital import Hospital

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TABLET = (768, 1024)
PHONE = (360, 640)


def _how_often(page: Any, text: str) -> int:
    acts.become(page, "yangxf")
    page.goto(f"/requests?q={text}")
    return int(page.locator("[data-keys] a[data-row]").count())


def _address(page: Any) -> str:
    acts.become(page, "admin")
    page.goto("/doors")
    page.locator("a.row-link", has_text="住院大厅报修台").click()
    return str(page.locator(".door-address").inner_text())


def _open_kiosk(open_page: Open) -> Any:
    kiosk = open_page(*TABLET)
    kiosk.goto(_address(open_page()))
    kiosk.locator("html[data-kept]").wait_for(state="attached")  # its worker is there and has the page
    return kiosk


def test_a_kiosk_reloaded_without_a_network_opens_and_what_is_asked_goes_once(open_page: Open) -> None:
    text = "断网时大厅灯闪"
    kiosk = _open_kiosk(open_page)
    kiosk.context.set_offline(True)
    kiosk.reload()
    kiosk.locator("#text").fill(text)
    kiosk.locator("#send").click()
    box = kiosk.locator("#outbox")
    box.wait_for()
    assert kiosk.locator("#text").input_value() == ""  # the next one sees nothing of it
    kiosk.reload()  # somebody pulls the plug: it is still there
    box.wait_for()
    assert kiosk.locator("#outbox-count").inner_text() == "1"
    kiosk.context.set_offline(False)
    box.wait_for(state="hidden")
    assert "/thanks/" not in kiosk.url  # nobody is shown the number of the one before
    assert _how_often(open_page(), text) == 1


def test_its_worker_keeps_to_itself(open_page: Open, hospital: Hospital) -> None:
    kiosk = _open_kiosk(open_page)
    scopes = kiosk.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.scope))")
    assert scopes == [f"{hospital.address}/k/"]
    kiosk.goto(f"/q/{hospital.token}")
    assert kiosk.evaluate("navigator.serviceWorker.controller") is None


def test_a_house_that_is_busy_or_being_mended_loses_nothing(open_page: Open, hospital: Hospital) -> None:
    text = "系统忙时床头灯坏"
    nurse = open_page(*PHONE)
    nurse.goto(f"/q/{hospital.token}")
    nurse.locator("#text").fill(text)
    answers = [429, 503, 500]
    told: list[int] = []

    def refuse(route: Any) -> None:
        if route.request.method == "POST" and len(told) < len(answers):
            told.append(answers[len(told)])
            route.fulfill(status=told[-1], body="", headers={"Retry-After": "60"})
        else:
            route.continue_()

    nurse.route(f"**/q/{hospital.token}", refuse)
    nurse.locator("#send").click()
    box = nurse.locator("#outbox")
    box.wait_for()
    assert nurse.locator("#outbox-count").inner_text() == "1"
    for n in (2, 3):
        with nurse.expect_response(lambda answer: answer.request.method == "POST"):
            nurse.locator("#outbox-send").click()
        nurse.wait_for_function("() => !document.getElementById('outbox').hidden")
        assert len(told) == n
    nurse.locator("#outbox-send").click()
    nurse.wait_for_url("**/f/**")
    assert acts.number_on(nurse).isdigit()
    assert _how_often(open_page(), text) == 1


def test_words_that_are_refused_come_back_to_whoever_typed_them(open_page: Open, hospital: Hospital) -> None:
    nurse = open_page(*PHONE)
    nurse.goto(f"/q/{hospital.token}")
    nurse.locator("#text").fill("码被收回前写的话")
    nurse.context.set_offline(True)
    nurse.locator("#send").click()
    nurse.locator("#outbox").wait_for()
    nurse.route(f"**/q/{hospital.token}", lambda route: route.fulfill(status=404, body="gone"))
    nurse.context.set_offline(False)
    nurse.locator("#outbox").wait_for(state="hidden")
    assert nurse.locator("#text").input_value() == "码被收回前写的话"
