"""A job without signal: all of it done on the phone, cut off, reloaded, sent twice, the server killed."""

from __future__ import annotations

import os
import random
import re
from typing import Any

import pytest

from tests.journeys import acts
from tests.journeys.conftest import Open
from tests.journeys.hospital import PLACE, Hospital

pytestmark = [
    pytest.mark.browser,
    pytest.mark.full,
    pytest.mark.skipif(not os.environ.get("YINGXU_FULL"), reason="OFFLINE JOURNEY NOT RUN: set YINGXU_FULL=1"),
]
CLERK = "yangxf"
#: Facts of one job in the order in which the worker made them, by the words of the timeline.
SHIFTS = 6 if os.environ.get("YINGXU_FULL") else 1


def sent_job(open_page: Open, hospital: Hospital, text: str) -> tuple[str, str]:
    """Let a nurse ask and the desk send somebody; returns number and worker."""
    nurse, desk = open_page(390, 844), open_page(1280, 800)
    number = acts.ask(nurse, hospital, text, chip="*")
    acts.become(desk, CLERK)
    desk.goto("/desk")
    return number, acts.send_somebody(desk, number)


def waiting(phone: Any) -> int:
    return int(phone.locator("#strip").get_attribute("data-n") or 0)


def settled(phone: Any) -> None:
    """Wait until nothing waits on the phone."""
    phone.locator("#strip[data-n='0']").wait_for(state="attached", timeout=40_000)


def choose(phone: Any, number: str) -> None:
    """Open the job of that number among those in hand."""
    for _ in range(20):
        if number in phone.locator("#now .job-number").inner_text():
            return
        for one in phone.locator("[data-choose]").all():
            one.click()
            if number in phone.locator("#now .job-number").inner_text():
                return
    raise AssertionError(f"{number} is not on the phone")


def press(phone: Any, act: str, then: str) -> None:
    phone.locator(f"[data-act={act}]").first.click()
    phone.locator(f"#now[data-state={then}]").wait_for()


def do_the_steps(phone: Any) -> int:
    """Answer each step of the procedure as the phone asks it; returns how many."""
    for n in range(30):
        step = phone.locator(".work-steps > li:not(.is-done):not(.is-bad)").first
        if not step.count():
            return n
        code, kind = step.get_attribute("data-step"), step.get_attribute("data-kind")
        if not step.locator(f"details#step-{code}[open]").count():
            step.locator("summary").first.click()
        if kind == "photo":
            step.locator("input[type=file]").set_input_files(acts.photo(f"s{n}", shade=30 + n))
        elif kind in {"tick", "choice"}:
            step.locator("[data-value]").first.click()
        else:
            field = step.locator(".row input")
            low = (field.get_attribute("placeholder") or "").split("–")[0].strip()
            field.fill(low if low.replace(".", "", 1).isdigit() else PLACE if kind == "scan" else "1")
            step.locator(".row button").click()
        phone.locator(f"li[data-step='{code}'].is-done, li[data-step='{code}'].is-bad").wait_for()
    raise AssertionError("the steps do not end")


@pytest.mark.parametrize("seed", range(SHIFTS))
def test_a_whole_job_without_signal_is_in_the_ledger_once_and_in_order(
    open_page: Open, hospital: Hospital, seed: int
) -> None:
    chance = random.Random(seed)
    number, worker = sent_job(open_page, hospital, "卫生间水龙头漏水关不住")
    phone = open_page(360, 640)
    acts.become(phone, worker)
    phone.goto("/my-work/app")
    phone.locator("html[data-ready]").wait_for(state="attached")
    choose(phone, number)
    cut = phone.context.set_offline

    def lost(route: Any) -> None:
        """Let the server hear it and the phone not: the same post comes again."""
        if chance.random() < 0.5:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    def maybe(change: bool = True) -> None:
        """A signal that comes and goes, and an app that is closed and opened."""
        cut(chance.random() < 0.6)
        if change and chance.random() < 0.5:
            phone.reload()
            phone.locator("#now").wait_for()
            choose(phone, number)

    phone.context.route("**/my-work/sync", lost)
    cut(True)
    phone.reload()
    choose(phone, number)
    press(phone, "accept", "accepted")
    press(phone, "set-out", "en_route")
    assert waiting(phone) >= 2
    phone.locator("#code").fill("NO-SUCH")
    phone.locator("[data-act=arrive]").click()
    phone.locator("#notice .refusal").wait_for()  # the phone itself knows which codes are of this place
    phone.locator("#code").fill(PLACE)
    press(phone, "arrive", "arrived")
    maybe()
    press(phone, "start", "in_progress")
    maybe()
    do_the_steps(phone)
    maybe()
    phone.locator("#pause > summary").click()
    phone.locator("#pause-minutes").fill("30")
    press(phone, "pause", "paused")
    maybe()
    press(phone, "resume", "in_progress")
    cut(True)
    phone.locator("#result").fill("换了阀芯")
    if phone.locator("#cause option").count() > 1:
        phone.locator("#cause").select_option(index=1)
    phone.locator("#minutes").fill("15")
    phone.locator("[data-act=finish]").click()
    phone.locator(f"#now[data-state=in_progress] .job-number:text('{number}')").wait_for(state="detached")
    assert waiting(phone) > 0
    hospital.kill()
    cut(False)
    phone.wait_for_timeout(500)
    hospital.start()
    phone.context.unroute("**/my-work/sync")
    phone.reload()
    settled(phone)
    assert not phone.locator("[data-report]").count(), phone.locator("main").inner_text()
    desk = open_page(1280, 800)
    acts.become(desk, CLERK)
    desk.goto("/requests?find=" + number)
    desk.goto(desk.locator("a[href*='/desk/requests/']", has_text=number).first.get_attribute("href"))
    told = desk.locator("body").inner_text()
    assert re.search(r"待确认|已完成|完工|待验", told), told


def test_another_person_on_the_phone_never_sends_what_is_not_theirs(open_page: Open, hospital: Hospital) -> None:
    number, worker = sent_job(open_page, hospital, "护士站水槽下水慢")
    phone = open_page(390, 844)
    acts.become(phone, worker)
    phone.goto("/my-work/app")
    phone.locator("html[data-ready]").wait_for(state="attached")
    choose(phone, number)
    phone.context.set_offline(True)
    press(phone, "accept", "accepted")
    phone.on("dialog", lambda dialog: dialog.accept())
    phone.locator("[data-sign-out]").click()
    phone.locator("#now").wait_for(state="detached")
    phone.context.set_offline(False)
    acts.become(phone, "fengp")
    phone.goto("/my-work/app")
    phone.locator("#strip", has_text="别人的 1 条").wait_for()
    acts.become(phone, worker)
    phone.goto("/my-work/app")
    settled(phone)
    choose(phone, number)
    phone.locator("#now[data-state=accepted]").wait_for()
