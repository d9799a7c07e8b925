"""The pages behind the loop: axe, no sideways scroll on a phone, no page of error; and a draft that a device keeps."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.journeys import acts, screens
from tests.journeys.conftest import Open
from tests.journeys.hospital import Hospital
from tests.journeys.screens import ADMIN, NURSE, OFFICER
from tests.journeys.test_every_page import _fits, _serious

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def _look(page: Any, address: str) -> dict[str, object]:
    page.set_viewport_size({"width": 1280, "height": 800})
    status = page.goto(address).status
    if status != 200:
        return {"status": status}
    wrong: dict[str, object] = {}
    if found := _serious(page):
        wrong["axe"] = found
    if not _fits(page):
        wrong["wide"] = "scrolls sideways at 360 px"
    return wrong


def _leads_to(page: Any, begins: str) -> str:
    """Return the first address on the page that begins so and goes further; empty where the list is empty."""
    found = page.eval_on_selector_all("main a[href]", "all => all.map(one => one.getAttribute('href'))")
    here = re.compile(rf"{re.escape(begins)}[^/?#]*(/[^?#]*)?$")
    return next((one for one in found if here.match(one) and one != begins and "." not in one.split("/")[-1]), "")


@pytest.mark.parametrize("login", [OFFICER, ADMIN, NURSE])
def test_each_page_of_the_house_is_for_everybody(open_page: Open, hospital: Hospital, login: str) -> None:
    page = open_page()
    acts.become(page, login)
    wrong = {}
    for said in screens.HOUSE[login]:
        address, _, begins = said.partition(" > ")
        if found := _look(page, address):
            wrong[address] = found
        further = _leads_to(page, begins) if begins else ""
        if further and (found := _look(page, further)):
            wrong[further] = found
    assert not wrong, "\n".join(f"{where}: {what}" for where, what in wrong.items())


def test_what_was_typed_and_never_saved_is_offered_again(open_page: Open, hospital: Hospital) -> None:
    page = open_page(390, 844)
    acts.become(page, OFFICER)
    page.goto("/standards/plb.toilet")
    begin = page.locator("#new-edition button")
    if begin.count():
        begin.click()
    else:
        page.locator('a[href$="/edit"]').first.click()
    page.wait_for_url(re.compile(r"/edit"))
    assert page.locator("[data-fold][open]").count() == 0, "on a phone the promises are folded"
    address = page.url
    page.locator("#goal").fill("冲水顺畅，不渗漏，现场擦干。")
    page.wait_for_timeout(900)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/standards", wait_until="commit")
    page.goto(address)
    page.locator("[data-kept-draft]:not([hidden])").wait_for()
    page.locator("[data-kept-back]").click()
    page.locator("#goal").wait_for()
    assert page.locator("#goal").input_value() == "冲水顺畅，不渗漏，现场擦干。"
    page.locator('.editor-bar button[value="save"]').click()
    page.wait_for_url(re.compile(r"saved="))
    page.goto(address)
    assert page.locator("[data-kept-draft]").is_hidden(), "what was saved is not offered again"
