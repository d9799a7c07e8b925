"""Signatures from the phone's queue: judged by the server alone, told, settled; nothing of it goes to the desk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.standards_texts import in_force
from tests.rooms.test_handbook import answers, read_all, reading_of
from tests.web.test_shell import signed_in
from yingxu.ground.models import Entry
from yingxu.team.models import QuizAttempt, Signature
from yingxu.web import inside
from yingxu.web.clock import site_clock
from yingxu.work.models import SetAside

pytestmark = pytest.mark.django_db
PART = "plb.faucet"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def owed(house: House) -> Any:
    """Let the plumber owe one changed procedure, and return its reading."""
    now = site_clock("Asia/Shanghai")
    read_all(house, "plumber", at=now - timedelta(days=30))
    in_force(house, PART, at=now - timedelta(days=1), requirement="三分钟试水。")
    return reading_of(house, "plumber", PART)


def act(house: House, reading: Any, *, n_wrong: int = 0, ago_min: float = 60, attempt: int = 1, **more: Any) -> dict:
    moment = site_clock("Asia/Shanghai") - timedelta(minutes=ago_min)
    said = {
        "part": PART,
        "title": "水龙头",
        "digest": reading.digest,
        "attempt": attempt,
        "answers": answers(reading, house.accounts["plumber"], attempt, n_wrong=n_wrong),
    }
    found = {"id": str(uuid4()), "act": "sign", "job": None, "said": {**said, **more}}
    return {**found, "device_at": round(moment.timestamp() * 1000), "offset_ms": 0}


def send(client: Client, house: House, *acts: dict, url: str = "/handbook/sync", who: str = "plumber") -> Any:
    sent = {"account": house.actor(who).key, "sent_at": round(site_clock("Asia/Shanghai").timestamp() * 1000)}
    return client.post(url, json.dumps({**sent, "commands": list(acts)}), content_type="application/json")


@pytest.mark.parametrize("url", ["/handbook/sync", "/my-work/sync"])
def test_a_signature_without_signal_counts_from_when_it_was_given(house: House, url: str) -> None:
    client, reading = signed_in(house, "plumber"), owed(house)
    one = act(house, reading)
    [told] = send(client, house, one, url=url).json()["results"]
    assert (told["result"], told["code"]) == ("done", "")
    assert "已签收" in told["words"]
    signature = Signature.objects.filter(account_id=house.accounts["plumber"]).latest("id")
    assert timedelta(minutes=59) < site_clock("Asia/Shanghai") - signature.signed_at < timedelta(minutes=62)
    assert Entry.objects.filter(kind="team.handbook.signed").latest("id").facts["phone_late_s"] > 3_000
    [again] = send(client, house, one, url=url).json()["results"]
    assert (again["result"], again["code"]) == ("already", "")
    assert Signature.objects.filter(part=PART).count() == 1


@pytest.mark.parametrize("url", ["/handbook/sync", "/my-work/sync"])
def test_wrong_answers_are_told_at_the_sync_and_the_page_says_which(house: House, url: str) -> None:
    client, reading = signed_in(house, "plumber"), owed(house)
    [told] = send(client, house, act(house, reading, n_wrong=1), url=url).json()["results"]
    assert (told["result"], told["code"]) == ("done", "quiz_failed")
    assert "2" in told["words"]
    assert not Signature.objects.filter(part=PART).exists()
    assert not SetAside.objects.exists(), "it is the reader's own matter, not the desk's"
    page = client.get(f"/handbook/read/{PART}").content.decode()
    assert "答对 2 题" in page or "2 of 3" in page or "请再读一遍" in page
    assert 'name="attempt" value="2"' in page


def test_nothing_on_the_page_tells_which_answer_is_right(house: House) -> None:
    """The same page with its choices in another order of right and wrong could not be told from it."""
    client, reading = signed_in(house, "plumber"), owed(house)
    page = client.get(f"/handbook/read/{PART}").content.decode()
    quiz = page[page.index('id="quiz"') : page.index("</form>", page.index('id="quiz"'))]
    for word in ("right", "correct", "checked", "data-answer"):
        assert word not in quiz.lower()
    assert reading.digest in quiz


def test_an_edition_that_changed_meanwhile_is_told_and_the_change_is_left(house: House) -> None:
    client, reading = signed_in(house, "plumber"), owed(house)
    one = act(house, reading, ago_min=120)
    in_force(house, PART, at=site_clock("Asia/Shanghai") - timedelta(minutes=60), requirement="五分钟试水。")
    [told] = send(client, house, one).json()["results"]
    assert told["code"] == "signed_newer"
    left = reading_of(house, "plumber", PART)
    assert (left.older.number, left.procedures[0].number) == (2, 3)
    [other] = send(client, house, act(house, reading, ago_min=1)).json()["results"]
    assert other["code"] in ("reading_changed", "nothing_to_read")


@pytest.mark.parametrize(
    "more",
    [{"answers": [0, 1]}, {"answers": "abc"}, {"attempt": True}, {"part": "", "digest": ""}, {"answers": [9, 9, 9]}],
)
def test_what_makes_no_sense_is_told_and_nothing_is_kept(house: House, more: dict[str, Any]) -> None:
    client, reading = signed_in(house, "plumber"), owed(house)
    before = Signature.objects.count(), QuizAttempt.objects.count()
    [told] = send(client, house, act(house, reading, **more)).json()["results"]
    assert told["code"]
    assert told["words"]
    assert (Signature.objects.count(), QuizAttempt.objects.count()) == before


def test_only_ones_own_signatures_and_nothing_else_go_this_way(house: House) -> None:
    reading = owed(house)
    one = act(house, reading)
    assert send(signed_in(house, "leader"), house, one).status_code == 403, "another's queue"
    assert send(signed_in(house, "auditor"), house, one, who="auditor").status_code == 403, "nobody who signs nothing"
    other = {**one, "act": "finish"}
    assert send(signed_in(house, "plumber"), house, other).status_code == 422
    state = signed_in(house, "leader").get("/handbook/sync").json()
    assert state["account"] == house.actor("leader").key
    assert state["csrf"]


def test_the_book_brings_along_what_is_needed_to_sign(house: House) -> None:
    client = signed_in(house, "plumber")
    owed(house)
    worker = client.get("/handbook/sw.js").content.decode()
    for name in ("handbook-sign", "mywork-queue", "mywork-store"):
        assert name in worker
    for path in ("/handbook", "/handbook/unread", f"/handbook/read/{PART}"):
        page = client.get(path).content.decode()
        assert "handbook-sign" in page
        assert f'data-account="{house.actor("plumber").key}"' in page


def test_statement_counts(house: House) -> None:
    client, reading = signed_in(house, "plumber"), owed(house)
    one = act(house, reading)
    client.get("/handbook/sync")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert send(client, house, one).status_code == 200
    assert len(seen) <= 24, [query["sql"][:80] for query in seen.captured_queries]
