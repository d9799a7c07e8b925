"""A worker reads what changed, fails the questions once, signs; the leader sees it; the book opens offline."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys import acts
from tests.journeys.conftest import Open
from tests.journeys.hospital import Hospital

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LEADER = "luof"
#: People of the plumbers' team; some of them have signed the change already.
PLUMBERS = ("yuanwh", "weiq", "dulj", "wangxf")
PART = "/handbook/read/plb.faucet"

#: What the page says, as a reader takes it in: steps in their order, promises by their names.
_READ = """() => {
  const all = (where, make, from = document) => [...from.querySelectorAll(where)].map(make);
  const said = (node) => {
    const copy = node.cloneNode(true);
    for (const extra of copy.querySelectorAll("em, small")) extra.remove();
    return copy.textContent.trim();
  };
  const text = (node) => node.textContent.trim();
  return {
    steps: all("main .todo li", (li) => ({
      text: said(li), critical: li.classList.contains("is-critical"), more: all("small", text, li).join(" "),
    })),
    promises: all("main .promises li", (li) => [text(li.querySelector("strong")), text(li.querySelector("span"))]),
    questions: all("#quiz fieldset", (set) => ({
      text: text(set.querySelector("legend")), choices: all("label", text, set),
    })),
  };
}"""


def right_answer(page: dict[str, Any], question: dict[str, Any]) -> int:
    """Find the right answer in the text above, as somebody does who read it."""
    steps, choices, text = page["steps"], question["choices"], question["text"]
    quoted = text[text.find("“") + 1 : text.find("”")]
    if "第一步" in text:
        return int(choices.index(steps[0]["text"]))
    if "紧接着" in text:
        at = next(n for n, step in enumerate(steps) if step["text"].rstrip("。") == quoted)
        return int(choices.index(steps[at + 1]["text"]))
    if "关键步骤" in text:
        critical = {step["text"] for step in steps if step["critical"]}
        return next(n for n, choice in enumerate(choices) if choice in critical)
    if "承诺多长时间" in text:
        within = next(said for name, said in page["promises"] if name == quoted)
        return next(n for n, choice in enumerate(choices) if within.startswith(choice))
    limits = next(step["more"] for step in steps if step["text"].rstrip("。") == quoted)
    return next(n for n, choice in enumerate(choices) if choice in limits)


def answer(phone: Any, *, is_right: bool) -> None:
    page = phone.evaluate(_READ)
    assert len(page["questions"]) == 3
    for number, question in enumerate(page["questions"]):
        right = right_answer(page, question)
        chosen = right if is_right else (right + 1) % len(question["choices"])
        phone.locator(f"#quiz input[name=answer{number}]").nth(chosen).check()
    phone.locator("#quiz button[type=submit]").click()


def who_owes(phone: Any) -> str:
    """Return a plumber who has not signed the change yet, signed in on the phone."""
    for login in PLUMBERS:
        acts.become(phone, login)
        phone.goto("/handbook/unread")
        if phone.locator(f"a[href='{PART}']").count():
            return login
    raise AssertionError("every plumber has signed already")


def test_a_change_is_read_failed_once_and_signed_and_the_leader_sees_it(open_page: Open, hospital: Hospital) -> None:
    phone, desk = open_page(360, 640), open_page()
    who_owes(phone)
    name = phone.locator(".bar-title small").inner_text()
    acts.become(desk, LEADER)
    desk.goto("/handbooks/people?item=plb.faucet")
    assert name in desk.locator(".people-table").inner_text()

    phone.goto("/handbook")
    phone.locator(".to-read").click()
    phone.locator(f"a[href='{PART}']").click()
    assert "3" in phone.locator(".change ins").first.inner_text()
    phone.locator("details.whole summary").click()
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    answer(phone, is_right=False)
    phone.locator(".refusal").wait_for()
    assert "请再读一遍" in phone.locator(".refusal").inner_text()
    answer(phone, is_right=True)
    phone.wait_for_url("**/handbook/unread?signed=1")
    assert "已签收" in phone.locator("#notice").inner_text()
    assert "第 2 次答题通过" in phone.locator(".signed").inner_text()

    desk.reload()
    table = desk.locator(".people-table")
    assert table.count() == 0 or name not in table.inner_text()


def test_the_book_is_searched_and_turned_by_keyboard(open_page: Open, hospital: Hospital) -> None:
    page = open_page()
    acts.become(page, PLUMBERS[0])
    page.goto("/handbook")
    page.keyboard.press("/")
    page.keyboard.type("阀芯 龙头")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.hasAttribute('data-page')")
    first = page.evaluate("document.activeElement.id")
    page.wait_for_function("() => Math.abs(document.activeElement.getBoundingClientRect().top) < 60")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") != first
    page.keyboard.press("/")
    page.keyboard.type("龙头")
    shown = page.locator("article.page:visible")
    assert 0 < shown.count() < page.locator("article.page").count()
    assert "找到" in page.locator("#found").inner_text()


def test_the_book_opens_without_a_network(open_page: Open, hospital: Hospital) -> None:
    phone = open_page(360, 640)
    acts.become(phone, PLUMBERS[0])
    phone.goto("/handbook")
    phone.wait_for_selector("html[data-kept]", state="attached")
    assert "已存到本机" in phone.locator("#kept").inner_text()
    phone.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        phone.context.new_page().goto("/help")
    phone.goto("/handbook")
    assert phone.locator("article.page").count() >= 9
    phone.locator("#find").fill("龙头")
    assert phone.locator("#p-plb\\.faucet").is_visible()
    assert "没有网络" in phone.locator("#kept").inner_text()
    # drawn with its own style and signs, not bare
    assert phone.evaluate("getComputedStyle(document.querySelector('.page')).borderTopStyle") == "solid"
    phone.context.set_offline(False)


def test_a_change_is_signed_without_signal_and_judged_when_it_arrives(open_page: Open, hospital: Hospital) -> None:
    """The answers wait on the phone; wrong ones are told when they arrive, right ones sign; the app sends them too."""
    phone = open_page(360, 640)
    who_owes(phone)
    phone.goto("/handbook")
    phone.wait_for_selector("html[data-kept]", state="attached")
    phone.context.set_offline(True)
    phone.goto("/handbook/unread")
    phone.locator(f"a[href='{PART}']").click()
    phone.wait_for_url(f"**{PART}")
    answer(phone, is_right=False)
    phone.wait_for_selector("#signing.kept")
    assert "本机签收" in phone.locator("#signing").inner_text()
    assert not phone.locator("#quiz").is_visible()
    phone.goto("/handbook/unread")
    assert "还没发出" in phone.locator(".signed-here").inner_text()
    phone.goto(PART)
    phone.wait_for_selector("#signing.kept")

    phone.context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")
    phone.locator(".refusal").wait_for()
    assert "请再读一遍" in phone.locator(".refusal").inner_text()
    phone.context.set_offline(True)
    answer(phone, is_right=True)
    phone.wait_for_selector("#signing.kept")
    phone.context.set_offline(False)
    phone.goto("/my-work/app")
    phone.locator("#notice", has_text="已签收").wait_for()
    phone.goto("/handbook/unread")
    assert "第 2 次答题通过" in phone.locator(".signed").inner_text()
