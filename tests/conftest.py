"""What every test stands on: the embedded database, started once; no network beyond this machine."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.people import House

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("YINGXU_SHARED", PROJECT.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data; without it the test skips, loudly."""
    if not SHARED.is_dir():
        pytest.skip(f"no shared data at {SHARED}; set YINGXU_SHARED")
    return SHARED


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """The embedded server runs while the tests do."""
    from config.embedded import Embedded
    from config.home import is_embedded

    if not is_embedded():
        yield
        return
    with Embedded():
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """The small hospital stands in the test database once; each test's own changes are rolled back."""
    from tests.people import find_house, furnish

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        if find_house("demo") is None:
            furnish("demo")


@pytest.fixture(autouse=True, scope="session")
def _blocks_of_keys_are_no_statements() -> None:
    """Which verb happens to fetch the process' next block of keys is chance: no count of statements holds it."""
    from django.test.utils import CaptureQueriesContext

    asked = CaptureQueriesContext.captured_queries.fget
    CaptureQueriesContext.captured_queries = property(
        lambda self: [one for one in asked(self) if "nextval(" not in (one["sql"] or "")]
    )


@pytest.fixture
def house(db: None) -> House:
    """The small hospital."""
    from tests.people import find_house

    found = find_house("demo")
    assert found is not None
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line for each reason what was skipped: nobody shall take a skip for a pass."""
    reasons = Counter(
        report.longrepr[2] for report in terminalreporter.stats.get("skipped", ()) if isinstance(report.longrepr, tuple)
    )
    for reason, n in reasons.items():
        terminalreporter.write_line(f"SKIPPED {n}: {reason.removeprefix('Skipped: ')}", yellow=True)
    if wanted := os.environ.get("YINGXU_FAILED"):  # a file to be read back as ``pytest @FILE``
        failed = [report for kind in ("failed", "error") for report in terminalreporter.stats.get(kind, ())]
        names = sorted({report.nodeid for report in failed if getattr(report, "nodeid", "")})
        Path(wanted).write_text("".join(f"{name}\n" for name in names))
