"""The kiosk: asks for its place, shows nobody what the one before asked, resets by itself, is closed by one switch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.connect.doors import AT, opened
from tests.people import House
from yingxu.demand import actions as demand
from yingxu.demand.models import Request
from yingxu.web import inside

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def ask(client: Client, token: str, text: str = "水龙头漏水", command: str = "c1", **more: str) -> str:
    answer = client.post(f"/k/{token}", {"text": text, "command": command, **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_it_asks_for_its_place_and_says_the_number(house: House, client: Client) -> None:
    door = opened(house, "kiosk", place="S7-ORT-ST")
    page = client.get(f"/k/{door.token}").content.decode()
    assert "护士站" in page
    thanks = ask(client, door.token, item="plb.faucet", phone="6677")
    request = Request.objects.get(channel="kiosk")
    assert (request.place_id, request.requester_phone, request.shown_state) == (
        house.places["S7-ORT-ST"],
        "6677",
        "queued",
    )
    page = client.get(thanks).content.decode()
    assert request.number in page
    assert '<meta http-equiv="refresh" content="8;' in page
    assert "<svg" in page


def test_the_same_press_twice_is_one_request(house: House, client: Client) -> None:
    door = opened(house, "kiosk", place="S7-ORT-ST")
    assert ask(client, door.token) == ask(client, door.token)
    assert Request.objects.filter(channel="kiosk").count() == 1
    again = client.post(f"/k/{door.token}", {"text": "另一件事", "command": "c1"})
    assert again.status_code == 409
    assert "另一件事" in again.content.decode()


def test_nothing_of_the_one_before_is_left(house: House, client: Client) -> None:
    door = opened(house, "kiosk", place="S7-ORT-ST")
    ask(client, door.token, text="一件私事", phone="13900000000")
    page = client.get(f"/k/{door.token}").content.decode()
    assert "一件私事" not in page
    assert "13900000000" not in page
    assert client.get(f"/k/{door.token}")["Cache-Control"].count("no-store") == 1


def test_words_are_kept_when_they_cannot_be_taken(house: House, client: Client) -> None:
    door = opened(house, "kiosk", place="S7-ORT-ST")
    empty = client.post(f"/k/{door.token}", {"text": " ", "command": "c1", "phone": "6677"})
    assert empty.status_code == 422
    assert "6677" in empty.content.decode()
    unknown = client.post(f"/k/{door.token}", {"text": "灯不亮", "command": "c2", "item": "no.such"})
    assert unknown.status_code == 422
    assert "灯不亮" in unknown.content.decode()


def test_a_guessed_link_shows_nothing(house: House, client: Client) -> None:
    door = opened(house, "kiosk", place="S7-ORT-ST")
    assert client.get(f"/k/{door.token}/thanks/100001?f=guess")["Location"] == f"/k/{door.token}"
    assert client.get("/k/guess").status_code == 404


def test_danger_and_chips_follow_the_words(house: House, client: Client) -> None:
    door = opened(house, "kiosk", place="S7-ORT-ST")
    chips = client.get(f"/k/{door.token}/likely", {"text": "插座冒火花"}).content.decode()
    assert "data-danger" in chips
    assert 'name="item"' in chips


def test_a_closed_kiosk(house: House, client: Client) -> None:
    door = opened(house, "kiosk", place="S7-ORT-ST")
    demand.change_door(
        door_id=door.uid,
        name="kiosk",
        settings={},
        place_code="S7-ORT-ST",
        is_on=False,
        actor=house.actor("administrator"),
        at=AT + timedelta(days=1),
    )
    assert client.get(f"/k/{door.token}").status_code == 404


def test_the_page_needs_few_statements(house: House, client: Client) -> None:
    door = opened(house, "kiosk", place="S7-ORT-ST")
    client.get(f"/k/{door.token}")
    with CaptureQueriesContext(
        connection,
    ) as statements:
        client.get(f"/k/{door.token}")
    assert len(statements) == 3  # the door, the site, the place
