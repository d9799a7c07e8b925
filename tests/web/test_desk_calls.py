"""Calls at the desk: the exchange's hook, who rings, who is called back; nothing without a signature."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.people import MONDAY_NINE, House
from tests.web.test_desk import FRAGMENT
from tests.web.test_shell import signed_in
from yingxu.demand import actions as demand
from yingxu.demand.models import Call, Request
from yingxu.web import inside

pytestmark = pytest.mark.django_db
SECRET = "of the exchange"


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("YINGXU_TEST_PBX", SECRET)
    inside.forget()
    yield
    inside.forget()


@pytest.fixture
def address(house: House) -> str:
    door = demand.open_door(
        site_id=house.site_id,
        kind="pbx",
        name="总机",
        settings={"secret_env": "YINGXU_TEST_PBX"},
        actor=house.actor("administrator"),
        at=MONDAY_NINE,
    )
    return f"/hooks/pbx/{door.token}"


def tell(client: Client, address: str, *, secret: str = SECRET, raw: bytes | None = None, **said: Any) -> Any:
    body = raw if raw is not None else json.dumps({"call": "c1", "number": "13900000009", **said}).encode()
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return client.post(address, body, content_type="application/json", headers={"X-Yingxu-Signature": signature})


def test_a_ringing_call_stands_on_the_desk_with_its_number(house: House, client: Client, address: str) -> None:
    answer = tell(client, address, event="ringing")
    assert (answer.status_code, answer.json()["state"]) == (200, "ringing")
    html = signed_in(house, "clerk").get("/desk").content.decode()
    assert "13900000009" in html
    assert "data-take-call" in html
    assert "13900000009" not in signed_in(house, "director").get("/desk").content.decode()


def test_the_call_pops_up_at_whoever_picked_it_up(house: House, client: Client, address: str) -> None:
    tell(client, address, event="answered", agent=f"{house.prefix}clerk")
    assert "data-pop" in signed_in(house, "clerk").get("/desk").content.decode()
    assert "data-pop" not in signed_in(house, "other_clerk").get("/desk").content.decode()


def test_s31_calls_are_told_in_the_words_of_a_telephone_and_taken_by_one_key(
    house: House, client: Client, address: str
) -> None:
    tell(client, address, event="ringing")
    tell(client, address, call="c2", event="answered", agent=f"{house.prefix}clerk")
    tell(client, address, call="c3", event="answered", agent=f"{house.prefix}clerk")
    tell(client, address, call="c3", event="ended")
    clerk = signed_in(house, "clerk")
    assert "<kbd>c</kbd>" in clerk.get("/desk").content.decode()
    page = clerk.get("/desk/calls").content.decode()
    assert "已接听" in page
    assert "已挂断" in page
    assert "来电人" in page


def test_the_same_event_twice_is_one(client: Client, address: str) -> None:
    answers = [tell(client, address, event="ringing").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Call.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"secret": "guessed"}, 403),
        ({"raw": b"not json"}, 422),
        ({"raw": b'["a"]'}, 422),
        ({"event": "exploded"}, 422),
        ({"event": "ringing", "at": "yesterday"}, 422),
        ({"event": "ringing", "call": ""}, 422),
        ({"raw": b"x" * 5000}, 422),
    ],
)
def test_what_is_wrong_is_refused_and_leaves_nothing(
    client: Client, address: str, more: dict[str, Any], status: int
) -> None:
    answer = tell(client, address, **more)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert not Call.objects.exists()


def test_an_exchange_without_its_secret_lets_nobody_in(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YINGXU_TEST_PBX")
    assert tell(client, address, secret="", event="ringing").status_code == 403


def test_an_unknown_address_is_not_there(client: Client, house: House) -> None:
    assert tell(client, "/hooks/pbx/guess", event="ringing").status_code == 404


def test_whoever_gave_up_is_called_back_and_the_outcome_is_kept(house: House, client: Client, address: str) -> None:
    """S31: the abandoned call stands in a list, with a clock, until its outcome is known."""
    tell(client, address, event="abandoned")
    clerk, call = signed_in(house, "clerk"), Call.objects.get()
    assert f"/desk/calls/{call.uid}" in clerk.get("/desk").content.decode()
    sheet = clerk.get(f"/desk/calls/{call.uid}", headers=FRAGMENT).content.decode()
    assert 'href="tel:13900000009"' in sheet
    answer = clerk.post(f"/desk/calls/{call.uid}/settle", {"outcome": "reached", "note": "问停车"}, headers=FRAGMENT)
    assert answer.headers["HX-Trigger"] == "desk-changed"
    assert f"/desk/calls/{call.uid}" not in clerk.get("/desk").content.decode()
    assert "问停车" in clerk.get("/desk/calls").content.decode()
    assert clerk.post(f"/desk/calls/{call.uid}/settle", {"outcome": "reached"}).status_code == 409


def test_a_call_that_was_picked_up_becomes_a_request(house: House, client: Client, address: str) -> None:
    tell(client, address, event="answered", agent=f"{house.prefix}clerk")
    call = Call.objects.get()
    said = {"text": "灯不亮", "phone": "13900000009", "call": str(call.uid)}
    signed_in(house, "clerk").post("/desk/call", said, headers=FRAGMENT)
    call.refresh_from_db()
    assert call.request_id == Request.objects.get(requester_phone="13900000009").pk


def test_all_calls_page_by_page(house: House, client: Client, address: str) -> None:
    for n in range(32):
        tell(client, address, call=f"c{n}", number=f"1380000{n:04}", event="ringing")
    clerk = signed_in(house, "clerk")
    first = clerk.get("/desk/calls").content.decode()
    assert "13800000031" in first
    assert "13800000001" not in first
    further = first.split("after=")[1].split('"')[0]
    assert "13800000001" in clerk.get(f"/desk/calls?after={further}").content.decode()
    assert clerk.get("/desk/calls?state=abandoned").status_code == 200
