"""Without signal: parts from the shelf to the job and back, a patient brought; and what the house says to it later."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys import acts
from tests.journeys.conftest import Open
from tests.journeys.hospital import Hospital
from tests.journeys.phone import CLERK, Phone, rows
from tests.journeys.screens import OFFICER

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def _in_hand(
    open_page: Open, hospital: Hospital, text: str, *, chip: str = "*", is_known: bool = False
) -> tuple[Any, str, Phone]:
    """Return the desk, the number, and the phone of whom the desk sent, without signal, the job taken up.

    ``chip``: what the asker chose, else the desk says what it is. ``is_known``: the house has heard that it is begun.
    """
    number = acts.ask(open_page(390, 844), hospital, text, chip=chip)
    desk = open_page(1280, 800)
    acts.become(desk, CLERK)
    if not chip:
        acts.open_at_desk(desk, number)
        acts.take_on(desk)
        desk.keyboard.press("Escape")
    desk.goto("/desk")
    phone = Phone(open_page(360, 640))
    phone.open(acts.send_somebody(desk, number))
    phone.page.wait_for_function(
        "async () => (await YingxuStore.get(`shelves:${await YingxuStore.get('account')}`) || []).length > 0"
    )
    phone.choose(number)
    phone.cut(off=not is_known)
    phone.press("accept", "accepted")
    phone.arrive()
    phone.press("start", "in_progress")
    if is_known:
        state = "SELECT state FROM work_job WHERE number = %s"
        phone.until(lambda: rows(hospital, state, number) == [("in_progress",)])
        phone.waits(0)
    phone.cut(off=True)
    return desk, number, phone


def _free(phone: Phone, level: str) -> float:
    return float(phone.page.locator(f"[data-shelf='{level}'] [data-free]").get_attribute("data-free"))


def test_parts_are_taken_kept_and_lacking_without_signal(open_page: Open, hospital: Hospital) -> None:
    _desk, number, phone = _in_hand(open_page, hospital, "处置室水龙头拧不紧")
    page = phone.page
    page.locator("#parts > summary").click()
    shelf = page.locator("[data-shelf]:has([data-act=part-take])").first
    shelf.wait_for()
    level = str(shelf.get_attribute("data-shelf"))
    before = _free(phone, level)
    shelf.get_by_role("button", name="加一").click()
    shelf.locator("[data-act=part-take]").click()
    own = page.locator(f"[data-part='{level}']")
    own.locator("[data-used='2']").wait_for()
    assert _free(phone, level) == before - 2
    own.locator("[data-act=part-back]").click()
    own.locator("[data-used='1']").wait_for()
    # more than there is: the phone says so at once and keeps nothing
    page.locator(f"#t-{level}").fill(str(int(before) + 5))
    shelf.locator("[data-act=part-take]").click()
    page.locator("#notice .refusal", has_text="可用数只有").wait_for()
    phone.reload()
    phone.choose(number)
    page.locator("#parts > summary").click()
    shelf.locator("details > summary").click()
    page.locator(f"#ln-{level}").fill(str(int(before) + 5))
    shelf.locator("[data-act=part-lack]").click()
    page.locator("#now[data-state=paused]").wait_for()
    assert [one.act for one in phone.kept()][3:] == ["part-take", "part-back", "part-lack"]
    phone.cut(off=False)
    phone.send_now()
    phone.waits(0)
    assert page.locator("[data-report]").count() == 0
    assert rows(hospital, "SELECT state FROM work_job WHERE number = %s", number) == [("paused",)]
    moved = "SELECT kind, sum(quantity)::int FROM work_movement m JOIN work_job j ON j.id = m.job_id"
    by_kind = rows(hospital, f"{moved} WHERE number = %s GROUP BY kind ORDER BY kind", number)
    assert by_kind == [("issued", -2), ("returned", 1)]  # of whichever lots are the oldest
    page.locator(f"[data-part='{level}'] [data-used='1']").wait_for(state="attached")


def test_a_patient_is_fetched_and_brought_without_signal_and_never_another(open_page: Open, hospital: Hospital) -> None:
    _desk, number, phone = _in_hand(open_page, hospital, "三床病人要送去做CT检查", chip="")
    page = phone.page

    def say(first: str, second: str, who: str, act: str) -> None:
        for field, said in (("first", first), ("second", second), ("who", who)):
            page.locator(f"#load-{field}").fill(said)
        page.locator(f"[data-act={act}]").click()

    page.locator("#load[data-stage=waiting]").wait_for()
    say("赵一鸣", "ZY2025 0381", "", "load-take")
    page.locator("#load[data-stage=carried]").wait_for()
    say("赵一鸣", "ZY20250382", "林技师", "load-give")  # the wristband of somebody else
    page.locator("#notice .refusal", has_text="与单子不符").wait_for()
    page.locator("#load[data-stage=carried]").wait_for()
    phone.reload()
    phone.choose(number)
    page.locator("#load[data-stage=carried]").wait_for()
    say("赵一鸣", "zy20250381", "林技师", "load-give")
    page.locator("#load[data-stage=given]").wait_for()
    phone.cut(off=False)
    phone.send_now()
    phone.waits(0)
    assert page.locator("[data-report]").count() == 0
    scans = "SELECT kind, counterpart FROM work_custodyscan s JOIN work_job j ON j.id = s.job_id WHERE number = %s"
    assert rows(hospital, f"{scans} ORDER BY s.id", number) == [("taken", ""), ("given", "林技师")]


def test_what_the_shelf_gave_away_meanwhile_is_shown_to_worker_and_desk(open_page: Open, hospital: Hospital) -> None:
    desk, number, phone = _in_hand(open_page, hospital, "示教室水龙头一直流", is_known=True)
    page = phone.page
    page.locator("#parts > summary").click()
    shelf = page.locator("[data-shelf]:has([data-act=part-take])").first
    level = str(shelf.get_attribute("data-shelf"))
    shelf.locator("[data-act=part-take]").click()
    page.locator(f"[data-part='{level}'] [data-used='1']").wait_for()
    # meanwhile the hospital hands out everything that is there
    [(part, free)] = rows(
        hospital,
        "SELECT p.uid::text, (l.on_hand - l.reserved)::int FROM work_level l JOIN work_part p ON p.id = l.part_id"
        " WHERE l.uid = %s",
        level,
    )
    office = open_page(1280, 800)
    acts.become(office, OFFICER)
    office.goto(f"/stores/parts/{part}")
    form = office.locator("form[action$='/issue']")
    office.locator("details", has=form).locator("summary").click()
    form.locator("[name=level]").select_option(value=level)
    form.locator("[name=job]").fill(number)
    form.locator("[name=quantity]").fill(str(free))
    form.locator("button[type=submit]").first.click()
    office.wait_for_url("**done=issue*")

    [kept] = [one for one in phone.kept() if one.act == "part-take"]
    phone.cut(off=False)
    phone.send_now()
    phone.waits(0)
    report = page.locator("[data-report=conflict]", has_text=number)
    report.wait_for()
    assert rows(hospital, "SELECT kind, problem FROM work_setaside WHERE command_id = %s", kept.id) == [
        ("conflict", "not_enough_stock")
    ]
    desk.goto("/phone-reports")
    section = desk.locator("section.card", has_text=number)
    section.wait_for()
    assert "领用" in section.inner_text()
    section.locator("input[name=words]").fill("库里已补账，不用再领")
    section.locator("button[type=submit]").click()
    desk.locator("table td", has_text=number).wait_for()
