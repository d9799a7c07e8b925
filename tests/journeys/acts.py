"""What people do at a screen, in the words of the loop; each act waits for what the person would see."""

from __future__ import annotations

import re
import struct
import zlib
from typing import Any

from playwright.sync_api import TimeoutError as TooSlow

from tests.journeys.hospital import PASSWORD, PLACE, Hospital, login_of

#: The steps of a job's card, at most so many presses.
_MOST_STEPS = 30


def png(width: int = 320, height: int = 240, *, shade: int = 120) -> bytes:
    """Return a small picture; another shade is another picture."""
    row = b"\x00" + bytes((shade, (shade * 2) % 256, 90)) * width

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def photo(name: str = "photo", *, shade: int = 120) -> dict[str, Any]:
    """Return a picture as a file field takes it."""
    return {"name": f"{name}.png", "mimeType": "image/png", "buffer": png(shade=shade)}


def sign_in(page: Any, login: str) -> None:
    """Type account and password, press Enter."""
    page.goto("/sign-in")
    page.wait_for_function("document.activeElement.matches('input[name=username]')")
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def become(page: Any, login: str) -> None:
    """Be somebody by the demo's role bar: the quick way where signing in is not what is tried."""
    page.goto("/help")
    page.evaluate(
        """(login) => {
            const form = document.querySelector("form.role-bar"), name = document.createElement("input");
            name.type = "hidden"; name.name = "username"; name.value = login;
            form.append(name); form.submit();
        }""",
        login,
    )
    page.wait_for_url(lambda url: "/help" not in url and "/demo/" not in url)


def ask(page: Any, hospital: Hospital, text: str, *, chip: str = "") -> str:
    """Open the printed code, type, choose a chip ("*": the likeliest), send; returns the request's number."""
    page.goto(f"/q/{hospital.token}")
    page.locator("#text").fill(text)
    if chip == "*":
        page.locator("#promise .icon").wait_for()
        choose_chip(page, "")
    elif chip:
        choose_chip(page, chip)
    page.locator("#send").click()
    page.wait_for_url("**/f/**")
    return number_on(page)


def choose_chip(page: Any, chip: str) -> None:
    """Tap the chip of that name and wait until the promise is its own."""
    label = page.locator("#likely label", has_text=chip).first
    label.click()
    page.locator("#likely input:checked").wait_for(state="attached")


def number_on(page: Any) -> str:
    """Return the request's number on the page that follows it."""
    return str(page.locator(".number").first.inner_text()).strip()


def open_at_desk(page: Any, number: str) -> None:
    """Open the card of that number by keyboard.

    A key pressed in the instant in which the live board is exchanged follows the card's plain link, which is the same
    drawer as a page of its own; then a person goes back and presses again.
    """
    for _ in range(3):
        _walk_and_enter(page, number)
        try:
            page.locator("#drawer[open] #drawer-title:focus", has_text=number).wait_for(timeout=6000)
        except TooSlow:
            if "/desk/requests/" in page.url:
                page.go_back()
            else:  # the key met a card that was being exchanged
                page.goto("/desk")
        else:
            return
    raise AssertionError(f"the drawer of {number} does not open")


def _walk_and_enter(page: Any, number: str) -> None:
    """Walk with j to the card of that number and press Enter."""
    page.locator(f'[data-row][data-number="{number}"]').wait_for()
    for key in ["", *"j" * 160, *"k" * 160]:
        if key:
            page.keyboard.press(key)
        if page.evaluate("document.activeElement.dataset.number || ''") == number:
            break
    else:
        raise AssertionError(f"{number} is not reached with j and k")
    page.keyboard.press("Enter")


def take_on(page: Any, *, word: str = "") -> None:
    """In the open drawer: Tab to the word, type it, Ctrl+Enter. Kind and place stand there as proposed."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "accept-word":
            break
    else:
        raise AssertionError("the word to the asker is not reached with Tab")
    page.keyboard.type(word)
    page.keyboard.press("Control+Enter")
    page.locator("#drawer-body .sheet > .kept").wait_for()
    page.locator("#drawer-body section.job").first.wait_for()


def send_somebody(page: Any, number: str, *, word: str = "") -> str:
    """Send the first worker offered, by the key 1; returns the worker's account.

    Where a critical job waits for the same hands, it is sent first, as the desk asks for.
    """
    open_at_desk(page, number)
    offer = page.locator('#drawer-body [data-key="1"]')
    name = offer.locator("strong").inner_text().strip()
    if word:
        field = page.locator("#drawer-body form.offers input[name=word]").first
        field.focus()
        page.keyboard.type(word)
        page.locator("#drawer-title").focus()
    page.keyboard.press("1")
    answer = page.locator(
        "#drawer-body .sheet > .kept, #drawer-notice *, #drawer-body .refusal, #notice .refusal"
    ).first
    answer.wait_for()
    if more_urgent := re.search(r"特急单 (\d+) 还没有人去", answer.inner_text()):
        page.goto("/desk")
        send_somebody(page, more_urgent.group(1))
        return send_somebody(page, number, word=word)
    if "刚刚有别人改过了" in answer.inner_text():  # a line that sends by itself was faster: look again
        page.goto("/desk")
        return send_somebody(page, number, word=word)
    assert "kept" in str(answer.get_attribute("class")), answer.inner_text()
    page.locator("#drawer-body section.job", has_text=name).first.wait_for()
    page.keyboard.press("Escape")
    page.locator("#drawer:not([open])").wait_for(state="attached")
    return login_of(name)


def has_job(page: Any, text: str) -> bool:
    """Open the card of the job whose asker wrote ``text``, passing over others in hand; tells whether there is one."""
    page.goto("/my-work")
    addresses = page.locator(".next-job").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    for address in ["/my-work", *addresses]:
        if address != "/my-work":
            page.goto(address)
        is_open = page.locator("#now .job-text", has_text=text).count() > 0
        if is_open and "待确认" not in page.locator("#now .job-top").inner_text():
            return True
    return False


def open_job(page: Any, text: str) -> None:
    """Open the card of the job whose asker wrote ``text``."""
    assert has_job(page, text), f"no job of {text!r} in hand"


def press(page: Any, act: str) -> None:
    """Press the button of an act of the card, and wait until the page says that it was done."""
    page.locator(f'form[action$="/{act}"] button[type=submit]').first.click()
    try:
        page.wait_for_url(f"**done={act}*")
    except TooSlow:
        raise AssertionError(f"{act} at {page.url}: {page.locator('body').inner_text()[:1500]}") from None
    page.locator("#notice .kept").wait_for()


def arrive(page: Any, code: str = PLACE) -> None:
    """Type the code on the place's label."""
    page.locator("#code").fill(code)
    press(page, "arrive")


def take_steps(page: Any) -> None:
    """Do each step of the procedure that is not done yet."""
    for turn in range(_MOST_STEPS):
        step = page.locator(".work-steps > li:not(.is-done):not(.is-bad)").first
        if not step.count():
            return
        name = step.get_attribute("id")
        if step.locator("details:not([open]) > summary .mark").count():
            step.locator("summary").first.click()
        if step.locator("form[data-photo]").count():
            step.locator("input[type=file]").set_input_files(photo(f"step{turn}", shade=20 + turn))
        elif step.locator("input[name=value]").count():
            field = step.locator("input[name=value]")
            low = (field.get_attribute("placeholder") or "").split("–")[0].strip()
            field.fill(low if low.replace(".", "", 1).isdigit() else PLACE if "扫" in step.inner_text() else "1")
            step.locator("form > .row button").click()
        else:
            step.locator("button[name=value]").first.click()
        page.locator(f"#{name}.is-done, #{name}.is-bad").wait_for()
    raise AssertionError("the steps do not end")


def finish(page: Any, *, said: str = "换了密封圈，试水不漏", minutes: str = "20") -> None:
    """Say what was done and press done."""
    page.locator("#result").fill(said)
    if page.locator("#cause[required]").count():
        page.locator("#cause").select_option(index=1)
    page.locator("#minutes").fill(minutes)
    press(page, "finish")


def work_through(page: Any, text: str, *, code: str = PLACE) -> None:
    """Press what the card offers until the work goes on, do the steps, finish."""
    open_job(page, text)
    for act in ("accept", "set-out", "arrive", "start"):
        if not page.locator(f'form[action$="/{act}"]').count():
            continue
        if act == "arrive":
            arrive(page, code)
        else:
            press(page, act)
    take_steps(page)
    finish(page)


def say_good(page: Any) -> None:
    """Press 好了 on the page that follows the request."""
    page.locator('form[action*="/do/good"] button').click()
    page.locator('form[action*="/do/good"]').wait_for(state="detached")


def say_bad(page: Any, text: str = "还在滴") -> None:
    """Press 没好, say why, send it back."""
    page.locator("details", has=page.locator("#bad-text")).locator("summary").click()
    page.locator("#bad-text").fill(text)
    page.locator('form[action*="/do/bad"] button').click()
    page.locator('form[action*="/do/bad"]').wait_for(state="detached")


def rate(page: Any, stars: int = 5) -> None:
    """Tap a face: that is the whole rating; why may follow."""
    page.locator(f'form[action*="/do/rate"] button[value="{stars}"]').first.click()
    page.locator('form[action*="/do/explain"]').wait_for()


def open_again(page: Any) -> None:
    """Say that the trouble is back, for the first reason offered."""
    page.locator("details", has=page.locator("#again-reason")).locator("summary").click()
    page.locator('form[action*="/do/again"] button').click()
    page.locator('form[action*="/do/again"]').wait_for(state="detached")
