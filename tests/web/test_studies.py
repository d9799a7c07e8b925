"""Screen 9, "can we keep it?": asked in a form, answered on its page, refused in words with nothing lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.people import House
from yingxu.connect.analyst import studies as analyst
from yingxu.ground.models import Account
from yingxu.standards.models import PromiseProposal, PromiseStudy

pytestmark = pytest.mark.django_db

FORM = {
    "item": "plb.faucet",
    "priority": "3",
    "milestone": "arrived",
    "limit_min": "30",
    "percent": "90",
    "weeks": "4",
    "hands_night": "1",
    "hands_day": "3",
    "hands_evening": "2",
    "per_day": "20",
    "service_min": "25",
    "travel_min": "6",
    "command": "c1",
}


@pytest.fixture
def officer(house: House) -> Client:
    return signed_in(house, "officer")


def signed_in(house: House, name: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=house.accounts[name]))
    return client


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(analyst, "_JOBS_A_REPLICATION", 600)
    monkeypatch.setattr(analyst, "_REPLICATIONS", 4)


def answered() -> bool:
    return analyst.turn(timezone.now)


def test_a_promise_is_typed_waits_is_answered_and_drawn(officer):
    asked = officer.post("/studies/new", FORM)
    assert asked.status_code == 302
    page = officer.get(asked["Location"]).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert officer.get(f"{asked['Location']}/answer?seen=asked").status_code == 204
    assert answered()
    part = officer.get(f"{asked['Location']}/answer?seen=asked").content.decode()
    assert "hx-trigger" not in part
    assert part.count('<svg class="chart"') == 2
    assert "95%" in part
    assert officer.get("/studies").content.decode().count("data-row") == 1
    csv = officer.get(f"{asked['Location']}/hours.csv").content.decode()
    assert len(csv.splitlines()) in (26, 170)


def test_the_command_sent_twice_asks_once(officer):
    first, second = officer.post("/studies/new", FORM), officer.post("/studies/new", FORM)
    assert first["Location"] == second["Location"]
    assert PromiseStudy.objects.count() == 1


def test_the_form_begins_at_the_promise_in_force(officer):
    page = officer.get("/studies/new?item=plb.faucet&milestone=arrived&priority=3").content.decode()
    assert 'name="limit_min" inputmode="decimal" value="60"' in page
    assert 'name="percent" inputmode="decimal" value="95"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit_min", "半小时"),
        ("limit_min", ""),
        ("percent", "120"),
        ("hands_day", "两个"),
        ("by_hour", "1 2 3"),
        ("weeks", "3"),
    ],
)
def test_what_makes_no_sense_is_said_in_words_and_nothing_typed_is_lost(officer, field, value):
    answer = officer.post("/studies/new", {**FORM, field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert 'value="25"' in page
    assert not PromiseStudy.objects.exists()


def test_too_little_history_says_so_and_offers_assumptions(officer):
    bare = {
        **FORM,
        **dict.fromkeys(("hands_night", "hands_day", "hands_evening", "per_day", "service_min", "travel_min"), ""),
    }
    page_url = officer.post("/studies/new", bare)["Location"]
    assert answered()
    page = officer.get(page_url, headers={"Accept-Language": "en"}).content.decode()
    assert "100" in page
    assert "per_day=20" in page


def test_statement_counts(officer, house):
    url = officer.post("/studies/new", FORM)["Location"]
    answered()
    for path, most in (("/studies", 4), (url, 2), ("/studies/new", 4), ("/proposals", 4)):
        officer.get(path)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            officer.get(path)
        assert len(seen) <= most, [query["sql"][:90] for query in seen]


def proposal(house: House, kind: str = "tighten") -> PromiseProposal:
    from yingxu.standards.models import Item

    return PromiseProposal.objects.create(
        site_id=house.site_id,
        item=Item.objects.get(site_id=house.site_id, code="plb.faucet"),
        line_code="PLB",
        kind=kind,
        priority=2,
        milestone="arrived",
        limit_s=1200,
        percentile="0.95",
        to_limit_s=900,
        to_percentile="0.95",
        month=timezone.now().date() - timedelta(days=30),
        rule="three-months/1",
        figures={"months": [{"code": "2025-01", "n": 25, "share": 1.0, "low": 0.87, "high": 1.0, "reached_s": 720}]},
        proposed_at=timezone.now(),
    )


def test_a_proposal_is_read_with_its_figures_and_decided(officer, house):
    row = proposal(house)
    page = officer.get("/proposals").content.decode()
    assert "2025-01" in page
    assert "100.0%" in page
    refused = officer.post(f"/proposals/{row.uid}/decline", {"reason": "", "command": "d0"})
    assert refused.status_code == 422
    assert officer.post(f"/proposals/{row.uid}/adopt", {"command": "d1"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "adopted"
    assert "/adopt" not in signed_in(house, "auditor").get("/proposals").content.decode()


def test_the_review_page_shows_what_is_tightened_and_its_study(officer, house):
    """S8: adopting a tightened promise needs its stored study; the page says which is lacking and leads to it."""
    row = proposal(house)
    officer.post(f"/proposals/{row.uid}/adopt", {"command": "t1"})
    part = officer.get("/studies/of/plb.faucet/2").content.decode()
    assert "/studies/new?item=plb.faucet&amp;priority=2&amp;milestone=arrived&amp;limit_min=15&amp;percent=95" in part
    officer.post("/studies/new", {**FORM, "priority": "2", "limit_min": "15", "percent": "95", "command": "t2"})
    assert answered()
    done = PromiseStudy.objects.get()
    assert f"/studies/{done.uid}" in officer.get("/studies/of/plb.faucet/2").content.decode()
    assert "/studies/of/plb.faucet/2" in officer.get("/standards/plb.faucet/2/review").content.decode()


def test_a_looser_promise_is_proposed_with_its_reason_or_refused_in_words(house):
    manager = signed_in(house, "line_manager")
    form = {
        "item": "plb.faucet",
        "priority": "3",
        "milestone": "arrived",
        "limit_min": "90",
        "percent": "90",
        "command": "l1",
    }
    wrong = manager.post("/proposals/looser", form)
    assert wrong.status_code == 422
    assert 'value="90"' in wrong.content.decode()
    done = manager.post("/proposals/looser", {**form, "reason": "夜间一人", "command": "l2"})
    assert done.status_code == 302
    assert "夜间一人" in manager.get("/proposals").content.decode()


def test_a_web_process_never_loads_the_compiler():
    """Decision 4: numba and scipy are for workers; the screens import neither."""
    import subprocess
    import sys

    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; import django; django.setup();"
        "import config.urls; from django.urls import reverse; reverse('web:studies');"
        "print([name for name in ('numba', 'scipy', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
