"""Signing in: clear words, no names told apart, a lock that passes, out by POST, the demo's roles by one tap."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import make_password
from django.test import Client

from tests.people import House
from yingxu.ground.actions.sign_in import NAME_LIMIT
from yingxu.ground.models import Account, Entry
from yingxu.web import context

pytestmark = pytest.mark.django_db
RIGHT = "correct horse"


@pytest.fixture(autouse=True)
def nurse(house: House, settings: LazySettings) -> int:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    Account.objects.filter(pk=house.accounts["nurse"]).update(password=make_password(RIGHT))
    return house.accounts["nurse"]


def try_it(client: Client, username: str = "nurse", password: str = RIGHT, **more: str) -> object:
    return client.post("/sign-in", {"username": username, "password": password, **more})


def test_the_right_password_leads_to_the_page_of_the_role_or_back(client: Client) -> None:
    assert try_it(client).headers["Location"] == "/ask"  # type: ignore[attr-defined]
    assert try_it(Client(), next="/ours").headers["Location"] == "/ours"  # type: ignore[attr-defined]
    assert "李护士" in client.get("/help").content.decode()


def test_nobody_is_sent_to_a_strangers_site(client: Client) -> None:
    assert try_it(client, next="https://elsewhere.example/").headers["Location"] == "/ask"  # type: ignore[attr-defined]


def test_wrong_password_and_unknown_name_read_the_same(client: Client) -> None:
    pages = [try_it(client, name, "wrong").content.decode() for name in ("nurse", "nobody")]  # type: ignore[attr-defined]
    alerts = [page.split('role="alert">')[1].split("</div>")[0] for page in pages]
    assert alerts[0] == alerts[1]
    assert "对不上" in alerts[0]


def test_many_wrong_tries_lock_and_say_for_how_long(client: Client) -> None:
    for _ in range(NAME_LIMIT):
        assert try_it(client, password="wrong").status_code == 403  # type: ignore[attr-defined]
    locked = try_it(client)
    assert locked.status_code == 429  # type: ignore[attr-defined]
    assert "15 分钟" in locked.content.decode()  # type: ignore[attr-defined]


def test_empty_fields_are_named(client: Client) -> None:
    page = client.post("/sign-in", {})
    assert page.status_code == 422
    assert page.content.decode().count("field-error") == 2


def test_out_by_post_alone(client: Client, nurse: int) -> None:
    try_it(client)
    assert client.get("/sign-out").status_code == 405
    client.post("/sign-out")
    assert "李护士" not in client.get("/help").content.decode()
    assert Entry.objects.filter(kind="ground.account.signed_out", subject_id=nurse).count() == 1


def test_a_closed_account_stays_out(client: Client, nurse: int) -> None:
    Account.objects.filter(pk=nurse).update(is_active=False)
    assert try_it(client).status_code == 403  # type: ignore[attr-defined]


def test_signing_in_writes_nothing_but_by_the_verb(client: Client, nurse: int) -> None:
    try_it(client)
    assert Account.objects.get(pk=nurse).last_login is None


def test_in_the_demo_one_tap_switches_the_role(client: Client, settings: LazySettings) -> None:
    settings.DEMO = True
    context._people.clear()
    page = client.get("/help").content.decode()
    assert "role-bar" in page
    assert 'value="clerk"' in page
    client.post("/demo/role", {"username": "clerk"})
    assert "张调度" in client.get("/help").content.decode()
    assert client.post("/demo/role", {"username": "nobody"}).status_code == 404
    context._people.clear()
