"""A worker's shift without signal: all of it done on the phone, the house moves on meanwhile, the server dies."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from time import sleep
from typing import Any

import pytest
from playwright.sync_api import Error as Trouble
from playwright.sync_api import TimeoutError as TooSlow

from tests.journeys import acts
from tests.journeys.conftest import Open
from tests.journeys.hospital import Hospital, login_of
from tests.journeys.phone import (
    CLERK,
    Kept,
    Phone,
    answered,
    asked_for,
    close_drawer,
    compare,
    n_known,
    rows,
    send_named,
)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
#: A phone whose clock is three hours slow: the server's moments must be right all the same.
SLOW_CLOCK = "{ const real = Date.now; Date.now = () => real() - 3 * 3600 * 1000; }"


@pytest.fixture(scope="module")
def hospital(_needs_chromium: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """A hospital of its own: it is killed in the middle, and what is left in hand there disturbs no other journey."""
    found = Hospital(tmp_path_factory.mktemp("offline"))
    try:
        found.start()
        yield found
    finally:
        found.stop()


def test_a_shift_without_signal_is_in_the_ledger_once_and_in_order(open_page: Open, hospital: Hospital) -> None:
    mine, moved, gone = asked_for(
        open_page, hospital, "卫生间水龙头漏水关不住", "治疗室水龙头一直滴水", "开水间水龙头滴水"
    )
    desk = open_page(1280, 800)
    acts.become(desk, CLERK)
    desk.goto("/desk")
    acts.open_at_desk(desk, mine)
    name = desk.locator("#drawer-body .offer strong").first.inner_text().strip()
    close_drawer(desk)
    for number in (mine, moved, gone):
        send_named(desk, number, name)

    page = open_page(360, 640)
    page.context.add_init_script(SLOW_CLOCK)
    phone = Phone(page)
    phone.open(login_of(name))
    since = datetime.now(UTC)
    phone.cut(off=True)
    phone.reload()
    for number in (moved, gone):
        phone.choose(number)
        phone.press("accept", "accepted")
    assert phone.n_waiting() == 2

    # meanwhile the desk gives one job to somebody else and calls the other off
    other = send_named(desk, moved, name, but=True)
    acts.open_at_desk(desk, gone)
    act = desk.locator("#drawer-body details.act", has=desk.locator("form[action$='/cancel']"))
    act.locator("summary").click()
    act.locator("select[name=reason]").select_option(index=1)
    act.locator("input[name=word]").fill("自己拧紧了，不用来")
    act.locator("button").click()
    answered(desk)
    close_drawer(desk)

    phone.choose(mine)
    phone.press("accept", "accepted")
    phone.press("set-out", "en_route")
    phone.page.locator("#code").fill("NO-SUCH")
    phone.page.locator("button[data-act=arrive]").click()
    phone.page.locator("#notice .refusal").wait_for()  # the phone itself knows which codes are of this place
    phone.arrive()
    phone.reload()
    phone.choose(mine)
    phone.press("start", "in_progress")
    phone.page.locator(".work-steps > li").first.wait_for()
    phone.take_steps()
    phone.pause()
    phone.reopen()
    phone.choose(mine)
    phone.press("resume", "in_progress")
    phone.finish(mine)
    _finds_a_defect(phone)
    phone.reload()
    kept = phone.kept()
    assert [one.act for one in kept[:5]] == ["accept", "accept", "accept", "set-out", "arrive"]
    assert [one.act for one in kept[-4:]] == ["pause", "resume", "finish", "defect"]
    assert f"未同步 {len(kept)}" in phone.page.locator("#strip").inner_text()

    _signal_back_and_the_server_dies(phone, hospital, kept)
    until = datetime.now(UTC)
    compare(hospital, kept[2:], since=since, until=until)
    _conflicts_are_shown(phone, desk, hospital, {moved: other, gone: ""}, [one.id for one in kept[:2]])
    [(n,)] = rows(hospital, "SELECT count(*) FROM demand_request WHERE channel = 'self_found'")
    assert n >= 1


def _finds_a_defect(phone: Phone) -> None:
    """Three taps: open, what it is, report; the place of the job in hand is chosen already."""
    phone.page.locator("[data-open=defect]").click()
    phone.page.locator(
        "#defect [data-chip='plb.faucet']"
    ).click()  # never a critical one: the other journeys wait for it
    if phone.page.locator("#defect-place").is_visible():
        phone.page.locator("#defect-place").fill("三楼连廊")
    phone.page.locator("button[data-act=defect]").click()
    phone.page.locator("#defect").wait_for(state="detached")


def _signal_back_and_the_server_dies(phone: Phone, hospital: Hospital, kept: list[Any]) -> None:
    """The first post is heard and its answer lost; in the middle of a later one everything is killed with -9."""
    posts: list[str] = []

    def sync(route: Any) -> None:
        ids = [one["id"] for one in route.request.post_data_json["commands"]]
        posts.append("")
        if len(posts) == 1:
            route.fetch()
            posts[-1] = "lost"
            route.abort()
            return
        known = n_known(hospital, ids) if "killed" not in posts else len(ids)
        route.continue_()
        if known < len(ids):
            for _ in range(2000):  # without a look at the browser: its next post must not come between
                if n_known(hospital, ids) > known:
                    break
                sleep(0.005)
            hospital.kill()
            posts[-1] = "killed"

    phone.context.route("**/my-work/sync", sync)
    phone.cut(off=False)
    try:
        phone.until(lambda: "lost" in posts)
        phone.page.locator("#strip.is-waiting p").wait_for()
        phone.waits(len(kept))  # nothing leaves the phone before the server has answered for it
        phone.send_now()
        phone.until(lambda: "killed" in posts)
        phone.page.locator("#strip.is-waiting p").wait_for()
    finally:
        hospital.start()
    phone.send_now()
    phone.waits(0)
    phone.context.unroute("**/my-work/sync")
    assert not phone.kept()


def _conflicts_are_shown(phone: Phone, desk: Any, hospital: Hospital, others: dict[str, str], ids: list[str]) -> None:
    reports = phone.page.locator("[data-report=conflict]")
    assert reports.count() == len(others)
    for number in others:
        reports.filter(has_text=number).wait_for()
    found = rows(hospital, "SELECT command_id, kind FROM work_setaside WHERE command_id = ANY(%s) ORDER BY id", ids)
    assert found == [(one, "conflict") for one in ids]
    desk.goto("/phone-reports")
    for number, other in others.items():
        section = desk.locator("section.card", has_text=number)
        section.wait_for()
        state = rows(hospital, "SELECT state, worker_id IS NULL FROM work_job WHERE number = %s", number)
        assert state == ([("dispatched", False)] if other else [("cancelled", True)]) or not other, state
        section.locator("input[name=words]").fill("已另派人，谢谢")
        section.locator("button[type=submit]").click()
        desk.locator("table td", has_text=number).wait_for()
    for _ in range(20):  # what the desk has settled may go from the phone by itself while it is being pressed
        if not reports.count():
            break
        with suppress(TooSlow):
            reports.locator("[data-seen]").first.click(timeout=2000)
    assert not reports.count()


@pytest.mark.full
@pytest.mark.skipif(not os.environ.get("YINGXU_FULL"), reason="the long random shifts: set YINGXU_FULL=1")
@pytest.mark.parametrize("seed", range(int(os.environ.get("YINGXU_SHIFTS", "6"))))
def test_a_random_shift_is_in_the_ledger_once_and_in_order(open_page: Open, hospital: Hospital, seed: int) -> None:
    chance = random.Random(seed)
    [number] = asked_for(open_page, hospital, f"卫生间水龙头漏水 {seed}")
    desk = open_page(1280, 800)
    acts.become(desk, CLERK)
    desk.goto("/desk")
    phone = Phone(open_page(360, 640))
    phone.open(acts.send_somebody(desk, number))
    phone.choose(number)
    done: dict[str, Kept] = {}
    since, is_killed = datetime.now(UTC), False

    def lose(route: Any) -> None:
        if chance.random() < 0.4:
            with suppress(Trouble):  # the server may have been killed while it answered
                route.fetch()  # heard, but the answer is lost
            route.abort()
        else:
            route.continue_()

    phone.context.route("**/my-work/sync", lose)

    def life() -> None:
        """Note what was done; then the signal comes or goes, the app is closed or loaded again, the server dies."""
        nonlocal is_killed
        done.update({one.id: one for one in phone.kept() if one.job})
        if not is_killed and chance.random() < 0.15:
            is_killed = True
            hospital.kill()
            hospital.start()
        phone.cut(off=chance.random() < 0.6)
        if chance.random() < 0.4:
            chance.choice([phone.reload, phone.reopen])()
            phone.choose(number)
        phone.cut(off=True)  # every act is seen on the phone before it may leave

    phone.cut(off=True)
    for act, then in (("accept", "accepted"), ("set-out", "en_route")):
        phone.press(act, then)
        life()
    phone.arrive()
    life()
    phone.press("start", "in_progress")
    life()
    for n in range(30):
        step = phone.page.locator(".work-steps > li:not(.is-done):not(.is-bad)").first
        if not step.count():
            break
        phone.take_step(step, n)
        life()
    for _ in range(chance.randrange(3)):
        phone.pause()
        life()
        phone.press("resume", "in_progress")
        life()
    phone.finish(number)
    done.update({one.id: one for one in phone.kept() if one.job})
    phone.context.unroute("**/my-work/sync")
    phone.cut(off=False)
    phone.send_now()
    phone.waits(0)
    assert phone.page.locator("[data-report]").count() == 0
    compare(hospital, list(done.values()), since=since, until=datetime.now(UTC))


def test_another_person_on_the_phone_never_sends_what_is_not_theirs(open_page: Open, hospital: Hospital) -> None:
    [number] = asked_for(open_page, hospital, "护士站水槽下水慢")
    desk = open_page(1280, 800)
    acts.become(desk, CLERK)
    desk.goto("/desk")
    worker = acts.send_somebody(desk, number)
    phone = Phone(open_page(390, 844))
    phone.open(worker)
    phone.choose(number)
    phone.cut(off=True)
    phone.press("accept", "accepted")
    [kept] = phone.kept()
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.accept()

    phone.page.on("dialog", answer)
    phone.page.locator("button[data-sign-out]").click()
    phone.page.locator("#now").wait_for(state="detached")
    assert "1" in asked[0]
    assert "未同步 1" in phone.page.locator("#strip").inner_text()
    phone.cut(off=False)
    phone.page.locator("#main a[href^='/sign-in']").wait_for()
    phone.open("fengp" if worker != "fengp" else "dulj")
    phone.page.locator("#strip", has_text="别人的 1 条").wait_for()
    assert n_known(hospital, [kept.id]) == 0
    phone.open(worker)
    phone.until(lambda: n_known(hospital, [kept.id]) == 1)
    phone.waits(0)
    phone.choose(number)
    phone.page.locator("#now[data-state=accepted]").wait_for()
