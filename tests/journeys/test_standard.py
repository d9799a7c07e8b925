"""A standard is written anew at the screens, reviewed by another, put in force; the next job stands under it."""

from __future__ import annotations

import pytest

from tests.journeys import acts
from tests.journeys.conftest import Open
from tests.journeys.hospital import Hospital

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WRITER, DIRECTOR, OFFICER, CLERK = "chenqj", "yuanq", "hanp", "yangxf"
STEP = "试水后请护士亲手开关一次。"


def test_from_draft_over_review_into_force_and_a_new_job_pins_it(open_page: Open, hospital: Hospital) -> None:
    desktop = open_page()
    acts.become(desktop, WRITER)
    desktop.goto("/standards?q=plb.faucet")
    desktop.locator("a[data-row]").click()
    desktop.locator("#why").fill("护士说试过才放心")
    desktop.locator("#new-edition button").click()
    desktop.wait_for_url("**/edit")
    edition = desktop.url.split("/")[-2]

    desktop.locator('button[value="add-step:tick"]').click()
    desktop.locator("[data-card]").last.locator("textarea").first.fill(STEP)
    assert desktop.locator(".editor-state .tone-warn").is_visible(), "what is not saved says so"
    # up by keyboard, the button keeps the focus
    up = desktop.locator("[data-card]").last.locator("[data-up]")
    up.focus()
    desktop.keyboard.press("Enter")
    desktop.keyboard.press("Enter")
    places = desktop.locator("[data-card] textarea:not([lang])")
    texts = [places.nth(n).input_value() for n in range(places.count())]
    assert texts[-3] == STEP
    # a share of nothing is refused in words, and what was typed stays
    share = desktop.locator('[name="t-0-percent"]')
    before = share.input_value()
    share.fill("0")
    desktop.locator('.editor-bar button[value="save"]').click()
    assert "#term-0" in str(desktop.locator(".refusal a").first.get_attribute("href"))
    desktop.locator('[name="t-0-percent"]').fill(before)
    desktop.locator('.editor-bar button[value="submit"]').click()
    desktop.wait_for_url("**/review")
    assert STEP in desktop.locator(".is-added .diff-after").inner_text()
    desktop.locator('form[action$="/do/submit"] button').click()
    desktop.locator('form[action$="/do/take_back"]').wait_for()

    review = f"/standards/plb.faucet/{edition}/review"
    acts.become(desktop, DIRECTOR)
    desktop.goto(review)
    desktop.locator("#note").fill("同意")
    desktop.locator('form[action$="/do/approve"] button').first.click()
    desktop.locator("text=已审核").first.wait_for()
    acts.become(desktop, OFFICER)
    desktop.goto(review)
    desktop.locator('form[action$="/do/publish"] button').click()
    desktop.wait_for_url(f"**/standards/plb.faucet/{edition}")

    nurse, phone = open_page(360, 640), open_page(390, 844)
    text = "换药室水龙头关不严"
    number = acts.ask(nurse, hospital, text)
    acts.become(desktop, CLERK)
    acts.open_at_desk(desktop, number)
    acts.take_on(desktop)
    desktop.keyboard.press("Escape")
    worker = acts.send_somebody(desktop, number)
    acts.become(phone, worker)
    acts.open_job(phone, text)
    for act in ("accept", "set-out"):
        acts.press(phone, act)
    acts.arrive(phone)
    if phone.locator('form[action$="/start"]').count():
        acts.press(phone, "start")
    assert STEP in phone.locator(".work-steps").inner_text()
