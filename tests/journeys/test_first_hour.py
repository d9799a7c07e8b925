"""The first hour in a browser (S60, X6): an empty database, an administrator, and sheets of codes at the end."""

from __future__ import annotations

import csv
import io
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import PATIENCE_MS

PASSWORD = "a-long-first-password"
PLACES = (
    "编码,上级编码,类型,名称,区域类别,别名,楼层号\nHQ,,院区,本部,,,\nA,HQ,楼宇,门诊楼,,1号楼,\nA2,A,楼层,2楼,,,2\n"
    "A2-EYE,A2,科室,眼科,病区,,\n" + "".join(f"A2-EYE-{n:02d},A2-EYE,房间,{n}诊室,,,\n" for n in range(1, 25))
)
PEOPLE = (
    "账号,姓名,角色,单位,班组,条线,所属地点,电话\nchief,何处长,后勤处长,,,,,8001\nnurse,李护士,报修人,,,,眼科,8002\n"
    "desk,张调度,调度员,,,,,8000\nfitter,王师傅,作业人员,安心物业公司,维修班,给排水;供配电照明,,8003\n"
)


@pytest.fixture(scope="module")
def empty_house(_needs_chromium: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``yingxu createadmin`` and ``yingxu serve`` on a new home: nothing else."""
    home = tmp_path_factory.mktemp("first-hour")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("YINGXU_", "DJANGO_", "PYTEST_", "COV_")) and name != "DATABASE_URL"
    }
    own |= {
        "YINGXU_HOME": str(home),
        "YINGXU_ADMIN_PASSWORD": PASSWORD,
        "YINGXU_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "yingxu.connect.cli"]
    subprocess.run([*command, "migrate"], env=own, check=True, capture_output=True, timeout=120)
    subprocess.run([*command, "createadmin", "boss"], env=own, check=True, capture_output=True, timeout=60)
    with (home / "said.txt").open("wb") as said:
        server = subprocess.Popen(
            [*command, "serve", "--port", str(port), "--workers", "1", "--no-worker"],
            env=own,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    yield address
    server.send_signal(signal.SIGINT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)


def sign_in(page: Any, name: str, password: str) -> None:
    page.goto("/sign-in")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def bring_in(page: Any, table: str, content: bytes) -> None:
    page.goto(f"/setup/upload/{table}")
    page.set_input_files("#file", {"name": f"{table}.csv", "mimeType": "text/csv", "buffer": content})
    page.click("main form.print-bar button[type=submit]")
    page.click("#carry-out")
    page.wait_for_url("**/setup?done=*")


def shot(page: Any, name: str) -> None:
    """Keep a picture where a developer asked for them."""
    folder = os.environ.get("YINGXU_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_s60_an_administrator_comes_from_nothing_to_sheets(browser: Any, empty_house: str) -> None:
    troubles: list[str] = []
    context = browser.new_context(base_url=empty_house, locale="zh-CN", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    sign_in(page, "boss", PASSWORD)
    assert page.url.endswith("/setup")
    shot(page, "first-hour-empty")
    page.fill("#s-name", "新建人民医院")
    page.fill("#s-code", "xj")
    page.fill("#s-phone", "8000")
    page.click("#site button[type=submit]")
    page.wait_for_url("**/setup?site=xj")
    page.click("#lines a.btn")
    shot(page, "first-hour-lines")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/setup#lines")
    # a table with a fault says which row, and does nothing
    page.goto("/setup/upload/places")
    wrong = PLACES.replace("A2-EYE-07,A2-EYE", "A2-EYE-07,NOWHERE").encode("gb18030")
    page.set_input_files("#file", {"name": "places.csv", "mimeType": "text/csv", "buffer": wrong})
    page.click("main form.print-bar button[type=submit]")
    assert "第 12 行" in page.inner_text(".faults")
    shot(page, "first-hour-fault")
    bring_in(page, "places", PLACES.encode("gb18030"))
    bring_in(page, "people", PEOPLE.encode())
    shot(page, "first-hour-done")
    with page.expect_download() as handed_out:
        page.click("#people form button")
    first = {
        row[1]: row[2] for row in csv.reader(io.StringIO(Path(handed_out.value.path()).read_text(encoding="utf-8-sig")))
    }
    page.goto("/house/codes?kind=room")
    shot(page, "codes")
    token = page.input_value("input[name=csrfmiddlewaretoken]")
    sheet = context.request.post(
        "/house/codes/print",
        form={"csrfmiddlewaretoken": token, "layout": "a4-24", "codes": "keep", "which": "all", "kind": "room"},
        headers={"Referer": empty_house},
    )
    assert sheet.status == 200
    assert sheet.body().startswith(b"%PDF")
    for address in ("/house/places", "/house/people", "/house/catalogue", "/house/catalogue/esc.exam"):
        page.goto(address)
        shot(page, address.strip("/").replace("/", "-"))
    phone = browser.new_context(base_url=empty_house, locale="zh-CN", viewport={"width": 360, "height": 640})
    chief = phone.new_page()
    sign_in(chief, "chief", first["chief"])
    chief.goto("/setup")
    shot(chief, "first-hour-phone")
    chief.click("#open button")
    chief.wait_for_url("**/setup")
    assert "已开通" in chief.inner_text("#open")
    assert not troubles
    context.close()
    phone.close()
