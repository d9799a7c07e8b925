"""The pages that stand, by who sees them; and the pictures of them that are kept under docs.

``python -m tests.journeys.screens --days 60`` makes a hospital with a past and renews ``docs/screens``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.journeys import acts
from tests.journeys.hospital import Hospital

DOCS = Path(__file__).resolve().parents[2] / "docs" / "screens"
PHONE, DESKTOP = (390, 844), (1280, 800)
NURSE, CLERK, OFFICER, ADMIN = "xuyj", "yangxf", "hanp", "admin"


#: What else is asked before the pictures are taken, so that the desk is not empty.
BUSY = (
    ("换药室水龙头关不严", "*"),
    ("十二床呼叫铃不响", ""),
    ("走廊灯闪个不停", "*"),
    ("三床要推轮椅去做超声", "*"),
    ("值班室空调不制冷", "*"),
    ("病房地面洒了药水要擦", ""),
)


@dataclass(frozen=True)
class Scene:
    """What the pages are shown with: a request that waits, one that is done, and the worker who has one in hand."""

    waiting_link: str
    waiting_uid: str
    done_link: str
    worker: str


def set_scene(open_page: Any, hospital: Hospital) -> Scene:
    """Let the people make what the pages show."""
    nurse, desk, phone = open_page(*PHONE), open_page(*DESKTOP), open_page(*PHONE)
    waiting = acts.ask(nurse, hospital, "护士站打印机旁边的插座没电")
    waiting_link = nurse.url.split("?")[0]
    number = acts.ask(nurse, hospital, "病房卫生间地漏返味，水下不去", chip="")
    done_link = nurse.url.split("?")[0]
    acts.become(desk, CLERK)
    acts.open_at_desk(desk, number)
    acts.take_on(desk, word="师傅十分钟内到")
    desk.keyboard.press("Escape")
    worker = acts.send_somebody(desk, number)
    acts.become(phone, worker)
    acts.open_job(phone, "病房卫生间地漏返味")
    for act in ("accept", "set-out"):
        acts.press(phone, act)
    acts.arrive(phone)
    acts.press(phone, "start")
    desk.goto("/desk")
    uid = desk.locator(f'[data-row][data-number="{waiting}"]').get_attribute("id").removeprefix("card-")
    return Scene(waiting_link, uid, done_link, worker)


def pages(scene: Scene, hospital: Hospital) -> dict[str, tuple[str, ...]]:
    """Return the addresses of the pages that stand, by the account that looks at them; "" is nobody signed in."""
    here = scene.waiting_uid
    return {
        "": (
            "/",
            "/sign-in",
            "/help",
            f"/q/{hospital.token}",
            "/q/NOSUCHCODE",
            scene.waiting_link,
            scene.done_link,
            "/promises/demo",
            "/promises/demo/wall",
            "/nowhere",
        ),
        NURSE: ("/ask", "/ours", f"/ours/{here}"),
        CLERK: (
            "/desk",
            "/desk?view=list",
            f"/desk/requests/{here}",
            "/requests",
            f"/requests/{here}",
            f"/timeline/request/{here}",
            "/unanswered",
            "/promises/demo",
            "/promises/demo/jobs",
        ),
        scene.worker: ("/my-work",),
        OFFICER: ("/requests",),
    }


#: The pages behind the loop, by who sees them: standards, handbook, figures, doors, the house. Each is looked at, and
#: of lists also the first page that they lead to (``>`` and how its address begins).
HOUSE: dict[str, tuple[str, ...]] = {
    OFFICER: (
        "/standards > /standards/elv.trapped",
        "/standards/elv.trapped > /standards/elv.trapped/",
        "/standards/use > /standards/",
        "/standards/bases",
        "/calendars > /calendars/",
        "/ladder",
        "/handbook",
        "/handbook/unread > /handbook/read/",
        "/handbooks/people",
        "/handbooks/posts",
        "/studies > /studies/",
        "/studies/new",
        "/proposals",
        "/proposals/looser",
        "/figures",
        "/figures/forecast",
        "/figures/supply",
        "/figures/unfamiliar",
        "/promises/demo/quality",
        "/promises/demo/line/ELV",
        "/notices",
        "/notices/settings",
        "/doors > /doors/",
        "/messages > /messages/",
        "/desk/calls > /desk/calls/",
        "/desk/learning",
        "/recurring",
        "/lists",
        "/house/catalogue > /house/catalogue/",
        "/house/codes",
    ),
    ADMIN: (
        "/setup",
        "/house/people > /house/people/",
        "/house/people/new",
        "/notices/channels",
        "/webhooks > /webhooks/",
        "/doors/new",
    ),
    NURSE: ("/findings",),
}


def pictures(scene: Scene, hospital: Hospital) -> dict[str, tuple[str, str, tuple[int, int]]]:
    """Return the pictures to keep: name -> (account, address, size)."""
    return {
        "ask": ("", f"/q/{hospital.token}", PHONE),
        "follow": ("", scene.done_link, PHONE),
        "signin": ("", "/sign-in", DESKTOP),
        "desk": (CLERK, "/desk", DESKTOP),
        "requests": (CLERK, "/requests", DESKTOP),
        "unanswered": (CLERK, "/unanswered", DESKTOP),
        "mywork": (scene.worker, "/my-work", PHONE),
        "board": ("", "/promises/demo", DESKTOP),
        "wall": ("", "/promises/demo/wall", DESKTOP),
    }


def take(open_page: Any, scene: Scene, hospital: Hospital, folder: Path) -> dict[str, int]:
    """Take the pictures, in Chinese; returns after how many milliseconds each page was first painted."""
    paint_ms = {}
    folder.mkdir(parents=True, exist_ok=True)
    for name, (login, address, size) in pictures(scene, hospital).items():
        page = open_page(*size)
        if login:
            acts.become(page, login)
        page.goto(address)
        if name == "ask":
            page.locator("#text").fill("卫生间水龙头漏水")
            acts.choose_chip(page, "龙头")
        page.wait_for_timeout(500)  # what moved has come to rest
        paint_ms[name] = page.evaluate(
            "Math.round((performance.getEntriesByName('first-contentful-paint')[0] || {startTime: -1}).startTime)"
        )
        page.screenshot(path=folder / f"{name}.png")
        page.context.close()
    return paint_ms


def main() -> int:
    """Renew docs/screens."""
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.screens", description="renew docs/screens")
    parser.add_argument("--days", type=int, default=60, help="days of past")
    parser.add_argument("--home", type=Path, help="keep the hospital here between runs")
    parser.add_argument("--into", type=Path, default=DOCS)
    args = parser.parse_args()
    from playwright.sync_api import sync_playwright

    from tests.journeys.conftest import launch

    hospital = Hospital(args.home or Path(tempfile.mkdtemp()), days=args.days)
    hospital.start(patience_s=900)
    try:
        with sync_playwright() as driver:
            browser = launch(driver)

            def open_page(width: int, height: int) -> Any:
                size: Any = {"width": width, "height": height}
                return browser.new_context(viewport=size, base_url=hospital.address, locale="zh-CN").new_page()

            nurse = open_page(*PHONE)
            for text, chip in BUSY:
                acts.ask(nurse, hospital, text, chip=chip)
            take(open_page, set_scene(open_page, hospital), hospital, args.into)
            browser.close()
    finally:
        hospital.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
