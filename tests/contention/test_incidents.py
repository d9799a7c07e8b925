"""Four processes look at the same emergencies at once: each call that came due and each passed limit is raised once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.people import MONDAY_NINE, House, find_house
from yingxu.ground.models import Delivery, Entry
from yingxu.work.actions.incidents import start_drill
from yingxu.work.models.incidents import IncidentCall, LimitPassed

N_WORKERS, N_DRILLS = 4, 12
AT = MONDAY_NINE + timedelta(minutes=20)
_PROJECT = Path(__file__).resolve().parents[2]
_WORKER = """
import sys
from datetime import datetime

from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django

django.setup()
from yingxu.ground.actor import engine
from yingxu.work.actions.incident_watch import watch_incidents

at = datetime.fromisoformat(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
n = idle = 0
while idle < 5:
    found = watch_incidents(actor=engine("clock"), at=at, limit=2)
    n += found.n_calls + found.n_passed
    idle = 0 if found.n_calls + found.n_passed else idle + 1
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
                cursor.execute("DELETE FROM ground_delivery WHERE kind LIKE 'work.incident.%%'")
                for table in ("limitpassed", "calltry", "incidentcall", "incidentplace", "incidentline", "incident"):
                    cursor.execute(f"DELETE FROM work_{table}")
                cursor.execute("SET session_replication_role = DEFAULT")
            connection.close()


def _worker() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _WORKER, str(connection.settings_dict["NAME"]), AT.isoformat()],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(_PROJECT / "src")},
        cwd=_PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_four_processes_raise_everything_once(standing_house: House) -> None:
    officer = standing_house.actor("officer")
    for _ in range(N_DRILLS):
        start_drill(site_id=standing_house.site_id, kind="entrapment", actor=officer, at=MONDAY_NINE)
    workers = [_worker() for _ in range(N_WORKERS)]
    try:
        for child in workers:
            assert child.stdout is not None
            assert child.stdout.readline().strip() == "ready"
        for child in workers:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        raised = [int(child.communicate(timeout=120)[0].strip()) for child in workers]
    finally:
        for child in workers:
            child.kill()
            child.wait()
    n_calls = IncidentCall.objects.exclude(due_at=None).count()
    assert n_calls == IncidentCall.objects.count()
    assert sum(raised) == n_calls + LimitPassed.objects.count()
    calls = Entry.objects.filter(kind="work.incident.call_due").values_list(
        "subject_id", "facts__branch", "facts__level"
    )
    limits = Entry.objects.filter(kind="work.incident.limit_passed").values_list(
        "subject_id", "facts__clock", "facts__due_at"
    )
    assert max(Counter(calls).values()) == max(Counter(limits).values()) == 1
    told = Delivery.objects.filter(kind__startswith="work.incident.").values_list("entry", "to_account_id")
    assert max(Counter(told).values()) == 1
