"""Unanswered: what nobody answers is found, said why, and alarms when it may never be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.people import House
from tests.web.test_desk import FRAGMENT, asked
from tests.web.test_shell import signed_in
from yingxu.demand.models import Request
from yingxu.web import inside
from yingxu.web.clock import site_clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def test_an_empty_page_is_the_goal(house: House) -> None:
    asked(house)
    client = signed_in(house, "clerk")
    assert "人人都有答复" in client.get("/unanswered").content.decode()
    assert client.get("/unanswered/count", headers=FRAGMENT).content.decode().strip() == ""


def test_a_passed_promise_is_here_with_its_reason(house: House) -> None:
    request = asked(house)
    Request.objects.filter(pk=request.pk).update(next_due_at=site_clock("Asia/Shanghai") - timedelta(minutes=3))
    client = signed_in(house, "clerk")
    html = client.get("/unanswered").content.decode()
    assert request.number in html
    assert "承诺时限已过" in html
    assert "1" in client.get("/unanswered/count", headers=FRAGMENT).content.decode()


def test_a_request_without_any_time_alarms(house: House) -> None:
    request = asked(house)
    Request.objects.filter(pk=request.pk).update(next_due_at=None, word_due_at=None, follow_up_at=None)
    client = signed_in(house, "clerk")
    assert 'role="alert"' in client.get("/unanswered").content.decode()
    assert "is-alarm" in client.get("/unanswered/count", headers=FRAGMENT).content.decode()


@pytest.mark.parametrize(("name", "status"), [("officer", 200), ("leader", 200), ("nurse", 403), ("plumber", 403)])
def test_who_may_read_it(house: House, name: str, status: int) -> None:
    assert signed_in(house, name).get("/unanswered").status_code == status


def test_the_menu_asks_for_the_number(house: House) -> None:
    assert 'hx-get="/unanswered/count"' in signed_in(house, "clerk").get("/unanswered").content.decode()
    assert 'hx-get="/unanswered/count"' not in signed_in(house, "nurse").get("/help").content.decode()
