"""The worker's app as a thing in the hand: for everybody's eyes and thumbs, and plain about what it cannot do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys import acts
from tests.journeys.conftest import Open
from tests.journeys.hospital import PLACE, Hospital
from tests.journeys.phone import CLERK, Phone, asked_for, rows
from tests.journeys.test_every_page import AXE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: A camera without a lens: what it reads is told by the test; or one that its owner does not allow.
CAMERA = """
    window.seen = "";
    window.refused = "";
    window.beeps = [];
    window.BarcodeDetector = class { async detect() { return window.seen ? [{ rawValue: window.seen }] : []; } };
    navigator.mediaDevices.getUserMedia = async () => {
        if (window.refused) throw new DOMException("no", window.refused);
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 64;
        canvas.getContext("2d").fillRect(0, 0, 64, 64);
        return canvas.captureStream(10);
    };
    const play = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
        window.beeps.push(this.frequency.value);
        return play.apply(this, when);
    };
"""
FULL = """() => { IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); }; }"""
SMALL = """() => [...document.querySelectorAll("main :is(button, a[href], summary, select, input, textarea, .pick), "
    + ".bar button, .strip button")].filter((one) => {
        const box = one.getBoundingClientRect();
        return box.width && (box.height < 47.5 || box.width < 47.5) && one.type !== "file";
    }).map((one) => `${one.tagName} ${one.id} ${one.textContent.slice(0, 20)} ${one.getBoundingClientRect().height}`)"""


def _wrong(page: Any) -> list[str]:
    """Return what is hard to read (axe with 7:1), to touch (48 px) or wider than the phone."""
    page.evaluate(AXE)
    rules = "{resultTypes: ['violations'], rules: {'color-contrast-enhanced': {enabled: true}}}"
    found = page.evaluate(f"axe.run(document, {rules})")
    assert found["passes"], "axe looked at nothing"
    wrong = [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:3]
    ]
    wrong += page.evaluate(SMALL)
    if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        wrong.append("scrolls sideways")
    return wrong


def _job_in_hand(open_page: Open, hospital: Hospital, text: str) -> tuple[str, str]:
    """Return the number of a job that the desk has sent to somebody, and to whom."""
    [number] = asked_for(open_page, hospital, text)
    desk = open_page(1280, 800)
    acts.become(desk, CLERK)
    desk.goto("/desk")
    return number, acts.send_somebody(desk, number)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_screen_of_the_app_is_for_everybody(open_page: Open, hospital: Hospital, scheme: str) -> None:
    number, worker = _job_in_hand(open_page, hospital, "洗手池水龙头滴水")
    phone = Phone(open_page(360, 640, color_scheme=scheme))
    phone.open(worker)
    phone.choose(number)
    wrong = {"offered": _wrong(phone.page)}
    phone.cut(off=True)
    phone.press("accept", "accepted")
    wrong["accepted, not sent"] = _wrong(phone.page)
    phone.arrive()
    phone.press("start", "in_progress")
    phone.page.evaluate("() => { for (const fold of document.querySelectorAll('main details')) fold.open = true; }")
    wrong["at work"] = _wrong(phone.page)
    phone.page.locator("#large").click()
    wrong["large type"] = _wrong(phone.page)
    phone.page.locator("#large").click()
    phone.page.locator("[data-open=defect]").click()
    wrong["found something"] = _wrong(phone.page)
    assert not any(wrong.values()), "\n".join(f"{where}: {one}" for where, all_ in wrong.items() for one in all_)


def test_the_camera_reads_a_label_or_says_why_it_cannot(open_page: Open, hospital: Hospital) -> None:
    number, worker = _job_in_hand(open_page, hospital, "污洗间水龙头漏水")
    page = open_page(390, 844)
    page.context.add_init_script(CAMERA)
    phone = Phone(page)
    phone.open(worker)
    phone.choose(number)
    phone.cut(off=True)
    phone.press("accept", "accepted")
    said = phone.page.locator("#notice .refusal")
    for why, words in (("NotAllowedError", "相机权限"), ("NotFoundError", "不能在此扫码")):
        phone.page.evaluate("(why) => { window.refused = why; }", why)
        phone.page.locator("[data-scan]").click()
        said.filter(has_text=words).wait_for()
    phone.page.evaluate("() => { window.refused = ''; window.beeps = []; }")
    phone.page.locator("[data-scan]").click()
    phone.page.evaluate("() => { window.seen = 'https://elsewhere/q/NOTTHISONE'; }")
    said.filter(has_text="不是这张工单的位置").wait_for()
    low = phone.page.evaluate("window.beeps.splice(0)")
    assert low
    assert max(low) < 300  # a wrong label sounds low
    phone.page.evaluate("(code) => { window.seen = code; }", f"{hospital.address}/q/{hospital.token}")
    phone.page.locator("[data-scan]").click()
    phone.page.locator("#now[data-state=arrived]").wait_for()
    phone.page.wait_for_function("window.beeps.length > 0")
    assert min(phone.page.evaluate("window.beeps")) > 300
    phone.cut(off=False)
    phone.until(lambda: rows(hospital, "SELECT state FROM work_job WHERE number = %s", number) == [("arrived",)])
    assert rows(hospital, "SELECT arrival_proof FROM work_job WHERE number = %s", number) == [("qr",)]


def test_a_full_phone_says_that_the_act_was_not_kept(open_page: Open, hospital: Hospital) -> None:
    number, worker = _job_in_hand(open_page, hospital, "配膳间水龙头关不紧")
    phone = Phone(open_page(390, 844))
    phone.open(worker)
    phone.choose(number)
    phone.page.evaluate(FULL)
    phone.page.locator("button[data-act=accept]").click()
    phone.page.locator("#notice .refusal", has_text="存储已满").wait_for()
    phone.page.locator("#now[data-state=dispatched]").wait_for()
    assert not phone.kept()


def test_what_was_opened_and_typed_stays_and_the_switches_are_kept(open_page: Open, hospital: Hospital) -> None:
    number, worker = _job_in_hand(open_page, hospital, "杂物间水龙头滴水")
    phone = Phone(open_page(390, 844))
    phone.open(worker)
    phone.choose(number)
    phone.cut(off=True)
    phone.press("accept", "accepted")
    phone.arrive(PLACE)
    phone.press("start", "in_progress")
    phone.page.locator("#more > summary").click()
    phone.page.locator("#help-note").fill("两个人抬")
    phone.page.locator("#large").click()
    phone.page.locator("#sound").click()
    phone.page.locator("button[data-act=help]").click()
    phone.page.locator("#now .job-pause").wait_for()
    phone.reload()
    assert phone.page.locator("html.large").count() == 1
    assert phone.page.locator("#sound").get_attribute("aria-pressed") == "false"
    assert [one.act for one in phone.kept()] == ["accept", "arrive", "start", "help"]
