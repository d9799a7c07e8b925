"""Notices in the pages: the bell, the list, reading, how one is told; the ladder's page; the channels' page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.people import House
from tests.rooms.requests import ask
from tests.rooms.test_notices import notice
from tests.web.test_shell import signed_in
from yingxu.demand.queries import priorities_of
from yingxu.dispatch import actions as dispatch
from yingxu.ground import actions
from yingxu.ground.actor import engine
from yingxu.ground.models import Account, Delivery, NoticeSetting
from yingxu.promise import actions as promise
from yingxu.promise.models import Ladder
from yingxu.web import inside
from yingxu.work.answering import hands_of_jobs
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def warned(house: House) -> str:
    """A burst pipe whose first answer is overdue; everybody named was told. Returns the request's number."""
    now = timezone.now()
    raised = ask(house, item_code="plb.burst", text="水管爆了", at=now - timedelta(minutes=4))
    promise.raise_warnings(actor=engine("clock"), at=now, hands=hands_of_jobs)
    actions.route_notices(actor=engine("clock"), at=now, priorities=priorities_of)
    return raised.number


def test_the_bell_counts_in_one_statement_and_says_nothing_when_there_is_nothing(house: House) -> None:
    client = signed_in(house, "clerk")
    assert client.get("/notices/count", headers=FRAGMENT).content.decode().strip() == ""
    warned(house)
    client.get("/notices/count", headers=FRAGMENT)
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/notices/count", headers=FRAGMENT)
    assert "bell-count" in page.content.decode()
    assert len(asked) <= 2  # who it is, and the number
    assert 'hx-get="/notices/count"' in client.get("/notices").content.decode()


def test_a_notice_says_what_and_where_and_opens_the_thing(house: House) -> None:
    number = warned(house)
    client = signed_in(house, "line_manager")
    html = client.get("/notices").content.decode()
    assert number in html
    assert "首次应答" in html or "首次答复" in html or "超时" in html
    row = Delivery.objects.get(to_account_id=house.accounts["line_manager"], channel="in_app")
    opened = client.post(f"/notices/{row.entry}/open")
    assert opened.status_code == 302
    assert "/requests/" in opened.headers["Location"]
    assert client.get(opened.headers["Location"]).status_code == 200
    assert number not in client.get("/notices").content.decode()
    assert number in client.get("/notices?show=all").content.decode()


@pytest.mark.parametrize(("name", "start"), [("plumber", "/my-work"), ("nurse", "/f/"), ("leader", "/requests/")])
def test_it_opens_where_its_reader_works(house: House, name: str, start: str) -> None:
    raised = ask(house, item_code="plb.faucet", text="滴水")
    row = notice(house, name, timezone.now(), kind="dispatch.job.pulled_back", reason_code="timeout", note="")
    Delivery.objects.filter(pk=row.pk).update(subject_id=raised.key)
    actions.route_notices(actor=engine("clock"), at=timezone.now(), priorities=priorities_of)
    client = signed_in(house, name)
    assert client.get("/notices").status_code == 200
    assert client.post(f"/notices/{row.entry}/open").headers["Location"].startswith(start)


def test_all_are_read_with_one_press(house: House) -> None:
    warned(house)
    client = signed_in(house, "clerk")
    client.post("/notices/read", {"until": timezone.now().isoformat()})
    assert client.get("/notices/count", headers=FRAGMENT).content.decode().strip() == ""
    assert "没有未读" in client.get("/notices").content.decode()


def test_a_digest_shows_what_waited(house: House) -> None:
    night = datetime(2025, 3, 3, 23, tzinfo=ZoneInfo("Asia/Shanghai"))
    client = signed_in(house, "manager")
    kept = client.post("/notices/settings", {"quiet_from": "22:00", "quiet_to": "07:00"})
    assert kept.status_code == 302
    for _ in range(3):
        notice(house, "manager", night)
    for at in (night, night + timedelta(hours=8)):
        actions.route_notices(actor=engine("clock"), at=at, priorities=priorities_of)
    html = client.get("/notices").content.decode()
    assert "notice-parts" in html
    assert "3" in html


def test_the_list_is_paged_and_costs_the_same(house: House) -> None:
    now = timezone.now()
    for _ in range(30):
        notice(house, "manager", now - timedelta(minutes=1))
    actions.route_notices(actor=engine("clock"), at=now, priorities=priorities_of)
    client = signed_in(house, "manager")
    client.get("/notices")
    with CaptureQueriesContext(connection) as asked:
        html = client.get("/notices").content.decode()
    assert len(asked) <= 3
    assert html.count("notice-open") == 25
    assert "after=" in html


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"quiet_from": "22:00"}, "免打扰"),
        ({"quiet_from": "22:00", "quiet_to": "22:00"}, "免打扰"),
        ({"wants_email": "on"}, "邮箱"),
        ({"wants_email": "on", "email": "nix"}, "邮箱"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_words_and_nothing_typed_is_lost(
    house: House, given: dict[str, str], word: str
) -> None:
    page = signed_in(house, "leader").post("/notices/settings", given)
    html = page.content.decode()
    assert page.status_code == 422
    assert word in html
    assert 'role="alert"' in html
    if "quiet_from" in given:
        assert 'value="22:00"' in html
    assert not NoticeSetting.objects.exists()


def post_ladder(client: Client, **given: str) -> Any:
    values = {
        "line": "PLB",
        "priority": "1",
        "amount1": "40",
        "when1": "share",
        "who1": "WK",
        "amount2": "5",
        "when2": "late",
        "who2": "PM",
    }
    return client.post("/ladder", {**values, **given})


def test_the_ladder_is_read_and_decided_anew(house: House) -> None:
    client = signed_in(house, "officer")
    html = client.get("/ladder?priority=1").content.decode()
    assert "班组长" in html
    assert 'name="amount1"' in html
    assert post_ladder(client).status_code == 302
    row = Ladder.objects.get()
    assert [(one["code"], one["receivers"]) for one in row.rungs] == [("f40", ["WK"]), ("late300", ["PM"])]
    html = client.get("/ladder?line=PLB&priority=1").content.decode()
    assert "40%" in html
    assert "何科员" in html
    assert 'name="amount1"' not in signed_in(house, "leader").get("/ladder").content.decode()


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"amount1": "140"}, "第 1 级"),
        ({"amount1": "x"}, "第 1 级"),
        ({"amount2": "30", "when2": "share"}, "第 2 级"),
        ({"who2": ""}, "第 2 级"),
        ({"effective_at": "2020-01-01T08:00"}, "生效"),
        ({"effective_at": "soon"}, "生效"),
        ({"amount1": "", "who1": "", "amount2": "", "who2": ""}, "至少"),
    ],
)
def test_what_is_no_ladder_is_refused_in_words_and_stays_as_typed(
    house: House, given: dict[str, str], word: str
) -> None:
    page = post_ladder(signed_in(house, "officer"), **given)
    html = page.content.decode()
    assert page.status_code == 422
    assert word in html
    assert not Ladder.objects.exists()
    if given.get("amount1"):
        assert f'value="{given["amount1"]}"' in html


def test_a_ladder_may_begin_later(house: House) -> None:
    client = signed_in(house, "officer")
    later = timezone.localtime(timezone.now() + timedelta(days=2), ZoneInfo("Asia/Shanghai")).replace(
        second=0, microsecond=0
    )
    assert post_ladder(client, effective_at=f"{later:%Y-%m-%dT%H:%M}").status_code == 302
    assert Ladder.objects.get().effective_at == later
    assert "未生效" in client.get("/ladder?line=PLB&priority=1").content.decode()


def test_the_administrator_sees_what_did_not_get_through(house: House) -> None:
    row = notice(house, "leader", timezone.now())
    Delivery.objects.filter(pk=row.pk).update(channel="email", address="x@y.zz", n_tries=8, trouble="550 no such box")
    client = signed_in(house, "administrator")
    html = client.get("/notices/channels").content.decode()
    assert "550 no such box" in html
    assert client.post("/notices/channels/retry", {"delivery": str(row.entry)}).status_code == 302
    assert Delivery.objects.get(pk=row.pk).n_tries == 0
    assert client.post("/notices/channels/retry", {"delivery": "x"}).status_code == 404
    page = client.post("/notices/channels", {"gateway_url": "http://127.0.0.1/"})
    assert page.status_code == 422
    assert client.post("/notices/channels", {"gateway_url": "https://im.example.org/hook"}).status_code == 302
    assert "whsec_" in client.get("/notices/channels").content.decode()


def test_a_worker_has_the_bell_on_the_phone(house: House) -> None:
    assert 'data-bell="/notices/count"' in signed_in(house, "plumber").get("/my-work").content.decode()


def test_what_nobody_accepted_in_time_stands_first_at_the_desk_and_says_so(house: House) -> None:
    now = timezone.now()
    urgent, waiting = (ask(house, item_code="plb.faucet", text="滴水", at=now) for _ in range(2))
    job = Job.objects.get(request_id=waiting.key)
    worker = Account.objects.get(pk=house.accounts["plumber"]).uid
    dispatch.assign_job(job_id=job.uid, worker_id=worker, actor=house.actor("clerk"), at=now)
    dispatch.pull_back_overdue(actor=engine("clock"), at=now + timedelta(days=2))
    html = signed_in(house, "clerk").get("/desk").content.decode()
    assert "超时未接单" in html
    assert html.index(waiting.number) < html.index(urgent.number)
    actions.route_notices(actor=engine("clock"), at=now + timedelta(days=2), priorities=priorities_of)
    assert waiting.number in signed_in(house, "other_clerk").get("/notices").content.decode()
