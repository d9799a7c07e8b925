"""Browsers and a hospital for the journeys. Without Chromium they skip, and the summary says so."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.hospital import Hospital

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: How long a page may take to do what a journey waits for.
PATIENCE_MS = 15_000

Open = Callable[..., Any]


def launch(driver: Any) -> Any:
    """Start Debian's Chromium; its own controls, the month field for one, speak English whatever is asked for."""
    return driver.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))


@pytest.fixture(scope="session", autouse=True)
def _needs_chromium() -> None:
    if not CHROMIUM.exists():
        pytest.skip(f"NO BROWSER: {CHROMIUM} is missing, the browser journeys did not run (tests/journeys/browser.sh)")


@pytest.fixture(scope="session")
def hospital(_needs_chromium: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """One demo hospital for the session, still: nobody acts in it but the tests."""
    days = int(os.environ.get("YINGXU_JOURNEY_DAYS", "0"))
    kept = os.environ.get("YINGXU_JOURNEY_HOME")  # a developer keeps one between runs: it starts in seconds
    found = Hospital(Path(kept) if kept else tmp_path_factory.mktemp("hospital"), days=days)
    try:
        found.start()
        yield found
    finally:
        found.stop()


@pytest.fixture(scope="module")
def browser(_needs_chromium: None) -> Iterator[Any]:
    """Chromium, for one module: an open browser holds an event loop, and Django's own tests must not meet it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        found = launch(driver)
        yield found
        found.close()


@pytest.fixture
def open_page(browser: Any, hospital: Hospital) -> Iterator[Open]:
    """Return a function that opens somebody's own browser: size, language, with or without JavaScript.

    A page that throws, or that is refused something by its own security policy, fails the test.
    """
    contexts: list[Any] = []
    troubles: list[str] = []

    def opened(width: int = 1280, height: int = 800, **more: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=hospital.address, **{"locale": "zh-CN", **more}
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not troubles, troubles
