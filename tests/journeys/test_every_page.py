"""Every page that stands, by who sees it: axe, words of one language, no sideways scroll, keyboard, dark."""

from __future__ import annotations

import csv
import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import acts, screens
from tests.journeys.conftest import PATIENCE_MS, Open
from tests.journeys.hospital import Hospital
from tests.journeys.screens import CLERK, NURSE, OFFICER, Scene

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
#: What people wrote themselves, names of people, and the switch to the other language stay as they are.
NOT_OURS = (
    ".language, .role-bar small, .shell-who, .bar-title small, kbd, "
    ".sheet-words, .whole-words, .words, .miss-done, .wall-misses li"
)
WORDS = """(apart) => {
    const said = [], speaks = ["title", "aria-label", "placeholder", "alt"];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const element = node.nodeType === 1 ? node : node.parentElement;
        if (element.closest("script, style, template")) continue;
        const isTheirs = element.closest(apart) !== null;
        if (node.nodeType === 3) { if (!isTheirs && node.data.trim()) said.push(node.data.trim()); }
        else if (!isTheirs && !element.closest(".role-bar"))
            for (const name of speaks) if (element.hasAttribute(name)) said.push(element.getAttribute(name));
    }
    return [document.title, ...said];
}"""
_HAN = re.compile(r"[\u4e00-\u9fff]+")
#: What stands in quotation marks somebody said; a machine is named by its topic.
_QUOTED = re.compile(r"“[^”]*”|\b\w+(?:/\w+){2,}\b")
_LATIN = re.compile(r"[A-Za-z]{2,}")
#: Codes, units and names that are the same in Chinese.
_SAME = re.compile(r"(?<![A-Za-z])(E?ICU|[NPR]ICU|CCU|CT|MRI|DSA|UPS|CSV|Ctrl|PDF|QR|API|Yingxu|Wilson|MB)(?![A-Za-z])")


def _known(table: str, column: str) -> set[str]:
    folder = resources.files("yingxu.connect.demo") / "data"
    rows = csv.DictReader((folder / table).read_text(encoding="utf-8-sig").splitlines())
    return {row[column] for row in rows if row[column]}


@pytest.fixture(scope="module")
def scene(browser: Any, hospital: Hospital) -> Scene:
    """What the pages are shown with, made once."""
    contexts: list[Any] = []

    def opened(width: int, height: int) -> Any:
        size = {"width": width, "height": height}
        contexts.append(browser.new_context(viewport=size, base_url=hospital.address, locale="zh-CN"))
        contexts[-1].set_default_timeout(PATIENCE_MS)
        return contexts[-1].new_page()

    made = screens.set_scene(opened, hospital)
    for context in contexts:
        context.close()
    return made


def _speak_english(page: Any) -> None:
    page.goto("/help")
    page.locator('.language button[value="en"]').first.click()
    page.locator("html[lang=en]").wait_for(state="attached")


def _serious(page: Any) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"], "axe looked at nothing"
    return [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary'][:160]}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]


def _asked(page: Any) -> list[str]:
    """Return what people wrote in their requests, from the list's own export, the longest first."""
    acts.become(page, CLERK)
    rows = csv.reader(page.request.get("/requests.csv").text().splitlines())
    return sorted({row[5] for row in rows if len(row) > 5}, key=len, reverse=True)


def _stray_words(page: Any, asked: list[str], *, is_english: bool) -> list[str]:
    # departments have one name so far
    names = {f"· {name} ·" for name in _known("places.csv", "name_zh")}
    names |= {name for column in ("name_zh", "name_en", "login") for name in _known("people.csv", column)}
    stray = []
    for said in page.evaluate(WORDS, NOT_OURS):
        rest = said
        if any(text.startswith(said.rstrip("…")) for text in asked):
            continue
        for name in (*asked, *names):
            rest = rest.replace(name, "")
        rest = _QUOTED.sub("", rest)
        rest = rest if is_english else _SAME.sub("", rest)
        if (_HAN if is_english else _LATIN).search(rest):
            stray.append(said[:80])
    return sorted(set(stray))


def _fits(page: Any) -> bool:
    page.set_viewport_size({"width": 360, "height": 640})
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("who", ["nobody", "nurse", "clerk", "worker", "officer"])
def test_each_page_is_for_everybody(open_page: Open, hospital: Hospital, scene: Scene, who: str) -> None:
    login = {"nobody": "", "nurse": NURSE, "clerk": CLERK, "worker": scene.worker, "officer": OFFICER}[who]
    wrong: dict[str, object] = {}
    page = open_page()
    asked = _asked(page)
    page.context.clear_cookies()
    if login:
        acts.become(page, login)
    for language in ("zh", "en"):
        if language == "en":
            _speak_english(page)
        for address in screens.pages(scene, hospital)[login]:
            page.set_viewport_size({"width": 1280, "height": 800})
            page.goto(address)
            for kind, found in (
                # English is looked at where it costs little: the pages for everybody
                ("axe", _serious(page) if language == "zh" or not login else []),
                ("words", _stray_words(page, asked, is_english=language == "en")),
                ("switch", [] if page.locator(".language button").count() or address.endswith("/wall") else ["none"]),
                ("wide", [] if _fits(page) else ["scrolls sideways at 360 px"]),
            ):
                if found:
                    wrong[f"{language} {address} {kind}"] = found
    assert not wrong, "\n".join(f"{where}: {what}" for where, what in wrong.items())


def test_dark_is_as_readable(open_page: Open, hospital: Hospital, scene: Scene) -> None:
    wrong = {}
    page = open_page(color_scheme="dark")
    acts.become(page, CLERK)
    for address in (f"/q/{hospital.token}", scene.done_link, "/desk", "/requests", "/promises/demo", "/sign-in"):
        page.goto(address)
        red, green, blue = page.evaluate(
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"
        )
        assert max(red, green, blue) < 80, (address, red, green, blue)
        if found := _serious(page):
            wrong[address] = found
    assert not wrong, wrong


def test_the_keyboard_reaches_everything(open_page: Open, scene: Scene) -> None:
    page = open_page()
    acts.become(page, CLERK)
    for address in ("/desk", "/requests", "/unanswered", "/help", scene.waiting_link):
        page.goto(address)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.classList.contains('skip-link')"), address
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main", address
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue  # nothing more to reach: an empty list
        ring = page.evaluate(
            "(() => { const style = getComputedStyle(document.activeElement);"
            " return [style.outlineStyle, style.outlineWidth, style.boxShadow]; })()"
        )
        assert (ring[0] != "none" and ring[1] != "0px") or ring[2] != "none", (address, ring)
    page.goto("/requests")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") != second
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/requests/[0-9a-f-]{36}"))
    assert second in page.locator("h1").inner_text()


def test_the_pictures_are_quick_and_can_be_kept(
    open_page: Open, hospital: Hospital, scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paint_ms = screens.take(open_page, scene, hospital, tmp_path)
    taken = {file.stem: file.stat().st_size for file in tmp_path.glob("*.png")}
    assert taken.keys() == screens.pictures(scene, hospital).keys()
    assert max(taken.values()) < 250_000, taken
    with capsys.disabled():  # measured, never asserted: it depends on the machine
        print("\nfirst paint, ms: " + ", ".join(f"{name} {ms}" for name, ms in paint_ms.items()))
