"""The shell: every page has its landmarks, its language, its headers; the menu shows what one may open."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from tests.people import House
from yingxu.ground.models import Site
from yingxu.web import inside

pytestmark = pytest.mark.django_db


def signed_in(house: House, name: str) -> Client:
    from django.contrib.auth import get_user_model

    client = Client()
    client.force_login(
        get_user_model().objects.get(pk=house.accounts[name]), backend=settings.AUTHENTICATION_BACKENDS[0]
    )
    return client


def test_the_first_page_says_what_this_is_without_signing_in(client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "/sign-in" in page.content.decode()


@pytest.mark.parametrize("address", ["/", "/help", "/sign-in", "/nowhere"])
def test_every_page_has_its_landmarks_and_nothing_inline(client: Client, address: str) -> None:
    page = client.get(address)
    html = page.content.decode()
    assert 'id="main"' in html
    assert 'id="notice"' in html
    assert "skip-link" in html
    assert html.count("<h1") == 1
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"\son\w+=|\sstyle=|<style", html)
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_chinese_by_default_and_english_by_choice(client: Client) -> None:
    assert "登录" in client.get("/sign-in").content.decode()
    answer = client.post("/language", {"language": "en", "next": "/sign-in"})
    assert answer.status_code == 302
    page = client.get("/sign-in")
    assert "Sign in" in page.content.decode()
    assert '<html lang="en"' in page.content.decode()


def test_an_unknown_address_answers_in_words(client: Client) -> None:
    assert client.get("/nowhere").status_code == 404


@pytest.mark.parametrize("name", ["nurse", "clerk", "plumber", "officer", "auditor", "administrator"])
def test_a_signed_in_person_is_sent_to_the_page_of_the_role(house: House, name: str) -> None:
    client = signed_in(house, name)
    answer = client.get("/")
    assert answer.status_code == 302
    assert client.get(answer.headers["Location"]).status_code == 200


def test_the_menu_shows_what_one_may_open(house: House) -> None:
    nurse, stranger = signed_in(house, "nurse").get("/help").content.decode(), Client().get("/help").content.decode()
    assert 'href="/ask"' in nurse
    assert 'href="/ask"' not in stranger
    assert 'href="/desk"' not in nurse


def test_the_role_bar_is_only_in_the_demo(house: House, settings: object) -> None:
    page = Client().get("/help").content.decode()
    assert "role-bar" not in page
    assert Client().post("/demo/role", {"username": "nurse"}).status_code == 404


@pytest.mark.parametrize(
    "name", ["nurse", "clerk", "plumber", "manager", "officer", "director", "administrator", "auditor"]
)
@pytest.mark.parametrize("state", ["open", "setup"])
def test_the_menu_offers_nothing_that_is_refused(house: House, name: str, state: str) -> None:
    """What an administrator may do only before the hospital is opened is not offered afterwards (decision 14)."""
    inside.forget()
    Site.objects.filter(pk=house.site_id).update(state=state)
    client = signed_in(house, name)
    page = client.get("/help").content.decode()
    menu = page[page.index("<nav") :]
    addresses = sorted(set(re.findall(r'<a href="(/[^"]*)"', menu)))
    assert addresses
    refused = {one: code for one in addresses if (code := client.get(one, follow=True).status_code) != 200}
    assert not refused
    inside.forget()
