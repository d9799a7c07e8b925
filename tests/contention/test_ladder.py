"""Six processes look for due warnings at once, one is killed in the middle: each warning is recorded and told once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.people import MONDAY_NINE, House, find_house
from tests.rooms.requests import ask
from yingxu.ground.models import Delivery, Entry
from yingxu.promise.models import Promise, PromiseWarning

N_WORKERS, N_REQUESTS = 6, 50
AT = MONDAY_NINE + timedelta(minutes=61)
_PROJECT = Path(__file__).resolve().parents[2]
_WORKER = """
import sys
from datetime import datetime

from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django

django.setup()
from yingxu.ground.actor import engine
from yingxu.promise.actions import raise_warnings
from yingxu.work.answering import hands_of_jobs

at, is_doomed = datetime.fromisoformat(sys.argv[2]), sys.argv[3] == "doomed"


def hands(keys):
    if is_doomed:
        print("in the middle", flush=True)
        sys.stdin.read()
    return hands_of_jobs(keys)


print("ready", flush=True)
sys.stdin.readline()
n = idle = 0
while idle < 5:
    found = raise_warnings(actor=engine("clock"), at=at, hands=hands, limit=7)
    n += found.n_warnings
    idle = 0 if found.n_warnings else idle + 1
print(n, flush=True)
"""


@pytest.fixture
def standing_house(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[House]:
    """The small hospital as every connection sees it; what the test committed is taken out again, ledger and all."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        house = find_house("demo")
        assert house is not None
        newest = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
        try:
            yield house
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")  # only a superuser of a test database may
                cursor.execute("DELETE FROM ground_entry WHERE id > %s", [newest])
                cursor.execute("DELETE FROM ground_delivery WHERE kind = 'promise.warning.raised'")
                for table in (
                    *("promise_promisewarning", "promise_watch", "promise_hold", "promise_promise"),
                    *("work_job", "work_incident", "demand_word", "demand_request"),
                ):
                    cursor.execute(f"DELETE FROM {table}")
                cursor.execute("SET session_replication_role = DEFAULT")
            connection.close()


def _worker(*, is_doomed: bool) -> subprocess.Popen[str]:
    name = connection.settings_dict["NAME"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(_PROJECT / "src")}
    return subprocess.Popen(
        [sys.executable, "-c", _WORKER, str(name), AT.isoformat(), "doomed" if is_doomed else ""],
        env=environment,
        cwd=_PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _said(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def _tell(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    child.stdin.write("go\n")
    child.stdin.flush()


@pytest.mark.django_db
def test_where_nothing_is_due_nobody_is_warned(house: House) -> None:
    assert house.site_id
    assert _alone() == 0


def test_six_processes_and_a_kill_warn_each_rung_once(standing_house: House) -> None:
    house = standing_house
    nurse = house.actor("nurse")
    for place in range(N_REQUESTS):
        ask(house, actor=nurse, item_code="plb.burst", text="水管爆了", at=MONDAY_NINE + timedelta(seconds=place))
    doomed = _worker(is_doomed=True)
    others = [_worker(is_doomed=False) for _ in range(N_WORKERS - 1)]
    try:
        assert [_said(child) for child in (doomed, *others)] == ["ready"] * N_WORKERS
        _tell(doomed)
        assert _said(doomed) == "in the middle"  # it holds its promises and has written nothing
        for child in others:
            _tell(child)
        os.kill(doomed.pid, signal.SIGKILL)
        doomed.wait(30)
        marked = [int(_said(child)) for child in others]
    finally:
        for child in (doomed, *others):
            child.kill()
            child.communicate()
    left = 0
    while n := int(_alone()):
        left += n
    kept = Counter(PromiseWarning.objects.values_list("promise_id", "rung"))
    facts = Entry.objects.filter(kind="promise.warning.raised")
    recorded = Counter(facts.values_list("subject_id", "facts__rung"))
    assert kept == recorded
    assert set(kept.values()) == {1}
    assert sum(kept.values()) == sum(marked) + left == N_REQUESTS * 12
    assert sum(n > 0 for n in marked) >= 2, f"one worker did it all: {marked}"
    told = Counter(
        Delivery.objects.filter(kind="promise.warning.raised").values_list(
            "subject_id", "facts__milestone", "to_account_id"
        )
    )
    assert set(told.values()) == {1}
    started = dict(Promise.objects.filter(milestone="acknowledged").values_list("id", "started_at"))
    dated = PromiseWarning.objects.filter(promise_id__in=started, rung="f50").values_list("promise_id", "due_at")
    assert {key: at - timedelta(seconds=90) for key, at in dated} == started


def _alone() -> int:
    from yingxu.ground.actor import engine
    from yingxu.promise.actions import raise_warnings
    from yingxu.work.answering import hands_of_jobs

    return raise_warnings(actor=engine("clock"), at=AT, hands=hands_of_jobs).n_warnings
