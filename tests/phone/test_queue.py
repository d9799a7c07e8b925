"""A thousand shifts of the phone's queue without a browser; planted faults that the shifts must catch."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUEUE = ROOT / "src" / "yingxu" / "web" / "static" / "web" / "mywork-queue.js"
SHIFTS = Path(__file__).with_name("shifts.js")
CHROMIUM = Path("/usr/bin/chromium")


def run(queue: Path, count: int, *, first: int = 1) -> dict[str, Any]:
    """Run shifts by Node, else in a browser's empty page; skip loudly where there is neither."""
    node = shutil.which("node")
    if node is not None:
        done = subprocess.run(
            [node, str(SHIFTS), str(first), str(count)],
            env={**os.environ, "QUEUE_JS": str(queue)},
            capture_output=True,
            text=True,
            timeout=30 if count < 1000 else 300,
            check=True,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found
    return in_browser(queue, count, first=first)


def in_browser(queue: Path, count: int, *, first: int = 1) -> dict[str, Any]:
    if not CHROMIUM.exists():
        pytest.skip("NO NODE AND NO BROWSER: the phone's queue did not run")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.add_script_tag(content=queue.read_text(encoding="utf-8"))
        page.add_script_tag(content=SHIFTS.read_text(encoding="utf-8"))
        found: dict[str, Any] = page.evaluate("([first, n]) => YingxuShifts.shifts(first, n)", [first, count])
        browser.close()
    return found


def test_a_thousand_shifts_lose_nothing_and_do_nothing_twice() -> None:
    told = run(QUEUE, 1000)
    assert told["faults"] == []
    assert told["acts"] > 20_000


@pytest.mark.full
@pytest.mark.skipif(not os.environ.get("YINGXU_FULL"), reason="the full size: set YINGXU_FULL=1")
def test_a_hundred_thousand_shifts() -> None:
    assert run(QUEUE, 100_000, first=10_000)["faults"] == []


@pytest.mark.parametrize(
    ("said", "planted"),
    [
        # an act is forgotten before the server has answered
        (
            "const began = this.now();",
            "const began = this.now(); for (const one of head) await this.store.remove(one.id, []);",
        ),
        # another's acts go with mine
        ("(await this.store.all()).filter((row) => row.account === account)", "(await this.store.all())"),
        # a wrong clock is believed
        ("offset === undefined ? null : offset", "0"),
        # a new id at every try
        ("head.map(({ id, act,", "head.map((row) => ({ ...row, id: this.id() })).map(({ id, act,"),
    ],
)
def test_a_planted_fault_is_caught(tmp_path: Path, said: str, planted: str) -> None:
    text = QUEUE.read_text(encoding="utf-8")
    assert said in text
    broken = tmp_path / "queue.js"
    broken.write_text(text.replace(said, planted), encoding="utf-8")
    try:
        told = run(broken, 40)
    except subprocess.SubprocessError:
        return
    assert told["n_faults"] > 0


def test_the_phones_own_digest_is_the_digest() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("NO NODE: the phone's digest was not compared")
    code = (
        "const q = require(process.argv[1]), c = require('crypto');"
        "for (const n of [0, 1, 55, 56, 63, 64, 65, 119, 120, 4096]) { const b = c.randomBytes(n);"
        "if (q.sha256(b) !== c.createHash('sha256').update(b).digest('hex')) throw n; }"
    )
    subprocess.run([node, "-e", code, str(QUEUE)], check=True, timeout=60)
